# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the integration tests: the emulator, playbook runs, and Kerberos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Emulator, Fault, Tls
from tests.integration.support.ansible import INSTALLED, Ansible
from tests.integration.support.kerberos import TOKEN, Site, missing
from tests.integration.support.optional import skip_or_fail

# Show differences when an assertion in this helper fails, as in tests.
pytest.register_assert_rewrite("tests.integration.support.parity")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def installed_collection() -> None:
    """Check that the collection was built and installed, as the tests run that copy."""
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
    """An Ansible for runs whose outcome several tests check."""
    return Ansible(tmp_path_factory.mktemp("ansible"))


@pytest.fixture(scope="session")
def kerberos(emulator: Emulator) -> Iterator[Site]:
    """A realm, and a web server that authenticates its user for emulated Commands."""
    if requirements := missing():
        skip_or_fail("Kerberos tests require: " + ", ".join(requirements))
    options: dict[str, Any] = {"tokens": {TOKEN}, "tls": Tls.PLAIN_HTTP}
    site = Site(
        {
            "KeyfactorAPI": emulator.command(release="25.1", **options),
            "Older": emulator.command(release="10.3", **options),
            "Busy": emulator.command(
                release="25.1", faults=[Fault.status(503, times=1), Fault.none()], **options
            ),
        }
    )
    try:
        yield site
    finally:
        site.stop()
