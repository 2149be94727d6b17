# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as JUnit XML: a suite per environment, a case per finding.

A pipeline shows it as it shows tests: drift has failed, what cannot be known is an error, what is
waived was skipped. It uses only what the readers of Jenkins, GitLab and GitHub have in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from .._format import one_line

NAME = "Keyfactor Command SMTP"
# What stands in a case for each status, beside none for a match.
ELEMENTS = {"drift": "failure", "unknown": "error", "waived": "skipped"}


def render(report: Mapping[str, Any]) -> str:
    """Return the report as JUnit XML."""
    suites = [_suite(entry, report["generated_at"]) for entry in report["environments"]]
    counts = {key: str(sum(int(each.get(key, "0")) for each in suites)) for key in COUNTED}
    root = ET.Element("testsuites", {"name": NAME, **counts, "time": "0"})
    root.extend(suites)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


COUNTED = ("tests", "failures", "errors")


def _suite(entry: Mapping[str, Any], generated_at: str) -> ET.Element:
    cases = [_case(entry["name"], each) for each in entry["findings"]]
    if entry["error"]:
        # Without a case of its own, an environment that was not read would read as passed.
        case = _element("testcase", name="environment", classname=_class(entry["name"]), time="0")
        kind = entry["error"]["kind"] or "indeterminate"
        _add(case, "error", entry["error"]["message"], kind)
        cases.append(case)
    suite = _element(
        "testsuite",
        name=entry["name"],
        tests=str(len(cases)),
        failures=_count(cases, "failure"),
        errors=_count(cases, "error"),
        skipped=_count(cases, "skipped"),
        time="0",
        # The format wants the time without its offset. It is UTC.
        timestamp=generated_at.partition("+")[0].rstrip("Z"),
    )
    properties = ET.SubElement(suite, "properties")
    for name in ("verdict", "url", "product_version", "api_version", "tls_verified"):
        if entry[name] is not None:
            value = str(entry[name]).lower() if name == "tls_verified" else str(entry[name])
            properties.append(_element("property", name=name, value=value))
    suite.extend(cases)
    if entry["warnings"]:
        ET.SubElement(suite, "system-out").text = "\n".join(map(one_line, entry["warnings"]))
    return suite


def _case(environment: str, finding: Mapping[str, Any]) -> ET.Element:
    setting = finding["setting"]
    case = _element("testcase", name=setting, classname=_class(environment), time="0")
    if finding["status"] in ELEMENTS:
        _add(case, ELEMENTS[finding["status"]], finding["message"], finding["status"])
    return case


def _class(environment: str) -> str:
    """Return a class name. Readers take dots in it for packages."""
    return "verify_smtp." + environment.replace(".", "_")


def _add(case: ET.Element, name: str, message: str, kind: str) -> None:
    element = _element(name, message=message, type=kind)
    # Some readers show the attribute, and some the text.
    element.text = element.get("message")
    case.append(element)


def _element(tag: str, /, **attributes: str) -> ET.Element:
    # XML cannot hold control characters at all: these are written out.
    return ET.Element(tag, {key: one_line(value) for key, value in attributes.items()})


def _count(cases: list[ET.Element], name: str) -> str:
    return str(sum(case.find(name) is not None for case in cases))
