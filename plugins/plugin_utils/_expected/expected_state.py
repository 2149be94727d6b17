# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that a user wants of an environment: checked as a whole, before any call."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._ansible.builtins import to_builtins
from .._format import format_list, format_value
from . import expectations
from . import policy as policies
from . import reference as references
from . import waivers as all_waivers
from .expectations import Expectation
from .policy import Rule
from .reference import Reference
from .waivers import Waiver


class ExpectedStateError(Exception):
    """All that is wrong with what is wanted, for the user to mend."""


@dataclass(frozen=True)
class ExpectedState:
    """What is wanted of one environment.

    :param today: the day on which waivers are judged.
    :param warning_days: how long before its end a waiver is warned of.
    """

    expectations: list[Expectation]
    rules: list[Rule]
    waivers: dict[str, Waiver]
    reference: Reference | None
    today: date
    today_is_set: bool
    warning_days: int


def parse_expected_state(
    expected: Any,
    policy: Any = None,
    waivers: Any = None,
    waiver_warning_days: Any = all_waivers.WARNING_DAYS,
    today: Any = None,
    reference: Any = None,
    reference_exclude: Any = references.DEFAULT_EXCLUDE,
    environments: Collection[str] = (),
    saved_profile: Any = None,
) -> ExpectedState:
    """Return what is wanted, from the role's variables in any type that Ansible brings.

    :param environments: the inventory's names, empty where they are not known.
    :param saved_profile: a profile to judge, None or empty where the live one is read.
    :raises WantedError: naming everything that is wrong.
    """
    expected = to_builtins(expected)
    if expected and not isinstance(expected, Mapping):
        raise ExpectedStateError("verify_smtp_expected must be a mapping of settings to values.")
    if not (expected or policy or reference):
        raise ExpectedStateError(
            "There is nothing to verify. Set verify_smtp_expected to the settings that you "
            "expect, for example host and port."
        )
    found, wrong = expectations.parse_expectations(expected or {})
    wrong = [f"verify_smtp_expected cannot be used: {'; '.join(wrong)}"] if wrong else []
    rules, more = policies.parse_policy(to_builtins(policy))
    wrong += more
    by_setting, more = all_waivers.parse_waivers(
        to_builtins(waivers), [rule.setting for rule in rules]
    )
    wrong += more
    compared, more = references.parse_reference(
        to_builtins(reference), to_builtins(reference_exclude), environments
    )
    wrong += more + _wrong_with_profile(to_builtins(saved_profile))
    day, more = _today(to_builtins(today))
    wrong += more
    days, more = _days(to_builtins(waiver_warning_days))
    wrong += more
    if wrong:
        raise ExpectedStateError(". ".join(each.rstrip(".") for each in wrong) + ".")
    return ExpectedState(found, rules, by_setting, compared, day, bool(today), days)


def _today(today: Any) -> tuple[date, list[str]]:
    if today:
        try:
            return all_waivers.parse_date(today), []
        except ValueError as error:
            return date.min, [f"verify_smtp_today {error}"]
    return datetime.now(timezone.utc).date(), []


def _days(value: Any) -> tuple[int, list[str]]:
    text = str(value).strip()
    if not isinstance(value, bool) and text.isascii() and text.isdigit() and len(text) < 6:
        return int(text), []
    return 0, [
        f"verify_smtp_waiver_warning_days must be a number of days, and is {format_value(value)}"
    ]


def _wrong_with_profile(profile: Any) -> list[str]:
    if not profile:
        return []
    if not isinstance(profile, Mapping):
        return ["verify_smtp_saved_profile must be a profile, as the module returns it in smtp"]
    strange = sorted(set(profile) - set(SETTINGS))
    if strange:
        return [
            f"verify_smtp_saved_profile has {format_list(strange)}, which no profile has: it must be a "
            "profile as the module returns it in smtp, or as a report has it"
        ]
    return []
