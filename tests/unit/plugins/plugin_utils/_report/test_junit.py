# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JUnit XML, by a schema and by another program's reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import junitparser
import xmlschema
from hypothesis import given

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.junit import render
from tests.unit.reports import report, reports

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
XML = render(report())
SUITES = {suite.name: suite for suite in junitparser.JUnitXml.fromstring(XML.encode())}


MESSAGE = "port is 25, expected 587 (waived until 2027-01-31; Mail team: It moves)"
WHOLE_FILE = f"""\
<?xml version='1.0' encoding='utf-8'?>
<testsuites name="Keyfactor Command SMTP" time="0" tests="3" failures="0" errors="2">
  <testsuite name="waived" time="0" timestamp="2026-11-28T01:27:08" tests="1" failures="0" errors="0" skipped="1">
    <properties>
      <property name="verdict" value="compliant" />
      <property name="url" value="https://command.example.com/KeyfactorAPI/SMTP" />
      <property name="product_version" value="25.4.1+dc0db2c8" />
      <property name="api_version" value="2" />
      <property name="tls_verified" value="true" />
      <property name="correlation_id" value="0f8fad5b" />
    </properties>
    <testcase name="port" classname="verify_smtp.waived" time="0">
      <skipped message="{MESSAGE}" type="waived">{MESSAGE}</skipped>
    </testcase>
    <system-out>Waivers were evaluated as of 2027-01-30, which was set.
The waiver of port (Mail team: It moves) expires tomorrow, on 2027-01-31.</system-out>
  </testsuite>
  <testsuite name="recovery" time="0" timestamp="2026-11-28T01:27:08" tests="1" failures="0" errors="1" skipped="0">
    <properties>
      <property name="verdict" value="indeterminate" />
    </properties>
    <testcase name="environment" classname="verify_smtp.recovery" time="0">
      <error message="It is down." type="connect">It is down.</error>
    </testcase>
  </testsuite>
  <testsuite name="not.there" time="0" timestamp="2026-11-28T01:27:08" tests="1" failures="0" errors="1" skipped="0">
    <properties>
      <property name="verdict" value="indeterminate" />
    </properties>
    <testcase name="environment" classname="verify_smtp.not_there" time="0">
      <error message="Not in this run." type="indeterminate">Not in this run.</error>
    </testcase>
  </testsuite>
</testsuites>
"""


def outcomes(name: str) -> dict[str, Any]:
    """Return the outcome of each case, none where it passed."""
    return {
        case.name: type(case.result[0]).__name__ if case.result else None for case in SUITES[name]
    }


def test_it_is_valid() -> None:
    SCHEMA.validate(XML)


def test_a_suite_per_environment_and_a_case_per_finding() -> None:
    assert list(SUITES) == [each["name"] for each in report()["environments"]]
    assert outcomes("production") == {"port": None}
    rule = "policy.tls-needs-submission"
    assert outcomes("staging") == {"port": "Failure", "host": None, rule: "Failure"}
    assert outcomes("waived") == {"port": "Skipped"}
    assert outcomes("expired") == {"port": "Failure"}
    assert outcomes("older") == {"scope": "Error", "host": None}


def test_what_was_not_judged_never_reads_as_passed() -> None:
    assert outcomes("recovery") == outcomes("missing") == {"environment": "Error"}
    (case,) = SUITES["recovery"]
    assert (case.result[0].message, case.result[0].type) == ("It is down.", "connect")


def test_messages_and_reasons() -> None:
    (case,) = SUITES["waived"]
    assert "waived until 2027-01-31; Mail team: It moves" in case.result[0].message
    assert case.result[0].text == case.result[0].message
    assert case.classname == "verify_smtp.waived"
    outputs = {each.get("name"): each.findtext("system-out", "") for each in ET.fromstring(XML)}
    assert "Waivers were evaluated as of 2027-01-30" in outputs["waived"]
    assert "identity was not verified" in outputs["older"]


def test_properties_say_what_was_called() -> None:
    properties = {each.name: each.value for each in SUITES["production"].properties()}
    assert properties == {
        "verdict": "compliant",
        "url": "https://command.example.com/KeyfactorAPI/SMTP",
        "product_version": "25.4.1+dc0db2c8",
        "api_version": "2",
        "tls_verified": "true",
        "correlation_id": "0f8fad5b",
    }


def test_the_counts() -> None:
    root = ET.fromstring(XML)
    assert {k: root.get(k) for k in ("tests", "failures", "errors")} == {
        "tests": "12",
        "failures": "4",
        "errors": "3",
    }
    for suite in SUITES.values():
        cases = list(suite)
        assert suite.tests == len(cases)
        counted = (suite.failures, suite.errors, suite.skipped)
        names = [type(case.result[0]).__name__ for case in cases if case.result]
        assert counted == tuple(map(names.count, ("Failure", "Error", "Skipped")))


def test_whole_file() -> None:
    some = report()
    names = ("waived", "recovery", "missing")
    some["environments"] = [each for each in some["environments"] if each["name"] in names]
    some["environments"][2]["error"]["message"] = "Not in this run."
    some["environments"][2]["name"] = "not.there"
    some["generated_at"] = "2026-11-28T01:27:08+00:00"
    assert render(some) == WHOLE_FILE


@given(reports())
def test_any_text_makes_valid_xml(found: dict[str, Any]) -> None:
    SCHEMA.validate(render(found))
