# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kerberos with GSSAPI played: what is asked of it, when, and what is done with its answers."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import CommandClient
from ansible_collections.keyfactor.command.plugins.module_utils._auth import kerberos
from ansible_collections.keyfactor.command.plugins.module_utils._auth import (
    kerberos_tickets as tickets,
)
from ansible_collections.keyfactor.command.plugins.module_utils._auth.kerberos import Kerberos
from ansible_collections.keyfactor.command.plugins.module_utils._auth.kerberos_errors import (
    KRB5_BASE,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import resolve
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from tests.unit.support import PASSWORD, failure, refusal

URL = "https://command.example.com/KeyfactorAPI"
ACCOUNT = {"username": "svc@KEYEXAMPLE.COM", "password": PASSWORD}


class PlayedError(Exception):
    """Stands for the exceptions of both libraries."""

    maj_code, min_code = 0xD0000, KRB5_BASE + 24

    def get_all_statuses(self, _code: int, _is_major: bool) -> list[str]:
        return [str(self)]


class PlayedExchangeError(Exception):
    """The exception of requests-gssapi, which has that of gssapi as its context."""


class Played:
    """HTTPSPNEGOAuth as the library has it, and what it was asked."""

    tokens = 0
    proves = True
    completes = True

    def __init__(self, **keywords: Any) -> None:
        self.keywords = keywords

    def generate_request_header(self, response: None, host: str, is_preemptive: bool) -> str:
        assert is_preemptive
        self.tokens += 1
        self.context = {host: self}
        return f"Negotiate token{self.tokens}"

    def authenticate_server(self, reply: Response) -> bool:
        if "rubbish" in reply.headers["WWW-Authenticate"]:
            raise ValueError("not base64")
        return self.proves

    @property
    def complete(self) -> bool:
        if not self.completes:
            raise PlayedError
        return True


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was asked of GSSAPI, and with which krb5.conf."""
    calls: list[tuple[Any, ...]] = []

    def note(name: str) -> Any:
        def call(*arguments: Any) -> Any:
            calls.append((name, *arguments, os.environ.get("KRB5_CONFIG")))
            return SimpleNamespace(name="svc@KEYEXAMPLE.COM")

        return call

    for name in (
        "check_keytab",
        "from_keytab",
        "from_password",
        "from_cache",
        "get_service_ticket",
    ):
        monkeypatch.setattr(tickets, name, note(name))
    monkeypatch.setattr(tickets, "service", lambda spn: spn)
    exceptions = SimpleNamespace(SPNEGOExchangeError=PlayedExchangeError, GSSError=PlayedError)
    monkeypatch.setattr(kerberos, "gssapi", SimpleNamespace(exceptions=exceptions))
    library = SimpleNamespace(exceptions=exceptions, HTTPSPNEGOAuth=Played, OPTIONAL=2)
    monkeypatch.setattr(kerberos, "requests_gssapi", library)
    return calls


def made(values: Mapping[str, Any] | None = None, **keywords: Any) -> Kerberos:
    given = {"url": URL, "config": None, "spn": None, "timeout": 20.0, **keywords}
    return Kerberos(ACCOUNT if values is None else values, **given)


def prepared(auth: Kerberos) -> requests.PreparedRequest:
    return requests.Request("GET", f"{URL}/SMTP", auth=auth.sign).prepare()


def test_the_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kerberos, "requests_gssapi", None)
    settings = resolve({"host": "a.example.com", "auth_type": "kerberos"}, {})
    refusal(lambda: CommandClient(settings), "requests-gssapi", sys.executable, "Kerberos")


def test_settings_lead_here() -> None:
    params = {"host": "a.example.com", "auth_type": "kerberos", **ACCOUNT, "timeout": "5s"}
    found = CommandClient(resolve(params, {})).auth
    assert isinstance(found, Kerberos)
    assert (found.spn, found.timeout, found.config) == ("HTTP@a.example.com", 5.0, None)
    assert found.hint == (
        "Check that this account may log on there, and that kerberos_spn (now HTTP@a.example.com) is "
        "the web server's own"
    )
    assert found.context.config == "krb5.conf"


def test_config_of_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5_CONFIG", "/etc/other\n.conf")
    assert made().context.config == "/etc/other .conf"


def test_tickets_are_had_once_and_tokens_for_each_request(asked: list[Any]) -> None:
    found = made(spn="HTTP/other")
    assert asked == []
    next(found.flow())
    next(found.flow())
    assert [call[0] for call in asked] == ["from_password", "get_service_ticket"]
    assert asked[0][1:3] == ("svc@KEYEXAMPLE.COM", PASSWORD)
    assert asked[1][2] == "HTTP/other"
    assert found.negotiate.keywords["mutual_authentication"] == 2
    requests_made = [prepared(found), prepared(found)]
    assert [each.headers["Authorization"] for each in requests_made] == [
        "Negotiate token1",
        "Negotiate token2",
    ]
    # The library's own hook would read any amount of a refusal, and send it all again.
    assert not any(each.hooks["response"] for each in requests_made)
    assert found.account_label == "principal svc@KEYEXAMPLE.COM"


def test_a_keytab_is_looked_into_before_the_network(asked: list[Any], tmp_path: Path) -> None:
    keytab, config = tmp_path / "keytab", tmp_path / "krb5.conf"
    keytab.touch()
    config.touch()
    values = {"username": "svc", "kerberos_keytab": str(keytab)}
    found = made(values, config=str(config))
    assert asked == [("check_keytab", str(keytab), "svc", str(config))]
    next(found.flow())
    assert asked[1] == ("from_keytab", str(keytab), "svc", str(config))
    assert "KRB5_CONFIG" not in os.environ


@pytest.mark.parametrize("values", [{}, {"kerberos_ccache": "KCM:0"}])
def test_a_cache_needs_no_name(asked: list[Any], values: dict[str, str]) -> None:
    next(made(values).flow())
    assert asked[0] == ("from_cache", values.get("kerberos_ccache"), "", None)


def test_a_config_that_cannot_be_read() -> None:
    refusal(lambda: made(config="/nonexistent/krb5.conf"), "kerberos_config", "No such file")


def test_a_kdc_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(tickets, "from_password", lambda *_account: never.wait())
    try:
        error = failure(
            lambda: next(made(timeout=0.05).flow()), "No KDC of realm KEYEXAMPLE.COM", "0.05 s"
        )
    finally:
        never.set()
    assert error.kind == "authentication"


def test_a_gssapi_that_lacks_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(*_account: Any) -> None:
        raise NotImplementedError

    monkeypatch.setattr(tickets, "from_password", lacking)
    refusal(
        lambda: next(made().flow()),
        "this machine cannot take tickets in this way. Use that of MIT Kerberos, or get a ticket with",
    )


def test_error_of_gssapi_is_explained_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_account: Any) -> None:
        raise PlayedError(f"Preauthentication with {PASSWORD} failed")

    monkeypatch.setattr(tickets, "from_password", refused)
    error = failure(lambda: next(made().flow()), "refused the password of svc@KEYEXAMPLE.COM")
    assert error.detail == "Preauthentication with ******** failed"


def test_error_of_the_token_is_explained_by_its_context(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_arguments: Any, **_keywords: Any) -> None:
        try:
            raise PlayedError("Preauthentication failed")
        except PlayedError:
            raise PlayedExchangeError  # noqa: B904

    found = made({})
    next(found.flow())
    monkeypatch.setattr(found.negotiate, "generate_request_header", refused)
    error = failure(lambda: prepared(found), "refused the default credential cache")
    assert (error.kind, error.detail) == ("authentication", "Preauthentication failed")


def finish(found: Kerberos, response: Response) -> None:
    """Sign a request, and end with its response."""
    flow = found.flow()
    next(flow)
    prepared(found)
    with pytest.raises(StopIteration):
        flow.send(response)


def answered(challenge: str, status: int = 200) -> Response:
    headers = requests.structures.CaseInsensitiveDict({"WWW-Authenticate": challenge})
    return Response(f"{URL}/SMTP", status, headers, b"")


@pytest.mark.parametrize("challenge", ["", "Negotiate", "Basic realm=x", "Negotiate, NTLM"])
def test_a_server_need_not_prove_itself(challenge: str) -> None:
    found = made()
    next(found.flow())
    found.negotiate.proves = False
    finish(found, answered(challenge))
    finish(found, answered("Negotiate b2s=", 401))


@pytest.mark.parametrize(
    ("proves", "completes", "challenge"),
    [
        (False, True, "Negotiate b2s="),
        (True, False, "Basic realm=x, negotiate b2s="),
        (True, True, "Negotiate rubbish"),
    ],
)
def test_a_wrong_proof_is_a_failure(proves: bool, completes: bool, challenge: str) -> None:
    found = made()
    finish(found, answered("Negotiate b2s="))
    found.negotiate.proves, found.negotiate.completes = proves, completes
    error = failure(
        lambda: finish(found, answered(challenge)),
        f"{URL}/SMTP could not prove with Kerberos that it is HTTP@command.example.com. Check ",
        "Check kerberos_spn, and what is between this machine and the server.",
    )
    assert (error.kind, error.status) == ("authentication", 200)
