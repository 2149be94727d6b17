# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what applying or recording settings has done in one environment."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .._expected.desired_settings import DesiredSettings
from .._format import one_line
from .role_options import name_role_options

OK, CHANGED, FAILED = "ok", "changed", "failed"
NO_RESULT = "Ansible returned no result for it, see the output above."
RECORD_FILE = "verify_smtp.yml"


def describe_change(
    module_result: Mapping[str, Any], desired: DesiredSettings, recipient: str
) -> dict[str, str]:
    """Return C(status), C(line) for the list of environments, and C(message) if it failed.

    :param module_result: the result of keyfactor_smtp.
    :param recipient: who got a test mail before the change, empty if nobody did.
    """
    if "error" in module_result or "changed_settings" not in module_result:
        message = name_role_options(str(module_result.get("msg") or NO_RESULT))
        return _failure({"msg": message}, f"{_state(module_result)}: ")
    problem = desired.username_problem(module_result.get("smtp") or {})
    status, line = OK, "is unchanged" if problem else "is as expected"
    if module_result.get("changed"):
        verb = "was changed" if module_result.get("written") else "would be changed"
        status, line = CHANGED, f"{verb}: {', '.join(module_result['changed_settings'])}"
    if desired.waived:
        line += f" (waived: {', '.join(desired.waived)})"
    if recipient and module_result.get("written"):
        line += f", after a test mail to {one_line(recipient)}"
    return _failure({"msg": problem}, f"{line}, but ") if problem else _outcome(status, line)


def describe_record(
    name: str,
    read: Mapping[str, Any],
    directory: Mapping[str, Any],
    written: Mapping[str, Any],
    baseline: str,
    check_mode: bool,
) -> dict[str, str]:
    """Return the same of a profile that was recorded as expectations.

    :param name: the environment.
    :param read: the result of keyfactor_smtp_info.
    :param directory: the result of creating the file's directory.
    :param written: the result of writing the file.
    :param baseline: the text that the file should have.
    """
    if "smtp" not in read:
        return _failure(read, "could not be read: ")
    for result in (directory, written):
        if result.get("failed"):
            return _failure(result, "could not be recorded: ")
    if "path" not in directory:
        message = (
            f"The name {name} cannot be that of a directory. Rename the host in the inventory."
        )
        return _failure({"msg": message}, "could not be recorded: ")
    path = Path(directory["path"], RECORD_FILE)
    if directory.get("changed") or written.get("changed"):
        verb = "would be written" if check_mode else "was written"
        return _outcome(CHANGED, f"{verb} to {path}")
    with suppress(OSError):
        if path.read_bytes() == baseline.encode():
            return _outcome(OK, f"is the same in {path}")
    advice = "set verify_smtp_record_overwrite to replace it"
    return _outcome(OK, f"was not recorded: {path} differs, and is kept ({advice})")


def describe_failed_task(result: Mapping[str, Any]) -> dict[str, str]:
    """Return the same of an environment whose task failed by itself, or did not run.

    :param result: the registered result, empty if there is none.
    """
    return _failure(result, "has no outcome: ")


def _outcome(status: str, line: str, message: str = "") -> dict[str, str]:
    return {"status": status, "line": line, "message": message}


def _failure(result: Mapping[str, Any], state: str) -> dict[str, str]:
    message = one_line(str(result.get("msg") or NO_RESULT))
    return _outcome(FAILED, f"{state}{message}", message)


def _state(module_result: Mapping[str, Any]) -> str:
    """Return what is true on the server after a failure."""
    # Without this key, nothing was sent, or it certainly did not arrive.
    written = module_result.get("written", False)
    if written is None:
        is_same = "smtp" in module_result and not module_result.get("changed")
        return "is unchanged so far" if is_same else "may have been changed"
    return "was changed, and is not as expected" if written else "is unchanged"
