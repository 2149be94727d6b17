# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Benchmark several ways to read and verify SMTP profiles.

python -m benchmarks --help
"""
