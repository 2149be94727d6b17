# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version has one home, and every copy of it follows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tools.release.version import ReleaseError, copies, read, write

ROOT = Path(__file__).parents[4]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that hold the version, and no others."""
    for name, _place in copies(ROOT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_every_copy_is_the_same() -> None:
    for name, place in copies(ROOT):
        found = {version for _before, version in re.findall(place, (ROOT / name).read_text())}
        assert found == {read(ROOT)}, name


def test_all_copies_follow(checkout: Path) -> None:
    before = {name: (checkout / name).read_text() for name, _place in copies(checkout)}
    old = read(checkout)
    write(checkout, "7.8.9")
    assert read(checkout) == "7.8.9"
    for name, text in before.items():
        now = (checkout / name).read_text()
        assert now != text
        # Nothing else has changed.
        assert now.replace("7.8.9", old) == text


@pytest.mark.parametrize("version", ["", "1.0", "v1.0.0", "1.0.0 ", "1.0.0\n2"])
def test_what_is_no_version(checkout: Path, version: str) -> None:
    with pytest.raises(ReleaseError, match="is not a version"):
        write(checkout, version)
    assert read(checkout) == read(ROOT)


def test_a_copy_that_is_gone(checkout: Path) -> None:
    (checkout / "plugins/module_utils/_version.py").write_text("")
    with pytest.raises(ReleaseError, match=r"version\.py does not name the version"):
        write(checkout, "7.8.9")


def test_the_kit_for_awx_names_the_artifact(checkout: Path) -> None:
    write(checkout, "7.8.9")
    definitions = list((checkout / "extensions/awx/execution_environment").glob("*.yml"))
    assert len(definitions) == 2
    for definition in definitions:
        assert "keyfactor-command-7.8.9.tar.gz" in definition.read_text()
