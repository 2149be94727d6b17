# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret of a config file is in the inventory, its cache, or the output of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.module.test_secrets import forms
from tests.integration.support.ansible import PLAYBOOK
from tests.integration.support.inventories import (
    EXPECTED,
    SECRETS,
    ConfigFile,
    ansible_inventory,
    write_source,
)

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

VIEWS = {
    "list": ("--list",),
    "yaml": ("--list", "--yaml"),
    "export": ("--list", "--export"),
    "graph": ("--graph", "--vars"),
    "host": ("--host", "production"),
    "verbose": ("--list", "-vvvv"),
}


@pytest.fixture(scope="module")
def written(shared_ansible: Ansible, emulator: Emulator) -> dict[str, str]:
    """All output and files of a run with valid and invalid config profiles."""
    ansible = shared_ansible
    config_file = ConfigFile(emulator, ansible.directory)
    ansible.write("group_vars/all.yml", {"verify_smtp_expected": EXPECTED})
    config_file.write(
        url={
            **config_file.profiles["production"],
            "host": f"https://u:{SECRETS['url']}@a.example.com",
        },
        query={"host": f"https://a.example.com/?key={SECRETS['url']}"},
        misplaced={
            **config_file.profiles["production"],
            "port": SECRETS["number"],
            "auth_type": SECRETS["number"],
            "skip_tls_verify": SECRETS["number"],
        },
        text=SECRETS["number"],
    )
    path = write_source(
        ansible,
        keyed_groups=[{"key": "command_auth_type", "prefix": "auth"}],
        cache=True,
        cache_plugin="ansible.builtin.jsonfile",
        cache_connection="cache",
    )
    texts = {}
    for name, options in VIEWS.items():
        status, output, stderr = ansible_inventory(ansible, path, *options)
        assert status == 0, stderr
        texts[name] = output + stderr
    debug = {"ANSIBLE_DEBUG": "true", "ANSIBLE_LOG_PATH": str(ansible.directory / "ansible.log")}
    outcome = ansible.run(
        PLAYBOOK, path, "-vvvv", "-e", "verify_smtp_report_dir=report", "--flush-cache", **debug
    )
    table = " ".join(outcome.table())
    assert "7 environments: 2 compliant, 1 drifted, 4 indeterminate" in table
    texts["output"] = outcome.output
    for path in ansible.directory.rglob("*"):
        if path.is_file() and path != config_file.path:
            texts[str(path.relative_to(ansible.directory))] = path.read_text()
    assert {"ansible.log", "report/report.json"} < set(texts)
    assert [name for name in texts if name.startswith("cache/")]
    return texts


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_writes_no_secret(written: dict[str, str], secret: str) -> None:
    leaks = [
        (name, form) for name, text in written.items() for form in forms(secret) if form in text
    ]
    assert leaks == []
