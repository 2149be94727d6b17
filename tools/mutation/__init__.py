# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mutation testing of plugins/: small changes of the code that the unit tests must notice."""
