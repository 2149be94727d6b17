# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the integration tests share: the emulator, and playbook runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.emulator import Emulator
from tests.integration.ansible import INSTALLED, Ansible

# Its assertions show what differs, as those of the tests do.
pytest.register_assert_rewrite("tests.integration.parity")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    """The collection under test is the one that was built and installed."""
    if not (INSTALLED / "MANIFEST.json").is_file():
        pytest.fail("The collection is not installed below build/. Run: make integration")


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def ansible(tmp_path: Path) -> Ansible:
    return Ansible(tmp_path)


@pytest.fixture(scope="module")
def shared_ansible(tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    """For runs whose outcome several tests look at."""
    return Ansible(tmp_path_factory.mktemp("ansible"))
