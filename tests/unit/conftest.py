# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures of the unit tests: a clean process environment, and the emulator."""

from __future__ import annotations

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
    configuring_variables,
    connect_to,
)

hypothesis.settings.register_profile(
    "unit", derandomize=True, max_examples=150, deadline=None, database=None
)
hypothesis.settings.load_profile("unit")


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Isolate tests from the user's variables, proxies, config file, and netrc."""
    for name in configuring_variables():
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def command(emulator: Emulator) -> Command:
    """An emulated Command with one user and one token."""
    return emulator.command(users={USER: PASSWORD}, tokens=[TOKEN])


@pytest.fixture
def identity(emulator: Emulator) -> IdentityProvider:
    return emulator.identity(clients={CLIENT_ID: CLIENT_SECRET})


@pytest.fixture
def connect(emulator: Emulator) -> Connect:
    """Resolve settings for a connection to the emulator. Authenticates with the token by default."""
    return connect_to(emulator)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """Record the pauses between attempts instead of sleeping, with the largest jitter."""
    return Pauses.instead_of_sleep(monkeypatch)
