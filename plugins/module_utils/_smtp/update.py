# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Set the SMTP profile: read, compare, write only what differs, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from .._api.client import CommandClient
from .._api.operations import WRITE
from .._api.smtp import fetch_profile, parse_profile, profile_result, smtp_url
from .._config.settings import ConnectionSettings
from .._errors import CommandError, configuration_error
from .desired_profile import check_recipient, parse_desired_profile
from .difference import render_diff
from .mail import require_sendable, send_test_mail
from .merge import Merged
from .plan import Plan, plan_change
from .stored_profile import StoredProfile

UNCHANGED = "The profile was read again and is unchanged"
# What is before the server may have given up waiting for it.
GATEWAY_STATUSES = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.GATEWAY_TIMEOUT,
)


def update_smtp_profile(
    settings: ConnectionSettings, arguments: Mapping[str, Any], check_mode: bool
) -> dict[str, Any]:
    """Set the profile and return the module's result. :raises CommandError: if nothing was sent."""
    desired = parse_desired_profile(arguments["profile"])
    if not (desired.settings or desired.secrets or desired.headers is not None):
        raise configuration_error("profile is empty. Give the settings to set, such as host.")
    recipient = arguments.get("test_recipient") or None
    if recipient:
        recipient = check_recipient("test_recipient", recipient)
    client = CommandClient(settings, desired.secret_values)
    stored = StoredProfile(fetch_profile(client))
    client.protect(stored.known_secrets)
    _refuse_fallback(settings, stored)
    plan = plan_change(stored, desired, arguments["update_secrets"])
    if not plan.changed:
        return _result(client, plan, plan.stored)
    if recipient:
        require_sendable(plan.stored, plan.merged)
    if check_mode:
        result = _result(client, plan, plan.stored)
        return {**result, "changed": True, "smtp": dict(plan.after)}
    if recipient:
        send_test_mail(client, plan.stored, plan.merged, recipient)
        # Sending may take long.
        _require_unchanged(plan, _read_again(client, plan))
    return _write(client, plan)


def _result(
    client: CommandClient, plan: Plan, now: StoredProfile, warnings: Iterable[str] = ()
) -> dict[str, Any]:
    result = profile_result(client, now.fetched)
    warnings = [*result.pop("warnings", ()), *warnings]
    merged = plan.merged if plan.changed else None
    warnings += _cleared_warning(client, merged)
    warnings += _version_warning(client, plan)
    diff = render_diff(
        smtp_url(client.settings), plan.stored.values, plan.after, plan.stored, merged
    )
    return {
        "changed": False,
        **result,
        "changed_settings": plan.changed,
        "written": False,
        "diff": diff,
        **({"warnings": warnings} if warnings else {}),
    }


def _refuse_fallback(settings: ConnectionSettings, stored: StoredProfile) -> None:
    """Refuse to write in version 1 only because reading in version 2 failed."""
    fetched = stored.fetched
    if fetched.requested_version > 1 or settings.api_version or not stored.offers_version_2:
        return
    raise fetched.response.error(
        "protocol",
        f"{fetched.response.url} should have version 2 of the API, and did not answer in it. Nothing "
        f"was sent, as version 1 does not show all settings: run the task again, or set api_version.",
    )


def _read_again(client: CommandClient, plan: Plan) -> StoredProfile:
    """Return the profile in the version of the API in which it was read before."""
    return StoredProfile(fetch_profile(client, plan.stored.fetched.requested_version))


def _require_unchanged(plan: Plan, now: StoredProfile) -> None:
    if not now.is_same(plan.stored):
        raise now.fetched.response.error(
            "conflict",
            f"The profile at {now.fetched.response.url} was changed by somebody else while the test "
            f"mail was sent, so nothing was written. Look at the profile and run the task again.",
        )


def _write(client: CommandClient, plan: Plan) -> dict[str, Any]:
    """Send the change once, and return what is true on the server then."""
    lost = _put(client, plan)
    try:
        now = _read_again(client, plan)
    except CommandError as error:
        return _unknown(client, plan, lost, error)
    deviations = [client.quote(each) for each in plan.deviations(now)]
    if not deviations and (plan.is_visible or not lost):
        warnings = [*_lost_reply_warning(lost), *_unknown_members_warning(plan, now)]
        return {**_result(client, plan, now, warnings), "changed": True, "written": True}
    is_unchanged = now.is_same(plan.stored)
    # What the server does not show may have changed, too.
    state = {"smtp": now.values, "changed": not (lost and is_unchanged)}
    if lost and not plan.is_visible:
        message = (
            f"{lost.message} It is not known whether the secrets were written, as the server does "
            f"not show them: run the task again."
        )
        return _failure(lost, message, plan, {**state, "changed": True}, written=None)
    if lost and is_unchanged:
        may_follow = _may_follow(lost)
        ending = " so far, as the server may still be working on the change" if may_follow else ""
        message = f"{lost.message} {UNCHANGED}{ending}. Run the task again."
        return _failure(lost, message, plan, state, written=None if may_follow else False)
    conflict = now.fetched.response.error("conflict", "")
    problem = "; ".join(deviations)
    start = (
        f"{smtp_url(client.settings)} took the settings, but has others when they are read again"
    )
    if lost:
        start = f"{lost.message} The profile was read again, and is neither as it was nor as sent"
    message = (
        f"{start}: {problem}. "
        f"Look who else changes the profile, or what the server does not accept."
    )
    return _failure(conflict, message, plan, state, written=None if lost else True)


def _put(client: CommandClient, plan: Plan) -> CommandError | None:
    """Send the change. Return the failure if it may have been made nevertheless.

    :raises CommandError: if it was certainly not made.
    """
    version = plan.stored.version
    try:
        response = client.send("PUT", smtp_url(client.settings), version, plan.body)
    except CommandError as error:
        if error.unsent:
            raise
        return error
    if response.status == HTTPStatus.OK:
        # Something before the server may have answered in its place.
        try:
            parse_profile(client, response, version)
        except CommandError as error:
            return error
        return None
    failure = client.status_error(response, WRITE, version)
    is_refusal = 300 <= response.status < 500
    if is_refusal and response.status != HTTPStatus.REQUEST_TIMEOUT:
        raise failure
    return failure


def _may_follow(lost: CommandError) -> bool:
    """Whether the server may still make the change, as no reply was begun."""
    is_begun = lost.status is not None or lost.kind == "protocol"
    return not is_begun or lost.status in GATEWAY_STATUSES


def _unknown(
    client: CommandClient, plan: Plan, lost: CommandError | None, error: CommandError
) -> dict[str, Any]:
    """Return the failure if the profile cannot be read again."""
    first = lost.message if lost else f"{smtp_url(client.settings)} took the settings."
    problem = "It is not known which settings the server has, as they could not be read again"
    message = f"{first} {problem} ({error.message}): run the task again."
    # Without a failure of its own, the server said that it made the change.
    return _failure(lost or error, message, plan, {"changed": True}, written=None if lost else True)


def _failure(
    error: CommandError, message: str, plan: Plan, state: Mapping[str, Any], written: bool | None
) -> dict[str, Any]:
    result = error.as_result()
    return {
        **result,
        **state,
        "msg": message,
        "failed": True,
        "changed_settings": plan.changed,
        "written": written,
    }


def _cleared_warning(client: CommandClient, merged: Merged | None) -> list[str]:
    if merged is None or not merged.cleared:
        return []
    names = " and ".join(merged.cleared)
    return [
        f"The change to {smtp_url(client.settings)} clears what Command stores as {names}, as these "
        f"settings do not use it."
    ]


def _version_warning(client: CommandClient, plan: Plan) -> list[str]:
    is_chosen = client.settings.api_version == 1 and plan.stored.offers_version_2
    if not (plan.changed and is_chosen):
        return []
    return [
        f"Version 1 of the API does not show settings of OAuth and references to PAM, and the change "
        f"to {smtp_url(client.settings)} clears those that the server has. Leave api_version out to "
        f"keep them."
    ]


def _lost_reply_warning(lost: CommandError | None) -> list[str]:
    if lost is None:
        return []
    return [
        f"The change has no proper reply, but the profile was read again and has the new "
        f"settings: {lost.message}"
    ]


def _unknown_members_warning(plan: Plan, now: StoredProfile) -> list[str]:
    names = [name for name, value in plan.stored.unknown.items() if now.unknown.get(name) != value]
    if not names:
        return []
    return [
        f"{len(names)} settings that this version of the collection does not know were sent to "
        f"{now.fetched.response.url} as they were, and have other values now. See unknown_members."
    ]
