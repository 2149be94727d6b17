# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How one request is sent: its limits of time and size, no redirects, no cookies, no netrc."""

from __future__ import annotations

import logging
import tracemalloc
from pathlib import Path

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import COMMAND_HINTS
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._http import transport
from ansible_collections.keyfactor.command.plugins.module_utils._http.tls import TlsConfig
from tests.emulator import Command, Emulator, Fault, IdentityProvider, Reply, SmtpProfile, Tls
from tests.unit.support import OAUTH, TOKEN, Connect, Pauses, failure, refusal, sent


@pytest.mark.parametrize(
    "fault",
    [Fault.drip("headers", interval=0.05), Fault.drip("body", interval=0.05), Fault.delay(60)],
    ids=["headers", "body", "silence"],
)
def test_the_timeout_bounds_an_attempt_as_a_whole(
    command: Command, connect: Connect, fault: Fault
) -> None:
    """The bytes that drip in would keep a socket's own timeout from ever firing."""
    command.faults = [fault]
    settings = connect(command, timeout="0.3", retries=0)
    error = failure(
        lambda: read_smtp_profile(settings), "did not answer completely within 0.3 s", "timeout"
    )
    assert (error.kind, error.status, error.attempts) == ("timeout", None, 1)


def test_every_attempt_has_the_whole_timeout(
    command: Command, connect: Connect, pauses: Pauses
) -> None:
    command.faults = [Fault.drip("body", interval=0.05)]
    error = failure(lambda: read_smtp_profile(connect(command, timeout="0.2", retries=2)))
    assert (error.kind, error.attempts, len(command.requests)) == ("timeout", 3, 3)


def test_a_slow_reply_within_the_timeout_is_read(command: Command, connect: Connect) -> None:
    command.faults = [Fault.drip("body", interval=0.0001)]
    assert read_smtp_profile(connect(command))["smtp"]["port"] == 587


def test_a_large_reply_below_the_limit_is_read(emulator: Emulator, connect: Connect) -> None:
    name = "x" * (1024 * 1024 - 1000)
    command = emulator.command(tokens=[TOKEN], profile=SmtpProfile(sender_name=name))
    assert read_smtp_profile(connect(command))["smtp"]["sender_name"] == name


def test_chunked_response_without_content_length(command: Command, connect: Connect) -> None:
    body = b'{"Host": "smtp.example.com", "Port": 2525}'
    command.faults = [Fault(answer=Reply(200, body, "application/json", chunked=True))]
    assert read_smtp_profile(connect(command))["smtp"]["port"] == 2525


def test_empty_chunked_response_is_not_cut_off(command: Command, connect: Connect) -> None:
    command.faults = [Fault(answer=Reply(503, chunked=True))]
    error = failure(lambda: read_smtp_profile(connect(command)), "503 Service Unavailable")
    assert (error.kind, error.status) == ("server", 503)


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("25", 25), ("", 0), ("-1", 0), ("2.5", 0), ("²", 0)]
)
def test_number_of_a_header(text: str, seconds: float) -> None:
    assert transport.retry_after({"Retry-After": text}) == seconds


def test_missing_header_asks_for_no_pause() -> None:
    assert transport.retry_after({}) == 0


def test_requests_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "requests", None)
    tls = TlsConfig(True, None, "ca_cert")
    refusal(
        lambda: transport.Transport(tls, COMMAND_HINTS, timeout=20, retries=0, use_proxy=False),
        "The Python library requests is missing",
        "every call to Keyfactor Command needs it",
    )


@pytest.mark.parametrize("size", [1024 * 1024 - 20, 1024 * 1024])
def test_the_limit_of_a_compressed_reply(command: Command, connect: Connect, size: int) -> None:
    command.faults = [Fault.gzip_bomb(size)]
    if size < 1024 * 1024:
        assert len(read_smtp_profile(connect(command))["smtp"]["sender_name"]) == size
    else:
        assert failure(lambda: read_smtp_profile(connect(command))).kind == "too_large"


@pytest.mark.parametrize("status", [200, 302, 404])
def test_what_a_reply_unfolds_to_is_not_held(
    command: Command, connect: Connect, status: int
) -> None:
    bomb = Fault.gzip_bomb(64 * 1024 * 1024).answer
    assert bomb is not None
    headers = {**bomb.headers, "Location": "/elsewhere"}
    command.faults = [Fault.status(status, body=bomb.body, headers=headers)]
    settings = connect(command, api_version="2")
    tracemalloc.start()
    try:
        failure(lambda: read_smtp_profile(settings))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


def test_headers_that_cannot_be_parsed_are_not_logged(
    command: Command, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    """Ansible's log would keep them, and what a server echoes in them is not masked."""
    headers = {"X-Echo": f"a\r\nBearer {TOKEN}"}
    command.faults = [Fault(answer=Reply(503, b"", "text/plain", headers))]
    with caplog.at_level("INFO"):
        error = failure(lambda: read_smtp_profile(connect(command)))
        logging.getLogger("urllib3.connection").warning("anything else")
    assert (error.kind, error.status) == ("server", 503)
    assert caplog.messages == ["anything else"]


def test_no_compression_is_asked_for(command: Command, connect: Connect) -> None:
    read_smtp_profile(connect(command))
    assert sent(command, "Accept-Encoding") == [("identity",)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(
    emulator: Emulator, command: Command, connect: Connect, status: int
) -> None:
    other = emulator.command(tokens=[TOKEN])
    target = f"{other.url}/KeyfactorAPI/SMTP"
    command.faults = [Fault.redirect(target, status=status)]
    error = failure(lambda: read_smtp_profile(connect(command)), target)
    assert (error.kind, other.connections) == ("redirect", 0)


def test_a_redirect_of_the_token_endpoint_is_not_followed(
    emulator: Emulator, identity: IdentityProvider, command: Command, connect: Connect
) -> None:
    other = emulator.identity(clients={OAUTH["client_id"]: OAUTH["client_secret"]})
    identity.faults = [Fault.redirect(other.token_url, status=307)]
    given = {**OAUTH, "token_url": identity.token_url, "auth_ca_cert": str(emulator.ca_cert)}
    failure(lambda: read_smtp_profile(connect(command, **given)))
    assert (other.connections, command.connections) == (0, 0)


def test_cookies_are_not_kept(command: Command, connect: Connect, pauses: Pauses) -> None:
    cookie = {"Set-Cookie": "session=1; Path=/"}
    command.faults = [Fault.status(503, headers=cookie, times=1)]
    read_smtp_profile(connect(command, retries=1))
    assert sent(command, "Authorization") == [(f"Bearer {TOKEN}",)] * 2


@pytest.fixture
def netrc(monkeypatch: pytest.MonkeyPatch) -> str:
    """A netrc file with a password for the emulator's host, where requests would look for it."""
    path = Path.home() / ".netrc"
    path.parent.mkdir(exist_ok=True)
    path.write_text("machine localhost login netrc-user password netrc-password\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    return str(path)


@pytest.mark.usefixtures("netrc")
def test_netrc_is_not_read(emulator: Emulator, command: Command, connect: Connect) -> None:
    cert, key = emulator.client_certificate()
    settings = connect(command, client_cert=str(cert), client_key=str(key))
    failure(lambda: read_smtp_profile(settings), "none were sent")
    read_smtp_profile(connect(command))
    assert sent(command, "Authorization") == [(None,), (f"Bearer {TOKEN}",)]


@pytest.mark.usefixtures("netrc")
def test_netrc_is_not_read_for_the_token_endpoint(emulator: Emulator, connect: Connect) -> None:
    identity = emulator.identity(
        clients={OAUTH["client_id"]: OAUTH["client_secret"]}, client_authentication="form"
    )
    command = emulator.command(identity=identity)
    given = {**OAUTH, "token_url": identity.token_url, "auth_ca_cert": str(emulator.ca_cert)}
    read_smtp_profile(connect(command, **given))
    header, form = (request.headers.get("Authorization") for request in identity.requests)
    assert header != form
    assert form is None


def test_plain_http_only_where_it_is_allowed(emulator: Emulator, connect: Connect) -> None:
    command = emulator.command(tokens=[TOKEN], tls=Tls.PLAIN_HTTP)
    refusal(lambda: connect(command), "http://", "allow_http")
    assert command.connections == 0
    result = read_smtp_profile(connect(command, allow_http=True))
    assert (result["tls_verified"], result["url"][:7]) == (False, "http://")
    assert len(command.requests) == 1
