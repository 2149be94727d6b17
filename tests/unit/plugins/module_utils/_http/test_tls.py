# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a connection trusts, and the client certificate that it shows."""

from __future__ import annotations

import shutil
import ssl
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._http import tls as trust
from tests.emulator import Command, Emulator, Tls
from tests.unit.support import TOKEN, Connect, failure, refusal

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
PASSPHRASE = "passphrase-of-the-key-a1b2"


@pytest.fixture
def other_ca(tmp_path: Path) -> str:
    """An authority that signed none of the emulator's servers."""
    with Emulator(tmp_path / "other") as other:
        return str(other.ca_cert)


def test_the_authority_as_text(emulator: Emulator, command: Command, connect: Connect) -> None:
    result = read_smtp_profile(connect(command, ca_cert=emulator.ca_cert.read_text()))
    assert result["tls_verified"] is True


def test_the_authority_as_a_path_from_home(
    emulator: Emulator, command: Command, connect: Connect
) -> None:
    Path.home().mkdir()
    shutil.copy(emulator.ca_cert, Path.home() / "ca.pem")
    assert read_smtp_profile(connect(command, ca_cert="~/ca.pem"))["tls_verified"] is True


def test_the_system_is_trusted_beside_the_option(
    emulator: Emulator,
    command: Command,
    connect: Connect,
    other_ca: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(emulator.ca_cert))
    assert read_smtp_profile(connect(command, ca_cert=other_ca))["tls_verified"] is True
    assert read_smtp_profile(connect(command, ca_cert=None))["tls_verified"] is True


@pytest.mark.parametrize("variable", BUNDLES)
def test_a_bundle_of_the_environment_never_overrules_the_option(
    emulator: Emulator,
    command: Command,
    connect: Connect,
    other_ca: str,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, other_ca)
    assert read_smtp_profile(connect(command))["tls_verified"] is True
    monkeypatch.setenv(variable, str(emulator.ca_cert))
    error = failure(lambda: read_smtp_profile(connect(command, ca_cert=other_ca)), "Set ca_cert")
    assert error.kind == "tls"
    assert len(command.requests) == 1


@pytest.mark.parametrize("variable", BUNDLES)
def test_a_bundle_of_the_environment_counts_without_the_option(
    emulator: Emulator,
    command: Command,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    error = failure(lambda: read_smtp_profile(connect(command, ca_cert=None)), "Set ca_cert")
    assert error.kind == "tls"
    monkeypatch.setenv(variable, str(emulator.ca_cert))
    assert read_smtp_profile(connect(command, ca_cert=None))["tls_verified"] is True
    monkeypatch.setenv(variable, "/nowhere/bundle.pem")
    refusal(
        lambda: read_smtp_profile(connect(command, ca_cert=None)), variable, "/nowhere/bundle.pem"
    )


@pytest.mark.parametrize("tls", [Tls.EXPIRED, Tls.WRONG_NAME, Tls.UNKNOWN_CA])
def test_without_validation_everybody_is_trusted(
    emulator: Emulator, connect: Connect, tls: Tls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(emulator.ca_cert))
    command = emulator.command(tokens=[TOKEN], tls=tls)
    assert failure(lambda: read_smtp_profile(connect(command))).kind == "tls"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # The option says it: urllib3 need not warn of each call.
        assert read_smtp_profile(connect(command, validate_certs=False))["tls_verified"] is False


@pytest.mark.parametrize("option", ["ca_cert", "auth_ca_cert"])
@pytest.mark.parametrize(
    ("value", "phrases"),
    [
        (
            "/nowhere/ca.pem",
            ["/nowhere/ca.pem", "No such file", "on the machine that makes the call"],
        ),
        ("/etc/hostname", ["/etc/hostname", "no CA certificate", "PEM"]),
        ("-----BEGIN CERTIFICATE-----\nrubbish", ["The text", "no CA certificate"]),
        ("-----BEGIN é", ["The text", "no CA certificate"]),
        ("nul\0byte", []),
        ("lone\ud800surrogate", []),
    ],
)
def test_an_authority_that_cannot_be_read(
    command: Command, connect: Connect, option: str, value: str, phrases: list[str]
) -> None:
    given: dict[str, Any] = {option: value}
    if option == "auth_ca_cert":
        given |= {"client_id": "a", "client_secret": "bcde", "token_url": "https://localhost/"}
    refusal(lambda: read_smtp_profile(connect(command, **given)), option, *phrases)
    assert command.connections == 0


Prepare = Callable[[Emulator, Path], dict[str, Optional[str]]]


def _pair(emulator: Emulator, _directory: Path) -> dict[str, str | None]:
    cert, key = emulator.client_certificate()
    return {"client_cert": str(cert), "client_key": str(key)}


def _one_file(emulator: Emulator, directory: Path) -> dict[str, str | None]:
    cert, key = emulator.client_certificate()
    both = directory / "both.pem"
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return {"client_cert": str(both), "client_key": None}


each_moment = pytest.mark.parametrize("tls", [Tls.CLIENT_CERTIFICATE, Tls.POST_HANDSHAKE])


@each_moment
@pytest.mark.parametrize("prepare", [_pair, _one_file])
@pytest.mark.parametrize("validate", [True, False])
def test_a_client_certificate_alone(
    emulator: Emulator, connect: Connect, tmp_path: Path, prepare: Prepare, validate: bool, tls: Tls
) -> None:
    """The server asks for it in the handshake, or after it as IIS does with TLS 1.3."""
    command = emulator.command(tls=tls)
    read_smtp_profile(connect(command, validate_certs=validate, **prepare(emulator, tmp_path)))
    (request,) = command.requests
    assert (request.certificate, request.headers.get("Authorization")) == ("svc-ansible", None)


@each_moment
def test_a_client_certificate_beside_a_token(
    emulator: Emulator, connect: Connect, tls: Tls
) -> None:
    command = emulator.command(tls=tls, tokens=[TOKEN])
    read_smtp_profile(connect(command, access_token=TOKEN, **_pair(emulator, Path())))
    (request,) = command.requests
    assert request.certificate == "svc-ansible"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"


@each_moment
def test_a_client_certificate_that_the_server_refuses(
    emulator: Emulator, connect: Connect, tls: Tls
) -> None:
    command = emulator.command(tls=tls)
    cert, key = emulator.foreign_client_certificate()
    settings = connect(command, client_cert=str(cert), client_key=str(key))
    error = failure(
        lambda: read_smtp_profile(settings), "refused our client certificate", "client_cert"
    )
    assert (error.kind, command.requests) == ("tls", [])


def _encrypted(emulator: Emulator, _directory: Path) -> dict[str, str | None]:
    cert, key = emulator.client_certificate("locked", encrypted_with=PASSPHRASE)
    return {"client_cert": str(cert), "client_key": str(key)}


def _mismatch(emulator: Emulator, _directory: Path) -> dict[str, str | None]:
    _cert, key = emulator.foreign_client_certificate()
    return {**_pair(emulator, _directory), "client_key": str(key)}


@pytest.mark.parametrize(
    ("prepare", "phrases"),
    [
        (_encrypted, ["is encrypted", "client_key"]),
        (_mismatch, ["do not belong together", "client_cert", "client_key"]),
        (
            lambda *given: {**_pair(*given), "client_key": None},
            ["(the same file)", "not a PEM certificate and its key"],
        ),
        (
            lambda *_: {"client_cert": "/nowhere/a.pem"},
            ["/nowhere/a.pem of client_cert", "No such file"],
        ),
        (lambda *_: {"client_cert": "/etc/hostname"}, ["not a PEM certificate"]),
        (lambda *_: {"client_cert": "/tmp"}, ["/tmp of client_cert", "directory"]),
        (lambda *_: {"client_cert": "nul\0byte"}, ["client_cert"]),
        (
            lambda emulator, path: {**_pair(emulator, path), "client_key": "/nowhere/a.key"},
            ["/nowhere/a.key of client_key", "No such file"],
        ),
    ],
)
def test_a_client_certificate_that_cannot_be_used(
    emulator: Emulator, connect: Connect, tmp_path: Path, prepare: Prepare, phrases: list[str]
) -> None:
    command = emulator.command(tls=Tls.CLIENT_CERTIFICATE)
    given = prepare(emulator, tmp_path)
    error = refusal(lambda: read_smtp_profile(connect(command, **given)), *phrases)
    assert (command.connections, PASSPHRASE in error.message) == (0, False)


def client_certificate_error(cert: str, key: str | None) -> str:
    config = trust.TlsConfig(True, None, "ca_cert", cert, key)
    return refusal(config.adapter).message


def test_encrypted_key_is_named(emulator: Emulator) -> None:
    cert, key = map(str, emulator.client_certificate("locked", encrypted_with=PASSPHRASE))
    assert client_certificate_error(cert, key) == (
        f"The private key in {key} is encrypted, and there is no option for its password. "
        "Give client_key a key without a password, readable by its owner only."
    )


def test_encrypted_key_in_the_file_of_the_certificate_is_named(
    emulator: Emulator, tmp_path: Path
) -> None:
    cert, key = emulator.client_certificate("locked", encrypted_with=PASSPHRASE)
    both = tmp_path / "both.pem"
    both.write_bytes(cert.read_bytes() + key.read_bytes())
    message = client_certificate_error(str(both), None)
    assert message.startswith(f"The private key in {both} is encrypted")


def test_key_that_cannot_be_read_is_named(emulator: Emulator) -> None:
    cert, _key = map(str, emulator.client_certificate())
    message = client_certificate_error(cert, "/nowhere/client.key")
    assert message.startswith("The file /nowhere/client.key of client_key cannot be read: No such")
    assert cert not in message


@pytest.mark.parametrize("key", [None, "/nowhere/client.key"])
def test_certificate_that_cannot_be_read_is_named(key: str | None) -> None:
    message = client_certificate_error("/nowhere/client.pem", key)
    assert message.startswith("The file /nowhere/client.pem of client_cert cannot be read: No such")
    assert "client_key" not in message


def test_certificate_and_key_that_do_not_belong_together_are_named(emulator: Emulator) -> None:
    cert, other_key = emulator.client_certificate()[0], emulator.foreign_client_certificate()[1]
    assert client_certificate_error(str(cert), str(other_key)) == (
        f"client_cert {cert} and client_key {other_key} do not belong together."
    )


def test_files_that_are_no_certificate_and_key_are_named(emulator: Emulator) -> None:
    cert, _key = map(str, emulator.client_certificate())
    problem = "are not a PEM certificate and its key."
    message = client_certificate_error(cert, "/etc/hostname")
    assert message == f"client_cert {cert} and client_key /etc/hostname {problem}"
    message = client_certificate_error(cert, None)
    assert message == f"client_cert {cert} and client_key (the same file) {problem}"


def test_what_is_prepared_is_for_one_connection(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "_preloaded", [])
    trust.preload_context()
    ((_sources, prepared),) = trust._preloaded
    mine = trust.TlsConfig(True, str(emulator.ca_cert), "ca_cert")
    assert mine.adapter().context is prepared
    another = mine.adapter().context
    assert another is not prepared
    assert len(another.get_ca_certs()) == 1


def test_the_system_is_read_only_where_it_is_needed(
    emulator: Emulator,
    command: Command,
    connect: Connect,
    other_ca: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[ssl.SSLContext] = []
    load = ssl.SSLContext.load_default_certs

    def noted(context: ssl.SSLContext) -> None:
        read.append(context)
        load(context)

    monkeypatch.setattr(trust, "_preloaded", [])
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", noted)
    read_smtp_profile(connect(command))
    assert (read, command.connections) == ([], 1)
    # Of an authority that nobody trusts: a second look, and the same words.
    error = failure(lambda: read_smtp_profile(connect(command, ca_cert=other_ca)), "Set ca_cert")
    assert (error.kind, error.attempts, len(read), command.connections) == ("tls", 1, 1, 3)


@pytest.mark.parametrize("changed", ["variable", "file"])
def test_what_is_prepared_is_not_used_once_the_system_trusts_others(
    emulator: Emulator,
    command: Command,
    connect: Connect,
    other_ca: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    changed: str,
) -> None:
    monkeypatch.setattr(trust, "_preloaded", [])
    bundle = tmp_path / "bundle.pem"
    shutil.copy(other_ca, bundle)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    trust.preload_context()
    if changed == "file":
        shutil.copy(emulator.ca_cert, bundle)
    else:
        monkeypatch.setenv("SSL_CERT_FILE", str(emulator.ca_cert))
    assert read_smtp_profile(connect(command, ca_cert=None))["tls_verified"] is True
