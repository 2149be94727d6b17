# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One environment's verdict: what was read, against what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._ansible.builtins import to_builtins
from .._expected import reference, waivers
from .._expected.expected_state import ExpectedState, ExpectedStateError, parse_expected_state
from .._expected.reference import ObservedProfile
from .._format import format_list, one_line
from .findings import rule_finding, setting_finding

COMPLIANT, DRIFTED, INDETERMINATE = "compliant", "drifted", "indeterminate"
NOTHING_COMPARED = "Nothing of the profile could be compared, so nothing is known of it."
ERROR_KEYS = ("kind", "status", "url", "detail", "attempts")


def evaluate(
    name: str,
    profile: object,
    expected: object,
    read: Mapping[str, Any] | None,
    live_reference: ObservedProfile | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return the environment's entry of the report.

    :param profile: the facts that the module published, or a saved profile.
    :param read: the module's registered result, None where there was no call.
    :param live_reference: what was read of the reference, if there is one.
    :param more: what else is wanted, as :func:`wanted.parse` takes it.
    """
    entry = indeterminate_entry(name)
    # A saved profile may hold what YAML has and JSON has not, such as dates.
    profile = to_builtins(profile)
    try:
        wanted = parse_expected_state(expected, **more)
    except ExpectedStateError as error:
        return {**entry, "error": _error({"kind": "configuration"}, str(error))}
    saved = read is None
    if read is None:
        read = {"smtp": profile}
    if read.get("smtp") is None or not isinstance(profile, Mapping):
        message = str(read.get("msg") or "The module returned no profile and no message.")
        failure = _error(read.get("error") or {}, message)
        return {**entry, "url": failure["url"], "error": failure}
    for key in ("url", "product_version", "api_version", "tls_verified"):
        entry[key] = read.get(key)
    entry["profile"] = {key: profile.get(key) for key in SETTINGS}
    own = ObservedProfile(profile, read)
    if wanted.reference and wanted.reference.name == name:
        live_reference = own
    entry["findings"], warnings = _findings(
        wanted, own, live_reference or ObservedProfile(None, None)
    )
    entry["warnings"] = [*_warnings(read, wanted, name, saved), *warnings]
    entry["verdict"] = _verdict(entry["findings"])
    if not entry["findings"]:
        entry["error"] = _error({}, NOTHING_COMPARED)
    return entry


def indeterminate_entry(name: str, message: str | None = None) -> dict[str, Any]:
    """Return the entry of an environment of which nothing is known, with the reason."""
    return {
        "name": name,
        "verdict": INDETERMINATE,
        "url": None,
        "product_version": None,
        "api_version": None,
        "tls_verified": None,
        "profile": None,
        "findings": [],
        "warnings": [],
        "error": _error({}, message) if message else None,
    }


def summarize(entry: Mapping[str, Any]) -> str:
    """Return why an environment is not compliant, in one line."""
    return f"{entry['name']} is {entry['verdict']}: " + "; ".join(failure_reasons(entry)) + "."


def failure_reasons(entry: Mapping[str, Any]) -> list[str]:
    """Return all that is wrong with an environment, or cannot be told of it."""
    return _messages(entry, ("drift", "unknown"))


def entry_messages(entry: Mapping[str, Any]) -> list[str]:
    """Return all that is worth a look: what is wrong, what is waived, and warnings.

    Also of compliant environments: a server that was not verified is no clean evidence.
    """
    return [*_messages(entry, ("drift", "unknown", "waived")), *entry["warnings"]]


def _messages(entry: Mapping[str, Any], statuses: tuple[str, ...]) -> list[str]:
    if entry["error"]:
        return [str(entry["error"]["message"]).rstrip(".")]
    return [each["message"] for each in entry["findings"] if each["status"] in statuses]


def _error(error: Mapping[str, Any], message: str) -> dict[str, Any]:
    return {**{key: error.get(key) for key in ERROR_KEYS}, "message": one_line(message)}


def _findings(
    wanted: ExpectedState, own: ObservedProfile, live_reference: ObservedProfile
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the findings, and the warnings that come with them."""
    profile: Any = own.profile
    api_version = (own.read or {}).get("api_version")
    expected = list(wanted.expectations)
    findings: list[dict[str, Any]] = []
    warnings: list[str] = []
    if wanted.reference:
        settled = {each.setting for each in expected}
        more, findings, warnings = reference.expectations(wanted.reference, live_reference, settled)
        expected += more
    findings = [setting_finding(each, profile, api_version) for each in expected] + findings
    findings += [rule_finding(each, profile, api_version) for each in wanted.rules]
    findings = waivers.apply(wanted.waivers, findings, wanted.today)
    warnings += waivers.warnings(wanted.waivers, findings, wanted.today, wanted.warning_days)
    return findings, warnings


def _warnings(read: Mapping[str, Any], wanted: ExpectedState, name: str, saved: bool) -> list[str]:
    """Return what an auditor must know of how the verdict came about."""
    warnings = []
    if saved:
        warnings.append("A saved profile was judged. Nothing was read from a server.")
    if wanted.reference and wanted.reference.name == name:
        warnings.append("It is the reference: only the others are compared with it.")
    if wanted.today_is_set and wanted.waivers:
        warnings.append(f"Waivers were judged as of {wanted.today}, which was set.")
    if read.get("tls_verified") is False:
        warnings.append("The server's identity was not verified.")
    if read.get("unknown_members"):
        names = format_list(read["unknown_members"])
        warnings.append(f"The server sent settings that this version does not know: {names}.")
    return warnings


def _verdict(findings: list[dict[str, Any]]) -> str:
    """A difference that is known outweighs a value that is not: it is wrong either way."""
    statuses = {finding["status"] for finding in findings}
    if "drift" in statuses:
        return DRIFTED
    return INDETERMINATE if "unknown" in statuses or not statuses else COMPLIANT
