# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: differences that somebody answers for, until a day that is set."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .._format import format_list, format_value, one_line
from .setting_types import require_setting

FIELDS = ("setting", "reason", "owner", "expires")
WARNING_DAYS = 14


@dataclass(frozen=True)
class Waiver:
    """One waiver. It holds to the end of its last day, in UTC."""

    setting: str
    reason: str
    owner: str
    expires: date

    @property
    def as_dict(self) -> dict[str, str]:
        """What the report shows of it."""
        return {"reason": self.reason, "owner": self.owner, "expires": self.expires.isoformat()}

    @property
    def attribution(self) -> str:
        """Who answers for it, and why."""
        return f"{self.owner}: {self.reason}"


def parse_waivers(waivers: Any, rules: Collection[str]) -> tuple[dict[str, Waiver], list[str]]:
    """Return the waivers by setting, and all that is wrong with them.

    :param rules: names of the policy's rules, which can be waived like settings.
    """
    if not waivers:
        return {}, []
    if not isinstance(waivers, list):
        # Up to 2.18 a template makes text of a list with dates in it.
        hint = "; where it is made by a template, write its dates in quotes"
        hint = hint if isinstance(waivers, str) else ""
        wanted = f"verify_smtp_waivers must be a list of mappings with {', '.join(FIELDS)}"
        return {}, [wanted + hint]
    found: dict[str, Waiver] = {}
    problems = []
    for number, given in enumerate(waivers, 1):
        where = f"verify_smtp_waivers, number {number}"
        wrong = list(_problems(given, rules))
        if not wrong and given["setting"] in found:
            wrong = [f"{given['setting']} is waived twice"]
        problems += [f"{where}: {each}" for each in wrong]
        if not wrong:
            waiver = Waiver(
                str(given["setting"]),
                one_line(given["reason"]),
                one_line(given["owner"]),
                parse_date(given["expires"]),
            )
            found[waiver.setting] = waiver
    return found, problems


def parse_date(value: object) -> date:
    """Return a day. :raises ValueError: if it is no date of the form 2026-12-31."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"must be a date such as 2026-12-31, and is {format_value(value)}")


def _problems(given: Any, rules: Collection[str]) -> Iterable[str]:
    if not isinstance(given, Mapping):
        yield f"it must be a mapping with {', '.join(FIELDS)}"
        return
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        yield f"it has {format_list(unknown)}, and may have only {', '.join(FIELDS)}"
    for field in ("reason", "owner"):
        value = given.get(field)
        if not isinstance(value, str) or not one_line(value):
            yield f"{field} must be text that says who or why, and is {format_value(value)}"
    try:
        parse_date(given.get("expires"))
    except ValueError as error:
        yield f"expires {error}"
    setting = given.get("setting")
    if setting not in rules:
        try:
            require_setting(setting)
        except ValueError as error:
            names = f" nor a rule of the policy ({format_list(rules)})" if rules else ""
            yield f"setting: {error}{names}"


def apply(
    waivers: Mapping[str, Waiver], findings: list[dict[str, Any]], today: date
) -> list[dict[str, Any]]:
    """Return the findings with differences waived, and those of expired waivers saying so."""
    done = []
    for finding in findings:
        waiver = waivers.get(finding["setting"])
        if waiver and finding["status"] == "drift":
            holds = today <= waiver.expires
            past = "" if holds else ", which has passed"
            words = (
                f"{finding['message']} (waived until {waiver.expires}{past}; {waiver.attribution})"
            )
            status = "waived" if holds else "drift"
            finding = {**finding, "status": status, "message": words, "waiver": waiver.as_dict}
        done.append(finding)
    return done


def warnings(
    waivers: Mapping[str, Waiver],
    findings: Iterable[Mapping[str, Any]],
    today: date,
    warning_days: int,
) -> list[str]:
    """Return what to say of waivers that end soon, and of those that waive nothing."""
    lines = []
    statuses = {finding["setting"]: finding["status"] for finding in findings}
    for waiver in waivers.values():
        status = statuses.get(waiver.setting)
        what = f"The waiver of {format_value(waiver.setting)} ({waiver.attribution})"
        if status in (None, "match"):
            lines.append(f"{what} waives no difference. Remove it.")
        elif status == "waived" and waiver.expires - today <= timedelta(days=warning_days):
            left = (waiver.expires - today).days
            when = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
            lines.append(f"{what} expires {when}, on {waiver.expires}.")
    return lines
