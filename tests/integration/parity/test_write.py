# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""keyfactor_smtp does the same in place and shipped: requests, results, and what they show."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Fault, Hidden, SmtpProfile
from tests.integration.support.parity import (
    TOKEN,
    RunPair,
    connection_options,
    options_from,
    play,
    run_both,
)

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

PASSWORD, HEADER = "parity-relay-password-2c8e", "parity-header-value-91fa"
MISSPELT = "parity-misspelt-secret-77d0"
PROFILE = SmtpProfile(client_secret=None, request_headers={})
CHANGE = {"port": 25, "relay_password": PASSWORD}
OAUTH = SmtpProfile(
    relay_authentication_type=3,
    client_id="relay",
    token_endpoint="https://id.example.com/token",
    client_secret_pam={"provider": 1, "parameters": {"SecretId": "a"}},
)
HEADERS = [{"name": "X-Relay-Key", "value": HEADER}]
# The settings to set, options of the server, and further options of the module.
CASES: dict[str, tuple[object, dict[str, Any], dict[str, Any]]] = {
    "change": (CHANGE, {}, {}),
    "version 1": (CHANGE, {"release": "11.0"}, {}),
    "nothing": ({"port": 587}, {}, {}),
    "numbers as text": ({"port": "25", "use_ssl": "no", "relay_password": PASSWORD}, {}, {}),
    "oauth": ({"scope": "a", "request_headers": HEADERS}, {"profile": OAUTH}, {}),
    "always": ({"relay_password": PASSWORD}, {}, {"update_secrets": "always"}),
    "mail": (CHANGE, {}, {"test_recipient": "pki@example.com"}),
    "no mail": (CHANGE, {"delivery_error": f"550 {PASSWORD}"}, {"test_recipient": "a@b.c"}),
    "lost": ({"port": 25}, {}, {}),
    "lost reply": (CHANGE, {"faults": [Fault.drop_reply().on("PUT")]}, {}),
    "dropped": (CHANGE, {"faults": [Fault.drop().on("PUT")]}, {}),
    "kept": (CHANGE, {"keeps": {"port": 2525}}, {}),
    "reader": (CHANGE, {"writers": []}, {}),
    "bad values": ({"port": 0, "sender_account": "a"}, {}, {}),
    "misspelt": ({"relay_pasword": MISSPELT}, {}, {}),
    "misspelt header": ({"request_headers": [{"name": "a", "valeu": MISSPELT}]}, {}, {}),
    "wrong type": ({"port": "many", "relay_password": {"a": MISSPELT}}, {}, {}),
    "text": (f"relay_password={MISSPELT}", {}, {}),
    "list": ([MISSPELT], {}, {}),
    "header as text": ({"request_headers": [f"X-A: {MISSPELT}"]}, {}, {}),
    "no blank": ({f"relay_password:{MISSPELT}": None}, {}, {}),
    "url with password": ({"token_endpoint": f"https://a:{MISSPELT}@id.example.com/"}, {}, {}),
    "both": (
        {
            "relay_password": PASSWORD,
            "relay_password_pam": {"provider": 1, "parameters": {"a": "b"}},
        },
        {},
        {},
    ),
}
FAILING = [*CASES][7:9] + [*CASES][10:]
CORE_REDACTS = find_spec("ansible.module_utils.secrets") is not None
SHORT_SECRETS = {"short": "25", "word": "smtp"}
if not CORE_REDACTS:
    # Otherwise, they are masked in the results of all hosts that follow.
    CASES |= {
        case: ({"port": 25, "relay_password": secret}, {}, {})
        for case, secret in SHORT_SECRETS.items()
    }
TASKS = {"Check": {"check_mode": True, "diff": True}, "Set": {}, "Again": {}}


@pytest.fixture(scope="module")
def runs(shared_ansible: Ansible, emulator: Emulator) -> RunPair:
    servers, hosts = {}, {}
    for name, (profile, options, more) in CASES.items():
        given = {"release": "25.4", "profile": PROFILE, "hidden": Hidden.NULL, **options}
        servers[name] = emulator.command(name=name, tokens={TOKEN}, **given)
        call = connection_options(emulator, servers[name])
        hosts[name] = {"call": call, "wanted": profile, "more": more, "ansible_connection": "local"}
    tasks = [
        {
            "name": task,
            "keyfactor.command.keyfactor_smtp": {
                "profile": "{{ wanted }}",
                "update_secrets": "{{ more.update_secrets | default(omit) }}",
                "test_recipient": "{{ more.test_recipient | default(omit) }}",
            },
            "ignore_errors": True,
            **keywords,
        }
        for task, keywords in TASKS.items()
    ]
    options = ("-vvvv", "--forks", "4")
    defaults = {"group/keyfactor.command.command": options_from("call")}
    plays = [play("all", tasks, module_defaults=defaults)]
    return run_both(shared_ansible, plays, {"all": {"hosts": hosts}}, servers, *options)


@pytest.mark.parametrize("task", TASKS)
def test_results_are_the_same(runs: RunPair, task: str) -> None:
    results = runs.results(task)
    assert results.keys() == CASES.keys()


@pytest.mark.parametrize("case", CASES)
def test_requests_are_the_same(runs: RunPair, case: str) -> None:
    runs.requests(case)


def test_what_is_changed(runs: RunPair) -> None:
    checked, done, again = (runs.results(task) for task in TASKS)
    for case in CASES:
        assert done[case]["status"] == ("ignored" if case in FAILING else "ok"), done[case]
    assert done["change"]["changed_settings"] == ["port"]
    assert checked["change"]["changed"] is done["change"]["changed"] is True
    assert again["change"]["changed"] is checked["nothing"]["changed"] is False
    assert again["always"]["changed"] is True
    assert "port: 25" in checked["change"]["diff"]["after"]
    methods = [request[0] for request in runs.requests("change")]
    assert methods == ["GET", "GET", "PUT", "GET", "GET"]
    assert [request[0] for request in runs.requests("lost")] == ["GET"] * 3
    assert done["lost reply"]["written"] is True
    assert done["no mail"]["error"]["kind"] == "delivery"
    assert done["kept"]["error"]["kind"] == "conflict"


@pytest.mark.skipif(CORE_REDACTS, reason="this ansible-core masks all of the output itself")
def test_short_secrets_mask_nothing_else(runs: RunPair) -> None:
    checked, done, _again = (runs.results(task) for task in TASKS)
    for case in SHORT_SECRETS:
        assert "port: 25" in checked[case]["diff"]["after"]
        assert '"smtp.example.com"' in checked[case]["diff"]["after"]
        assert done[case]["smtp"]["port"] == 25
        for name in ("api_version", "url", "settings", "changed_settings"):
            assert "****" not in str(done[case][name])
        profile = done[case]["invocation"]["module_args"]["profile"]
        assert profile["relay_password"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD, HEADER, MISSPELT])
def test_no_secret_is_shown(runs: RunPair, secret: str) -> None:
    for outcome in runs.outcomes.values():
        assert secret not in outcome.output
        assert secret not in str(outcome.results)
