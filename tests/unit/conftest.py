# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One emulator for all unit tests, and an environment that says nothing of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.emulator import Command, Emulator, IdentityProvider
from tests.unit.support import (
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    TOKEN,
    USER,
    Connect,
    Pauses,
    connect_to,
)

hypothesis.settings.register_profile(
    "unit", derandomize=True, max_examples=150, deadline=None, database=None
)
hypothesis.settings.load_profile("unit")

SPEAKING = (
    "KEYFACTOR_",
    "KRB5",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NETRC",
    "CERTIFICATE_STORE",
)


@pytest.fixture(autouse=True)
def silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's variables, proxies, config file or netrc have a say in a test."""
    for name in list(os.environ):
        if name.startswith(SPEAKING) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def command(emulator: Emulator) -> Command:
    """A Command that knows one user and one token."""
    return emulator.command(users={USER: PASSWORD}, tokens=[TOKEN])


@pytest.fixture
def identity(emulator: Emulator) -> IdentityProvider:
    return emulator.identity(clients={CLIENT_ID: CLIENT_SECRET})


@pytest.fixture
def connect(emulator: Emulator) -> Connect:
    """Settings of a connection to a listener of the emulator, with the token unless told otherwise."""
    return connect_to(emulator)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """The pauses between attempts, noted and not made, with chance at its largest."""
    return Pauses.instead_of_sleep(monkeypatch)
