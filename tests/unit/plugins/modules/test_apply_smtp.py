# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of an internal action plugin of the role."""

from __future__ import annotations

import yaml

from ansible_collections.keyfactor.command.plugins.modules import apply_smtp


def test_it_is_documented_as_internal() -> None:
    documentation = yaml.safe_load(apply_smtp.DOCUMENTATION)
    assert documentation["short_description"].startswith("[INTERNAL]")
    assert "options" not in documentation
