# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables for the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.table import (
    Line,
    render_outcomes,
    render_table,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
)
from tests.unit.reports import SIMPLE_ENTRIES, SIMPLE_NAMES, simple_entry
from tests.unit.strategies import EXPECTED, FACTS, MODULE_RESULTS
from tests.unit.support import evaluate_profile

REPORT = build_report(SIMPLE_ENTRIES, SIMPLE_NAMES)


def table(*arguments: Any) -> list[str]:
    """Return the text of the lines."""
    return [line.text for line in render_table(*arguments)]


def test_lines_have_the_verdict_of_their_environment() -> None:
    lines = render_table(REPORT)
    assert lines[0].status is None
    assert Line("production   compliant      -", "compliant") in lines
    assert {line.status for line in lines if "sender_name" in line.text} == {"drifted"}
    assert lines[-1].status is None


def test_table_of_every_verdict() -> None:
    lines = table(REPORT, ["/tmp/report/report.json", "/tmp/report/report.html"])
    assert lines == [
        "ENVIRONMENT  VERDICT        WHAT DIFFERS",
        "production   compliant      -",
        "staging      drifted        port is 587, expected 25",
        "                            sender_name is 'Example PKI', expected unset",
        "recovery     indeterminate  It is down. Look there",
        "old          compliant      The server's identity was not verified.",
        "unseen       indeterminate  It was not verified: its play had ended before the comparison. Look",
        "                              further up for its failure",
        "",
        "5 environments: 2 compliant, 1 drifted, 2 indeterminate",
        "The report is in /tmp/report:",
        "  report.json",
        "  report.html",
    ]
    assert table(REPORT)[-1].startswith("5 environments")


def test_long_names_and_messages_keep_the_columns() -> None:
    name = "a-very-long-name-of-an-environment"
    lines = table(build_report([indeterminate_entry(name, "words " * 60)], [name]))
    assert {line.index("words") for line in lines if "words" in line} <= {51, 53}
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize("message", [".", "...", " ", "\n", "\u2028", "x"])
def test_message_without_words_has_its_line(message: str) -> None:
    read = {"failed": True, "msg": message}
    entries = [
        evaluate_profile("recovery", None, {"port": 587}, read),
        simple_entry("production", {"port": 587}),
    ]
    assert len(table(build_report(entries, ["recovery", "production"]))) >= 5


@pytest.mark.parametrize(
    "read",
    [
        {"unknown_members": ["\x1b[2JEvil", "Two\nLines", "\u202eleft"]},
        {"smtp": None, "msg": "first\x1b[2J\r\nsecond\u202e"},
    ],
)
def test_lines_are_printable_whatever_a_server_sends(read: dict[str, Any]) -> None:
    lines = table(build_report([simple_entry("production", {"port": 587}, **read)], ["production"]))
    assert [line for line in lines if not line.isprintable()] == []


def test_waived_findings_and_warnings_are_shown() -> None:
    entry = {
        **indeterminate_entry("a"),
        "verdict": "compliant",
        "findings": [
            {"status": "waived", "message": "port is 587 (waived)"},
            {"status": "match", "message": "host is a"},
        ],
        "warnings": ["It is old."],
    }
    lines = "\n".join(table(build_report([entry], ["a"])))
    assert "port is 587 (waived)" in lines
    assert "It is old." in lines
    assert "host is a" not in lines


def test_one_environment_is_singular() -> None:
    lines = table(build_report([], ["production"]))
    assert lines[-1] == "1 environment: 0 compliant, 0 drifted, 1 indeterminate"


@given(FACTS, EXPECTED, MODULE_RESULTS)
def test_lines_of_any_verdict_are_printable(facts: Any, expected: Any, result: Any) -> None:
    entry = evaluate_profile("production", facts, expected, result)
    lines = table(build_report([entry], ["production"]))
    assert all(line.isprintable() for line in lines)


def test_name_of_a_host_cannot_change_the_terminal() -> None:
    name = "a\x1b[2J\u202eb"
    lines = table(build_report([], [name]))
    assert all(line.isprintable() for line in lines)
    assert "a\\u001b[2J\\u202eb  indeterminate" in lines[1]


def test_table_of_outcomes() -> None:
    lines = render_outcomes(
        [
            {"name": "production", "status": "changed", "line": "was changed: port"},
            {"name": "dr\n", "status": "ok", "line": "is as expected"},
            {"name": "old", "status": "failed", "line": "is unchanged: " + "word " * 20},
        ]
    )
    words = "word " * 13
    assert [line.text for line in lines] == [
        "ENVIRONMENT  OUTCOME",
        "production   was changed: port",
        r"dr\u000a     is as expected",
        f"old          is unchanged: {words}word",
        "               word word word word word word",
        "",
        "3 environments: 2 ok, 1 failed",
    ]
    assert [line.status for line in lines[1:5]] == ["changed", "ok", "failed", "failed"]


def test_outcome_of_one_environment() -> None:
    (*_rows, last) = render_outcomes([{"name": "a", "status": "ok", "line": "is as expected"}])
    assert last == Line("1 environment: 1 ok, 0 failed")
    assert render_outcomes([])[-1] == Line("0 environments: 0 ok, 0 failed")
