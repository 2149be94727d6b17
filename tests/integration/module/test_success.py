# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results of the module in a play: the same profile for all API versions and spellings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Fault, SmtpProfile
from tests.integration.support.ansible import MODES
from tests.integration.support.cases import PASSWORD, TOKEN, USER, connection

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible, Outcome

OAUTH = SmtpProfile(
    relay_authentication_type=3,
    client_id="mail-client",
    token_endpoint="https://login.example.com/token",
    scope="mail.send",
    audience="https://mail.example.com",
    request_headers={"X-Tenant": "emulated-header-value"},
    unknown_members={"RetryCount": 3},
)
SERVERS: dict[str, dict[str, Any]] = {
    "v1": {"release": "11.5"},
    "v1-camel": {"release": "24.4", "camel_case": True, "product_version": None},
    "v2": {"release": "25.1"},
    "ignores-version": {"release": "24.4", "ignores_version_header": True},
    "pam": {
        "release": "25.1",
        "profile": SmtpProfile(relay_username=None, relay_username_in_pam=True),
    },
    "oauth": {"release": "25.3", "profile": OAUTH},
    "nulls": {"release": "25.1", "reply": {"Host": None, "Port": None, "UseSSL": None}},
    "recovers": {"release": "25.1"},
    "iis": {"server": "iis", "release": "25.4"},
    "envoy": {"server": "envoy", "release": "24.4"},
    "newer": {"release": "25.4", "headers": {"Api-Supported-Versions": "1.0, 2, 3"}},
}
READ, SHOW = "Read", "Show the facts"
TASKS = [
    {
        "name": READ,
        "keyfactor.command.keyfactor_smtp_info": {
            name: "{{ call." + name + " }}"
            for name in ("host", "username", "password", "ca_cert", "timeout", "retries")
        },
        "delegate_to": "localhost",
    },
    {"name": SHOW, "ansible.builtin.debug": {"msg": "{{ ansible_facts.keyfactor_smtp }}"}},
]
PLAY = [{"hosts": "all", "gather_facts": False, "tasks": TASKS}]


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[str, Command]:
    return {
        name: emulator.command(name=name, users={USER: PASSWORD}, **options)
        for name, options in SERVERS.items()
    }


def inventory(emulator: Emulator, servers: dict[str, Command]) -> dict[str, Any]:
    calls = {
        name: {**connection(emulator, server), "host": server.api_url}
        for name, server in servers.items()
    }
    calls["recovers"]["retries"] = 1
    return {"all": {"hosts": {name: {"call": call} for name, call in calls.items()}}}


@pytest.fixture(scope="module")
def outcomes(
    shared_ansible: Ansible, emulator: Emulator, servers: dict[str, Command]
) -> dict[str, Outcome]:
    result = {}
    for mode, extra_var in MODES.items():
        servers["recovers"].faults = [Fault.status(503, times=1)]
        hosts = inventory(emulator, servers)
        result[mode] = shared_ansible.run(PLAY, hosts, "-vvv", "-e", extra_var)
    return result


@pytest.fixture(params=MODES)
def outcome(outcomes: dict[str, Outcome], request: pytest.FixtureRequest) -> Outcome:
    return outcomes[request.param]


@pytest.mark.parametrize("name", SERVERS)
def test_both_modes_return_the_same(
    outcomes: dict[str, Outcome], servers: dict[str, Command], name: str
) -> None:
    results = [outcome.result(name, READ) for outcome in outcomes.values()]
    # Each response has its own.
    identifiers = [result.pop("correlation_id") for result in results]
    assert results[0] == results[1]
    replies = [request.reply_headers for request in servers[name].requests if request.status == 200]
    assert identifiers == [headers.get("X-Keyfactor-Correlation-Id") for headers in replies]
    assert all(identifiers) == (name in ("iis", "envoy"))


@pytest.mark.parametrize("name", SERVERS)
def test_facts_equal_result_and_belong_to_environment(outcome: Outcome, name: str) -> None:
    result = outcome.result(name, READ)
    assert result["smtp"] == result["ansible_facts"]["keyfactor_smtp"]
    assert outcome.result(name, SHOW)["msg"] == result["smtp"]
    assert result["changed"] is False
    assert result["tls_verified"] is True


@pytest.mark.parametrize(
    ("name", "version", "product"),
    [
        ("v1", 1, "11.5.0.0"),
        ("v1-camel", 1, None),
        ("v2", 2, "25.1.0.0"),
        ("ignores-version", 1, "24.4.0.0"),
        ("iis", 2, "25.4.1+dc0db2c8af1b4e5d96a7f3b20c81e94d75a6b3f0"),
        ("envoy", 1, "24.4.0.0"),
    ],
)
def test_api_and_product_version(
    outcome: Outcome, servers: dict[str, Command], name: str, version: int, product: str | None
) -> None:
    result = outcome.result(name, READ)
    assert (result["api_version"], result["product_version"]) == (version, product)
    assert result["url"] == f"{servers[name].api_url}/SMTP"
    assert result["smtp"] == {
        "id": 1,
        "host": "smtp.example.com",
        "port": 587,
        "use_ssl": True,
        "relay_authentication_type": 2,
        "relay_authentication": "basic",
        "relay_username": "KEYEXAMPLE\\svc-smtp",
        "relay_username_source": "plain",
        "sender_account": "keyfactor@keyexample.com",
        "sender_name": "Keyfactor Command",
        "sender_address": "keyfactor@keyexample.com" if name == "v1" else None,
        "client_id": None,
        "token_endpoint": None,
        "scope": None,
        "audience": None,
        "request_headers": ["X-Relay-Key"] if name == "iis" else None,
    }


def test_newer_version_of_the_api_is_one_warning(outcome: Outcome) -> None:
    warned = {name: outcome.result(name, READ).get("warnings") for name in SERVERS}
    (warning,) = warned.pop("newer")
    assert "offers version 3 of the API" in warning
    assert "knows versions 1 and 2, and used 2." in warning
    assert not any(warned.values()), warned


def test_requests_on_the_wire(outcome: Outcome, servers: dict[str, Command]) -> None:
    assert outcome.status == 0, outcome.output
    requests = [
        (request.method, request.path, request.headers["x-keyfactor-api-version"], request.status)
        for request in servers["v1"].requests
    ]
    assert requests[:2] == [
        ("GET", "/KeyfactorAPI/SMTP", "2", 404),
        ("GET", "/KeyfactorAPI/SMTP", "1", 200),
    ]
    request = servers["v2"].requests[0]
    assert request.headers["x-keyfactor-requested-with"] == "APIClient"
    assert request.headers["user-agent"].startswith("keyfactor.command/")
    assert [request.status for request in servers["recovers"].requests] == [503, 200] * len(MODES)


def test_pam_and_oauth_members(outcome: Outcome) -> None:
    pam = outcome.result("pam", READ)["smtp"]
    assert (pam["relay_username"], pam["relay_username_source"]) == (None, "pam")
    result = outcome.result("oauth", READ)
    assert result["smtp"]["relay_authentication"] == "oauth"
    assert result["smtp"]["client_id"] == "mail-client"
    assert result["smtp"]["request_headers"] == ["X-Tenant"]
    assert result["unknown_members"] == ["RetryCount"]


def test_nulls_and_missing_members_are_null(outcome: Outcome) -> None:
    profile = dict(outcome.result("nulls", READ)["smtp"])
    assert profile.pop("relay_authentication") == "unknown"
    assert profile.pop("relay_username_source") == "none"
    assert len(profile) == 14
    assert set(profile.values()) == {None}


@pytest.mark.parametrize(
    "secret",
    [
        PASSWORD,
        "emulated-relay-password",
        "emulated-client-secret",
        "emulated-header-value",
    ],
)
def test_shows_no_secret(outcome: Outcome, secret: str) -> None:
    assert secret not in outcome.output
    assert secret not in str(outcome.results)


def test_check_and_diff_mode_return_the_same_profile(
    ansible: Ansible, emulator: Emulator, outcome: Outcome, servers: dict[str, Command]
) -> None:
    hosts = inventory(emulator, {name: servers[name] for name in ("v2", "recovers")})
    checked = ansible.run(PLAY, hosts, "--check", "--diff", "--limit", "v2")
    assert checked.result("v2", READ)["smtp"] == outcome.result("v2", READ)["smtp"]
    assert checked.status == 0


@pytest.mark.parametrize("extra_var", MODES.values(), ids=MODES)
def test_module_defaults_of_the_action_group(
    ansible: Ansible, emulator: Emulator, extra_var: str
) -> None:
    server = emulator.command(release="25.1", tokens={TOKEN})
    defaults = {"host": server.url, "access_token": TOKEN, "ca_cert": emulator.ca_cert.read_text()}
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/keyfactor.command.command": defaults},
        "tasks": [{"name": READ, "keyfactor.command.keyfactor_smtp_info": None}],
    }
    result = ansible.run([play], {}, "-e", extra_var).result("localhost", READ)
    assert result["smtp"]["host"] == "smtp.example.com"
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        ({"hots": "x"}, "Unsupported parameters"),
        ({"port": "many"}, "unable to convert to int"),
        ({"api_version": 3}, "value of api_version must be one of: auto, 1, 2"),
    ],
)
def test_argument_spec_fails_with_message_of_ansible(
    ansible: Ansible, options: dict[str, Any], fragment: str
) -> None:
    task = {"name": READ, "keyfactor.command.keyfactor_smtp_info": options}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [task]}
    in_place, shipped = (ansible.run([play], {}, "-e", extra_var) for extra_var in MODES.values())
    assert fragment in in_place.failure_message("localhost")
    assert "error" not in in_place.result("localhost", READ)
    assert in_place.result("localhost", READ) == shipped.result("localhost", READ)
