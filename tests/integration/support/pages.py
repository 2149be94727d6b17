# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of the documentation: their blocks of code, as files to run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.S | re.M)


class Page:
    """A page in Markdown. Blocks of code that begin with C(# name) are files of that name."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        self.blocks: list[tuple[str, str]] = BLOCK.findall(self.text)
        self.files = {
            named.group(1): text
            for _language, text in self.blocks
            if (named := re.match(r"# (\S+\.\w+)\n", text))
        }

    def only(self, language: str) -> str:
        """Return the page's only block in a language."""
        (text,) = (text for each, text in self.blocks if each == language)
        return text

    def load(self, name: str) -> Any:
        """Return a file of YAML as data."""
        return yaml.safe_load(self.files[name])

    def commands(self, name: str) -> list[str]:
        """Return the commands of a file of shell."""
        return [line for line in self.files[name].splitlines() if not line.startswith("#")]

    def exports(self, name: str) -> dict[str, str]:
        """Return the variables that a file of shell commands exports."""
        found = re.findall(r"^export (\w+)='?(.*?)'?$", self.files[name], re.M)
        return dict(found)


def without_frame(output: str) -> list[str]:
    """Return the lines of the table that ends a run, out of what ansible-playbook shows."""
    (shown,) = re.findall(r'"msg": (\[\n.*?\n    \])', output, re.S)[-1:]
    lines: list[str] = json.loads(shown)
    return lines
