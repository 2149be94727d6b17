# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recurrence rules of schedules, as AWX reads them."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FREQUENCIES = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"}


def check_rule(text: str) -> list[str]:
    """Return the errors of AWX about a rule."""
    starts = re.findall(r"(DTSTART(?:;[^:]+)?:\d+T\d+Z?)", text)
    rules = re.findall(r"RULE:[^\s]*", text)
    errors = []
    if not starts:
        errors.append(
            "Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ"
        )
    if len(starts) > 1:
        errors.append("Multiple DTSTART is not supported.")
    if re.search(r"DTSTART:\d+T\d+ ", text):
        errors.append("DTSTART cannot be a naive datetime.  Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ.")
    if not rules:
        errors.append("One or more rule required in rrule.")
    for name in ("EXDATE", "RDATE"):
        if f"{name}:" in text.upper():
            errors.append(f"{name} not allowed in rrule.")
    for rule in rules:
        parts = dict(part.partition("=")[::2] for part in rule.removeprefix("RULE:").split(";"))
        if "INTERVAL" not in parts:
            errors.append(f"INTERVAL required in rrule: {rule}")
        elif parts.get("FREQ") == "SECONDLY":
            errors.append(f"SECONDLY is not supported: {rule}")
        if re.match(r"\d", parts.get("BYDAY", "")):
            errors.append(f"BYDAY with numeric prefix not supported: {rule}")
        if "COUNT" in parts and "UNTIL" in parts:
            errors.append(f"RRULE may not contain both COUNT and UNTIL: {rule}")
        if parts.get("FREQ") not in FREQUENCIES | {"SECONDLY"}:
            errors.append(f"rrule parsing failed validation: invalid FREQ in {rule}")
    for zone in re.findall(r"TZID=([^:;]+)", text):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            errors.append(f"rrule parsing failed validation: unknown TZID {zone}")
    return errors
