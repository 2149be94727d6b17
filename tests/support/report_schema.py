# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validation of reports against the published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def validate_report(report: dict[str, Any]) -> dict[str, Any]:
    """Return the report, after asserting that it matches the schema and its summary is right."""
    # As read from a file. A value that JSON does not have fails here.
    content = json.loads(json.dumps(report))
    errors = sorted(VALIDATOR.iter_errors(content), key=lambda error: list(error.absolute_path))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
    verdicts = [entry["verdict"] for entry in content["environments"]]
    summary = dict(content["summary"])
    assert summary.pop("environments") == len(verdicts)
    assert summary == {verdict: verdicts.count(verdict) for verdict in summary}
    return report
