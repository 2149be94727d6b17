# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read and set the version in galaxy.yml, code and documentation."""

from __future__ import annotations

import re
from pathlib import Path

VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
# Files and the patterns that match the version in them.
GALAXY = ("galaxy.yml", r"(?m)^(version: )(\S+)$")
MODULE_UTILS = ("plugins/module_utils/_version.py", r'(?m)^(VERSION = ")([^"]+)')
# The file name of the artifact and the tag of the image in the documentation and the AWX kit.
ARTIFACT = r"(keyfactor-command-(?:ee:)?)(\d\S*?)(?=\.tar\.gz|[\s\"])"


class ReleaseError(Exception):
    """The release failed; the message says why."""


def read(root: Path) -> str:
    """Return the version of a checkout."""
    match = re.search(GALAXY[1], (root / GALAXY[0]).read_text())
    if not match:
        raise ReleaseError(f"{GALAXY[0]} has no version.")
    return match.group(2)


def write(root: Path, version: str) -> None:
    """Set the version in every file that contains it."""
    if not VERSION.fullmatch(version):
        raise ReleaseError(f"{version} is not a version such as 1.2.3.")
    for name, pattern in copies(root):
        path = root / name
        text, count = re.subn(pattern, rf"\g<1>{version}", path.read_text())
        if not count:
            raise ReleaseError(f"{name} does not contain the version where expected.")
        path.write_text(text)


def copies(root: Path) -> list[tuple[str, str]]:
    """Return the files that contain the version, each with the pattern that matches it."""
    kits = [*root.glob("extensions/**/*.yml"), *root.glob("extensions/**/pattern.json")]
    texts = [root / "README.md", *(root / "docs").glob("*.md"), *kits]
    matching = [text for text in sorted(texts) if re.search(ARTIFACT, text.read_text())]
    return [GALAXY, MODULE_UTILS, *((str(text.relative_to(root)), ARTIFACT) for text in matching)]
