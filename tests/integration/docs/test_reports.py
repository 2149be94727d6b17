# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to reports: its commands, and the names of formats and files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.writer import FORMATS
from tests.integration.support.ansible import PLAYBOOK, ROOT
from tests.integration.support.environments import make_inventory, start_servers
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "reports.md")


def test_commands(ansible: Ansible, emulator: Emulator) -> None:
    (command,) = PAGE.commands("report.sh")
    prefix = f"ansible-playbook {PLAYBOOK} -i environments.yml "
    assert command.startswith(prefix)
    inventory = make_inventory(
        emulator, start_servers(emulator, "production", "staging", "refusing")
    )
    ansible.run(PLAYBOOK, inventory, *command.removeprefix(prefix).split())
    directory = ansible.directory / "report"
    assert {path.name for path in directory.iterdir()} == {
        name for name, _render in FORMATS.values()
    }
    process = subprocess.run(
        ["/bin/sh", "-c", PAGE.files["drifted.sh"]],
        cwd=ansible.directory,
        env={"PATH": str(Path(sys.executable).parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout == "staging drifted\nrefusing indeterminate\n"


def test_lists_every_format_and_file() -> None:
    for name, (file, _render) in FORMATS.items():
        assert f"| `{name}` | `{file}` |" in PAGE.text
    assert len(PAGE.blocks) == len(PAGE.files)
