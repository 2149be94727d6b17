# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's files: each replaced as a whole, all or none."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.action import smtp_report as action
from ansible_collections.keyfactor.command.plugins.modules import smtp_report as module
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.action_module import (
    validate,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report import (
    writer as report_files,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.writer import (
    FORMATS,
    WriteError,
    write_report,
)
from tests.support.report_schema import SCHEMA
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


@pytest.mark.parametrize("name", NAMES)
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


def without_descriptions(options: dict[str, Any]) -> dict[str, Any]:
    """Return documented options as an argument spec has them."""
    found = {}
    for name, option in options.items():
        assert option.pop("description")
        if "suboptions" in option:
            option["options"] = without_descriptions(option.pop("suboptions"))
        found[name] = option
    return found


def test_the_options_that_are_documented() -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    assert without_descriptions(documented) == action.SPEC
    assert all(file in module.DOCUMENTATION for file, _render in FORMATS.values())


def test_the_report_has_the_members_that_are_asked_for() -> None:
    assert list(action.SPEC["report"]["options"]) == SCHEMA["required"]
    found = validate(action.SPEC, {"report": REPORT, "directory": "a"}, "smtp_report")
    assert (found.refusal, found.values["report"]) == (None, REPORT)


@pytest.mark.parametrize("wrong", [{}, {"a": 1}, {**REPORT, "environments": None}])
def test_what_is_no_report_is_refused(wrong: dict[str, Any]) -> None:
    found = validate(action.SPEC, {"report": wrong, "directory": "a"}, "smtp_report")
    assert "environments" in str(found.refusal)
