# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict on one environment: its observed profile against the expected state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...module_utils._api.smtp_profile import SETTINGS
from .._expected import expected_state, waivers
from .._expected.expectations import Expectation
from .._format import format_list, one_line
from .advisories import advisories
from .delivery import Delivery
from .findings import compare_with_reference, rule_finding, setting_finding
from .observed import ObservedProfile

VERDICTS = COMPLIANT, DRIFTED, INDETERMINATE = "compliant", "drifted", "indeterminate"
NOTHING_COMPARED = "Nothing of the profile could be compared, so nothing is known of it."
# The members of the module's result that an entry holds, and those of its error.
READ_KEYS = ("url", "product_version", "api_version", "tls_verified", "correlation_id")
ERROR_KEYS = ("kind", "status", "url", "detail", "attempts", "correlation_id")


def evaluate(
    name: str,
    expected: expected_state.ExpectedStateInput,
    observed: ObservedProfile,
    reference: ObservedProfile | None = None,
    probe: Mapping[str, Any] | None = None,
    mail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the environment's entry of the report.

    :param observed: without a module result, its profile is a saved one.
    :param reference: the profile that was observed in the reference environment.
    :param probe: the result of the probe of the profile's mail relay, None if there was none.
    :param mail: the result of the test mail, None if there was none. Its C(secrets) are the names
        of those that were given for it.
    """
    try:
        state = expected_state.parse_expected_state(expected)
    except expected_state.ExpectedStateError as error:
        return invalid_entry(name, str(error))
    return compare(name, state, observed, reference, probe, mail)


def compare(
    name: str,
    state: expected_state.ExpectedState,
    observed: ObservedProfile,
    reference: ObservedProfile | None = None,
    probe: Mapping[str, Any] | None = None,
    mail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the environment's entry of the report, as C(evaluate) does, for a valid state."""
    entry = indeterminate_entry(name)
    result = observed.module_result or {}
    if observed.failure:
        failure = _error(result.get("error") or {}, observed.failure)
        called = {key: failure[key] for key in ("url", "correlation_id")}
        return {**entry, **called, "error": failure}
    if state.reference and state.reference.name == name:
        reference = observed
    delivery = Delivery(state.delivery, probe, mail, state.recipient)
    findings, warnings = _findings(state, observed, reference or ObservedProfile(), delivery)
    return {
        **entry,
        **{key: result.get(key) for key in READ_KEYS},
        "verdict": _verdict(findings),
        "profile": {key: observed.profile.get(key) for key in SETTINGS},
        "delivery": delivery.member,
        "findings": findings,
        "warnings": [
            *_provenance_warnings(state, name, observed),
            *advisories(observed.profile),
            *warnings,
        ],
        "error": None if findings else _error({}, NOTHING_COMPARED),
    }


def invalid_entry(name: str, message: str) -> dict[str, Any]:
    """Return the entry of an environment whose variables are invalid, with the reason."""
    return {**indeterminate_entry(name), "error": _error({"kind": "configuration"}, message)}


def indeterminate_entry(name: str, message: str | None = None) -> dict[str, Any]:
    """Return the entry of an environment that is not known, with the reason."""
    return {
        "name": name,
        "verdict": INDETERMINATE,
        **dict.fromkeys(READ_KEYS),
        "profile": None,
        "delivery": None,
        "findings": [],
        "warnings": [],
        "error": _error({}, message) if message else None,
    }


def summarize(entry: Mapping[str, Any]) -> str:
    """Return why an environment is not compliant, on one line."""
    messages = "; ".join(_messages(entry, "drift", "unknown"))
    return f"{entry['name']} is {entry['verdict']}: {messages}."


def entry_messages(entry: Mapping[str, Any]) -> list[str]:
    """Return the differences, also waived ones, unknown values and warnings."""
    return [*_messages(entry, "drift", "unknown", "waived"), *entry["warnings"]]


def _messages(entry: Mapping[str, Any], *statuses: str) -> list[str]:
    if entry["error"]:
        return [str(entry["error"]["message"]).rstrip(".")]
    return [finding["message"] for finding in entry["findings"] if finding["status"] in statuses]


def _error(error: Mapping[str, Any], message: str) -> dict[str, Any]:
    return {**{key: error.get(key) for key in ERROR_KEYS}, "message": one_line(message)}


def _findings(
    state: expected_state.ExpectedState,
    observed: ObservedProfile,
    reference: ObservedProfile,
    delivery: Delivery,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the findings, and the warnings that come with them."""
    expectations: list[Expectation] = list(state.expectations)
    unknown: list[dict[str, Any]] = []
    warnings: list[str] = []
    if state.reference:
        settled = {expectation.setting for expectation in expectations}
        others, unknown, warnings = compare_with_reference(state.reference, reference, settled)
        expectations += others
    findings = [setting_finding(expectation, observed) for expectation in expectations]
    findings += unknown
    findings += [rule_finding(rule, observed) for rule in state.rules]
    found, delivery_warnings = delivery.findings()
    findings += found
    warnings += delivery_warnings
    findings = waivers.apply(state.waivers, findings, state.today)
    warnings += waivers.warnings(
        state.waivers, findings, state.today, state.warning_days, state.delivery
    )
    return findings, warnings


def _provenance_warnings(
    state: expected_state.ExpectedState, name: str, observed: ObservedProfile
) -> Iterator[str]:
    """Yield the circumstances of the verdict that an auditor must know."""
    result = observed.module_result or {}
    if observed.module_result is None:
        yield "A saved profile was verified. Nothing was read from a server."
    if state.reference and state.reference.name == name:
        yield "It is the reference: only the others are compared with it."
    if state.today_is_set and state.waivers:
        yield f"Waivers were evaluated as of {state.today}, which was set."
    if result.get("tls_verified") is False:
        yield "The server's identity was not verified."
    if result.get("unknown_members"):
        names = format_list(result["unknown_members"])
        yield f"The server sent settings that this version does not know: {names}."


def _verdict(findings: list[dict[str, Any]]) -> str:
    """A known difference outweighs an unknown value: the environment is wrong either way."""
    statuses = {finding["status"] for finding in findings}
    if "drift" in statuses:
        return DRIFTED
    return INDETERMINATE if "unknown" in statuses or not statuses else COMPLIANT
