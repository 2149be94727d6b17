# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to the filter smtp_drift: its example, arguments, and result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from tests.integration.support.ansible import INSTALLED, ROOT
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "drift-filter.md")
ROW = re.compile(r"^\| (`\w+`(?:, `\w+`)*) \|", re.M)


def names_in(section: str) -> list[str]:
    """Return the names in the first column of a section's table."""
    text = PAGE.text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"\w+", " ".join(ROW.findall(text)))


def test_example(ansible: Ansible) -> None:
    outcome = ansible.run(PAGE.files["evaluate.yml"], {})
    assert outcome.status == 0, outcome.output
    message = outcome.result("localhost", "Show the verdict")["msg"]
    assert message == "staging is drifted"
    messages = outcome.result("localhost", "Show all findings")["msg"]
    assert messages == PAGE.only("text").splitlines()


def test_result(ansible: Ansible) -> None:
    outcome = ansible.run(PAGE.files["evaluate.yml"], {})
    result = outcome.result("localhost", "Compare it with the expectations")["ansible_facts"][
        "result"
    ]
    assert set(names_in("Result")) == set(result)
    keys = PAGE.text.partition("| `findings` |")[2].partition("|")[0]
    assert set(re.findall(r"`(\w+)`", keys)) == set(result["findings"][0])
    assert result["warnings"] == ["A saved profile was verified. Nothing was read from a server."]


def test_missing_setting_is_indeterminate(ansible: Ansible) -> None:
    play = PAGE.files["evaluate.yml"]
    for line in ("      port: 25\n", "      use_ssl: false\n"):
        assert play.count(line) == 1
        play = play.replace(line, "")
    outcome = ansible.run(play, {})
    assert outcome.result("localhost", "Show the verdict")["msg"] == "staging is indeterminate"


def test_lists_every_argument() -> None:
    page = yaml.safe_load((INSTALLED / "plugins/filter/smtp_drift.yml").read_text())
    options = set(page["DOCUMENTATION"]["options"]) - {"_input"}
    assert set(names_in("Arguments")) == options
