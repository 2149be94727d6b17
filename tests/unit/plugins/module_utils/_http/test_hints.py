# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that hints name exist."""

from __future__ import annotations

import re

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import (
    COMMAND_HINTS,
    TOKEN_HINTS,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    OPTIONS_BY_NAME,
)
from ansible_collections.keyfactor.command.plugins.module_utils._http.hints import Hints


@pytest.mark.parametrize(
    ("hints", "options"),
    [
        (COMMAND_HINTS, {"host", "port", "api_path", "ca_cert", "client_cert", "client_key"}),
        (TOKEN_HINTS, {"token_url", "ca_cert", "auth_ca_cert"}),
    ],
)
def test_hints_name_the_options_of_their_endpoint(hints: Hints, options: set[str]) -> None:
    words = set(re.findall(r"\w+", " ".join(hints)))
    assert words & set(OPTIONS_BY_NAME) == options
