# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which mutants are selected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.mutation.__main__ import main, parse_arguments, source_files


def test_files_of_all_rooms() -> None:
    rooms = {str(path.parent) for path in source_files()}
    assert {"plugins/action", "plugins/inventory", "plugins/module_utils/_api"} <= rooms
    assert {"plugins/modules", "plugins/doc_fragments"} & rooms == set()
    assert source_files("_sanitize") == [Path("plugins/module_utils/_sanitize.py")]


def test_a_seed_selects_the_same_sample(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for seed in ("1", "1", "2"):
        options = ["--list", "--only", "_sanitize", "--sample", "3", "--seed", seed]
        assert main(parse_arguments(options)) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] != outputs[2]
    assert outputs[0].count("plugins/module_utils/_sanitize.py") == 3
