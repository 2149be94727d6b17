# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin that writes a report on the controller."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible import constants
from ansible.utils.display import Display

from ansible_collections.keyfactor.command.plugins.action import smtp_report as plugin
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.writer import FORMATS
from tests.support.report_schema import SCHEMA
from tests.unit.reports import report

REPORT = report()
ACTION = "keyfactor.command.smtp_report"


def run(**arguments: Any) -> dict[str, Any]:
    """Return the result of a task in check mode, in which the report is written too."""
    task = SimpleNamespace(args=arguments, action=ACTION, async_val=0, check_mode=True)
    action = plugin.ActionModule(
        task=task,
        connection=SimpleNamespace(_shell=SimpleNamespace(tmpdir="/nowhere")),
        play_context=None,
        loader=None,
        templar=None,
        shared_loader_obj=None,
    )
    return action.run(task_vars={})


def test_all_formats_are_written_by_default(tmp_path: Path) -> None:
    files = [str(tmp_path / "out" / name) for name, _render in FORMATS.values()]
    result = run(report=REPORT, directory=str(tmp_path / "out"))
    assert result == {"changed": False, "files": files}
    assert json.loads((tmp_path / "out/report.json").read_text("utf-8")) == REPORT


def test_formats_that_are_asked_for_are_written(tmp_path: Path) -> None:
    result = run(report=REPORT, directory=str(tmp_path), formats="json,junit")
    assert result["files"] == [str(tmp_path / "report.json"), str(tmp_path / "report.xml")]
    assert {each.name for each in tmp_path.iterdir()} == {"report.json", "report.xml"}


def test_relative_directory_starts_at_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(report=REPORT, directory="a/b", formats=["json"])
    assert result["files"] == [str(tmp_path / "a/b/report.json")]
    assert (tmp_path / "a/b/report.json").is_file()


@pytest.mark.parametrize(
    ("empty", "message"),
    [
        (
            {"directory": ""},
            "No report was written, as directory is empty. Name the directory for it.",
        ),
        (
            {"formats": []},
            "No report was written, as formats is empty. Name one or more of json, html, junit, "
            "markdown.",
        ),
    ],
)
def test_empty_option_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: dict[str, Any], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(**{"report": REPORT, "directory": "a", **empty})
    assert result == {"failed": True, "msg": message}
    assert list(tmp_path.iterdir()) == []


def test_directory_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run(report=REPORT, directory=str(tmp_path / "file"))
    assert (result["failed"], "files" in result) == (True, False)
    assert result["msg"].startswith(f"The report cannot be written to {tmp_path / 'file'}: ")


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        ({"directory": "a"}, "missing required arguments: report"),
        (
            {"report": {}, "directory": "a"},
            "missing required arguments: collection_version, environments, generated_at",
        ),
        ({"report": {"a": 1}, "directory": "a"}, "environments"),
        ({"report": {**REPORT, "environments": None}, "directory": "a"}, "environments"),
        ({"report": REPORT, "directory": "a", "formats": ["pdf"]}, "pdf"),
        (
            {"report": REPORT, "directory": "a", "format": "json"},
            f"Unsupported parameters for ({ACTION}) module: format",
        ),
    ],
)
def test_argument_that_does_not_fit_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], phrase: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(**arguments)
    assert set(result) == {"failed", "msg"}
    assert phrase in result["msg"]
    assert list(tmp_path.iterdir()) == []


def test_types_of_ansible_are_written_as_json(tmp_path: Path) -> None:
    class Tagged(str):
        """Text as Ansible has it, with more to it than text."""

        def __str__(self) -> str:
            return "not what it says"

    tagged = {**REPORT, "generated_at": Tagged(REPORT["generated_at"])}
    run(report=tagged, directory=str(tmp_path), formats=["json"])
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == REPORT


def test_required_members_are_those_of_the_schema() -> None:
    assert list(plugin.SPEC["report"]["options"]) == SCHEMA["required"]
    assert all(option["required"] for option in plugin.SPEC["report"]["options"].values())


def test_formats_are_those_of_the_writer() -> None:
    assert plugin.SPEC["formats"]["choices"] == list(FORMATS)
    assert plugin.SPEC["formats"]["default"] == list(FORMATS)


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """The lines on the terminal, with their colors."""
    lines: list[tuple[str, str | None]] = []

    def display(self: object, msg: str, color: str | None = None) -> None:
        lines.append((msg, color))

    monkeypatch.setattr(Display, "display", display)
    return lines


def test_shows_table_in_colors(displayed: list[tuple[str, str | None]]) -> None:
    result = run(report=REPORT, show=True)
    assert set(result) == {"changed", "table"}
    assert [text for text, _color in displayed] == result["table"]
    colors = {text.split()[1]: color for text, color in displayed if len(text.split()) > 2}
    assert colors["compliant"] == constants.COLOR_OK
    assert colors["drifted"] == constants.COLOR_ERROR
    assert colors["indeterminate"] == constants.COLOR_WARN
    assert colors["VERDICT"] is None


def test_table_names_files(displayed: list[tuple[str, str | None]], tmp_path: Path) -> None:
    written = run(report=REPORT, show=True, directory=str(tmp_path), formats=["json"])
    assert written["table"][-2:] == [f"The report is in {tmp_path}:", "  report.json"]
    earlier = run(report=REPORT, show=True, files=["/srv/report/report.html"])
    assert earlier["table"][-2:] == ["The report is in /srv/report:", "  report.html"]
    assert displayed


def test_nothing_to_do_is_a_failure() -> None:
    message = "No report was written or shown. Set directory to write it, or show to show it."
    assert run(report=REPORT) == {"failed": True, "msg": message}
