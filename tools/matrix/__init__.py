# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests with every supported ansible-core: python -m tools.matrix"""
