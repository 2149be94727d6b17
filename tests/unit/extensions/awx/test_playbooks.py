# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the AWX kit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

KIT = Path(__file__).parents[4] / "extensions" / "awx"


@pytest.mark.parametrize("name", ["apply.yml", "apply_types.yml"])
def test_only_included_tasks_have_modules_of_awx(name: str) -> None:
    """Galaxy checks the syntax of playbooks without the collection awx.awx."""
    text = (KIT / name).read_text()
    assert "ansible.builtin.include_tasks: tasks/" in text
    assert not re.search(r"awx\.awx\.\w", text)
