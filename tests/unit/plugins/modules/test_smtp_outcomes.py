# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of an internal action plugin of the role."""

from __future__ import annotations

import yaml

from ansible_collections.keyfactor.command.plugins.modules import smtp_outcomes


def test_it_is_documented_as_internal() -> None:
    documentation = yaml.safe_load(smtp_outcomes.DOCUMENTATION)
    assert documentation["short_description"].startswith("[INTERNAL]")
    assert list(documentation["options"]) == ["outcomes"]
