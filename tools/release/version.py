# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version: its home is galaxy.yml, and code and documentation repeat it."""

from __future__ import annotations

import re
from pathlib import Path

SHAPE = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
# A file, and the place of the version in it.
HOME = ("galaxy.yml", r"(?m)^(version: )(\S+)$")
CODE = ("plugins/module_utils/_version.py", r'(?m)^(VERSION = ")([^"]+)')
# The names of the artifact and of the image with it, in the documentation and the kit for AWX.
NAMED = r"(keyfactor-command-(?:ee:)?)(\d\S*?)(?=\.tar\.gz|\s)"


class ReleaseError(Exception):
    """Why there is no release, in words."""


def read(root: Path) -> str:
    """Return the version of a checkout."""
    found = re.search(HOME[1], (root / HOME[0]).read_text())
    if not found:
        raise ReleaseError(f"{HOME[0]} has no version.")
    return found.group(2)


def write(root: Path, version: str) -> None:
    """Set the version in its home and in its copies."""
    if not SHAPE.fullmatch(version):
        raise ReleaseError(f"{version} is not a version such as 1.2.3.")
    for name, place in copies(root):
        path = root / name
        text, count = re.subn(place, rf"\g<1>{version}", path.read_text())
        if not count:
            raise ReleaseError(f"{name} does not name the version where it should.")
        path.write_text(text)


def copies(root: Path) -> list[tuple[str, str]]:
    """Return the files that hold the version, each with its place there."""
    texts = [root / "README.md", *(root / "docs").glob("*.md"), *root.glob("extensions/**/*.yml")]
    named = [text for text in sorted(texts) if re.search(NAMED, text.read_text())]
    return [HOME, CODE, *((str(text.relative_to(root)), NAMED) for text in named)]
