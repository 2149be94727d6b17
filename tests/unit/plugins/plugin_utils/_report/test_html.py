# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page: complete, well-formed, and whatever the text in it, only text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable
from ansible_collections.keyfactor.command.plugins.plugin_utils._format import (
    format_value,
    format_version,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.html import render
from tests.support import reports
from tests.support.report_schema import validate_report

VOID = ("col", "meta", "input", "wbr")
URLS = ("src", "href", "action", "style", "srcset", "data")


class Page(HTMLParser):
    """A page's elements, attributes and text. Reading fails where a tag is left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []
        self.text = "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def shape(self) -> Counter[Any]:
        """Return how often each element is there with which names of attributes."""
        return Counter((tag, *attrs) for tag, attrs in self.elements if tag != "wbr")

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _tag, attrs in self.elements if name in attrs]


@pytest.mark.parametrize(
    "report", [reports.report(), reports.four(), reports.many(40), reports.hostile()]
)
def test_anchors_are_unique_and_all_links_lead_to_one(report: dict[str, Any]) -> None:
    page = Page(render(report))
    anchors = page.values("id")
    assert len(set(anchors)) == len(anchors)
    links = page.values("href")
    assert {link[:1] for link in links} == {"#"}
    assert {link[1:] for link in links} <= set(anchors)


@pytest.mark.parametrize("report", [reports.four(), reports.hostile()])
def test_all_of_the_report_is_in_it(report: dict[str, Any]) -> None:
    text = Page(render(report)).text
    for entry in report["environments"]:
        words = [entry["name"], entry["verdict"], entry["url"], entry["correlation_id"]]
        words += [format_version(entry["product_version"] or "")]
        words += [*entry["warnings"], *(entry["error"] or {}).values()]
        words += [format_value(value) for value in (entry["profile"] or {}).values()]
        for found in entry["findings"]:
            words += [found["setting"], found["status"], found["message"]]
            words += [format_value(found["expected"])]
            if found["status"] != "unknown" or found["actual"] is not None:
                words += [format_value(found["actual"])]
            words += (found["waiver"] or {}).values()
        for word in words:
            assert word is None or escape_unprintable(str(word)) in text
    assert "2026-11-25 16:20:05 UTC" in text


def test_version_is_short_and_carries_the_commit() -> None:
    page = render(reports.report(reports.entry("a")))
    assert '<dd title="25.4.1+dc0db2c8">25.4.1</dd>' in page
    entry = reports.entry("a", product_version=None, correlation_id=None)
    text = Page(render(reports.report(entry))).text
    assert "version not known" in text


def test_a_report_without_environments_says_that_nothing_was_verified() -> None:
    text = Page(render(reports.report())).text
    assert "nothing was verified" in text
    assert "all compliant" not in text


def test_a_value_that_cannot_be_known_is_not_called_unset() -> None:
    found = reports.finding("relay_username", "unknown", expected="a", actual=None)
    page = render(reports.report(reports.entry("a", "indeterminate", findings=[found])))
    assert "<td>not known</td>" in page


def test_the_matrix_shows_the_worst_of_several_findings() -> None:
    findings = [reports.finding("port"), reports.finding("port", "drift", actual=25)]
    page = render(reports.report(reports.entry("a", "drifted", findings=findings)))
    matrix = page[page.index('<div class="matrix"') : page.index('id="details"')]
    assert "drift</a>" in matrix
    assert 'class="match"' not in matrix


def test_the_policy_of_the_page_allows_its_own_style_and_script_alone() -> None:
    html = render(reports.hostile())
    policy = next(value for value in Page(html).values("content") if "default-src" in value)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
        assert "url(" not in text
        assert "import" not in text


def page_of(text: str) -> str:
    waiver = {"reason": text, "owner": text, "expires": text}
    findings = [
        reports.finding("port", "drift", waiver=waiver, message=text, expected=text, actual=text),
        reports.finding(f"policy.{text}", message=text, expected={text: text}, actual=[text]),
    ]
    error = dict.fromkeys(reports.ERROR, text)
    profile = dict.fromkeys(("host", "port"), text)
    made = reports.entry(
        text, "drifted", findings=findings, error=error, warnings=[text], profile=profile
    )
    made |= {"product_version": text, "correlation_id": text}
    return render(reports.report(made, reports.indeterminate_entry(text, text or "-")))


PLAIN = Page(page_of("plain")).shape()


@given(
    st.text(min_size=1) | st.lists(st.sampled_from("<>\"'&/=-! {}%#scripta\n\u202e")).map("".join)
)
def test_no_text_becomes_an_element_or_an_attribute(text: str) -> None:
    html = page_of(text or "-")
    page = Page(html)
    assert page.shape() == PLAIN
    assert all(line.isprintable() for line in html.split("\n"))
    assert escape_unprintable(text) in page.text


def test_a_thousand_environments_stay_small() -> None:
    assert len(render(reports.many(1000)).encode()) < 6_000_000


def test_checks_of_delivery() -> None:
    production = reports.entry("production", "drifted")
    failed = {"expected": "passed", "actual": "failed", "message": "It has expired"}
    production["findings"] += [
        reports.finding("delivery.spf", expected="passed", actual="passed"),
        reports.finding("delivery.certificate", "drift", **failed),
    ]
    checks = [
        {"name": "certificate", "status": "failed", "message": "It has expired."},
        {"name": "login", "status": "skipped", "message": "No password was given."},
    ]
    relay = {"seen_from": "bastion.example.com", "relay": {"port": 587}, "checks": checks}
    mail = {"recipient": "pki@example.com", "sent": True, "api_version": 2}
    production["delivery"] = {"relay": relay, "mail": mail}
    report = validate_report(reports.report(production, reports.entry("staging")))
    page = Page(render(report))
    # In the order of the probe, after the rules of the policy.
    assert re.search(r"Settings\s+Policy rules\s+Delivery\s", page.text)
    assert re.search(r"tls-needs-submission\s+certificate\s+spf\s", page.text)
    for phrase in ("bastion.example.com", "No password was given.", "It has expired"):
        assert phrase in page.text
    assert re.search(r"Test mail\s*sent to pki@example\.com", page.text)
    # As reports of version 1.0 are.
    for entry in report["environments"]:
        del entry["delivery"]
    assert "bastion.example.com" not in Page(render(validate_report(report))).text
