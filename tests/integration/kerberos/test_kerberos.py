# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kerberos with a KDC and a web server, for every source of tickets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.ansible import MODES, PLAYBOOK, ROOT
from tests.integration.support.kerberos import PASSWORD, PRINCIPAL, REALM, TOKEN, USER, connection
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.support.ansible import Ansible, Outcome
    from tests.integration.support.kerberos import Site

PAGE = Page(ROOT / "docs" / "connecting.md")
READ = "Read the SMTP profile"


def read_play(options: dict[str, Any], **keywords: Any) -> list[dict[str, Any]]:
    task = {"name": READ, "keyfactor.command.keyfactor_smtp_info": options, **keywords}
    return [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]


def successful_result(outcome: Outcome) -> dict[str, Any]:
    """Return the result, after asserting that the read succeeded and showed no secret."""
    assert outcome.status == 0, outcome.output
    assert PASSWORD not in outcome.output + str(outcome.results)
    assert TOKEN not in outcome.output + str(outcome.results)
    result = outcome.result("localhost", READ)
    assert result["smtp"]["host"] == "smtp.example.com"
    return result


@pytest.fixture
def cache(kerberos: Site, tmp_path: Path) -> Path:
    """A credential cache for this test only."""
    return kerberos.new_cache(tmp_path.name)


@pytest.mark.parametrize("extra_var", MODES.values(), ids=MODES)
@pytest.mark.parametrize(
    "account",
    [
        {"username": PRINCIPAL, "kerberos_keytab": "KEYTAB"},
        {"username": USER, "kerberos_keytab": "KEYTAB", "kerberos_spn": "HTTP/localhost"},
        {"username": USER, "kerberos_realm": REALM, "password": PASSWORD, "auth_type": "kerberos"},
        {"username": PRINCIPAL, "password": PASSWORD, "auth_type": "kerberos"},
        {"kerberos_ccache": "CACHE"},
        {"kerberos_ccache": "FILE:CACHE", "username": PRINCIPAL, "kerberos_spn": "HTTP@localhost"},
    ],
    ids=["keytab", "keytab-realm-of-config", "password-realm", "password", "cache", "file-cache"],
)
def test_gets_ticket(
    ansible: Ansible, kerberos: Site, cache: Path, account: dict[str, str], extra_var: str
) -> None:
    for name, value in account.items():
        value = value.replace("KEYTAB", str(kerberos.keytab)).replace("CACHE", str(cache))
        account = {**account, name: value}
    before = cache.read_bytes()
    missing_cache = ansible.directory / "no-cache"
    outcome = ansible.run(
        read_play(connection(kerberos, **account)),
        {},
        "-vvvv",
        "-e",
        extra_var,
        KRB5CCNAME=f"FILE:{missing_cache}",
    )
    settings = successful_result(outcome)["settings"]
    assert settings["auth_type"]["value"] == "kerberos"
    assert settings.get("password", {}).get("value") in (None, "set")
    # Neither the cache that was read nor the default cache changed.
    assert cache.read_bytes() == before
    assert not missing_cache.exists()


@pytest.mark.parametrize("extra_var", MODES.values(), ids=MODES)
def test_default_cache(ansible: Ansible, kerberos: Site, cache: Path, extra_var: str) -> None:
    before = cache.read_bytes()
    options = connection(kerberos, auth_type="kerberos")
    keywords = {"environment": {"KRB5CCNAME": f"FILE:{cache}"}}
    settings = successful_result(ansible.run(read_play(options, **keywords), {}, "-e", extra_var))[
        "settings"
    ]
    assert settings["auth_type"] == {"value": "kerberos", "source": "option auth_type"}
    assert cache.read_bytes() == before


def test_environment(ansible: Ansible, kerberos: Site) -> None:
    exported = {
        "KEYFACTOR_HOSTNAME": f"{kerberos.url}/KeyfactorAPI",
        "KEYFACTOR_ALLOW_HTTP": "true",
        "KEYFACTOR_AUTH_KRB_USERNAME": USER,
        "KEYFACTOR_AUTH_KRB_PASSWORD": PASSWORD,
        "KEYFACTOR_AUTH_KRB_REALM": REALM,
        "KEYFACTOR_AUTH_KRB_CONFIG": str(kerberos.config),
        "KEYFACTOR_AUTH_KRB_SPN": "HTTP/localhost",
    }
    settings = successful_result(ansible.run(read_play({}), {}, **exported))["settings"]
    source = "environment variable KEYFACTOR_AUTH_KRB_"
    assert settings["username"] == {"value": USER, "source": f"{source}USERNAME"}
    assert settings["password"] == {"value": "set", "source": f"{source}PASSWORD"}
    assert settings["kerberos_spn"] == {"value": "HTTP/localhost", "source": f"{source}SPN"}
    del exported["KEYFACTOR_AUTH_KRB_PASSWORD"]
    exported["KEYFACTOR_AUTH_KRB_KEYTAB"] = str(kerberos.keytab)
    settings = successful_result(ansible.run(read_play({}), {}, **exported))["settings"]
    assert settings["kerberos_keytab"]["source"] == f"{source}KEYTAB"
    for name in ("USERNAME", "KEYTAB"):
        del exported[f"KEYFACTOR_AUTH_KRB_{name}"]
    cache = kerberos.new_cache("environment")
    exported["KEYFACTOR_AUTH_KRB_CCACHE"] = str(cache)
    settings = successful_result(ansible.run(read_play({}), {}, **exported))["settings"]
    assert settings["kerberos_ccache"] == {"value": str(cache), "source": f"{source}CCACHE"}


def test_config_file_and_role(ansible: Ansible, kerberos: Site) -> None:
    profile = {**connection(kerberos), "auth_type": "kerberos", "username": PRINCIPAL}
    profile["kerberos_keytab"] = str(kerberos.keytab)
    file = ansible.write("command_config.json", json.dumps({"servers": {"site": profile}}))
    file.chmod(0o600)
    options = {"config_file": str(file), "config_profile": "site"}
    successful_result(ansible.run(read_play(options), {}))
    variables = {
        "verify_smtp_connection": options,
        "verify_smtp_expected": {"host": "smtp.example.com"},
    }
    outcome = ansible.run(PLAYBOOK, {"all": {"hosts": {"site": variables}}})
    assert outcome.status == 0, outcome.output


@pytest.mark.parametrize("name", ["Older", "Busy"])
def test_each_request_has_its_own_token(ansible: Ansible, kerberos: Site, name: str) -> None:
    options = connection(kerberos, name, username=PRINCIPAL, kerberos_keytab=str(kerberos.keytab))
    successful_result(ansible.run(read_play({**options, "retries": 2}), {}))


@pytest.mark.parametrize(
    "name", ["kerberos-keytab.yml", "kerberos-cache.yml", "kerberos-password.yml"]
)
def test_example_of_documentation(ansible: Ansible, kerberos: Site, cache: Path, name: str) -> None:
    text = PAGE.files[name]
    for old, new in (
        ("host: command.example.com", f"host: {kerberos.url}\n        allow_http: true"),
        ("        ca_cert: /etc/pki/example-ca.pem\n", ""),
        ("/etc/keyfactor/svc-ansible.keytab", str(kerberos.keytab)),
    ):
        text = text.replace(old, new)
    outcome = ansible.run(
        text,
        {},
        COMMAND_PASSWORD=PASSWORD,
        KRB5CCNAME=f"FILE:{cache}",
        KRB5_CONFIG=str(kerberos.config),
    )
    successful_result(outcome)
