# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client that verifies sees of each kind of TLS."""

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
    ("tls", "words"),
    [
        (Tls.EXPIRED, "certificate has expired"),
        (Tls.WRONG_NAME, "Hostname mismatch"),
        (Tls.UNKNOWN_CA, "unable to get local issuer certificate"),
    ],
)
def test_a_bad_server_certificate(
    emulator: Emulator,
    client: requests.Session,
    read: Read,
    tls: Tls,
    words: str,
) -> None:
    command = emulator.command(tls=tls, users=USERS)
    with pytest.raises(requests.exceptions.SSLError, match=words):
        read(command)
    assert command.requests == []
    assert command.connections >= 1


def test_valid_certificates_pass_the_strict_check(
    emulator: Emulator,
    trust: ssl.SSLContext,
) -> None:
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    with connect(emulator.command(), trust) as sock:
        names = sock.getpeercert()
    assert names is not None
    assert names["subjectAltName"] == (("DNS", "localhost"), ("IP Address", "127.0.0.1"))


def test_plain_http(emulator: Emulator, read: Read) -> None:
    command = emulator.command(tls=Tls.PLAIN_HTTP, users=USERS)
    assert command.url == f"http://localhost:{command.port}"
    assert read(command).status_code == 200


def test_tls_spoken_to_plain_http(emulator: Emulator, trust: ssl.SSLContext) -> None:
    command = emulator.command(tls=Tls.PLAIN_HTTP)
    with pytest.raises(ssl.SSLError):
        connect(command, trust)


def test_plain_http_spoken_to_tls(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command()
    with pytest.raises(requests.ConnectionError):
        client.get(f"http://localhost:{command.port}/")
    assert command.requests == []


def test_a_client_certificate_is_the_login(emulator: Emulator, read: Read) -> None:
    command = emulator.command(tls=Tls.CLIENT_CERTIFICATE, readers={"svc-ansible"})
    good, guest = emulator.client_certificate(), emulator.client_certificate("guest")
    assert read(command, auth=None, cert=tuple(map(str, good))).status_code == 200
    assert command.requests[-1].certificate == "svc-ansible"
    separate = {"Connection": "close"}
    options = {"auth": None, "headers": separate}
    assert read(command, cert=tuple(map(str, guest)), **options).status_code == 403


def test_a_client_certificate_beside_a_login(emulator: Emulator, read: Read) -> None:
    command = emulator.command(tls=Tls.CLIENT_CERTIFICATE, users=USERS)
    certificate = tuple(map(str, emulator.client_certificate()))
    assert read(command, cert=certificate).status_code == 200
    assert read(command, cert=certificate, auth=None).status_code == 401


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("foreign", [False, True])
def test_the_handshake_wants_a_known_client_certificate(
    emulator: Emulator,
    trust: ssl.SSLContext,
    version: ssl.TLSVersion,
    foreign: bool,
) -> None:
    command = emulator.command(tls=Tls.CLIENT_CERTIFICATE, users=USERS)
    trust.maximum_version = version
    if foreign:
        trust.load_cert_chain(*emulator.foreign_client_certificate())

    def talk() -> None:
        with connect(command, trust) as sock:
            # TLS 1.3 lets the client speak before the server has looked at its certificate.
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            sock.recv(1)

    with pytest.raises(ssl.SSLError, match="alert"):
        talk()
    assert command.requests == []


def test_keys_are_private_and_may_be_encrypted(emulator: Emulator) -> None:
    certificate, key = emulator.client_certificate("KEYEXAMPLE\\ü", encrypted_with="passphrase")
    assert certificate.parent == emulator.ca_cert.parent
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(TypeError, match="encrypted"):
        load_pem_private_key(key.read_bytes(), None)
    load_pem_private_key(key.read_bytes(), b"passphrase")


def test_each_directory_has_its_own_authority(emulator: Emulator, tmp_path: Path) -> None:
    with Emulator(tmp_path / "new" / "directory") as other:
        mine, theirs = emulator.ca_cert.read_bytes(), other.ca_cert.read_bytes()
    assert mine != theirs
    subject = x509.load_pem_x509_certificate(theirs).subject.rfc4514_string()
    assert subject == "CN=Emulator CA,O=keyexample.com"
