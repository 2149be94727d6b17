# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One environment's verdict: what was read, against what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils.profile import KEYS

from .expectations import BOOLEANS, INTEGERS, LISTS, Expectation, ExpectationError, parse
from .words import listed, one_line, shown

COMPLIANT, DRIFTED, INDETERMINATE = "compliant", "drifted", "indeterminate"
# What ansible-core puts in the place of text that contains a secret.
MASKS = ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********", "$REDACTED$")
ONLY_IN_VERSION_2 = frozenset(
    ("client_id", "token_endpoint", "scope", "audience", "request_headers")
)
ERROR_KEYS = ("kind", "status", "url", "detail", "attempts")


def judge(
    name: str, profile: object, expected: object, read: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the environment's entry of the report.

    :param profile: the facts that the module published.
    :param read: the module's registered result, None where there was no call.
    """
    entry = new_entry(name)
    try:
        expectations = parse(expected)
    except ExpectationError as error:
        return {**entry, "error": _error({"kind": "configuration"}, str(error))}
    if read is None:
        read = {"smtp": profile}
    if read.get("smtp") is None or not isinstance(profile, Mapping):
        message = str(read.get("msg") or "The module returned no profile and no message.")
        failure = _error(read.get("error") or {}, message)
        return {**entry, "url": failure["url"], "error": failure}
    for key in ("url", "product_version", "api_version", "tls_verified"):
        entry[key] = read.get(key)
    entry["profile"] = {key: profile.get(key) for key in KEYS}
    entry["warnings"] = _warnings(read)
    entry["findings"] = [_finding(each, profile, entry["api_version"]) for each in expectations]
    entry["verdict"] = _verdict(entry["findings"])
    return entry


def new_entry(name: str, message: str | None = None) -> dict[str, Any]:
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


def explain(entry: Mapping[str, Any]) -> str:
    """Return why an environment is not compliant, in one line."""
    return f"{entry['name']} is {entry['verdict']}: " + "; ".join(reasons(entry)) + "."


def reasons(entry: Mapping[str, Any]) -> list[str]:
    """Return all that is wrong with an environment, or cannot be told of it."""
    if entry["error"]:
        return [str(entry["error"]["message"]).rstrip(".")]
    return [each["message"] for each in entry["findings"] if each["status"] != "match"]


def _error(error: Mapping[str, Any], message: str) -> dict[str, Any]:
    return {**{key: error.get(key) for key in ERROR_KEYS}, "message": one_line(message)}


def _warnings(read: Mapping[str, Any]) -> list[str]:
    warnings = []
    if read.get("tls_verified") is False:
        warnings.append("The server's identity was not verified.")
    if read.get("unknown_members"):
        names = listed(read["unknown_members"])
        warnings.append(f"The server sent settings that this version does not know: {names}.")
    return warnings


def _verdict(findings: list[dict[str, Any]]) -> str:
    """A difference that is known outweighs a value that is not: it is wrong either way."""
    statuses = {finding["status"] for finding in findings}
    if "drift" in statuses:
        return DRIFTED
    return INDETERMINATE if "unknown" in statuses else COMPLIANT


def _finding(
    expectation: Expectation, profile: Mapping[str, Any], api_version: object
) -> dict[str, Any]:
    setting = expectation.setting
    actual = profile.get(setting)
    unknown = _why_unknown(setting, profile, api_version)
    if unknown:
        status, message = "unknown", f"{setting} cannot be known: {unknown}"
    elif expectation.met_by(actual):
        status, message = "match", f"{setting} is {shown(actual)}"
    else:
        status = "drift"
        message = f"{setting} is {shown(actual)}, expected {expectation.words}"
    return {
        "setting": setting,
        "status": status,
        "expected": expectation.expected,
        "actual": actual,
        "message": message,
        "waiver": None,
    }


def _why_unknown(setting: str, profile: Mapping[str, Any], api_version: object) -> str | None:
    """Say why a value cannot be compared, or return none."""
    actual = profile.get(setting)
    if setting not in profile:
        return "the facts do not hold it"
    if _masked(actual):
        return "Ansible hides it, because it contains the text of a secret option"
    if not _has_type(setting, actual):
        return "the facts hold it with a wrong type"
    if setting == "relay_username" and profile.get("relay_username_source") == "pam":
        return "it is kept in a privileged access management provider"
    if setting == "relay_authentication" and actual == "unknown":
        number = shown(profile.get("relay_authentication_type"))
        return f"the server's number for it is {number}, which has no published meaning"
    if setting in ONLY_IN_VERSION_2 and api_version == 1:
        return "version 1 of the API does not tell it"
    return None


def _masked(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_masked(each) for each in value)
    return isinstance(value, str) and any(mask in value for mask in MASKS)


def _has_type(setting: str, value: object) -> bool:
    if value is None:
        return True
    if setting in INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if setting in BOOLEANS:
        return isinstance(value, bool)
    return isinstance(value, (list, tuple) if setting in LISTS else str)
