# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a change, and of recording, in one environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.desired_settings import (
    DesiredSettings,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    AllowedValues,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.outcome import (
    describe_change,
    describe_failed_task,
    describe_record,
)

CHANGED = {"changed_settings": ["port", "use_ssl"], "changed": True, "written": True}
FAILED = {"msg": "It\nfailed.", "error": {"kind": "conflict"}, "changed_settings": ["port"]}
BASELINE = "---\nverify_smtp_expected: {}\n"


@pytest.mark.parametrize(
    ("result", "status", "line"),
    [
        (CHANGED, "changed", "was changed: port, use_ssl"),
        ({**CHANGED, "written": False}, "changed", "would be changed: port, use_ssl"),
        ({"changed_settings": [], "changed": False, "written": False}, "ok", "is as expected"),
    ],
)
def test_success(result: dict[str, Any], status: str, line: str) -> None:
    outcome = describe_change(result, DesiredSettings({}), "")
    assert outcome == {"status": status, "line": line, "message": ""}


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (CHANGED, "was changed: port, use_ssl (waived: host), after a test mail to a@b.c"),
        ({**CHANGED, "written": False}, "would be changed: port, use_ssl (waived: host)"),
        ({"changed_settings": [], "changed": False}, "is as expected (waived: host)"),
    ],
)
def test_waivers_and_mail(result: dict[str, Any], line: str) -> None:
    assert describe_change(result, DesiredSettings({}, ("host",)), "a@b.c")["line"] == line


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (CHANGED, "was changed: port, use_ssl, but "),
        ({"changed_settings": [], "changed": False}, "is unchanged, but "),
    ],
)
def test_source_of_the_username(result: dict[str, Any], line: str) -> None:
    desired = DesiredSettings({}, (), AllowedValues("relay_username_source", ("pam",)))
    result = {**result, "smtp": {"relay_username_source": "plain"}}
    message = "relay_username_source is plain, expected pam: give verify_smtp_secrets."
    outcome = describe_change(result, desired, "")
    assert outcome["message"] == f"{message}relay_username_pam"
    assert (outcome["status"], outcome["line"]) == ("failed", line + outcome["message"])


@pytest.mark.parametrize(
    ("result", "line"),
    [
        ({**FAILED, "written": False}, "is unchanged: It failed."),
        ({**FAILED, "written": None, "changed": True}, "may have been changed: It failed."),
        (
            {**FAILED, "written": None, "changed": False, "smtp": {}},
            "is unchanged so far: It failed.",
        ),
        ({**FAILED, "written": True}, "was changed, and is not as expected: It failed."),
        ({"msg": "It failed.", "error": {}}, "is unchanged: It failed."),
        ({"msg": "Unsupported parameters"}, "is unchanged: Unsupported parameters"),
        ({"msg": "Give profile.port."}, "is unchanged: Give verify_smtp_expected.port."),
    ],
)
def test_failure(result: dict[str, Any], line: str) -> None:
    change = describe_change(result, DesiredSettings({}), "a@b.c")
    assert (change["status"], change["line"]) == ("failed", line)
    assert line.endswith(change["message"])


def test_task_that_failed_by_itself_or_did_not_run() -> None:
    assert describe_failed_task({"msg": "It failed."})["line"] == "has no outcome: It failed."
    nothing = "has no outcome: Ansible returned no result for it, see the output above."
    assert describe_failed_task({})["line"] == nothing


def record(
    read: dict[str, Any] | None = None,
    directory: dict[str, Any] | None = None,
    written: dict[str, Any] | None = None,
    check_mode: bool = False,
) -> tuple[str, str]:
    """Return the status and the line of a record."""
    read = {"smtp": {}} if read is None else read
    outcome = describe_record(
        "production", read, directory or {}, written or {}, BASELINE, check_mode
    )
    assert (outcome["message"] == "") is (outcome["status"] != "failed")
    return outcome["status"], outcome["line"]


def test_record(tmp_path: Path) -> None:
    path, directory = tmp_path / "verify_smtp.yml", {"path": str(tmp_path), "changed": False}
    changed = {"changed": True}
    assert record(None, directory, changed) == ("changed", f"was written to {path}")
    planned = ("changed", f"would be written to {path}")
    assert record(None, directory, changed, check_mode=True) == planned
    skipped = {"changed": False, "skipped": True}
    assert record(None, {**directory, **changed}, skipped, check_mode=True) == planned
    advice = "set verify_smtp_record_overwrite to replace it"
    kept = ("ok", f"was not recorded: {path} differs, and is kept ({advice})")
    assert record(None, directory, {"changed": False}) == kept
    path.write_text(BASELINE + "a: b\n")
    assert record(None, directory, {"changed": False}) == kept
    path.write_text(BASELINE)
    assert record(None, directory, {"changed": False}) == ("ok", f"is the same in {path}")


def test_record_that_failed() -> None:
    down = {"msg": "It is down."}
    assert record(down) == ("failed", "could not be read: It is down.")
    failed = {"failed": True, **down}
    assert record(None, failed) == ("failed", "could not be recorded: It is down.")
    assert record(None, {"path": "/a"}, failed) == ("failed", "could not be recorded: It is down.")
    name = "The name production cannot be that of a directory. Rename the host in the inventory."
    assert record(None, {"skipped": True}) == ("failed", f"could not be recorded: {name}")
