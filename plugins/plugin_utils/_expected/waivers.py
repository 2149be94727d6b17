# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waivers: differences that an owner accepts until a date."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from .._format import format_list, format_value, one_line
from .delivery import PREFIX, require_delivery_setting, way_of
from .setting_types import require_setting

FIELDS = ("setting", "reason", "owner", "expires")
FIELD_LIST = ", ".join(FIELDS)
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
        """The waiver in a finding of the report."""
        return {"reason": self.reason, "owner": self.owner, "expires": self.expires.isoformat()}

    @property
    def attribution(self) -> str:
        """The owner and the reason."""
        return f"{self.owner}: {self.reason}"


def parse_waivers(waivers: Any, rules: Collection[str]) -> tuple[dict[str, Waiver], list[str]]:
    """Return the waivers by setting, and all problems.

    :param rules: names of the policy's rules, which can be waived like settings.
    """
    if not isinstance(waivers or [], list):
        # Up to 2.18 a template renders a list with dates in it as text.
        is_text = isinstance(waivers, str)
        hint = "; where it is made by a template, write its dates in quotes" if is_text else ""
        return {}, [f"verify_smtp_waivers must be a list of mappings with {FIELD_LIST}{hint}"]
    parsed: dict[str, Waiver] = {}
    problems = []
    for number, fields in enumerate(waivers or [], 1):
        errors = list(_problems(fields, rules))
        if not errors and fields["setting"] in parsed:
            errors = [f"{fields['setting']} is waived twice"]
        problems += [f"verify_smtp_waivers, number {number}: {error}" for error in errors]
        if not errors:
            setting, expires = str(fields["setting"]), parse_date(fields["expires"])
            reason, owner = one_line(fields["reason"]), one_line(fields["owner"])
            parsed[setting] = Waiver(setting, reason, owner, expires)
    return parsed, problems


def active_waivers(
    waivers: Any, rules: Collection[str], today: Any
) -> tuple[frozenset[str], list[str]]:
    """Return what is waived on a day, by default the current one, and all problems."""
    parsed, problems = parse_waivers(waivers, rules)
    try:
        day = parse_date(today) if today else datetime.now(timezone.utc).date()
    except ValueError as error:
        return frozenset(), [*problems, f"verify_smtp_today {error}"]
    return frozenset(name for name, waiver in parsed.items() if waiver.expires >= day), problems


def parse_date(value: object) -> date:
    """Return a day. :raises ValueError: if it is no date of the form 2026-12-31."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError(f"must be a date such as 2026-12-31, and is {format_value(value)}")


def _problems(fields: Any, rules: Collection[str]) -> Iterator[str]:
    if not isinstance(fields, Mapping):
        yield f"it must be a mapping with {FIELD_LIST}"
        return
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        yield f"it has {format_list(unknown)}, and may have only {FIELD_LIST}"
    for name in ("reason", "owner"):
        value = fields.get(name)
        if not isinstance(value, str) or not one_line(value):
            yield f"{name} must be text that says who or why, and is {format_value(value)}"
    try:
        parse_date(fields.get("expires"))
    except ValueError as error:
        yield f"expires {error}"
    try:
        if str(fields.get("setting")).startswith(PREFIX):
            require_delivery_setting(str(fields["setting"]))
        elif fields.get("setting") not in rules:
            require_setting(fields.get("setting"))
    except ValueError as error:
        names = f" nor a rule of the policy ({format_list(rules)})" if rules else ""
        yield f"setting: {error}{names}"


def apply(
    waivers: Mapping[str, Waiver], findings: Iterable[dict[str, Any]], today: date
) -> list[dict[str, Any]]:
    """Return the findings with waivers applied to differences. Expired ones add to the message."""
    applied = []
    for finding in findings:
        waiver = waivers.get(finding["setting"])
        if waiver and finding["status"] == "drift":
            status, end = "waived", f"waived until {waiver.expires}"
            if waiver.expires < today:
                status, end = "drift", f"{end}, which has passed"
            message = f"{finding['message']} ({end}; {waiver.attribution})"
            finding = {**finding, "status": status, "message": message, "waiver": waiver.as_dict}
        applied.append(finding)
    return applied


def warnings(
    waivers: Mapping[str, Waiver],
    findings: Iterable[dict[str, Any]],
    today: date,
    warning_days: int,
    delivery: Collection[str],
) -> Iterator[str]:
    """Yield a warning for each waiver that ends soon or that waives nothing.

    :param delivery: the ways of delivery that are verified. Waivers for others are left alone.
    """
    statuses = {finding["setting"]: finding["status"] for finding in findings}
    for waiver in waivers.values():
        status, days = statuses.get(waiver.setting), (waiver.expires - today).days
        start = f"The waiver of {format_value(waiver.setting)} ({waiver.attribution})"
        if way_of(waiver.setting) not in (None, *delivery):
            continue
        if status in (None, "match"):
            yield f"{start} waives no difference. Remove it."
        elif status == "waived" and days <= warning_days:
            when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
            yield f"{start} expires {when}, on {waiver.expires}."
