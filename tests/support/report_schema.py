# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The published schema of the report, which every report that tests make is held against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def valid(report: Any) -> Any:
    """Return the report. It fails the test that asks if the schema does not allow it."""
    # As a file has it: what JSON cannot hold fails here.
    content = json.loads(json.dumps(report))
    errors = sorted(VALIDATOR.iter_errors(content), key=lambda error: list(error.absolute_path))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
    counts = [entry["verdict"] for entry in content["environments"]]
    summary = dict(content["summary"])
    assert summary.pop("environments") == len(counts)
    assert summary == {verdict: counts.count(verdict) for verdict in summary}
    return report
