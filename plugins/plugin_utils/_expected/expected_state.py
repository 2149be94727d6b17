# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The expected state of an environment, validated as a whole before any call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from ...module_utils._api.smtp_profile import SETTINGS
from .._format import format_list, format_value
from .delivery import BY_MAIL, parse_delivery
from .expectations import IGNORED_FILE, Expectation, parse_expectations
from .mail import mail_problems
from .policy import Rule, parse_policy
from .reference import DEFAULT_EXCLUDE, Reference, parse_reference
from .waivers import WARNING_DAYS, Waiver, parse_date, parse_waivers


class ExpectedStateError(Exception):
    """All problems of the expected state, for the user to fix."""


@dataclass(frozen=True)
class ExpectedStateInput:
    """The expected state as the role's variables hold it, of any type that JSON has.

    :param environments: the names in the inventory, empty if they are not known.
    :param saved_profile: a profile to evaluate, None or empty to evaluate the live one.
    :param delivery: the ways of delivery to verify.
    :param test_recipient: who gets the test mail, None if that is not known.
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
    delivery: Any = ()
    test_recipient: Any = None


@dataclass(frozen=True)
class ExpectedState:
    """What is expected of one environment.

    :param today: the day on which waivers are evaluated.
    :param warning_days: the number of days before a waiver ends in which it causes a warning.
    """

    expectations: list[Expectation]
    rules: list[Rule]
    waivers: dict[str, Waiver]
    reference: Reference | None
    today: date
    today_is_set: bool
    warning_days: int
    delivery: list[str]
    recipient: str | None


def parse_expected_state(given: ExpectedStateInput) -> ExpectedState:
    """Return the expected state. :raises ExpectedStateError: naming all problems."""
    expected = given.expected
    if expected and not isinstance(expected, Mapping):
        raise ExpectedStateError("verify_smtp_expected must be a mapping of settings to values.")
    if not (expected or given.policy or given.reference or given.delivery):
        raise ExpectedStateError(
            f"There is nothing to verify. Set verify_smtp_expected to the settings that you "
            f"expect, for example host and port. {IGNORED_FILE}."
        )
    expectations, problems = parse_expectations(expected or {})
    errors = [f"verify_smtp_expected cannot be used: {'; '.join(problems)}"] if problems else []
    rules, problems = parse_policy(given.policy)
    errors += problems
    waivers, problems = parse_waivers(given.waivers, [rule.setting for rule in rules])
    errors += problems
    exclude = given.reference_exclude
    reference, problems = parse_reference(given.reference, exclude, given.environments)
    delivery, delivery_problems = parse_delivery(given.delivery)
    errors += [*problems, *delivery_problems, *_saved_profile_problems(given.saved_profile)]
    if BY_MAIL in delivery:
        errors += mail_problems(given.test_recipient, given.saved_profile)
    today = datetime.now(timezone.utc).date()
    if given.today:
        try:
            today = parse_date(given.today)
        except ValueError as error:
            errors.append(f"verify_smtp_today {error}")
    days = str(given.waiver_warning_days).strip()
    if not (days.isascii() and days.isdigit() and len(days) < 6):
        value = format_value(given.waiver_warning_days)
        errors.append(f"verify_smtp_waiver_warning_days must be a number of days, and is {value}")
    if errors:
        raise ExpectedStateError(". ".join(error.rstrip(".") for error in errors) + ".")
    return ExpectedState(
        expectations,
        rules,
        waivers,
        reference,
        today,
        today_is_set=bool(given.today),
        warning_days=int(days),
        delivery=delivery,
        recipient=None if given.test_recipient is None else str(given.test_recipient),
    )


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
