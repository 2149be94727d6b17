# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as JUnit XML: a suite per environment, a case per finding.

Drift maps to failure, unknown to error, waived to skipped. Only members that Jenkins, GitLab and
GitHub all read are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from .._format import one_line
from .._verdict.verdict import READ_KEYS

NAME = "Keyfactor Command SMTP"
# The element in the case of a finding. A match has none.
ELEMENTS = {"drift": "failure", "unknown": "error", "waived": "skipped"}


def render(report: Mapping[str, Any]) -> str:
    """Return the report as JUnit XML."""
    root = ET.Element("testsuites", {"name": NAME, "time": "0"})
    root.extend(_suite(entry, report["generated_at"]) for entry in report["environments"])
    _count_cases(root, "failure", "error")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(entry: Mapping[str, Any], generated_at: str) -> ET.Element:
    # The format requires a time without an offset. It is in UTC.
    timestamp = generated_at.partition("+")[0].rstrip("Z")
    suite = _element("testsuite", name=entry["name"], time="0", timestamp=timestamp)
    properties = ET.SubElement(suite, "properties")
    for name in ("verdict", *READ_KEYS):
        if entry[name] is not None:
            value = str(entry[name]).lower() if name == "tls_verified" else str(entry[name])
            properties.append(_element("property", name=name, value=value))
    for finding in entry["findings"]:
        suite.append(_case(entry["name"], finding, finding["status"]))
    error = entry["error"]
    if error:
        # Without a case, an environment that was not read would look like a pass.
        kind = error["kind"] or "indeterminate"
        case = {"setting": "environment", "status": "unknown", "message": error["message"]}
        suite.append(_case(entry["name"], case, kind))
    _count_cases(suite, "failure", "error", "skipped")
    if entry["warnings"]:
        ET.SubElement(suite, "system-out").text = "\n".join(map(one_line, entry["warnings"]))
    return suite


def _case(environment: str, finding: Mapping[str, Any], kind: str) -> ET.Element:
    # Readers take dots in a class name for packages.
    class_name = "verify_smtp." + environment.replace(".", "_")
    case = _element("testcase", name=finding["setting"], classname=class_name, time="0")
    tag = ELEMENTS.get(finding["status"])
    if tag:
        element = _element(tag, message=finding["message"], type=kind)
        # Some readers show the attribute, and some the text.
        element.text = element.get("message")
        case.append(element)
    return case


def _element(tag: str, /, **attributes: str) -> ET.Element:
    # XML cannot hold control characters at all: these are escaped.
    return ET.Element(tag, {key: one_line(value) for key, value in attributes.items()})


def _count_cases(element: ET.Element, *tags: str) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    for tag in tags:
        plural = tag if tag == "skipped" else f"{tag}s"
        element.set(plural, str(len(element.findall(f".//testcase/{tag}"))))
