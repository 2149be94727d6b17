# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of building the artifact twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.release.artifact import build_twice, check_version
from tools.release.version import ReleaseError

BUILD = """\
import sys
from pathlib import Path

up_to_date = Path("build/collections/.built-from")
if up_to_date.exists():
    sys.exit("It was not built from scratch.")
up_to_date.touch()
count = Path("count")
count.write_text(count.read_text() + "x" if count.exists() else "x")
{rest}
"""
WRITE = 'Path("build/keyfactor-command-1.0.0.tar.gz.sha256").write_text({text})'


def write_build(root: Path, rest: str) -> None:
    """Write a fake tools.build, and the state of an earlier build."""
    (root / "tools").mkdir()
    (root / "tools/build.py").write_text(BUILD.format(rest=rest))
    (root / "build/collections").mkdir(parents=True)
    (root / "build/collections/.built-from").touch()


def test_builds_twice_from_scratch(tmp_path: Path) -> None:
    write_build(tmp_path, WRITE.format(text='"abc  x.tar.gz"'))
    assert build_twice(tmp_path) == "abc  x.tar.gz"
    assert (tmp_path / "count").read_text() == "xx"


def test_fails_if_two_builds_differ(tmp_path: Path) -> None:
    write_build(tmp_path, WRITE.format(text='count.read_text() + "  x.tar.gz"'))
    with pytest.raises(ReleaseError, match=r"^Two builds differ: x and xx\.$"):
        build_twice(tmp_path)


def test_fails_if_a_build_fails(tmp_path: Path) -> None:
    write_build(tmp_path, 'sys.exit("no")')
    with pytest.raises(ReleaseError, match="The build failed"):
        build_twice(tmp_path)


@pytest.mark.parametrize("expected", ["", "1.2.3"])
def test_version_of_the_tag(tmp_path: Path, expected: str) -> None:
    (tmp_path / "galaxy.yml").write_text("version: 1.2.3\n")
    check_version(tmp_path, expected)


@pytest.mark.parametrize("expected", ["1.2.4", "v1.2.3", "1.2.3-rc1"])
def test_fails_with_the_tag_of_another_version(tmp_path: Path, expected: str) -> None:
    (tmp_path / "galaxy.yml").write_text("version: 1.2.3\n")
    with pytest.raises(ReleaseError, match=f"has version 1.2.3, not {expected}"):
        check_version(tmp_path, expected)
