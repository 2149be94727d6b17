# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that a user expects of an environment: checked as a whole, before any call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._format import format_list, format_value
from .expectations import Expectation, parse_expectations
from .policy import Rule, parse_policy
from .reference import DEFAULT_EXCLUDE, Reference, parse_reference
from .waivers import WARNING_DAYS, Waiver, parse_date, parse_waivers


class ExpectedStateError(Exception):
    """All that is wrong with the expected state, for the user to fix."""


@dataclass(frozen=True)
class ExpectedStateInput:
    """The expected state as the role's variables hold it, of any type that JSON has.

    :param environments: the names in the inventory, empty if they are not known.
    :param saved_profile: a profile to evaluate, None or empty to evaluate the live one.
    """

    expected: Any
    policy: Any = None
    waivers: Any = None
    waiver_warning_days: Any = WARNING_DAYS
    today: Any = None
    reference: Any = None
    reference_exclude: Any = DEFAULT_EXCLUDE
    environments: Collection[str] = ()
    saved_profile: Any = None


@dataclass(frozen=True)
class ExpectedState:
    """What is expected of one environment.

    :param today: the day on which waivers are evaluated.
    :param warning_days: how many days before its end a warning announces that of a waiver.
    """

    expectations: list[Expectation]
    rules: list[Rule]
    waivers: dict[str, Waiver]
    reference: Reference | None
    today: date
    today_is_set: bool
    warning_days: int


def parse_expected_state(given: ExpectedStateInput) -> ExpectedState:
    """Return the expected state. :raises ExpectedStateError: naming everything that is wrong."""
    expected = given.expected
    if expected and not isinstance(expected, Mapping):
        raise ExpectedStateError("verify_smtp_expected must be a mapping of settings to values.")
    if not (expected or given.policy or given.reference):
        raise ExpectedStateError(
            "There is nothing to verify. Set verify_smtp_expected to the settings that you "
            "expect, for example host and port."
        )
    expectations, problems = parse_expectations(expected or {})
    errors = [f"verify_smtp_expected cannot be used: {'; '.join(problems)}"] if problems else []
    rules, problems = parse_policy(given.policy)
    errors += problems
    waivers, problems = parse_waivers(given.waivers, [rule.setting for rule in rules])
    errors += problems
    reference, problems = parse_reference(
        given.reference, given.reference_exclude, given.environments
    )
    errors += [*problems, *_saved_profile_problems(given.saved_profile)]
    today, problems = _parse_today(given.today)
    errors += problems
    warning_days, problems = _parse_days(given.waiver_warning_days)
    errors += problems
    if errors:
        raise ExpectedStateError(". ".join(error.rstrip(".") for error in errors) + ".")
    return ExpectedState(
        expectations, rules, waivers, reference, today, bool(given.today), warning_days
    )


def _parse_today(value: Any) -> tuple[date, list[str]]:
    if not value:
        return datetime.now(timezone.utc).date(), []
    try:
        return parse_date(value), []
    except ValueError as error:
        return date.min, [f"verify_smtp_today {error}"]


def _parse_days(value: Any) -> tuple[int, list[str]]:
    text = str(value).strip()
    if not isinstance(value, bool) and text.isascii() and text.isdigit() and len(text) < 6:
        return int(text), []
    problem = f"must be a number of days, and is {format_value(value)}"
    return 0, [f"verify_smtp_waiver_warning_days {problem}"]


def _saved_profile_problems(profile: Any) -> list[str]:
    if not profile:
        return []
    if not isinstance(profile, Mapping):
        return ["verify_smtp_saved_profile must be a profile, as the module returns it in smtp"]
    unknown = sorted(set(profile) - set(SETTINGS))
    if unknown:
        return [
            f"verify_smtp_saved_profile has {format_list(unknown)}, which no profile has: it must "
            "be a profile as the module returns it in smtp, or as a report has it"
        ]
    return []
