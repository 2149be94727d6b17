# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a self-contained HTML page: for auditors, screens, printers and archives."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from ...module_utils._api.smtp_profile import SETTINGS
from ...module_utils._relay.checks import SKIPPED
from ...module_utils._sanitize import escape_unprintable
from .._expected.delivery import DELIVERY_SETTINGS, PREFIX
from .._format import format_value, format_version

HERE = Path(__file__).parent
POLICY = "policy."
# The groups of the matrix's columns, by the beginning of their names.
GROUPS = ("", POLICY, PREFIX)
# Of several findings on one setting the matrix shows the first of these.
WORST_FIRST = ("drift", "unknown", "waived", "match")


def render(report: Mapping[str, Any]) -> str:
    """Return the report as HTML."""
    columns = _columns(report["environments"])
    entries = enumerate(report["environments"], 1)
    style, script = _file("report.css"), _file("report.js")
    generated_at = datetime.fromisoformat(report["generated_at"].replace("Z", "+00:00"))
    return _template().render(
        report=report,
        generated_at=f"{generated_at.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S} UTC",
        settings=[name for name in columns if _group(name) == ""],
        rules=[name for name in columns if _group(name) == POLICY],
        checks=[name for name in columns if _group(name) == PREFIX],
        environments=[_environment(f"e{number}", entry, columns) for number, entry in entries],
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )


@cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    """Return the template, which escapes markup and control characters in all values."""
    environment = Environment(autoescape=True, trim_blocks=True)
    environment.loader = FileSystemLoader(HERE)
    environment.finalize, environment.undefined = _escape_text, StrictUndefined
    environment.filters.update(
        breakable=_breakable, format_value=format_value, format_version=format_version
    )
    return environment.get_template("report.html.j2")


def _escape_text(value: Any) -> Any:
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return escape_unprintable(value) if is_text else value


@cache
def _breakable(name: str) -> Markup:
    """Return a name in which a browser may break the line after each part."""
    parts = re.split(r"(?<=[_.-])(?=[^_.-])", escape_unprintable(name))
    return Markup("<wbr>").join(escape(part) for part in parts)


def _hash(text: str) -> str:
    """Return a script or a style sheet as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _columns(environments: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what findings are about: settings in the profile's order, others, rules, checks."""
    names = dict.fromkeys(item["setting"] for entry in environments for item in entry["findings"])
    order = {setting: number for number, setting in enumerate((*SETTINGS, *DELIVERY_SETTINGS))}
    groups = {name: GROUPS.index(_group(name)) for name in names}
    return sorted(names, key=lambda name: (groups[name], order.get(name, len(order))))


def _group(name: str) -> str:
    """Return the beginning of a column's name that its group shares."""
    return next((prefix for prefix in GROUPS[1:] if name.startswith(prefix)), "")


def _environment(anchor: str, entry: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """Return an environment's entry with its anchor, the matrix's cells, and the details' rows."""
    findings = enumerate(entry["findings"], 1)
    rows = [{**finding, "anchor": f"{anchor}-{number}"} for number, finding in findings]
    cells: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: WORST_FIRST.index(row["status"])):
        cells.setdefault(row["setting"], row)
    # Reports up to version 1.0 have no member delivery.
    delivery = entry.get("delivery") or {}
    relay = delivery.get("relay")
    unchecked = [
        {"setting": setting, "status": "unchecked", "actual": value, "message": ""}
        for setting, value in (entry["profile"] or {}).items()
        if setting not in cells
    ]
    unchecked += [
        {**check, "setting": f"{PREFIX}{check['name']}", "status": "unchecked", "actual": ""}
        for check in (relay or {}).get("checks", ())
        if check["status"] == SKIPPED
    ]
    return {
        **entry,
        "relay": relay,
        "mail": delivery.get("mail"),
        "anchor": anchor,
        "cells": [cells.get(column, {"status": "unchecked"}) for column in columns],
        "rows": rows + unchecked,
    }
