# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of the collection in the code."""

from __future__ import annotations

from pathlib import Path

import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._version import VERSION

GALAXY = Path(__file__).parents[4] / "galaxy.yml"


def test_version_is_that_of_galaxy_yml() -> None:
    assert yaml.safe_load(GALAXY.read_text())["version"] == VERSION
