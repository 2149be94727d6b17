# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's files: each replaced as a whole, all or none."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._report import (
    writer as report_files,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.writer import (
    FORMATS,
    WriteError,
    write_report,
)
from tests.unit.reports import report

REPORT = report()
NAMES = {name for name, _render in FORMATS.values()}


def names(directory: Path) -> set[str]:
    return {each.name for each in directory.iterdir()}


def test_all_formats(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    files = write_report(REPORT, place, FORMATS)
    assert names(place) == NAMES == {Path(each).name for each in files}
    assert all(Path(each).is_absolute() for each in files)
    assert json.loads((place / "report.json").read_text("utf-8")) == REPORT
    assert {stat.S_IMODE(each.stat().st_mode) for each in place.iterdir()} == {0o644}


@pytest.mark.parametrize("name", FORMATS)
def test_one_format(name: str, tmp_path: Path) -> None:
    (file,) = write_report(REPORT, tmp_path, [name])
    assert names(tmp_path) == {Path(file).name}
    assert Path(file).read_text("utf-8").strip()


def test_what_is_there_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("old")
    (tmp_path / "other.txt").write_text("kept")
    write_report(REPORT, tmp_path, ["markdown"])
    assert (tmp_path / "report.md").read_text("utf-8") != "old"
    assert (tmp_path / "other.txt").read_text() == "kept"


def test_a_failure_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the last file is written."""
    for name in NAMES:
        (tmp_path / name).write_text("old")
    calls = iter(range(len(FORMATS)))

    def fsync(handle: int) -> None:
        if next(calls) == len(FORMATS) - 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(WriteError, match="No space left on device") as caught:
        write_report(REPORT, tmp_path, FORMATS)
    assert str(tmp_path) in str(caught.value)
    assert "verify_smtp_report_dir" in str(caught.value)
    assert names(tmp_path) == NAMES
    assert {each.read_text() for each in tmp_path.iterdir()} == {"old"}


@pytest.mark.parametrize("there", [NAMES, {"report.json"}, set()])
def test_a_file_that_cannot_be_replaced_brings_the_others_back(
    there: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one, as a file that is mounted or belongs to somebody else."""
    for name in there:
        (tmp_path / name).write_text("old")
    replace = os.replace

    def busy(source: str, target: Path) -> None:
        if Path(target).name == "report.md":
            raise OSError(16, "Device or resource busy", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", busy)
    with pytest.raises(WriteError, match=r"Device or resource busy .*report\.md"):
        write_report(REPORT, tmp_path, FORMATS)
    assert names(tmp_path) == there
    assert {each.read_text() for each in tmp_path.iterdir()} <= {"old"}


def test_a_file_system_without_links_gets_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(_source: str, _target: str) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", link)
    (tmp_path / "report.json").write_text("old")
    write_report(REPORT, tmp_path, FORMATS)
    assert names(tmp_path) == NAMES
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == REPORT


def test_a_place_that_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WriteError, match="file"):
        write_report(REPORT, tmp_path / "file", FORMATS)
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_target_that_cannot_be_replaced(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(WriteError, match=f"Is a directory .*{name}"):
        write_report(REPORT, tmp_path, FORMATS)
    assert names(tmp_path) == {name}


def test_a_renderer_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_report: Any) -> str:
        raise ValueError("broken")

    monkeypatch.setitem(report_files.FORMATS, "junit", ("report.xml", broken))
    with pytest.raises(ValueError, match="broken"):
        write_report(REPORT, tmp_path, FORMATS)
    assert names(tmp_path) == set()


WRITER = """
import sys
from pathlib import Path
from ansible_collections.keyfactor.command.plugins.plugin_utils._report import writer

def stop(path, text):
    print("staging", flush=True)
    sys.stdin.read()

writer._stage = stop
writer.write_report({}, Path(sys.argv[1]), [])
writer.FORMATS = {"json": ("report.json", str)}
writer.write_report({}, Path(sys.argv[1]), ["json"])
"""


@pytest.fixture
def staging_writer(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A writer in another process that stops before it has staged its first file."""
    tree = Path(str(report_files.__file__)).parents[6]
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "staging\n"
    yield process
    process.kill()
    process.communicate()


def test_what_a_killed_writer_left_is_removed(
    tmp_path: Path, staging_writer: subprocess.Popen[str]
) -> None:
    staging_writer.kill()
    staging_writer.wait()
    assert len(names(tmp_path)) == 1
    write_report(REPORT, tmp_path, FORMATS)
    assert names(tmp_path) == NAMES


def test_two_writers_take_turns(tmp_path: Path, staging_writer: subprocess.Popen[str]) -> None:
    (left,) = names(tmp_path)
    writer = threading.Thread(target=write_report, args=(REPORT, tmp_path, FORMATS))
    writer.start()
    try:
        # It waits, and does not remove what the other one is writing.
        writer.join(0.2)
        assert writer.is_alive()
        assert names(tmp_path) == {left}
    finally:
        staging_writer.kill()
        writer.join(60)
    assert names(tmp_path) == NAMES
