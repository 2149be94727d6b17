# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark: how long ways to read and verify SMTP profiles take, side by side.

python -m benchmarks --help
"""
