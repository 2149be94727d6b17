# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of reading and setting the version in galaxy.yml and its copies."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tools.release.version import ReleaseError, copies, read, write

ROOT = Path(__file__).parents[4]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A directory with only the files that contain the version."""
    for name, _pattern in copies(ROOT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_all_copies_are_equal() -> None:
    for name, pattern in copies(ROOT):
        versions = {version for _prefix, version in re.findall(pattern, (ROOT / name).read_text())}
        assert versions == {read(ROOT)}, name


def test_write_updates_all_copies(checkout: Path) -> None:
    before = {name: (checkout / name).read_text() for name, _pattern in copies(checkout)}
    old = read(checkout)
    write(checkout, "7.8.9")
    assert read(checkout) == "7.8.9"
    for name, text in before.items():
        after = (checkout / name).read_text()
        assert after != text
        # Nothing else changed.
        assert after.replace("7.8.9", old) == text


@pytest.mark.parametrize("version", ["", "1.0", "v1.0.0", "1.0.0 ", "1.0.0\n2"])
def test_refuses_invalid_version(checkout: Path, version: str) -> None:
    with pytest.raises(ReleaseError, match="is not a version"):
        write(checkout, version)
    assert read(checkout) == read(ROOT)


def test_fails_if_copy_is_missing(checkout: Path) -> None:
    (checkout / "plugins/module_utils/_version.py").write_text("")
    with pytest.raises(ReleaseError, match=r"version\.py does not contain the version"):
        write(checkout, "7.8.9")


def test_updates_artifact_in_awx_kit(checkout: Path) -> None:
    write(checkout, "7.8.9")
    definitions = list((checkout / "extensions/awx/execution_environment").glob("*.yml"))
    assert len(definitions) == 4
    for definition in definitions:
        assert "keyfactor-command-7.8.9.tar.gz" in definition.read_text()
