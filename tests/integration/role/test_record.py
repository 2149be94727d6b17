# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook record_smtp, with names of hosts that lead out of host_vars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.support.ansible import RECORD

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

TOKEN = "access-token-of-record"


@pytest.mark.parametrize("name", [".", ".."])
def test_writes_nothing_outside_of_host_vars(
    ansible: Ansible, emulator: Emulator, name: str
) -> None:
    server = emulator.command(tokens={TOKEN})
    connection = {
        "host": server.url,
        "access_token": TOKEN,
        "ca_cert": str(emulator.ca_cert),
    }
    outcome = ansible.run(
        RECORD,
        {
            "all": {
                "hosts": {name: {"ansible_connection": "local"}, "staging": {}},
                "vars": {"verify_smtp_connection": connection},
            }
        },
    )
    assert outcome.status == 2
    message = f"The name {name} cannot be that of a directory. Rename the host in the inventory."
    assert outcome.failure_message(name) == message
    file = ansible.directory / "host_vars/staging/verify_smtp.yml"
    table = outcome.result(name, "Show the outcomes")["table"]
    # Long paths are on lines of their own.
    assert " ".join(" ".join(table).split()) == (
        f"ENVIRONMENT OUTCOME {name} could not be recorded: {message} "
        f"staging was written to {file} 2 environments: 1 ok, 1 failed"
    )
    written = {path.relative_to(ansible.directory) for path in ansible.directory.rglob("*.yml")}
    recorded = {str(path) for path in written if path.name == "verify_smtp.yml"}
    assert recorded == {"host_vars/staging/verify_smtp.yml"}


def test_directory_that_cannot_be_created(ansible: Ansible, emulator: Emulator) -> None:
    server = emulator.command(tokens={TOKEN})
    connection = {"host": server.url, "access_token": TOKEN, "ca_cert": str(emulator.ca_cert)}
    ansible.write("host_vars", "a file")
    variables = {"verify_smtp_connection": connection}
    outcome = ansible.run(
        RECORD,
        {"all": {"hosts": {"production": variables}}},
        "-e",
        f"verify_smtp_record_dir={ansible.directory}",
    )
    assert outcome.status == 2
    table = outcome.result("production", "Show the outcomes")["table"]
    assert table[1].startswith("production   could not be recorded: ")
    assert table[-1] == "1 environment: 0 ok, 1 failed"
