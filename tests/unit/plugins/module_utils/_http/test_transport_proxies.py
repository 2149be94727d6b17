# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies of the environment: used, passed over, and named where they fail."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from tests.emulator import Command, Emulator, IdentityProvider, Tls
from tests.support.proxy import Proxy
from tests.unit.support import OAUTH, TOKEN, Connect, failure


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The proxy for HTTPS."""
    running = Proxy()
    monkeypatch.setenv("HTTPS_PROXY", running.url)
    yield running
    running.close()


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_is_used(
    command: Command, connect: Connect, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setenv(variable, proxy.url)
    assert read_smtp_profile(connect(command))["tls_verified"] is True
    assert proxy.requests == [f"CONNECT localhost:{command.port}"]
    # The proxy sees the name, and nothing of what is inside.
    assert TOKEN not in "".join(proxy.heads)
    assert len(command.requests) == 1


@pytest.mark.parametrize("bypass", ["localhost", ".example.com,localhost", "*"])
def test_no_proxy(
    command: Command, connect: Connect, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, bypass: str
) -> None:
    monkeypatch.setenv("NO_PROXY", bypass)
    read_smtp_profile(connect(command))
    assert (proxy.requests, len(command.requests)) == ([], 1)


def test_use_proxy_false(command: Command, connect: Connect, proxy: Proxy) -> None:
    read_smtp_profile(connect(command, use_proxy=False))
    assert (proxy.requests, len(command.requests)) == ([], 1)


def test_the_server_is_verified_behind_a_proxy(
    emulator: Emulator, connect: Connect, proxy: Proxy
) -> None:
    command = emulator.command(tokens=[TOKEN], tls=Tls.UNKNOWN_CA)
    error = failure(lambda: read_smtp_profile(connect(command)), "does not trust", "Set ca_cert")
    # Twice: for its authority alone, and with those of the system.
    assert (error.kind, command.requests, len(proxy.requests)) == ("tls", [], 2)


def test_the_token_endpoint_too(
    emulator: Emulator, identity: IdentityProvider, connect: Connect, proxy: Proxy
) -> None:
    command = emulator.command(identity=identity)
    given = {**OAUTH, "token_url": identity.token_url, "auth_ca_cert": str(emulator.ca_cert)}
    read_smtp_profile(connect(command, **given))
    ports = [identity.port, command.port]
    assert proxy.requests == [f"CONNECT localhost:{port}" for port in ports]


def test_plain_http_through_a_proxy(
    emulator: Emulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy()
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("http_proxy", proxy.url)
    command = emulator.command(tokens=[TOKEN], tls=Tls.PLAIN_HTTP)
    read_smtp_profile(connect(command, allow_http=True))
    assert proxy.requests == [f"GET {command.url}/KeyfactorAPI/SMTP"]
    proxy.close()


@pytest.mark.parametrize(
    ("answer", "attempts", "phrases"),
    [
        ("407 Proxy Authentication Required", 1, ["407", "credentials of its own"]),
        ("502 Bad Gateway", 2, ["could not be used"]),
        ("403 Forbidden", 2, ["could not be used"]),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_a_proxy_that_refuses(
    command: Command, connect: Connect, proxy: Proxy, answer: str, attempts: int, phrases: list[str]
) -> None:
    proxy.refusal = answer
    named = ["proxy", "HTTPS_PROXY", "use_proxy", command.url]
    error = failure(lambda: read_smtp_profile(connect(command, retries=1)), *phrases, *named)
    assert (error.kind, error.attempts, command.connections) == ("connect", attempts, 0)


def test_a_proxy_that_is_down(
    emulator: Emulator, command: Command, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{emulator.closed_port()}")
    error = failure(
        lambda: read_smtp_profile(connect(command)), "proxy", "HTTPS_PROXY", "use_proxy"
    )
    assert (error.kind, command.connections) == ("connect", 0)


def test_a_proxy_whose_name_is_not_found(
    command: Command, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the server's name is wrong: the message must not send people to look for that."""

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    error = failure(lambda: read_smtp_profile(connect(command)), "proxy", "HTTPS_PROXY")
    assert "localhost was not found" not in error.message


@pytest.mark.parametrize(
    "url",
    ["http://", "http://127.0.0.1:99999", "http://[::1", "ftp://127.0.0.1:1", "http://a..b:1"],
)
def test_a_proxy_that_is_no_address(
    command: Command, connect: Connect, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    error = failure(lambda: read_smtp_profile(connect(command)), "proxy", "HTTPS_PROXY")
    assert error.kind in ("configuration", "connect")


def test_a_password_of_the_proxy_is_not_shown(
    emulator: Emulator, command: Command, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "proxy-password-6c5d4e"
    place = f"127.0.0.1:{emulator.closed_port()}"
    monkeypatch.setenv("HTTPS_PROXY", f"http://svc:{secret}@{place}")
    error = failure(lambda: read_smtp_profile(connect(command)), "proxy")
    assert secret not in str(error.as_result())
