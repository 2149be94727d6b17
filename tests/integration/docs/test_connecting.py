# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to connections: each of its examples, run against emulated servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc.jwk import RSAKey

from tests.emulator import Tls
from tests.integration.support.ansible import MODES, PLAYBOOK, ROOT
from tests.integration.support.pages import Page
from tests.support.oauth_provider import OAuthProvider

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator, IdentityProvider
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "connecting.md")
PASSWORD = "connecting-password-4711"
SECRET = "connecting-client-secret-4711"
TOKEN = "connecting-token-4711"
SECRETS = {
    "COMMAND_PASSWORD": PASSWORD,
    "COMMAND_CLIENT_SECRET": SECRET,
    "COMMAND_TOKEN": TOKEN,
}
READ = "Read the SMTP profile"


@pytest.fixture(scope="module")
def identity(emulator: Emulator) -> IdentityProvider:
    return emulator.identity(
        clients={"ansible": SECRET}, audience="keyfactor-command", scopes={"keyfactor.read"}
    )


@pytest.fixture(scope="module")
def server(emulator: Emulator, identity: IdentityProvider) -> Command:
    users = {
        "KEYEXAMPLE\\svc-ansible": PASSWORD,
        "svc-ansible@keyexample.com": PASSWORD,
    }
    return emulator.command(release="25.1", users=users, tokens={TOKEN}, identity=identity)


def with_emulator_addresses(
    text: str, emulator: Emulator, server: Command, identity: IdentityProvider | OAuthProvider
) -> str:
    """Return an example with the addresses and files of the emulator."""
    cert, key = emulator.client_certificate("ansible")
    for old, new in (
        ("https://command.staging.example.com:8443/Keyfactor/API", f"{server.url}/KeyfactorAPI"),
        ("https://login.example.com/oauth2/token", identity.token_url),
        ("command.example.com", f"localhost:{server.port}"),
        ("/etc/pki/example-ca.pem", str(emulator.ca_cert)),
        ("/etc/pki/ansible.pem", str(cert)),
        ("/etc/pki/ansible.key", str(key)),
    ):
        text = text.replace(old, new)
    assert "example.com:" not in text
    return text


@pytest.mark.parametrize("extra_var", MODES.values(), ids=MODES)
@pytest.mark.parametrize("name", ["basic.yml", "oauth.yml", "token.yml", "trust.yml"])
def test_example(
    ansible: Ansible,
    emulator: Emulator,
    server: Command,
    identity: IdentityProvider,
    name: str,
    extra_var: str,
) -> None:
    play = with_emulator_addresses(PAGE.files[name], emulator, server, identity)
    outcome = ansible.run(play, {}, "-e", extra_var, **SECRETS)
    assert outcome.status == 0, outcome.output
    assert outcome.result("localhost", READ)["smtp"]["host"] == "smtp.example.com"


@pytest.mark.parametrize("extra_var", MODES.values(), ids=MODES)
def test_client_assertion(ansible: Ansible, emulator: Emulator, extra_var: str) -> None:
    """Both examples, with an identity provider that verifies the token with Authlib."""
    key = RSAKey.generate_key(2048)
    provider = emulator.serve(lambda context: OAuthProvider(context, {"ansible": key}))
    server = emulator.command(release="25.1", identity=provider)
    token = str(private_key_jwt_sign(key, "ansible", provider.token_url))
    file = ansible.write("token", f"{token}\n")
    plays = "".join(PAGE.files[name] for name in ("assertion.yml", "assertion-file.yml"))
    plays = with_emulator_addresses(plays, emulator, server, provider)
    plays = plays.replace("/var/run/secrets/tokens/command", str(file))
    outcome = ansible.run(plays, {}, "-vvvv", "-e", extra_var, COMMAND_ID_TOKEN=token)
    assert outcome.status == 0, outcome.output
    # Each play has its own access token.
    assert list(provider.issued.values()) == ["ansible"] * 2
    assert [request.status for request in server.requests] == [200] * 2
    result = outcome.result("localhost", READ)
    assert result["settings"]["client_assertion_file"]["value"] == str(file)
    for part in (token, token.rpartition(".")[2]):
        assert part not in outcome.output + str(outcome.results)


def test_client_certificate_with_and_without_user(
    ansible: Ansible, emulator: Emulator, identity: IdentityProvider
) -> None:
    server = emulator.command(
        release="25.1", users={"KEYEXAMPLE\\svc-ansible": PASSWORD}, tls=Tls.CLIENT_CERTIFICATE
    )
    play = with_emulator_addresses(PAGE.files["certificate.yml"], emulator, server, identity)
    outcome = ansible.run(play, {}, **SECRETS)
    assert outcome.status == 0, outcome.output
    (request,) = server.requests
    assert request.headers["authorization"].startswith("Basic ")
    without_user = "\n".join(
        line for line in play.splitlines() if "username:" not in line and "password:" not in line
    )
    assert (
        ansible.run(without_user, {}).result("localhost", READ)["error"]["kind"] == "authentication"
    )
    server = emulator.command(release="25.1", tls=Tls.CLIENT_CERTIFICATE)
    play = with_emulator_addresses(
        PAGE.files["certificate.yml"], emulator, server, identity
    ).replace("        username: KEYEXAMPLE\\svc-ansible\n", "")
    play = "\n".join(line for line in play.splitlines() if "password:" not in line)
    outcome = ansible.run(play, {})
    assert outcome.status == 0, outcome.output


def test_environment_and_settings(
    ansible: Ansible, emulator: Emulator, server: Command, identity: IdentityProvider
) -> None:
    variables = {
        name: with_emulator_addresses(value, emulator, server, identity)
        for name, value in PAGE.exports("environment.sh").items()
    }
    variables["KEYFACTOR_PASSWORD"] = PASSWORD
    outcome = ansible.run(PAGE.files["settings.yml"], {}, **variables)
    assert outcome.status == 0, outcome.output
    settings = outcome.result("localhost", READ)["settings"]
    assert settings["username"] == {
        "value": "svc-ansible",
        "source": "environment variable KEYFACTOR_USERNAME",
    }
    assert settings["password"]["value"] == "set"
    assert settings["timeout"] == {"value": 60.0, "source": "default"}
    message = outcome.result("localhost", "Show the source of each option")
    assert message["read.settings"] == settings


def test_config_file(
    ansible: Ansible, emulator: Emulator, server: Command, identity: IdentityProvider
) -> None:
    profiles = with_emulator_addresses(PAGE.only("json"), emulator, server, identity)
    profiles = profiles.replace('"password": "..."', f'"password": "{PASSWORD}"')
    profiles = profiles.replace('"client_secret": "..."', f'"client_secret": "{SECRET}"')
    profiles = profiles.replace(
        '"client_id"', '"scopes": ["keyfactor.read"], "audience": "keyfactor-command", "client_id"'
    )
    file = ansible.write("command_config.json", profiles)
    file.chmod(0o600)
    inventory = PAGE.files["environments.yml"].replace(
        "/etc/keyfactor/command_config.json", str(file)
    )
    outcome = ansible.run(PLAYBOOK, inventory)
    assert outcome.status == 0, outcome.output
    assert "WARNING" not in outcome.output.replace("[WARNING]: No inventory", "")
    file.chmod(0o644)
    # Up to 2.18 Ansible wraps its warnings.
    output = " ".join(ansible.run(PLAYBOOK, inventory).output.split())
    assert "is open to other users (mode 0644)" in output


def test_every_example_is_tested() -> None:
    kerberos = {"kerberos-keytab.yml", "kerberos-cache.yml", "kerberos-password.yml"}
    assert set(PAGE.files) - kerberos == {
        "settings.yml",
        "environment.sh",
        "environments.yml",
        "basic.yml",
        "oauth.yml",
        "assertion.yml",
        "assertion-file.yml",
        "token.yml",
        "certificate.yml",
        "trust.yml",
    }
    # The two other blocks are a config file, and the commands to install Kerberos.
    assert len(PAGE.blocks) == len(PAGE.files) + 2
