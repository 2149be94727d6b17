# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job template of the kit, run as AWX does: credentials, survey, slices, and facts."""

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
    """Three environments, of which staging drifted."""
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
    """The environment variables that the credential type config_file injects."""
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
    """A job with the default answers of the survey."""
    answers = {"verify_smtp_environments": NAMES, "verify_smtp_fail": "yes"}
    return Runner(shared_ansible).launch(INVENTORY, environ=credential, answers=answers)


def limited(*names: str) -> dict[str, Any]:
    """Return the inventory of a slice with these hosts."""
    return {"all": {**INVENTORY["all"], "hosts": dict.fromkeys(names)}}


def test_job_fails_if_an_environment_drifted(job: Job) -> None:
    assert job.status == "failed"
    assert (job.directory / "rc").read_text() == "2"
    failed = {
        event["event_data"]["host"] for event in job.events if event["event"] == "runner_on_failed"
    }
    assert failed == {"staging"}


def test_output_has_one_short_summary(job: Job) -> None:
    assert job.table()[-1] == "3 environments: 2 compliant, 1 drifted, 0 indeterminate"
    for line in DRIFT:
        assert line in job.output
    assert job.output.count("WHAT DIFFERS") == 1
    # The output has neither profiles nor reports.
    assert "sender_account" not in job.output
    assert "schema_version" not in job.output
    lines = job.output.splitlines()
    assert len(lines) < 80, job.output
    # The longest line is a failure message of Ansible.
    assert [line for line in lines if len(line) > 250] == []


def test_caches_facts_of_each_environment(job: Job) -> None:
    for name in NAMES:
        assert job.facts(name)["keyfactor_smtp"]["port"] == (25 if name == "staging" else 587)


def test_files_of_job_have_no_secret(job: Job) -> None:
    """Except the file command of ansible-runner, which AWX does not store."""
    for path in job.directory.rglob("*"):
        if path.is_file() and path.name != "command":
            assert PASSWORD not in path.read_text(errors="replace"), path


def test_reads_only_selected_environments(
    runner: Runner, credential: dict[str, str], servers: dict[str, Command]
) -> None:
    request_count = len(servers["production"].requests)
    answers = {"verify_smtp_environments": ["development"], "verify_smtp_fail": "yes"}
    job = runner.launch(INVENTORY, environ=credential, answers=answers)
    assert job.status == "successful", job.output
    assert "1 environment: 1 compliant, 0 drifted, 0 indeterminate" in job.table()
    assert len(servers["production"].requests) == request_count


def test_accepts_text_answers_of_survey(runner: Runner, credential: dict[str, str]) -> None:
    """A list as text, and no for false. Check mode makes no difference."""
    answers = {"verify_smtp_environments": "development, staging", "verify_smtp_fail": "no"}
    job = runner.launch(INVENTORY, "--check", environ=credential, answers=answers)
    assert job.status == "successful", job.output
    assert "2 environments: 1 compliant, 1 drifted, 0 indeterminate" in job.table()


@pytest.mark.parametrize(
    ("inventory", "answers", "options", "fragment"),
    [
        (INVENTORY, {"verify_smtp_environments": ["prodution"]}, (), "Asked for: prodution."),
        (
            INVENTORY,
            {"verify_smtp_environments": ["production"]},
            ("--limit", "staging"),
            "within the limit: staging.",
        ),
        ({"all": {}}, {}, (), "Asked for: all environments."),
        # AWX accepts these for a required question.
        (
            INVENTORY,
            {"verify_smtp_environments": []},
            (),
            "Asked for: none, which does not mean all",
        ),
        (
            INVENTORY,
            {"verify_smtp_environments": " , "},
            (),
            "Asked for: none, which does not mean",
        ),
    ],
    ids=["unknown", "outside-the-limit", "empty-inventory", "empty-answer", "empty-text"],
)
def test_nothing_to_verify_fails(
    runner: Runner,
    credential: dict[str, str],
    servers: dict[str, Command],
    inventory: object,
    answers: dict[str, Any],
    options: tuple[str, ...],
    fragment: str,
) -> None:
    requests = [len(server.requests) for server in servers.values()]
    job = runner.launch(inventory, *options, environ=credential, answers=answers)
    assert job.status == "failed"
    assert "Nothing to verify." in job.output
    assert fragment in job.output
    assert [len(server.requests) for server in servers.values()] == requests


def test_slices_verify_their_hosts(runner: Runner, credential: dict[str, str]) -> None:
    jobs = [
        runner.launch(inventory, environ=credential, answers={"verify_smtp_fail": "no"})
        for inventory in (limited("development", "production"), limited("staging"))
    ]
    assert [job.table()[-1] for job in jobs] == [
        "2 environments: 2 compliant, 0 drifted, 0 indeterminate",
        "1 environment: 0 compliant, 1 drifted, 0 indeterminate",
    ]


def test_account_shared_by_environments(
    runner: Runner, emulator: Emulator, servers: dict[str, Command], ansible: Ansible
) -> None:
    """The credential type account, with all optional fields empty."""
    hosts = {
        name: {"verify_smtp_connection": {"host": server.url}} for name, server in servers.items()
    }
    inventory = {"all": {**INVENTORY["all"], "hosts": hosts}}
    inputs = {"username": USER, "password": PASSWORD, "ca_cert": emulator.ca_cert.read_text()}
    environ = inject(load("account"), inputs, ansible.directory)
    job = runner.launch(inventory, environ=environ, answers={"verify_smtp_fail": "no"})
    assert job.table()[-1] == "3 environments: 2 compliant, 1 drifted, 0 indeterminate"


def test_untrusted_ca(runner: Runner, credential: dict[str, str]) -> None:
    """As in an execution environment without the CA. The message says how to fix it."""
    without = {**credential, "KEYFACTOR_CA_CERT": ""}
    answers = {"verify_smtp_environments": ["production"]}
    job = runner.launch(INVENTORY, environ=without, answers=answers)
    assert job.status == "failed"
    assert "Set ca_cert" in job.output
    bundle = {**without, "REQUESTS_CA_BUNDLE": credential["KEYFACTOR_CA_CERT"]}
    assert runner.launch(INVENTORY, environ=bundle, answers=answers).status == "successful"
