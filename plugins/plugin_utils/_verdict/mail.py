# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The finding on the test mail that Keyfactor Command sent, or did not send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...module_utils._relay.checks import FAILED, PASSED
from .._expected.delivery import MAIL
from .._format import format_list, one_line
from .findings import make_finding
from .observed import HIDDEN

NOT_ASKED = "No test mail was sent in this run"
# The module speaks of its own options, and of changes of the profile.
PREAMBLE = re.compile(
    r"(Nothing was sent, as something would be lost or passed on|The profile was not changed): "
)
SECRET = re.compile(r"\bprofile\.(?=(?:relay_password|client_secret|request_headers))")
NO_ROLE_OPTION = "give profile.relay_username or use api_version 2"


class _Outcome(NamedTuple):
    """What is known of a test mail.

    :param sent: None if that is not known.
    """

    status: str
    sent: bool | None
    message: str


def mail_member(result: Mapping[str, Any] | None, recipient: str | None) -> dict[str, Any] | None:
    """Return the evidence of a test mail as the report holds it, None if there is none."""
    if not result or result.get("skipped"):
        return None
    version = result.get("test_api_version")
    return {
        "recipient": recipient,
        "sent": _outcome(result).sent,
        # A secret that is a number would hide it.
        "api_version": version if isinstance(version, int) else None,
    }


def mail_finding(result: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the finding on a test mail."""
    status, _sent, message = _outcome(result or {})
    actual = {"match": PASSED, "drift": FAILED}.get(status)
    names = format_list((result or {}).get("secrets") or ())
    if actual and names:
        # Nothing is known of the secrets that Command has.
        message += f" (with {names} of verify_smtp_secrets)"
    return make_finding(MAIL, status, PASSED, actual, message)


def _outcome(result: Mapping[str, Any]) -> _Outcome:
    sent, message = result.get("sent"), one_line(str(result.get("msg") or "")).rstrip(".")
    if sent is True:
        return _Outcome("match", True, message)
    if sent is False:
        return _Outcome("unknown", False, message)
    if sent is not None:
        return _Outcome("unknown", None, f"It is not known whether a test mail was sent: {HIDDEN}")
    if not message:
        return _Outcome("unknown", False, NOT_ASKED)
    error = result.get("error")
    kind = error.get("kind") if isinstance(error, Mapping) else None
    if kind == "delivery":
        return _Outcome("drift", False, message)
    if kind in (None, "configuration"):
        message = PREAMBLE.sub("", message, count=1).replace(NO_ROLE_OPTION, "use api_version 2")
        message = SECRET.sub("verify_smtp_secrets.", message)
        return _Outcome("unknown", False, f"No test mail was sent: {message}")
    if not message.startswith("It is not known"):
        message = f"It is not known whether mail gets out: {message}"
    return _Outcome("unknown", None, message)
