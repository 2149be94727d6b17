# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to expectations: each of its examples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    parse_expectations,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.schema import NOTES
from tests.emulator import SmtpProfile
from tests.integration.support.ansible import (
    COLLECTIONS,
    INSTALLED,
    PLAYBOOK,
    RECORD,
    ROOT,
)
from tests.integration.support.environments import make_inventory, start_servers_with
from tests.integration.support.pages import Page
from tests.support.report_schema import validate_report
from tests.unit.schemas import KINDS, META_SCHEMA

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible, Outcome

PAGE = Page(ROOT / "docs" / "expectations.md")
COMPLIANT = SmtpProfile(sender_account="pki@example.com", sender_name="Example PKI")
OLD_PORT = SmtpProfile(sender_account="pki@example.com", port=25)
NONCOMPLIANT = SmtpProfile(
    host="mail.example.com",
    port=26,
    relay_authentication_type=0,
    relay_username="x" * 65,
    sender_account=None,
    sender_name="PK",
    request_headers={"X-DEBUG": "1"},
)
# Days after and before the waivers of the examples expire.
AFTER_EXPIRY, BEFORE_EXPIRY = "2027-02-01", "2027-01-20"


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[str, Command]:
    return start_servers_with(
        emulator, {"staging": COMPLIANT, "production": OLD_PORT, "development": NONCOMPLIANT}
    )


@pytest.fixture
def inventory(emulator: Emulator, servers: dict[str, Command]) -> dict[str, Any]:
    return make_inventory(emulator, servers, with_expected=False)


def run(ansible: Ansible, inventory: object, *files: str, **variables: Any) -> Outcome:
    """Run the playbook with files of the page, or paths that start with @, as extra variables."""
    extra_vars = [
        name if name.startswith("@") else f"@{ansible.write(name, PAGE.files[name])}"
        for name in files
    ]
    extra_vars.append(json.dumps({"verify_smtp_report_dir": "report", **variables}))
    arguments = [argument for value in extra_vars for argument in ("-e", value)]
    return ansible.run(PLAYBOOK, inventory, *arguments)


def findings(ansible: Ansible, status: str) -> dict[str, list[str]]:
    """Return the settings with this status by environment."""
    report = validate_report(json.loads((ansible.directory / "report" / "report.json").read_text()))
    return {
        entry["name"]: [
            finding["setting"] for finding in entry["findings"] if finding["status"] == status
        ]
        for entry in report["environments"]
    }


def test_first(ansible: Ansible, inventory: dict[str, Any]) -> None:
    run(ansible, inventory, "first.yml")
    drifted = {"staging": [], "production": ["port"], "development": ["host", "port"]}
    assert findings(ansible, "drift") == drifted


def test_schemas(ansible: Ansible, inventory: dict[str, Any]) -> None:
    outcome = run(ansible, inventory, "schemas.yml")
    settings = list(PAGE.load("schemas.yml")["verify_smtp_expected"])
    drifted = {"staging": [], "production": ["port"], "development": settings}
    assert findings(ansible, "drift") == drifted
    message = outcome.failure_message("development")
    for fragment in (
        "host is mail.example.com, must match ^smtp[0-9]?\\.example\\.com$",
        "port is 26, must be one of 465, 587",
        "sender_account is unset, must be text and match @example\\.com$",
        "relay_authentication is anonymous, must not be anonymous",
        "must be 64 characters or shorter",
        "request_headers is [X-DEBUG], must not hold one that must be x-debug",
    ):
        assert fragment in message


def test_policy(ansible: Ansible, inventory: dict[str, Any]) -> None:
    outcome = run(ansible, inventory, "policy.yml")
    rules = [
        f"policy.{rule['title']}" for rule in PAGE.load("policy.yml")["verify_smtp_policy"]["allOf"]
    ]
    drifted = {"staging": [], "production": rules[:1], "development": rules}
    assert findings(ansible, "drift") == drifted
    (_refused, block) = (text for language, text in PAGE.blocks if language == "text")
    assert block.strip() in outcome.failure_message("production")


def test_the_keywords_that_the_page_names() -> None:
    kinds = {
        setting: set(META_SCHEMA["$defs"][kind]["properties"]) for setting, kind in KINDS.items()
    }
    table = PAGE.text.partition("| keywords |")[2].partition("\n\n")[0]
    rows = [
        [set(re.findall(r"`(\w+)`", cell)) for cell in line.split("|")[1:3]]
        for line in table.splitlines()[2:]
    ]
    (_every, common), *others = rows
    assert kinds.pop("use_ssl") - NOTES == common
    for settings, keywords in others:
        for setting in settings:
            assert kinds.pop(setting) - NOTES == common | keywords
    # What is left is the text of the row that names no setting.
    ((_text, keywords),) = [row for row in others if not row[0]]
    assert kinds
    for own in kinds.values():
        assert own - NOTES == common | keywords
    (policy,) = re.findall(r"A policy has the keywords (.*?)\. ", PAGE.text, re.S)
    named = set(re.findall(r"`(\w+)`", policy)) | {"type"}
    assert named == set(META_SCHEMA["$defs"]["profile"]["properties"]) - NOTES
    for name in [
        *NOTES - {"$schema"},
        *META_SCHEMA["$defs"]["text"]["properties"]["format"]["enum"],
    ]:
        assert f"`{name}`" in PAGE.text


def test_the_refusal_that_the_page_shows() -> None:
    (shown, _finding) = (text for language, text in PAGE.blocks if language == "text")
    _found, problems = parse_expectations({"port": {"anyOf": [{"const": 25}, {"minimun": 465}]}})
    assert problems == [shown.strip()]


def test_editor(ansible: Ansible, inventory: dict[str, Any]) -> None:
    ((schema,),) = [re.findall(r"^# yaml-language-server: \$schema=(\S+)$", PAGE.text, re.M)]
    folder, _separator, path = schema.partition("collections/")
    assert folder == "../../", "as seen from group_vars/all/"
    validator = Draft202012Validator(json.loads((COLLECTIONS / path).read_text()))
    for name in PAGE.files:
        if name.endswith(".yml"):
            validator.validate(PAGE.load(name))
    policy = json.loads((INSTALLED / "docs" / "policy.schema.json").read_text())
    Draft202012Validator(policy).validate(PAGE.load("policy.yml")["verify_smtp_policy"])
    (error,) = validator.iter_errors({"verify_smtp_expected": {"prot": 25}})
    assert list(error.absolute_path) == ["verify_smtp_expected"]
    run(ansible, inventory, "editor.yml")
    assert findings(ansible, "drift")["production"] == ["port"]


def test_waivers(ansible: Ansible, inventory: dict[str, Any]) -> None:
    files = ("first.yml", "policy.yml", "waivers.yml")
    outcome = run(ansible, inventory, *files, verify_smtp_today=BEFORE_EXPIRY)
    waived = ["port", "policy.tls-needs-submission"]
    assert findings(ansible, "waived")["production"] == waived
    assert findings(ansible, "drift")["production"] == []
    table = " ".join(" ".join(outcome.table()).split())
    assert "waived until 2027-01-31; Mail team: The relay moves to port 587" in table
    assert "(Mail team: The relay moves to port 587 with change 4711) expires in 11 days" in table
    assert "Waivers were evaluated as of 2027-01-20, which was set" in table
    assert "The waiver of port" in table and "waives no difference. Remove it." in table
    (command,) = (text for _language, text in PAGE.blocks if "verify_smtp_today" in text)
    assert f"-i environments.yml -e verify_smtp_today={AFTER_EXPIRY}" in command
    outcome = run(ansible, inventory, *files, verify_smtp_today=AFTER_EXPIRY)
    assert "waived until 2027-01-31, which has passed" in outcome.failure_message("production")
    assert findings(ansible, "waived")["production"] == []


def test_reference(ansible: Ansible, inventory: dict[str, Any]) -> None:
    run(ansible, inventory, "reference.yml")
    drifted = findings(ansible, "drift")
    assert (drifted["staging"], drifted["production"]) == ([], ["port"])
    assert set(drifted["development"]) >= {"port", "relay_username", "request_headers"}
    assert not {"host", "sender_name"} & set(drifted["development"])


def test_required(ansible: Ansible, inventory: dict[str, Any]) -> None:
    del inventory["all"]["hosts"]["production"], inventory["all"]["hosts"]["development"]
    outcome = run(ansible, inventory, "first.yml", "required.yml")
    assert outcome.status == 2
    assert "3 environments: 1 compliant, 0 drifted, 2 indeterminate" in outcome.table()
    assert "in this run: production, development." in outcome.failure_message("staging")


def test_saved(ansible: Ansible, inventory: dict[str, Any], servers: dict[str, Command]) -> None:
    run(ansible, inventory, "first.yml")
    drifted = findings(ansible, "drift")
    (ansible.directory / "report").rename(ansible.directory / "saved")
    connections = servers["production"].connections
    file = ansible.write("saved.yml", PAGE.files["saved.yml"].replace("/report/", "/saved/"))
    outcome = run(ansible, inventory, "first.yml", f"@{file}")
    assert findings(ansible, "drift") == drifted
    assert servers["production"].connections == connections
    assert "A saved profile was verified. Nothing was read from" in " ".join(outcome.table())


def test_recording(ansible: Ansible, inventory: dict[str, Any]) -> None:
    first, middle, last = PAGE.commands("record.sh")
    assert (first, last) == (
        f"ansible-playbook {RECORD} -i environments.yml",
        f"ansible-playbook {PLAYBOOK} -i environments.yml",
    )
    assert middle.startswith("git diff")
    assert ansible.run(RECORD, inventory).status == 0
    schema = json.loads((ROOT / "docs" / "expectations.schema.json").read_text())
    recorded = list(ansible.directory.glob("**/host_vars/*/verify_smtp.yml"))
    assert len(recorded) == len(inventory["all"]["hosts"])
    for file in recorded:
        Draft202012Validator(schema).validate(yaml.safe_load(file.read_text()))
    outcome = ansible.run(PLAYBOOK, inventory)
    assert outcome.status == 0, outcome.output
    assert "3 environments: 3 compliant, 0 drifted, 0 indeterminate" in outcome.table()


def test_lists_every_setting() -> None:
    listed = PAGE.text[PAGE.text.index("The settings of an") : PAGE.text.index("`ansible-doc ")]
    assert re.findall(r"`(\w+)`", listed) == list(SETTINGS)


def test_every_example_is_tested() -> None:
    tests = "".join(re.findall(r'"(\w+\.(?:yml|sh))"', Path(__file__).read_text()))
    assert [name for name in PAGE.files if name not in tests] == []
    # The other blocks are two messages, and a command that sets the date.
    assert len(PAGE.blocks) == len(PAGE.files) + 3
