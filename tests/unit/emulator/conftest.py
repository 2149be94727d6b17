# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures: one emulator per test module, and clients that trust it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.emulator import Command, Emulator

USER = "KEYEXAMPLE\\svc-ansible"
USERS = {USER: "secret"}
REQUIRED = {"x-keyfactor-requested-with": "APIClient"}
GET = b"GET /KeyfactorAPI/SMTP HTTP/1.1\r\nHost: a\r\nX-Keyfactor-Requested-With: APIClient\r\n\r\n"

Read = Callable[..., requests.Response]


def connect(command: Command, ssl_context: ssl.SSLContext) -> ssl.SSLSocket:
    """Open a TLS connection without an HTTP library."""
    sock = socket.create_connection(("127.0.0.1", command.port), timeout=5)
    return ssl_context.wrap_socket(sock, server_hostname="localhost")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def client(emulator: Emulator) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(emulator.ca_cert)
        yield session


@pytest.fixture
def ssl_context(emulator: Emulator) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(emulator.ca_cert))


@pytest.fixture
def read(client: requests.Session) -> Read:
    """Return a function that reads the profile of a Command, as the Basic user by default."""

    def read_profile(
        command: Command,
        version: str | None = None,
        **options: Any,
    ) -> requests.Response:
        headers = {**REQUIRED, **options.pop("headers", {})}
        if version is not None:
            headers["x-keyfactor-api-version"] = version
        options = {"auth": (USER, "secret"), "allow_redirects": False, "timeout": 5, **options}
        url = f"{command.url}/{command.api_path}/SMTP"
        return client.get(url, headers=headers, **options)

    return read_profile
