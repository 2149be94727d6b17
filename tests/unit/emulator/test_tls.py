# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of each TLS variant with clients that verify."""

from __future__ import annotations

import ssl
import stat
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.emulator import Emulator, Tls

from .conftest import USERS, Read, connect


@pytest.mark.parametrize(
    ("tls", "message"),
    [
        (Tls.EXPIRED, "certificate has expired"),
        (Tls.WRONG_NAME, "Hostname mismatch|hostname .* doesn't match"),
        (Tls.UNKNOWN_CA, "unable to get local issuer certificate"),
    ],
)
def test_client_refuses_invalid_server_certificate(
    emulator: Emulator,
    client: requests.Session,
    read: Read,
    tls: Tls,
    message: str,
) -> None:
    command = emulator.command(tls=tls, users=USERS)
    with pytest.raises(requests.exceptions.SSLError, match=message):
        read(command)
    assert command.requests == []
    assert command.connections >= 1


def test_valid_certificate_passes_strict_verification(
    emulator: Emulator,
    ssl_context: ssl.SSLContext,
) -> None:
    ssl_context.verify_flags |= ssl.VERIFY_X509_STRICT
    with connect(emulator.command(), ssl_context) as sock:
        names = sock.getpeercert()
    assert names is not None
    assert names["subjectAltName"] == (("DNS", "localhost"), ("IP Address", "127.0.0.1"))


def test_plain_http(emulator: Emulator, read: Read) -> None:
    command = emulator.command(tls=Tls.PLAIN_HTTP, users=USERS)
    assert command.url == f"http://localhost:{command.port}"
    assert read(command).status_code == 200


def test_tls_client_with_plain_http_server(emulator: Emulator, ssl_context: ssl.SSLContext) -> None:
    command = emulator.command(tls=Tls.PLAIN_HTTP)
    with pytest.raises(ssl.SSLError):
        connect(command, ssl_context)


def test_plain_http_client_with_tls_server(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command()
    with pytest.raises(requests.ConnectionError):
        client.get(f"http://localhost:{command.port}/")
    assert command.requests == []


# One certificate in each session, because requests before 2.32 may go on with the first.
@pytest.mark.parametrize(("account", "status"), [("svc-ansible", 200), ("guest", 403)])
def test_client_certificate_alone_authenticates(
    emulator: Emulator, read: Read, account: str, status: int
) -> None:
    command = emulator.command(tls=Tls.CLIENT_CERTIFICATE, readers={"svc-ansible"})
    certificate = tuple(map(str, emulator.client_certificate(account)))
    assert read(command, auth=None, cert=certificate).status_code == status
    assert command.requests[-1].certificate == account


def test_client_certificate_with_basic_credentials(emulator: Emulator, read: Read) -> None:
    command = emulator.command(tls=Tls.CLIENT_CERTIFICATE, users=USERS)
    certificate = tuple(map(str, emulator.client_certificate()))
    assert read(command, cert=certificate).status_code == 200
    assert read(command, cert=certificate, auth=None).status_code == 401


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("foreign", [False, True])
def test_handshake_requires_trusted_client_certificate(
    emulator: Emulator,
    ssl_context: ssl.SSLContext,
    version: ssl.TLSVersion,
    foreign: bool,
) -> None:
    command = emulator.command(tls=Tls.CLIENT_CERTIFICATE, users=USERS)
    ssl_context.maximum_version = version
    if foreign:
        ssl_context.load_cert_chain(*emulator.foreign_client_certificate())

    def exchange() -> None:
        with connect(command, ssl_context) as sock:
            # In TLS 1.3, the client may send data before the server verifies its certificate.
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            sock.recv(1)

    with pytest.raises(ssl.SSLError, match="alert"):
        exchange()
    assert command.requests == []


def test_keys_are_private_and_optionally_encrypted(emulator: Emulator) -> None:
    certificate, key = emulator.client_certificate("KEYEXAMPLE\\ü", encrypted_with="passphrase")
    assert certificate.parent == emulator.ca_cert.parent
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(TypeError, match="encrypted"):
        load_pem_private_key(key.read_bytes(), None)
    load_pem_private_key(key.read_bytes(), b"passphrase")


def test_each_emulator_has_its_own_authority(emulator: Emulator, tmp_path: Path) -> None:
    with Emulator(tmp_path / "new" / "directory") as other:
        mine, theirs = emulator.ca_cert.read_bytes(), other.ca_cert.read_bytes()
    assert mine != theirs
    subject = x509.load_pem_x509_certificate(theirs).subject.rfc4514_string()
    assert subject == "CN=Emulator CA,O=keyexample.com"
