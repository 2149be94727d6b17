# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings to apply: expectations that are plain values, with the secrets beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._api.smtp_profile import HEADER_NAME, UNSETTABLE
from .._format import did_you_mean, format_list, format_name
from .expectations import IGNORED_FILE, AllowedValues, Expectation, parse_expectations
from .policy import parse_policy
from .waivers import active_waivers

# Command decides on these, or they follow from others.
USERNAME_SOURCE = "relay_username_source"
NOT_SETTABLE = frozenset(("id", "sender_address", USERNAME_SOURCE))
SECRETS = (
    "relay_username_pam",
    "relay_password",
    "relay_password_pam",
    "client_secret",
    "client_secret_pam",
    "request_headers",
)
TEXTS = ("relay_password", "client_secret")


@dataclass(frozen=True)
class DesiredSettings:
    """What to set in an environment.

    :param profile: the option C(profile) of keyfactor_smtp.
    :param waived: the expected settings that a waiver leaves as they are.
    :param username_source: what is expected of relay_username_source, which follows from others.
    """

    profile: Mapping[str, Any]
    waived: tuple[str, ...] = ()
    username_source: Expectation | None = None

    @property
    def has_secrets(self) -> bool:
        """Whether there is a secret to send. References to PAM are no secrets."""
        headers = self.profile.get("request_headers", ())
        return any(map(self.profile.get, TEXTS)) or any(header["value"] for header in headers)

    def username_problem(self, profile: Mapping[str, Any]) -> str:
        """Return why a profile does not have the expected relay_username_source, empty if it does.

        :param profile: the profile after the change.
        """
        if self.username_source is None:
            return ""
        difference = self.username_source.mismatch(profile.get(USERNAME_SOURCE))
        if not difference:
            return ""
        is_in_pam = self.username_source.mismatch("pam") is None
        option = "secrets.relay_username_pam" if is_in_pam else "expected.relay_username"
        return f"{difference}: give verify_smtp_{option}"


def parse_desired_settings(
    expected: Any, secrets: Any, policy: Any, waivers: Any, today: Any
) -> tuple[DesiredSettings, list[str]]:
    """Return what to set, and everything that prevents it.

    The arguments are those of the role, such as verify_smtp_expected. Settings with a waiver are
    left as they are. No message has any of the secrets.
    """
    # Waivers can name rules of the policy.
    rules, problems = parse_policy(policy)
    waived, waiver_problems = active_waivers(waivers, [rule.setting for rule in rules], today)
    settings, setting_problems = _desired_settings(expected, secrets, waived)
    return settings, [*problems, *waiver_problems, *setting_problems]


def _desired_settings(
    expected: Any, secrets: Any, waived: frozenset[str]
) -> tuple[DesiredSettings, list[str]]:
    if not isinstance(expected, Mapping) or not expected:
        problem = f"verify_smtp_expected must be a mapping of settings to values ({IGNORED_FILE})"
        return DesiredSettings({}), [problem]
    expectations, problems = parse_expectations(expected)
    kept = tuple(each.setting for each in expectations if each.setting in waived)
    by_name = {each.setting: each for each in expectations if each.setting not in waived}
    settings: dict[str, Any] = {}
    for name, expectation in by_name.items():
        if name in NOT_SETTABLE:
            continue
        if not isinstance(expectation, AllowedValues):
            problems.append(f"{name} is a JSON Schema, so give the value to set")
        elif len(expectation.values) > 1:
            values = format_list(expectation.values)
            problems.append(f"{name} allows any of {values}, so give the one to set")
        elif expectation.values[0] is None and name not in (*UNSETTABLE, "request_headers"):
            problems.append(f"{name} cannot be unset")
        else:
            settings[name] = expectation.values[0]
    given, secret_problems = _fitting_secrets(secrets, expected, settings)
    problems += secret_problems
    if not (settings or given or problems):
        problems.append("verify_smtp_expected has no setting that can be set")
    settings.update(given)
    unset = {name: "" for name in UNSETTABLE & settings.keys() if settings[name] is None}
    if "relay_username_pam" in settings and unset.get("relay_username") == "":
        del unset["relay_username"], settings["relay_username"]
    return DesiredSettings({**settings, **unset}, kept, by_name.get(USERNAME_SOURCE)), problems


def parse_secrets(secrets: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the secrets that are set, and what is wrong with them.

    :param secrets: verify_smtp_secrets. No message has any of its values.
    """
    secrets = secrets or {}
    if not isinstance(secrets, Mapping):
        return {}, ["verify_smtp_secrets must be a mapping of options to secrets"]
    unknown = [name for name in secrets if name not in SECRETS]
    if unknown:
        hint = did_you_mean(str(unknown[0]), SECRETS) or f"its options are {format_list(SECRETS)}"
        return {}, [
            f"verify_smtp_secrets has {format_name(unknown[0])}, which is no secret ({hint})"
        ]
    given = {name: value for name, value in secrets.items() if value not in (None, "", [], {})}
    return given, _value_problems(given)


def _value_problems(secrets: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the values. YAML reads 012345 as a number, and yes as true."""
    problems = [
        f"verify_smtp_secrets.{name} must be text: put it in quotes"
        for name in TEXTS
        if not isinstance(secrets.get(name, ""), str)
    ]
    headers, start = secrets.get("request_headers", []), "verify_smtp_secrets.request_headers must"
    if not isinstance(headers, list) or not all(map(_is_header, headers)):
        problems.append(f"{start} be a list of name and value")
    elif not all(isinstance(header.get("value"), (str, type(None))) for header in headers):
        problems.append(f"{start} have each value as text: put it in quotes")
    elif not all(HEADER_NAME.fullmatch(header["name"]) for header in headers):
        problems.append(f"{start} have names of HTTP headers, without colons and blanks")
    return problems


def _is_header(header: Any) -> bool:
    return (
        isinstance(header, Mapping)
        and isinstance(header.get("name"), str)
        and header.keys() <= {"name", "value"}
    )


def _fitting_secrets(
    secrets: Any, expected: Mapping[str, Any], settings: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return the secrets to send with the settings, and what is wrong with them."""
    given, problems = parse_secrets(secrets)
    if problems:
        return {}, problems
    headers = given.pop("request_headers", [])
    if headers and "request_headers" not in expected:
        # Sent alone, they would replace all headers of the server.
        return {}, [
            "verify_smtp_secrets.request_headers has values of headers, so list their names in "
            "request_headers of verify_smtp_expected"
        ]
    if "request_headers" not in settings:
        return given, []
    names = {str(name).lower(): name for name in settings["request_headers"] or ()}
    other = [header["name"] for header in headers if header["name"].lower() not in names]
    if other:
        return {}, [
            f"verify_smtp_secrets.request_headers has {format_list(other)}, which is not in "
            f"request_headers of verify_smtp_expected"
        ]
    # Without a value, the module keeps that of the server.
    values = {header["name"].lower(): header for header in headers}
    given["request_headers"] = [
        {"name": name, "value": values.get(key, {}).get("value")} for key, name in names.items()
    ]
    return given, []
