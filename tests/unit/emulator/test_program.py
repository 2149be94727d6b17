# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the command line: scenario, state file and exit."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from .conftest import REQUIRED, USER, USERS

ROOT = Path(__file__).parents[3]
MINIMAL = {"environments": {"production": {"users": USERS}}}
FULL = {
    "latency": 0.01,
    "identities": {"login": {"clients": {"kf": "secret"}, "scopes": ["read"], "tls": "plain-http"}},
    "client_certificates": {
        "svc-ansible": {},
        "locked": {"encrypted_with": "passphrase"},
        "stranger": {"foreign": True},
    },
    "environments": {
        "production": {
            "release": "25.3",
            "profile": {"host": "relay.example.com", "request_headers": {}},
            "users": USERS,
            "identity": "login",
            "readers": [USER],
            "api_path": "/Keyfactor/API/",
            "product_version": None,
            "faults": [
                {"fault": "status", "status": 503, "retry_after": "1", "times": 1},
                {"fault": "html", "times": 1},
            ],
        },
        "locked": {"tls": "CLIENT_CERTIFICATE"},
        "retired": {"unreachable": True, "release": "11.5", "server": "envoy"},
    },
}

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    processes = []

    def start_program(scenario: object, *options: str) -> subprocess.Popen[str]:
        path = tmp_path / "scenario.json"
        path.write_text(scenario if isinstance(scenario, str) else json.dumps(scenario))
        command = [sys.executable, "-m", "tests.emulator", str(path), "--state"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [*command, str(tmp_path / "state.json"), *options],
            cwd=ROOT,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
        processes.append(process)
        return process

    yield start_program
    for process in processes:
        with process:
            process.kill()


def wait_until_ready(process: subprocess.Popen[str], directory: Path) -> dict[str, Any]:
    """Wait until the program is ready and return its state."""
    assert process.stdout is not None
    assert "ready" in process.stdout.readline()
    state: dict[str, Any] = json.loads((directory / "state.json").read_text())
    return state


def test_runs_scenario(start: Start, tmp_path: Path) -> None:
    state = wait_until_ready(start(FULL), tmp_path)
    production, retired = state["environments"]["production"], state["environments"]["retired"]
    assert production["api_path"] == retired["api_path"] == "Keyfactor/API"
    assert production["url"] == f"https://localhost:{production['port']}"
    assert production["host"] == "localhost"
    url = f"{production['url']}/Keyfactor/API/SMTP"
    options: dict[str, Any] = {"verify": state["ca_cert"], "timeout": 5}
    basic = {"headers": REQUIRED, "auth": (USER, "secret"), **options}
    replies = [requests.get(url, **basic) for _attempt in range(3)]
    assert [reply.status_code for reply in replies] == [503, 200, 200]
    assert replies[2].json()["Host"] == "relay.example.com"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", retired["port"]))

    form = {"grant_type": "client_credentials", "scope": "read"}
    login = state["identities"]["login"]
    token = requests.post(login["token_url"], data=form, auth=("kf", "secret"), timeout=5)
    headers = {**REQUIRED, "Authorization": f"Bearer {token.json()['access_token']}"}
    assert requests.get(url, headers=headers, **options).status_code == 403

    locked = f"{state['environments']['locked']['url']}/KeyfactorAPI/SMTP"
    pair = state["client_certificates"]["svc-ansible"]
    certificate = (pair["cert"], pair["key"])
    reply = requests.get(locked, headers=REQUIRED, cert=certificate, **options)
    assert reply.status_code == 200
    assert state["client_certificates"].keys() == {"svc-ansible", "locked", "stranger"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stops_on_signal(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    process = start(MINIMAL)
    wait_until_ready(process, tmp_path)
    process.send_signal(number)
    assert process.wait(timeout=5) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_stops_when_stdin_closes(start: Start, tmp_path: Path) -> None:
    directory = tmp_path / "certificates"
    process = start(MINIMAL, "--until-stdin-closes", "--certificates", str(directory))
    assert Path(wait_until_ready(process, tmp_path)["ca_cert"]).parent == directory
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=5) == 0


def test_prints_what_happened_for_each_line(start: Start, tmp_path: Path) -> None:
    process = start(MINIMAL, "--until-stdin-closes")
    state = wait_until_ready(process, tmp_path)
    url = f"{state['environments']['production']['url']}/KeyfactorAPI/SMTP"
    options: dict[str, Any] = {"headers": REQUIRED, "verify": state["ca_cert"], "timeout": 5}
    for secret in ("secret", "wrong", "secret"):
        requests.get(url, auth=(USER, secret), **options)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline()) == {"profiles_sent": 2, "mails_received": []}


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ("{", "not JSON"),
        ("[]", "scenario: must be an object"),
        ({}, "environments: at least one is required"),
        ('{"environments": {"a": {}, "a": {}}}', "duplicate member 'a'"),
        ({"environment": {}}, "did you mean 'environments'?"),
        ({"environments": {"lab": {"relase": "25.1"}}}, "environments.lab: unknown name 'relase'"),
        ({"environments": {"lab": {"release": 25.1}}}, "environments.lab.release: 25.1 does not"),
        ({"environments": {"lab": {"release": "25"}}}, "environments.lab: release must look like"),
        ({"environments": {"lab": {"users": {"a": 1}}}}, "environments.lab.users"),
        ({"environments": {"lab": {"tokens": "one"}}}, "environments.lab.tokens"),
        ({"environments": {"lab": {"profile": {"port": True}}}}, "environments.lab.profile.port"),
        ({"environments": {"lab": {"server": "isi"}}}, "lab.server: unknown name 'isi'; did you"),
        ({"environments": {"lab": {"tls": "bad"}}}, "environments.lab.tls: unknown name 'bad'"),
        ({"environments": {"lab": {"identity": "no"}}}, "environments.lab.identity: unknown"),
        ({"environments": {"lab": {"unreachable": "no"}}}, "environments.lab.unreachable"),
        ({"environments": {"lab": {"relay": True}}}, "environments.lab.relay: must be an object"),
        (
            {"environments": {"lab": {"relay": {"tls": "bad"}}}},
            "environments.lab.relay.tls: unknown",
        ),
        ({"environments": {"lab": {"faults": ["drop"]}}}, "environments.lab.faults[0]"),
        ({"environments": {"lab": {"faults": [{"fault": "statsu"}]}}}, "did you mean 'status'?"),
        ({"environments": {"lab": {"faults": [{"fault": "status"}]}}}, "missing"),
        (
            {"environments": {"lab": {"faults": [{"fault": "drip", "part": "tail"}]}}},
            "environments.lab.faults[0].part: 'tail' does not fit",
        ),
        ({**MINIMAL, "identities": {"idp": {"client": {}}}}, "identities.idp: unknown name"),
        ({**MINIMAL, "client_certificates": {"a": {"key": 1}}}, "client_certificates.a"),
    ],
)
def test_reports_scenario_error_in_one_line(
    tmp_path: Path,
    start: Start,
    scenario: object,
    message: str,
) -> None:
    (tmp_path / "state.json").write_text("state of an earlier run")
    process = start(scenario)
    output, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert (output, errors.count("\n")) == ("", 1)
    assert errors.startswith("emulator: ")
    assert message in errors
    assert not (tmp_path / "state.json").exists()


def test_help_describes_scenario() -> None:
    command = [sys.executable, "-m", "tests.emulator", "--help"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert '"environments": {' in output
    assert "--until-stdin-closes" in output
