# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version of the collection, for the User-Agent header and the report.

A shipped module cannot read galaxy.yml, so the number stands here too; a test holds both equal.
"""

from __future__ import annotations

VERSION = "1.0.0"
