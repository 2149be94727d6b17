# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lowest supported versions of the libraries."""

from __future__ import annotations

import re

MINIMUM = re.compile(r"([\w-]+) >= (\d+(?:\.\d+)+)")


def pins(requirements: str) -> list[str]:
    """Return requirements that pip installs in exactly the lowest versions.

    :param requirements: the text of requirements.txt.
    :raises ValueError: if a requirement has no lowest version.
    """
    lines = [line for line in requirements.splitlines() if line and not line.startswith("#")]
    matches = [MINIMUM.fullmatch(line) for line in lines]
    if not lines or None in matches:
        raise ValueError(f"requirements.txt needs lines such as 'requests >= 2.25.1', not: {lines}")
    return [f"{match[1]}=={match[2]}" for match in matches if match]
