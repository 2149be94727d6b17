# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a server sends is a JSON object or a CommandError."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import CommandClient
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import resolve
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from tests.unit.strategies import JSON, PROFILES
from tests.unit.support import TOKEN, holds_secret, sentences

CLIENT = CommandClient(resolve({"host": "command.example.com", "access_token": TOKEN}, {}))
URL = "https://command.example.com/KeyfactorAPI/SMTP"
KINDS = {200: {"protocol"}, 401: {"authentication"}, 404: {"not_found"}, 429: {"rate_limited"}}


def read(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> object:
    """Return what a reply means, the error that it makes, or fail with anything else."""
    reply = Response(URL, status, headers or {}, body)
    try:
        return CLIENT.parse(reply)
    except CommandError as error:
        assert sentences(error.message) <= 2, error.message
        assert error.message.isprintable(), error.message
        assert (error.status, error.url) == (status, URL)
        assert holds_secret(error.as_result()) == []
        return error


@given(st.binary() | st.text().map(str.encode) | JSON.map(lambda each: json.dumps(each).encode()))
def test_any_bytes_are_an_object_or_a_protocol_error(body: bytes) -> None:
    found = read(body)
    assert isinstance(found, dict) or getattr(found, "kind", None) == "protocol"


@given(PROFILES)
def test_an_object_is_read_as_it_is(content: dict[str, Any]) -> None:
    assert read(json.dumps(content).encode()) == content


@given(
    st.integers(100, 999).filter(lambda status: status != 200),
    st.binary() | JSON.map(lambda each: json.dumps({"Message": each, "ErrorCode": each}).encode()),
    st.dictionaries(st.sampled_from(["Location", "WWW-Authenticate", "Content-Type"]), st.text()),
)
def test_any_other_status_is_an_error(status: int, body: bytes, headers: dict[str, str]) -> None:
    error = read(body, status, headers)
    assert isinstance(error, CommandError)
    assert error.kind in {*KINDS.get(status, {error.kind}), "tls"} - {"configuration"}
    assert status < 500 or error.kind == "server"


@pytest.mark.parametrize("depth", [10, 2000])
def test_deep_replies(depth: int) -> None:
    body = ('{"a":' * depth + "1" + "}" * depth).encode()
    found = read(body)
    assert isinstance(found, dict) or getattr(found, "kind", None) == "protocol"
