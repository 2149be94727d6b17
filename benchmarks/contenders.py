# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contenders of the benchmark, one ansible-playbook command each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PLAYS = Path(__file__).resolve().parent / "plays"


@dataclass(frozen=True)
class Contender:
    """One way to read or verify profiles, or a baseline for comparison."""

    name: str
    description: str
    arguments: tuple[str, ...]
    # Expected requests to the emulator per environment.
    requests: int = 1
    # Whether it starts a separate process for every environment.
    slow: bool = False


def _play(name: str) -> str:
    return str(PLAYS / f"{name}.yml")


CONTENDERS = (
    Contender("debug", "one debug task, the minimum for any task", (_play("debug"),), requests=0),
    Contender(
        "templates",
        "one debug task with the four templates of the module's arguments",
        (_play("templates"),),
        requests=0,
    ),
    Contender(
        "bare get",
        "only one GET with requests in Ansible's own process, prepared as in the module",
        (_play("bare_get"),),
    ),
    Contender("in place", "the module, run in place", (_play("task"),)),
    Contender(
        "shipped",
        "the module, shipped like other modules",
        (_play("task"), "-e", "keyfactor_in_process=false"),
        slow=True,
    ),
    Contender("uri", "ansible.builtin.uri on the same URL", (_play("uri"),), slow=True),
    Contender(
        "by hand", "uri, set_fact and assert for four settings", (_play("by_hand"),), slow=True
    ),
    Contender(
        "role",
        "the role verify_smtp for the same settings, with its report",
        ("keyfactor.command.verify_smtp", "-e", "verify_smtp_report_dir=report"),
    ),
)
BY_NAME = {contender.name: contender for contender in CONTENDERS}
FLOOR, _TEMPLATES, _BARE_GET, IN_PLACE, SHIPPED, URI, BY_HAND, ROLE = BY_NAME
