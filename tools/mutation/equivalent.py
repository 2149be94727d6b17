# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the list of equivalent mutants, which no test can notice."""

from __future__ import annotations

from pathlib import Path

import yaml

Key = tuple[str, str, str, str]
FILE = Path(__file__).with_name("equivalent.yml")


def equivalent_reasons(file: Path = FILE) -> dict[Key, str]:
    """Return why each mutant is equivalent, by Mutant.key."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        (entry["file"], entry["scope"], entry["before"], entry["after"]): entry["reason"]
        for entry in entries
    }
