# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the integration tests share: the emulator, and playbook runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.emulator import Emulator, Fault, Tls
from tests.integration.support.ansible import INSTALLED, Ansible
from tests.integration.support.kerberos import TOKEN, Site, missing

# Its assertions show what differs, as those of the tests do.
pytest.register_assert_rewrite("tests.integration.support.parity")

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


@pytest.fixture(scope="session")
def kerberos(emulator: Emulator) -> Iterator[Site]:
    """A realm, and a web server that lets its user through to emulated Commands."""
    lacking = missing()
    if lacking:
        words = "Kerberos cannot be tested here, for want of: " + ", ".join(lacking)
        # Where root runs continuous integration, all of it can be installed.
        (pytest.fail if os.environ.get("CI") and os.geteuid() == 0 else pytest.skip)(words)
    plain = {"tokens": {TOKEN}, "tls": Tls.PLAIN_HTTP}
    site = Site(
        {
            "KeyfactorAPI": emulator.command(release="25.1", **plain),
            "Older": emulator.command(release="10.3", **plain),
            "Busy": emulator.command(
                release="25.1", faults=[Fault.status(503, times=1), Fault.none()], **plain
            ),
        }
    )
    try:
        yield site
    finally:
        site.stop()
