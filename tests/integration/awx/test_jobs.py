# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kit's job template, run as AWX runs it: with its credentials, survey, slices and facts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.emulator import SmtpProfile
from tests.integration.support.cases import PASSWORD, USER
from tests.integration.support.runner import PROJECT, Runner
from tests.unit.extensions.awx.render import inject, load

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible
    from tests.integration.support.runner import Job

NAMES = ["development", "staging", "production"]
INVENTORY: dict[str, Any] = yaml.safe_load((PROJECT / "inventory/environments.yml").read_text())
DRIFT = ["port is 25, expected 587", "use_ssl is false, expected true"]


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[str, Command]:
    """Three environments, of which staging has drifted."""
    drifted = SmtpProfile(port=25, use_ssl=False)
    return {
        name: emulator.command(
            release="25.1",
            users={USER: PASSWORD},
            **({"profile": drifted} if name == "staging" else {}),
        )
        for name in NAMES
    }


@pytest.fixture(scope="module")
def credential(
    emulator: Emulator, servers: dict[str, Command], shared_ansible: Ansible
) -> dict[str, str]:
    """The environment that the credential type with the config file injects."""
    profiles = {
        name: {"host": server.url, "username": USER, "password": PASSWORD, "retries": 0}
        for name, server in servers.items()
    }
    inputs = {
        "profiles": json.dumps({"servers": profiles}),
        "ca_cert": emulator.ca_cert.read_text(),
    }
    directory = shared_ansible.directory / "credential"
    directory.mkdir()
    return inject(load("config_file"), inputs, directory)


@pytest.fixture
def runner(ansible: Ansible) -> Runner:
    return Runner(ansible)


@pytest.fixture(scope="module")
def job(shared_ansible: Ansible, credential: dict[str, str]) -> Job:
    """Launched with the survey as it is proposed."""
    answers = {"verify_smtp_environments": NAMES, "verify_smtp_fail": "yes"}
    return Runner(shared_ansible).launch(INVENTORY, environ=credential, answers=answers)


def limited(*names: str) -> dict[str, Any]:
    """The part of the inventory that a slice gets."""
    return {"all": {**INVENTORY["all"], "hosts": dict.fromkeys(names)}}


def test_job_fails_where_an_environment_drifted(job: Job) -> None:
    assert job.status == "failed"
    assert (job.directory / "rc").read_text() == "2"
    failed = {e["event_data"]["host"] for e in job.events if e["event"] == "runner_on_failed"}
    assert failed == {"staging"}


def test_operator_sees_one_readable_summary(job: Job) -> None:
    assert job.table()[-1] == "3 environments: 2 compliant, 1 drifted, 0 indeterminate"
    for line in DRIFT:
        assert line in job.output
    assert job.output.count("WHAT DIFFERS") == 1
    # Neither profiles nor reports are dumped.
    assert "sender_account" not in job.output
    assert "schema_version" not in job.output
    lines = job.output.splitlines()
    assert len(lines) < 80, job.output
    # One line of a failure, as Ansible itself writes it, is the longest.
    assert [line for line in lines if len(line) > 250] == []


def test_facts_are_cached_for_each_environment(job: Job) -> None:
    for name in NAMES:
        assert job.facts(name)["keyfactor_smtp"]["port"] == (25 if name == "staging" else 587)


def test_no_secret_is_left_in_what_awx_keeps(job: Job) -> None:
    """The file of the command line is the runner's own, and AWX does not keep it."""
    for path in job.directory.rglob("*"):
        if path.is_file() and path.name != "command":
            assert PASSWORD not in path.read_text(errors="replace"), path


def test_only_the_environments_that_were_chosen_are_asked(
    runner: Runner, credential: dict[str, str], servers: dict[str, Command]
) -> None:
    before = len(servers["production"].requests)
    answers = {"verify_smtp_environments": ["development"], "verify_smtp_fail": "yes"}
    job = runner.launch(INVENTORY, environ=credential, answers=answers)
    assert job.status == "successful", job.output
    assert "1 environment: 1 compliant, 0 drifted, 0 indeterminate" in job.table()
    assert len(servers["production"].requests) == before


def test_text_of_a_survey_is_understood(runner: Runner, credential: dict[str, str]) -> None:
    """Names in one text, and no for false; in check mode, which changes nothing."""
    answers = {"verify_smtp_environments": "development, staging", "verify_smtp_fail": "no"}
    job = runner.launch(INVENTORY, "--check", environ=credential, answers=answers)
    assert job.status == "successful", job.output
    assert "2 environments: 1 compliant, 1 drifted, 0 indeterminate" in job.table()


@pytest.mark.parametrize(
    ("inventory", "answers", "options", "words"),
    [
        (INVENTORY, {"verify_smtp_environments": ["prodution"]}, (), "Asked for: prodution."),
        (
            INVENTORY,
            {"verify_smtp_environments": ["production"]},
            ("--limit", "staging"),
            "within the limit: staging.",
        ),
        ({"all": {}}, {}, (), "Asked for: all environments."),
    ],
    ids=["misspelt", "outside-the-limit", "empty-inventory"],
)
def test_nothing_to_verify_is_a_failure(
    runner: Runner,
    credential: dict[str, str],
    inventory: object,
    answers: dict[str, Any],
    options: tuple[str, ...],
    words: str,
) -> None:
    job = runner.launch(inventory, *options, environ=credential, answers=answers)
    assert job.status == "failed"
    assert "Nothing to verify." in job.output
    assert words in job.output


def test_slices_judge_their_part(runner: Runner, credential: dict[str, str]) -> None:
    jobs = [
        runner.launch(part, environ=credential, answers={"verify_smtp_fail": "no"})
        for part in (limited("development", "production"), limited("staging"))
    ]
    assert [job.table()[-1] for job in jobs] == [
        "2 environments: 2 compliant, 0 drifted, 0 indeterminate",
        "1 environment: 0 compliant, 1 drifted, 0 indeterminate",
    ]


def test_account_shared_by_environments(
    runner: Runner, emulator: Emulator, servers: dict[str, Command], ansible: Ansible
) -> None:
    """The other credential type, with all fields left empty that can be."""
    hosts = {name: {"verify_smtp_connection": {"host": each.url}} for name, each in servers.items()}
    inventory = {"all": {**INVENTORY["all"], "hosts": hosts}}
    inputs = {"username": USER, "password": PASSWORD, "ca_cert": emulator.ca_cert.read_text()}
    environment = inject(load("account"), inputs, ansible.directory)
    job = runner.launch(inventory, environ=environment, answers={"verify_smtp_fail": "no"})
    assert job.table()[-1] == "3 environments: 2 compliant, 1 drifted, 0 indeterminate"


def test_authority_that_is_not_trusted(runner: Runner, credential: dict[str, str]) -> None:
    """As in an execution environment that lacks it; the message says what to do."""
    without = {**credential, "KEYFACTOR_CA_CERT": ""}
    answers = {"verify_smtp_environments": ["production"]}
    job = runner.launch(INVENTORY, environ=without, answers=answers)
    assert job.status == "failed"
    assert "Set ca_cert" in job.output
    bundle = {**without, "REQUESTS_CA_BUNDLE": credential["KEYFACTOR_CA_CERT"]}
    assert runner.launch(INVENTORY, environ=bundle, answers=answers).status == "successful"
