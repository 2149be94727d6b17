# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report over all environments, its table, and the filters that the role calls."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._version import VERSION
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.unsafe import make_unsafe
from ansible_collections.keyfactor.command.plugins.plugin_utils._format import (
    format_list,
    format_value,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.table import render_table
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
)
from tests.unit.support import evaluate_profile


def entry(name: str, expected: object, **read: Any) -> dict[str, Any]:
    content = {"Port": 587, "Host": "smtp.example.com", "SenderName": "Example PKI"}
    found = normalize_profile(content, 2).values
    return evaluate_profile(name, found, expected, {"smtp": found, "tls_verified": True, **read})


ENTRIES = [
    entry("staging", {"port": 25, "sender_name": None}),
    entry("production", {"port": 587}),
    entry("old", {"port": 587}, tls_verified=False),
    evaluate_profile(
        "recovery", None, {"port": 587}, {"failed": True, "msg": "It is down. Look there."}
    ),
]
NAMES = ["production", "staging", "recovery", "old", "unseen"]


def test_the_shape_of_the_report() -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    report = json.loads(json.dumps(build_report(ENTRIES, NAMES)))
    assert list(report) == [
        "schema_version",
        "generated_at",
        "collection_version",
        "summary",
        "environments",
    ]
    assert (report["schema_version"], report["collection_version"]) == ("1.0", VERSION)
    at = datetime.fromisoformat(report["generated_at"])
    assert at.utcoffset() is not None
    assert before <= at <= datetime.now(timezone.utc)
    assert report["summary"] == {
        "environments": 5,
        "compliant": 2,
        "drifted": 1,
        "indeterminate": 2,
    }
    assert [each["name"] for each in report["environments"]] == NAMES


def test_what_was_not_judged_is_indeterminate() -> None:
    report = build_report([], ["production"])
    (missing,) = report["environments"]
    assert set(missing) == set(ENTRIES[0])
    assert (missing["verdict"], missing["findings"]) == ("indeterminate", [])
    assert "not judged" in missing["error"]["message"]
    assert report["summary"]["indeterminate"] == 1


def test_the_table() -> None:
    lines = render_table(
        build_report(ENTRIES, NAMES), ["/tmp/report/report.json", "/tmp/report/report.html"]
    )
    assert lines == [
        "ENVIRONMENT  VERDICT        WHAT DIFFERS",
        "production   compliant      -",
        "staging      drifted        port is 587, expected 25",
        "                            sender_name is 'Example PKI', expected unset",
        "recovery     indeterminate  It is down. Look there",
        "old          compliant      The server's identity was not verified.",
        "unseen       indeterminate  It was not judged: its play had ended before the comparison. Look",
        "                              further up for its failure",
        "",
        "5 environments: 2 compliant, 1 drifted, 2 indeterminate",
        "The report is in /tmp/report:",
        "  report.json",
        "  report.html",
    ]
    assert render_table(build_report(ENTRIES, NAMES))[-1].startswith("5 environments")


def test_long_names_and_words_keep_the_columns() -> None:
    name = "a-very-long-name-of-an-environment"
    lines = render_table(build_report([indeterminate_entry(name, "words " * 60)], [name]))
    assert {line.index("words") for line in lines if "words" in line} <= {51, 53}
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize("message", [".", "...", " ", "\n", "\u2028", "x"])
def test_a_message_without_words_breaks_no_table(message: str) -> None:
    read = {"failed": True, "msg": message}
    entries = [evaluate_profile("recovery", None, {"port": 587}, read), ENTRIES[1]]
    assert len(render_table(build_report(entries, ["recovery", "production"]))) >= 5


@pytest.mark.parametrize(
    "read",
    [
        {"unknown_members": ["\x1b[2JEvil", "Two\nLines", "\u202eleft"]},
        {"smtp": None, "msg": "first\x1b[2J\r\nsecond\u202e"},
    ],
)
def test_what_servers_send_keeps_to_its_line(read: dict[str, Any]) -> None:
    lines = render_table(build_report([entry("production", {"port": 587}, **read)], ["production"]))
    assert [line for line in lines if not line.isprintable()] == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "unset"),
        ("", "unset"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (587, "587"),
        ("smtp.example.com", "smtp.example.com"),
        ("Example PKI", "'Example PKI'"),
        ("unset", "'unset'"),
        ("true", "'true'"),
        ("a,b", "'a,b'"),
        (" ", "' '"),
        ([], "[]"),
        (["X-A", "X B"], "[X-A, 'X B']"),
        ("a\x1b\n\u202e", "a\\u001b\\u000a\\u202e"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    assert format_value(value) == words
    assert format_list([value, 1]) == f"{words}, 1"


def test_a_text_with_blanks_and_controls_is_quoted() -> None:
    assert format_value("two\nlines here") == "'two\\u000alines here'"


@pytest.mark.parametrize("value", ["{{ 7 * 7 }}", ["{{ 7 * 7 }}"], {"a": "{% raw %}"}, None, 5])
def test_text_of_servers_is_no_template(value: object) -> None:
    """What is returned is the same, and is never marked as a template."""
    marked = make_unsafe(value)
    assert marked == value
    try:
        from ansible.template import is_trusted_as_template
    except ImportError:
        return
    assert not isinstance(value, str) or not is_trusted_as_template(marked)
