# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the tests with every supported ansible-core: python -m tools.matrix"""
