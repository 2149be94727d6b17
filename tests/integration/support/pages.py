# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of the documentation, and the code blocks in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.S | re.M)


class Page:
    """A page in Markdown. Code blocks that start with C(# name.ext) are files of that name."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        self.blocks: list[tuple[str, str]] = BLOCK.findall(self.text)
        self.files = {
            match.group(1): text
            for _language, text in self.blocks
            if (match := re.match(r"# (\S+\.\w+)\n", text))
        }

    def only(self, language: str) -> str:
        """Return the only block in this language."""
        (text,) = (text for name, text in self.blocks if name == language)
        return text

    def load(self, name: str) -> Any:
        """Parse a YAML file of the page."""
        return yaml.safe_load(self.files[name])

    def commands(self, name: str) -> list[str]:
        """Return the lines of a shell script of the page, without comments."""
        return [line for line in self.files[name].splitlines() if not line.startswith("#")]

    def exports(self, name: str) -> dict[str, str]:
        """Return the variables that a shell script of the page exports."""
        return dict(re.findall(r"^export (\w+)='?(.*?)'?$", self.files[name], re.M))


def final_table(output: str) -> list[str]:
    """Return the lines of the table at the end of the output of ansible-playbook."""
    table = output[output.rindex("\nENVIRONMENT  ") + 1 :]
    return table[: table.index("\nok: [")].splitlines()
