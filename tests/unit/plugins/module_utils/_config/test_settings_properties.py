# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any mix of sources gives settings or an error of kind configuration, nothing else, ever."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import CommandClient
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    OPTIONS,
    OPTIONS_BY_NAME,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from tests.unit.support import ASSERTION, CLIENT_SECRET, PASSWORD, TOKEN, holds_secret, sentences

LIKELY: dict[str, list[Any]] = {
    "host": ["a.example.com", "https://a.example.com:8443/API", "http://a.example.com", "::1", "@"],
    "port": [443, "8443", 0, "x"],
    "api_path": ["/KeyfactorAPI/", "a/../b", "/"],
    "auth_type": ["auto", "basic", "oauth", "token", "kerberos", "certificate"],
    "username": ["svc", "KEYEXAMPLE\\svc", "svc@keyexample.com", "a:b"],
    "password": [PASSWORD],
    "domain": ["KEYEXAMPLE"],
    "client_id": ["kf-client"],
    "client_secret": [CLIENT_SECRET],
    "client_assertion": [ASSERTION],
    "client_assertion_file": ["/dev/null", "/nonexistent/token", ASSERTION],
    "token_url": ["https://id.example.com/token", "http://id.example.com/token"],
    "access_token": [TOKEN],
    "kerberos_realm": ["KEYEXAMPLE.COM", "keyexample.com", "KEY EXAMPLE"],
    "kerberos_keytab": ["/dev/null", "/nonexistent/keytab"],
    "kerberos_ccache": ["FILE:/nonexistent/ticket", "MEMORY:ticket", "/dev/null"],
    "kerberos_config": ["/dev/null", "/nonexistent/krb5.conf"],
    "kerberos_spn": ["HTTP/a.example.com", "HTTP"],
    "validate_certs": [True, "no"],
    "allow_http": [True, "false"],
    "timeout": ["60", "60s", 0],
    "api_version": ["auto", "1", 2],
}
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
RUBBISH = SCALAR | st.lists(SCALAR, max_size=2) | st.dictionaries(TEXT, SCALAR, max_size=2)
# What the operating system lets into an environment: no NUL, but bytes that are not UTF-8.
SURROGATES = st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF)
VARIABLE = st.text(
    st.characters(min_codepoint=1, exclude_categories=["Cs"]) | SURROGATES, max_size=8
)
FILES = ("config_file", "config_profile")


def likely(name: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(LIKELY.get(name, ["a"]))


def mix(names: dict[str, str], rubbish: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Some of the names with likely values, fewer with rubbish. Names lead to options."""
    some = {each: likely(option) | likely(option) | rubbish for each, option in names.items()}
    return st.fixed_dictionaries({}, optional=some)


PARAMS = mix({each.name: each.name for each in OPTIONS if each.name not in FILES}, RUBBISH)
VARIABLES = {
    variable: each.name
    for each in OPTIONS
    for variable in each.environment_variables
    if each.name not in FILES
}
ENVIRON = mix(VARIABLES, VARIABLE).map(lambda found: {k: str(v) for k, v in found.items()})
ENTRIES = mix({key: each.name for each in OPTIONS for key in each.config_keys}, RUBBISH)


def outcome(params: Any, environ: Any) -> ConnectionSettings | CommandError:
    try:
        found = resolve(params, environ)
        CommandClient(found)
    except CommandError as error:
        assert error.kind == "configuration"
        assert sentences(error.message) <= 2, error.message
        # Letters that Python does not know yet are the user's own; controls are nobody's.
        assert not {unicodedata.category(each) for each in error.message} & {"Cc", "Cs", "Zl", "Zp"}
        assert holds_secret(error.as_result()) == []
        return error
    assert isinstance(found, ConnectionSettings)
    assert holds_secret([dict(found.effective), repr(found)]) == []
    assert all(set(each) == {"value", "source"} for each in found.effective.values())
    assert set(found.effective) <= set(OPTIONS_BY_NAME)
    assert found.timeout > 0
    assert found.url.startswith("https://") or found.allow_http
    return found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("profiles") / "config"
    path.touch(0o600)
    return path


# A connection loads the system's certificates each time.
@settings(max_examples=100)
@given(
    params=PARAMS, environ=ENVIRON, entries=ENTRIES, form=st.sampled_from([json.dumps, yaml.dump])
)
def test_any_mix(file: Path, params: Any, environ: Any, entries: Any, form: Any) -> None:
    content = form({"servers": {"default": entries}})
    file.write_text(content, encoding="utf-8", errors="surrogatepass")
    outcome({**params, "config_file": str(file)}, environ)


@given(content=st.binary() | TEXT.map(str.encode), profile=st.none() | TEXT)
def test_any_content_of_the_config_file(file: Path, content: bytes, profile: str | None) -> None:
    file.write_bytes(content)
    params = {"host": "a.example.com", "access_token": TOKEN, "config_file": str(file)}
    outcome({**params, "config_profile": profile}, {})


@given(path=st.text(max_size=10), profile=st.text(max_size=10))
def test_any_name_of_the_config_file(path: str, profile: str) -> None:
    params = {"host": "a.example.com", "access_token": TOKEN}
    found = outcome({**params, "config_file": f"/nowhere/{path}", "config_profile": profile}, {})
    assert isinstance(found, CommandError)


@settings(max_examples=60)
@given(
    name=st.sampled_from(["ca_cert", "client_cert", "client_key", "host", "token_url", "username"]),
    value=st.text(max_size=10) | st.text(max_size=10).map("-----BEGIN {}".format),
)
def test_any_text_in_one_option(name: str, value: str) -> None:
    oauth = {
        "client_id": "a",
        "client_secret": CLIENT_SECRET,
        "token_url": "https://a.example.com/",
    }
    params = {"host": "a.example.com", "access_token": TOKEN}
    if name in ("username", "token_url"):
        params = {
            "host": "a.example.com",
            **({"password": PASSWORD} if name == "username" else oauth),
        }
    outcome({**params, name: value}, {})
