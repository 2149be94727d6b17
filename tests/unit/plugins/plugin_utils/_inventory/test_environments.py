# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory shows of the profiles in a config file, and what never."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._config.config_file import (
    ConfigProfile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import resolve
from ansible_collections.keyfactor.command.plugins.module_utils._config.sources import (
    from_environment,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.plugin_utils._inventory.environments import (
    FACTS,
    Environment,
    check_variables,
    file_state,
    find_file,
    read_environments,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._inventory.selection import (
    InventoryError,
)
from tests.unit.strategies import JSON
from tests.unit.support import (
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    SECRETS,
    TOKEN,
    USER,
    holds_secret,
    refusal,
)

BASIC = {"host": "a.example.com", "username": USER, "password": PASSWORD}
OAUTH = {
    "host": "https://b.example.com:8443/Keyfactor/API/",
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "token_url": f"https://user:{PASSWORD}@login.example.com/token?key={TOKEN}",
    "skip_tls_verify": "true",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "command_config.json"


def write(path: Path, servers: object) -> ConfigProfile:
    path.write_text(json.dumps({"servers": servers}))
    path.chmod(0o600)
    return ConfigProfile(str(path), "default", None, None)


def read(path: Path, servers: Mapping[str, Any]) -> dict[str, Environment]:
    environments, warnings = read_environments(write(path, servers))
    assert warnings == []
    assert list(servers) == [each.name for each in environments]
    assert all(list(each.facts) == list(FACTS) for each in environments)
    assert not holds_secret([asdict(each) for each in environments])
    return {each.name: each for each in environments}


def test_facts(path: Path) -> None:
    found = read(path, {"one": BASIC, "two": OAUTH})
    assert found["one"].facts == {
        "command_profile": "one",
        "command_url": "https://a.example.com/KeyfactorAPI",
        "command_host": "a.example.com",
        "command_port": 443,
        "command_api_path": "KeyfactorAPI",
        "command_auth_type": "basic",
        "command_validate_certs": True,
    }
    assert found["two"].facts == {
        "command_profile": "two",
        "command_url": "https://b.example.com:8443/Keyfactor/API",
        "command_host": "b.example.com",
        "command_port": 8443,
        "command_api_path": "Keyfactor/API",
        "command_auth_type": "oauth",
        "command_validate_certs": False,
    }
    assert found["one"].problems == found["two"].problems == []


@pytest.mark.parametrize(
    ("entries", "auth_type"),
    [
        ({"host": "a"}, "unknown"),
        ({"host": "a", "access_token": TOKEN}, "token"),
        ({"host": "a", "client_cert": "/c.pem"}, "certificate"),
        ({"host": "a", "auth_type": "kerberos"}, "kerberos"),
        ({"host": "a", "kerberos_keytab": "/k", "username": "u"}, "kerberos"),
        ({**BASIC, "access_token": TOKEN, "auth_type": "token"}, "token"),
    ],
)
def test_ways_to_authenticate(path: Path, entries: dict[str, Any], auth_type: str) -> None:
    found = read(path, {"one": entries})["one"]
    assert (found.facts["command_auth_type"], found.problems) == (auth_type, [])


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([PASSWORD], "config profile one is not a mapping"),
        (PASSWORD, "config profile one is not a mapping"),
        (None, "config profile one is not a mapping"),
        ({}, "There is no host to connect to"),
        ({**BASIC, "host": f"https://svc:{TOKEN}@a.example.com"}, "must not carry a user"),
        ({**BASIC, "host": f"svc:{PASSWORD}@a.example.com"}, "host in config profile one"),
        ({**BASIC, "host": f"https://a.example.com/?token={TOKEN}"}, "must not have a part after"),
        ({**BASIC, "host": 5}, "host in config profile one"),
        ({**BASIC, "host": "{{ 7 * 7 }}"}, "is not a host's name or address"),
        ({**BASIC, "port": "https"}, "port in config profile one"),
        ({**BASIC, "api_path": "../admin"}, "api_path in config profile one"),
        ({**BASIC, "host": "https://a:1", "port": 2}, "Give the port once"),
        ({**BASIC, "password": 4711}, "password in config profile one"),
        ({**BASIC, "skip_tls_verify": "perhaps"}, "skip_tls_verify in config profile one"),
        ({**BASIC, "auth_type": "ntlm"}, "auth_type in config profile one"),
        ({**BASIC, "access_token": TOKEN}, "more than one kind"),
        ({"host": "a", "username": USER}, "incomplete"),
        ({**BASIC, "User_Name": USER}, "the keys username and User_Name"),
        (
            {**BASIC, "auth_provider": {"type": "azid", "parameters": {"vault_name": "v"}}},
            "its auth_provider says that it is kept in the Azure Key Vault v",
        ),
    ],
)
def test_a_profile_that_cannot_be_used_remains_and_says_why(
    path: Path, entries: object, problem: str
) -> None:
    found = read(path, {"one": entries, "two": BASIC})
    assert problem in " ".join(found["one"].problems)
    assert len(set(found["one"].problems)) == len(found["one"].problems)
    assert found["two"].problems == []
    # The module says the same when it comes to use the profile.
    params = {"config_file": str(path), "config_profile": "one"}
    with pytest.raises(CommandError) as caught:
        resolve(params, {}).credentials.convert()
    assert problem in caught.value.message


@given(
    st.dictionaries(
        st.sampled_from(["host", "port", "api_path", "auth_type", "skip_tls_verify", "token_url"]),
        JSON | st.text(alphabet="https:/@.#?[]{}aZ09 %"),
    )
)
def test_whatever_a_profile_holds_no_secret_comes_through(entries: dict[str, Any]) -> None:
    path = Path.home().parent / "any.json"
    secrets = {"username": USER, "password": PASSWORD, "client_secret": CLIENT_SECRET}
    found = read(path, {"one": {**entries, **secrets, "access_token": TOKEN}})["one"]
    for value in found.facts.values():
        assert not set("{}@\n") & set(str(value))


@given(st.sampled_from(SECRETS), st.sampled_from(["", "https://", "http://", "HTTPS://", "//"]))
def test_no_secret_of_a_url_comes_through(secret: str, scheme: str) -> None:
    path = Path.home().parent / "any.json"
    for host in (f"{scheme}svc:{secret}@a.example.com", f"{scheme}{secret}@a:1/x@y"):
        found = read(path, {"one": {"host": host}})["one"]
        assert found.facts["command_host"] == ""
        assert found.problems


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        ("{", "not valid JSON"),
        ("", "no mapping 'servers'"),
        ('{"servers": []}', "no mapping 'servers'"),
        (f"servers: {{one: [{PASSWORD}", "neither JSON nor YAML"),
    ],
)
def test_a_file_that_cannot_be_used(path: Path, content: str, phrase: str) -> None:
    path.write_text(content)
    chosen = ConfigProfile(str(path), "default", None, None)
    refusal(
        lambda: read_environments(chosen), f"The config file {path} cannot be used: it ", phrase
    )


def test_a_file_that_others_can_read_gets_a_warning(path: Path) -> None:
    chosen = write(path, {"one": BASIC})
    path.chmod(0o644)
    (warning,) = read_environments(chosen)[1]
    assert warning.startswith(
        f"The config file {path} is open to other users (mode 0644); close it"
    )


def test_which_file(tmp_path: Path) -> None:
    variable = {"KEYFACTOR_AUTH_CONFIG_FILE": "/etc/other.json"}
    found = find_file("files/a.json", "/inventory", variable)
    assert (found.path, found.path_origin) == ("/inventory/files/a.json", "option config_file")
    assert find_file("../a.json", "/inventory", {}).path == "/a.json"
    assert find_file("/a.json", "/inventory", variable).path == "/a.json"
    assert find_file("~/a.json", "/inventory", {}).path == str(tmp_path / "home/a.json")
    for unset in (None, "", " "):
        assert find_file(unset, "/inventory", variable).path == "/etc/other.json"
    usual = str(tmp_path / "home/.keyfactor/command_config.json")
    assert find_file(None, "/inventory", {"KEYFACTOR_AUTH_CONFIG_FILE": ""}).path == usual
    # As for the module, a relative path of the environment begins where the process is.
    relative = {"KEYFACTOR_AUTH_CONFIG_FILE": "a.json"}
    assert find_file(None, "/inventory", relative).path == os.path.abspath("a.json")
    refusal(lambda: find_file("a\0b", "/inventory", {}), "option config_file")


def test_default_files(tmp_path: Path) -> None:
    directory = tmp_path / "home/.keyfactor"
    directory.mkdir(parents=True)
    for suffix in ("yml", "yaml", "json"):
        path = directory / f"command_config.{suffix}"
        path.touch()
        assert find_file(None, "/inventory", {}).path == str(path)


def test_a_key_vault_in_place_of_the_file(tmp_path: Path) -> None:
    variables = {"KEYFACTOR_AUTH_PROVIDER": "azid", "AZURE_KEYVAULT_NAME": "keyexample-vault"}
    with pytest.raises(InventoryError, match=r"KEYFACTOR_AUTH_PROVIDER.* Vault keyexample-vault"):
        find_file(None, "/inventory", variables)
    assert find_file("/a.json", "/inventory", variables).path == "/a.json"


def test_a_profile_in_a_key_vault_shows_nothing(path: Path) -> None:
    found = read(path, {"one": {**BASIC, "auth_provider": {"type": "azid"}}})["one"]
    assert found.facts == {**FACTS, "command_profile": "one"}
    assert found.option_names == []


def test_blocks_for_one_tool_are_never_mixed_in(path: Path) -> None:
    found = read(path, {"one": {"Host": "a.example.com", "acme": {**OAUTH, "port": 1}}})["one"]
    assert (found.facts["command_host"], found.facts["command_port"]) == ("a.example.com", 443)
    assert found.facts["command_auth_type"] == "unknown"


def test_the_state_of_a_file_changes_with_it(path: Path) -> None:
    chosen = write(path, {"one": BASIC})
    state = file_state(chosen)
    assert file_state(chosen) == state
    path.chmod(0o644)
    assert file_state(chosen) != state
    write(path, {"one": BASIC, "two": BASIC})
    assert file_state(chosen) != state
    path.unlink()
    assert file_state(chosen) != state
    assert file_state(ConfigProfile("a\0b", "default", None, None))


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, ""),
        # Not in the profile, or not of it.
        ({"KEYFACTOR_CLIENT_TIMEOUT": "1m", "KEYFACTOR_AUTH_CONFIG_PROFILE": "x"}, ""),
        ({"KEYFACTOR_PASSWORD": PASSWORD}, "KEYFACTOR_PASSWORD"),
        # Credentials of another kind take the place of the profile's.
        ({"KEYFACTOR_AUTH_ACCESS_TOKEN": TOKEN}, "KEYFACTOR_AUTH_ACCESS_TOKEN"),
        ({"KEYFACTOR_AUTH_KRB_PASSWORD": PASSWORD}, "KEYFACTOR_AUTH_KRB_PASSWORD"),
        ({"KEYFACTOR_HOSTNAME": ""}, ""),
    ],
)
def test_variables_that_take_the_place_of_what_profiles_say(
    path: Path, variables: dict[str, str], named: str
) -> None:
    environments = list(read(path, {"one": BASIC}).values())
    warnings = check_variables(environments, from_environment(variables))
    warning = (
        f"Environment variables take the place of what every profile says: {named}. Unset them if "
        "each environment should be used as its profile says."
    )
    assert warnings == ([warning] if named else [])
    nothing = list(read(path, {"one": {"ca_cert_path": "/ca.pem"}}).values())
    assert check_variables(nothing, from_environment(variables)) == []


@pytest.mark.parametrize("variable", ["KEYFACTOR_HOSTNAME", "KEYFACTOR_ADDR"])
def test_a_variable_that_would_make_all_environments_one(path: Path, variable: str) -> None:
    environments = list(read(path, {"one": BASIC, "two": OAUTH}).values())
    with pytest.raises(InventoryError) as caught:
        check_variables(environments, from_environment({variable: "x.example.com"}))
    assert str(caught.value) == (
        f"{variable} in the environment takes the place of the host in every profile, so that all "
        "environments would be one and the same server. Unset it"
    )
