# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""No output shows a secret, whatever its source and whatever the result."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import pytest

from tests.emulator import Fault
from tests.integration.support.ansible import MODES, PLAYBOOK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

# With characters that look different in each encoding.
SECRETS = {
    "password": 'pass/word+"4711"\\search-me',
    "wrong_password": "wrong/pass+word-4712-search-me",
    "client_secret": "client/secret+4713-search-me",
    "wrong_client_secret": "wrong/client+secret-4714-search-me",
    "client_assertion": "eyJhbGciOiJIUzI1NiJ9.e30.client-assertion-4720-search-me",
    "wrong_client_assertion": "eyJhbGciOiJIUzI1NiJ9.e30.wrong-assertion-4721-search-me",
    "access_token": "access-token-4715-search-me",
    "wrong_access_token": "wrong-access-token-4716-search-me",
    "private_key": "UniquePrivateKeySearchMe4717",
    "url_query": "query-4718-search-me",
    "url_password": "url-password-4719-search-me",
    # Secrets in the SMTP profile of the emulator.
    "relay_password": "emulated-relay-password",
    "relay_client_secret": "emulated-client-secret",
    "header_value": "emulated-header-value",
}
PEM = f"-----BEGIN PRIVATE KEY-----\n{SECRETS['private_key']}\n-----END PRIVATE KEY-----\n"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
USER, CLIENT = "svc-ansible", "ansible"
EXPECTED = {"host": "smtp.example.com", "port": 587}


def forms(secret: str) -> set[str]:
    """Return the encodings in which a secret could appear in output."""
    raw = secret.encode()
    pairs = [raw, f"{USER}:{secret}".encode(), f"{CLIENT}:{quote_plus(secret)}".encode()]
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        *(base64.b64encode(pair).decode().rstrip("=") for pair in pairs),
    }


def echo(secret: str, code: str = "ErrorCode", member: str = "Message") -> Fault:
    """Return a fault: a refusal that quotes the credentials of the request."""
    pair = base64.b64encode(f"{USER}:{secret}".encode()).decode()
    message = f"You sent {secret}, that is {quote(secret, safe='')} or Basic {pair} here."
    return Fault.status(401, body={code: "0xA0110001", member: message})


class Site:
    """One environment for each authentication method and result."""

    def __init__(self, emulator: Emulator, directory: Path) -> None:
        self.emulator = emulator
        self.directory = directory
        self.provider = emulator.identity(
            clients={CLIENT: SECRETS["client_secret"]},
            assertions={CLIENT: SECRETS["client_assertion"]},
        )
        self.hosts: dict[str, Any] = {}
        for prefix in ("", "wrong_"):
            self.add(f"{prefix}basic", username=USER, password=SECRETS[f"{prefix}password"])
            self.add(f"{prefix}token", access_token=SECRETS[f"{prefix}access_token"])
            provider = {"client_id": CLIENT, "token_url": self.provider.token_url}
            self.add(f"{prefix}oauth", client_secret=SECRETS[f"{prefix}client_secret"], **provider)
            assertion = SECRETS[f"{prefix}client_assertion"]
            self.add(f"{prefix}assertion", client_assertion=assertion, **provider)
            file = directory / f"{prefix}assertion"
            file.write_text(f"{assertion}\n")
            self.add(f"{prefix}assertion_file", client_assertion_file=str(file), **provider)
        echoing = emulator.identity(
            faults=[echo(SECRETS["client_assertion"], "error", "error_description")]
        )
        provider["token_url"] = echoing.token_url
        self.add("echoed_assertion", client_assertion=SECRETS["client_assertion"], **provider)
        self.add("assertion_as_path", client_assertion_file=SECRETS["client_assertion"], **provider)
        self.add("echoed_basic", "password", username=USER, password=SECRETS["password"])
        self.add("echoed_token", "access_token", access_token=SECRETS["access_token"])
        # These connections are invalid.
        self.add("two_kinds", username=USER, password=SECRETS["password"], access_token="x")
        self.add("incomplete", password=SECRETS["password"])
        self.add("bad_token", access_token="Bearer " + SECRETS["access_token"])
        # The module rejects these. Nothing masks the value of an unknown option.
        self.add("unknown_option", password=SECRETS["password"], pasword=SECRETS["wrong_password"])
        self.add("wrong_type", access_token=SECRETS["access_token"], port="many")
        # Private keys where a path belongs, and credentials in URLs.
        token = {"access_token": SECRETS["access_token"]}
        self.add("key_as_text", client_cert=PEM, client_key=PEM, **token)
        self.add("certificate_as_text", client_cert=f"{CERTIFICATE}{PEM}", **token)
        self.add("keytab_as_text", auth_type="kerberos", username="svc", kerberos_keytab=PEM)
        self.add("ca_with_key", ca_cert=PEM, **token)
        self.add(
            "query",
            client_id=CLIENT,
            client_secret=SECRETS["client_secret"],
            token_url=f"{self.provider.token_url}/missing?key={SECRETS['url_query']}",
            auth_ca_cert=str(emulator.ca_cert),
        )
        self.add("host_with_password", **token)
        connection = self.hosts["host_with_password"]["verify_smtp_connection"]
        connection["host"] = f"https://svc:{SECRETS['url_password']}@command.example.com/API"
        self.profile("profile", username=USER, password=SECRETS["password"])
        # The role rejects these, as it requires a mapping.
        self.hosts["text"] = {"verify_smtp_connection": f"token {SECRETS['access_token']}"}
        self.hosts["list"] = {"verify_smtp_connection": [{"password": SECRETS["password"]}]}

    def add(self, name: str, echoes: str | None = None, **options: str) -> None:
        server = self.emulator.command(
            name=name,
            release="25.3",
            users={USER: SECRETS["password"]},
            tokens={SECRETS["access_token"]},
            identity=self.provider,
            faults=[echo(SECRETS[echoes])] if echoes else [],
        )
        connection = {
            "host": server.url,
            "ca_cert": str(self.emulator.ca_cert),
            "retries": 0,
            **options,
        }
        self.hosts[name] = {"verify_smtp_connection": connection}

    def profile(self, name: str, **options: str) -> None:
        """Add an environment whose credentials are in a config file."""
        self.add(name, **options)
        file = self.directory / "profiles.json"
        file.write_text(json.dumps({"servers": {name: self.hosts[name]["verify_smtp_connection"]}}))
        file.chmod(0o600)
        connection = {"config_file": str(file), "config_profile": name, "retries": 0}
        connection["ca_cert"] = str(self.emulator.ca_cert)
        self.hosts[name] = {"verify_smtp_connection": connection}

    @property
    def inventory(self) -> dict[str, Any]:
        return {"all": {"hosts": self.hosts, "vars": {"verify_smtp_expected": EXPECTED}}}


@pytest.fixture(scope="module", params=MODES)
def written(
    shared_ansible: Ansible, emulator: Emulator, request: pytest.FixtureRequest
) -> dict[str, str]:
    """All output and files of a run at the highest verbosity, with all logs of Ansible enabled."""
    directory = shared_ansible.directory / request.param.replace(" ", "-")
    directory.mkdir()
    site = Site(emulator, directory)
    outcome = shared_ansible.run(
        PLAYBOOK,
        site.inventory,
        "-vvvv",
        "-e",
        MODES[request.param],
        "-e",
        f"verify_smtp_report_dir={directory}/report",
        ANSIBLE_CALLBACKS_ENABLED="record,ansible.builtin.junit",
        JUNIT_OUTPUT_DIR=str(directory / "junit"),
        ANSIBLE_LOG_PATH=str(directory / "ansible.log"),
        ANSIBLE_CACHE_PLUGIN="ansible.builtin.jsonfile",
        ANSIBLE_CACHE_PLUGIN_CONNECTION=str(directory / "facts"),
    )
    verdicts = [line.split()[1] for line in outcome.table() if len(line.split()) > 1]
    assert (verdicts.count("compliant"), verdicts.count("indeterminate")) == (6, 22)
    files = {
        str(path.relative_to(directory)): path.read_text()
        for path in directory.rglob("*")
        if path.is_file() and path.name not in ("profiles.json", "assertion", "wrong_assertion")
    }
    assert {name.split("/")[0] for name in files} == {"report", "junit", "ansible.log", "facts"}
    return {"output": outcome.output, "results": json.dumps(outcome.results), **files}


@pytest.mark.parametrize("options", [{}, {"hots": "x"}, {"port": "many"}], ids=str)
def test_parameters_of_the_role(
    ansible: Ansible, emulator: Emulator, options: dict[str, str]
) -> None:
    """Parameters next to the name of a role are arguments of the task that validates them."""
    server = emulator.command(release="25.3", tokens={SECRETS["access_token"]})
    connection = {
        "host": server.url,
        "ca_cert": str(emulator.ca_cert),
        "access_token": SECRETS["access_token"],
        **options,
    }
    role = {"role": "keyfactor.command.verify_smtp", "verify_smtp_connection": connection}
    play = {
        "hosts": "all",
        "gather_facts": False,
        "roles": [{**role, "verify_smtp_expected": EXPECTED}],
    }
    outcome = ansible.run([play], {"all": {"hosts": {"production": {}}}}, "-vvvv")
    assert outcome.status == (2 if options else 0)
    assert SECRETS["access_token"] not in outcome.output + json.dumps(outcome.results)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_writes_no_secret(written: dict[str, str], secret: str) -> None:
    leaks = [
        (name, form)
        for name, text in written.items()
        for form in forms(secret)
        # Some logs have JSON in JSON, which escapes backslashes and quotes twice.
        if form in text or form in text.replace("\\\\", "\\").replace('\\"', '"')
    ]
    assert leaks == []
