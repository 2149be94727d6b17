# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as Markdown: a table whose cells no text can break."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.markdown import code, render
from tests.unit.reports import report, reports

ROW = re.compile(
    r"\| (?P<name>[^|]+) \| (?P<verdict>[^|]+) \| (?P<version>[^|]+) \| (?P<notes>[^|]+) \|"
)


REPLY = re.compile(r"\| (?P<name>[^|]+) \| (?P<version>[^|]+) \| (?P<correlation_id>[^|]+) \|")


def rows(text: str, row: re.Pattern[str] = ROW) -> list[re.Match[str]]:
    """Return the rows of the table of environments, or of that of replies."""
    environments, _details, replies = text.partition("\n<details>\n")
    table = environments if row is ROW else replies
    found = [row.fullmatch(line) for line in table.splitlines() if line.startswith("|")]
    assert all(found)
    return [each for each in found if each][2:]


def test_the_summary_and_a_row_per_environment() -> None:
    text = render(report())
    assert text.startswith(
        "## SMTP profiles of Keyfactor Command\n\n"
        "**8 environments: 2 compliant, 3 drifted, 3 indeterminate**\n\n"
        "| environment | verdict | version | what differs |\n| --- | --- | --- | --- |\n| `production` |"
    )
    assert re.search(
        r" \|\n\n</details>\n\nJudged at `2\d{3}-\d\d-\d\dT[\d:]+\+00:00` by keyfactor.command `[\d.]+`\.\n$",
        text,
    )
    found = {row["name"]: row for row in rows(text)}
    assert list(found) == [f"`{each['name']}`" for each in report()["environments"]]
    production = found["`production`"].group("verdict", "version", "notes")
    assert production == ("✅ compliant", "`25.4.1`", "-")
    assert found["`staging`"]["verdict"] == "❌ drifted"
    assert found["`staging`"]["notes"] == (
        "`port is 25, expected 587`<br>`policy rule tls-needs-submission: Encrypted mail goes to a "
        "submission port: port is 25, must be one of 465, 587`"
    )
    assert "waived until 2027-01-31; Mail team: It moves" in found["`waived`"]["notes"]
    recovery = found["`recovery`"].group("verdict", "version", "notes")
    assert recovery == ("❓ indeterminate", "-", "`It is down`")


def test_replies_are_complete() -> None:
    made = report()
    some = {each["name"]: each for each in made["environments"]}
    some["waived"]["product_version"] = some["expired"]["correlation_id"] = None
    text = render(made)
    assert (
        " |\n\n<details>\n"
        "<summary>Product versions and correlation IDs as the servers sent them</summary>\n\n"
        "| environment | product version | correlation ID |\n| --- | --- | --- |\n"
        "| `production` | `25.4.1+dc0db2c8` | `0f8fad5b` |\n"
    ) in text
    found = {row["name"]: row.group("version", "correlation_id") for row in rows(text, REPLY)}
    assert found["`waived`"] == ("-", "`0f8fad5b`")
    assert found["`expired`"] == ("`25.4.1+dc0db2c8`", "-")
    assert found.keys().isdisjoint({"`recovery`", "`missing`"})
    made["environments"] = [some["recovery"], some["missing"]]
    assert "details" not in render(made)
    assert " |\n\nJudged at " in render(made)


@given(reports())
def test_any_text_keeps_to_its_cell(found: dict[str, Any]) -> None:
    text = render(found)
    assert len(rows(text)) == len(found["environments"])
    answered = [e for e in found["environments"] if e["product_version"] or e["correlation_id"]]
    assert len(rows(text, REPLY)) == len(answered)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("a|b\\|", "`a\\u007cb\\\\u007c`"),
        ("<b>\n@all", "`<b> @all`"),
        ("\u202e", "`\\u202e`"),
    ],
)
def test_text_as_code(text: str, shown: str) -> None:
    assert code(text) == shown


@given(st.text())
def test_no_text_ends_its_code(text: str) -> None:
    shown = code(text)
    fence = re.match("`+", shown)
    assert fence
    inner = shown[fence.end() : -fence.end()]
    assert fence.group() not in re.findall("`+", inner)
    assert shown.isprintable()
