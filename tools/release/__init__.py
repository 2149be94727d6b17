# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare a release without publishing it: python -m tools.release VERSION"""
