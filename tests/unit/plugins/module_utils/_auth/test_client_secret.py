# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways to send a client's secret, and what to check if neither is accepted."""

from __future__ import annotations

import json

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._auth.client_secret import (
    ClientSecret,
)
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from tests.unit.support import basic


class Provider:
    """Answers with these errors, one after the other, None for success. Records the requests."""

    def __init__(self, *errors: str | None) -> None:
        self.errors = list(errors)
        self.requests: list[tuple[dict[str, str], dict[str, str]]] = []

    def __call__(self, headers: dict[str, str], form: dict[str, str]) -> Response:
        self.requests.append((headers, form))
        error = self.errors.pop(0)
        status, body = (400, {"error": error}) if error else (200, {})
        return Response("https://id.example.com/token", status, {}, json.dumps(body).encode())


HEADER = ({"Authorization": basic("a%3Ab", "s+%25")}, {})
FORM = ({}, {"client_id": "a:b", "client_secret": "s %"})


@pytest.mark.parametrize(
    ("errors", "requests", "error"),
    [
        ((None,), [HEADER], None),
        (("invalid_client", None), [HEADER, FORM], None),
        (("invalid_client", "invalid_request"), [HEADER, FORM], "invalid_client"),
        (("invalid_request", "invalid_client"), [HEADER, FORM], "invalid_client"),
        (("invalid_scope",), [HEADER], "invalid_scope"),
    ],
)
def test_header_first_then_form(
    errors: tuple[str | None, ...], requests: list[object], error: str | None
) -> None:
    provider = Provider(*errors)
    response = ClientSecret("a:b", "s %").authenticate(provider)
    assert provider.requests == requests
    assert response.json_members().get("error") == error


def test_forms_of_the_secret() -> None:
    assert ClientSecret("a:b", "s %").secrets == ("s %", "a:b:s %", "a%3Ab:s+%25")


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        ("invalid_client", "Check client_id and client_secret"),
        ("invalid_target", "Check audience"),
        ("invalid_request", "Check client_id, client_secret, scopes and audience"),
    ],
)
def test_hints(error: str, hint: str) -> None:
    assert ClientSecret("a", "b").hint(error) == hint
