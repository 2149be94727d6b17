# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as one page that needs nothing else: for auditors, screens, printers and archives."""

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

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable

from .._format import format_value

HERE = Path(__file__).parent
POLICY = "policy."
# Of several findings on one setting the matrix shows the first of these.
WORST_FIRST = ("drift", "unknown", "waived", "match")
# What was not compared at all. No finding has this status.
NOT_CHECKED = "unchecked"
TLS_WORDS = {
    True: "The server's identity was verified.",
    False: "The server's identity was not verified.",
    None: "Not known.",
}


def render(report: Mapping[str, Any]) -> str:
    """Return the page of a report, the mapping that C(report.json) holds."""
    environments = report["environments"]
    columns = _columns(environments)
    style, script = _file("report.css"), _file("report.js")
    return _template().render(
        report=report,
        generated_at=_utc(report["generated_at"]),
        settings=[each for each in columns if not each.startswith(POLICY)],
        rules=[each for each in columns if each.startswith(POLICY)],
        environments=[
            _environment(number, entry, columns) for number, entry in enumerate(environments, 1)
        ],
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
    """Return the template. All that it prints is escaped and without control characters."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(breakable=_breakable, shown=format_value)
    environment.globals.update(tls_words=TLS_WORDS)
    return environment.get_template("report.html.j2")


def _visible(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Markup):
        return escape_unprintable(value)
    return value


@cache
def _breakable(name: str) -> Markup:
    """Return a name that may go on in the next line after each of its words."""
    parts = re.split(r"(?<=[_.-])(?=[^_.-])", escape_unprintable(name))
    return Markup("<wbr>").join(escape(part) for part in parts)


def _hash(text: str) -> str:
    """Return what a content security policy calls a script or a style sheet."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _utc(moment: str) -> str:
    at = datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(timezone.utc)
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def _columns(environments: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return all that any environment was judged by: the profile's settings, others, the policy."""
    found = dict.fromkeys(each["setting"] for entry in environments for each in entry["findings"])
    others = [each for each in found if each not in SETTINGS]
    return [
        *(each for each in SETTINGS if each in found),
        *(each for each in others if not each.startswith(POLICY)),
        *(each for each in others if each.startswith(POLICY)),
    ]


def _environment(number: int, entry: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """Return an environment's entry with its anchor, the matrix's cells, and the details' rows."""
    anchor = f"e{number}"
    rows = [
        {**finding, "anchor": f"{anchor}-{place}"}
        for place, finding in enumerate(entry["findings"], 1)
    ]
    cells: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: WORST_FIRST.index(row["status"])):
        cells.setdefault(row["setting"], row)
    unchecked = [
        {"setting": setting, "status": NOT_CHECKED, "actual": value}
        for setting, value in (entry["profile"] or {}).items()
        if setting not in cells
    ]
    return {
        **entry,
        "anchor": anchor,
        "cells": [cells.get(column, {"status": NOT_CHECKED}) for column in columns],
        "rows": rows + unchecked,
    }
