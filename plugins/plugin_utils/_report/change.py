# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say what applying the expected settings has done in one environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._format import one_line

NO_RESULT = "The module returned no result."


def describe_change(module_result: Mapping[str, Any], problems: str) -> dict[str, Any]:
    """Return C(ok), C(line) for the list of environments, and C(message) if it failed.

    :param module_result: the registered result of keyfactor_smtp, empty if it did not run.
    :param problems: why it did not run.
    """
    failed = "error" in module_result or "changed_settings" not in module_result
    if problems or failed:
        message = problems or one_line(str(module_result.get("msg") or NO_RESULT))
        return {"ok": False, "line": f"{_state(module_result)}: {message}", "message": message}
    settings = ", ".join(module_result["changed_settings"])
    if not module_result.get("changed"):
        line = "is as expected"
    elif module_result.get("written"):
        line = f"was changed: {settings}"
    else:
        line = f"would be changed: {settings}"
    return {"ok": True, "line": line, "message": ""}


def _state(module_result: Mapping[str, Any]) -> str:
    """Return what is true on the server after a failure."""
    # Without this key, nothing was sent, or it certainly did not arrive.
    written = module_result.get("written", False)
    if written is None:
        is_same = "smtp" in module_result and not module_result.get("changed")
        return "is unchanged so far" if is_same else "may have been changed"
    return "was changed, and is not as expected" if written else "is unchanged"
