# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is expected of a setting is understood or refused."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    AllowedValues,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
)
from tests.unit.strategies import EXPECTED
from tests.unit.support import expected_state


@given(EXPECTED)
def test_any_expectation_is_understood_or_refused(expected: Any) -> None:
    try:
        found = expected_state(expected).expectations
    except ExpectedStateError as error:
        assert str(error).isprintable()
        return
    assert [each.setting for each in found] == list(expected)
    for each in found:
        if isinstance(each, AllowedValues):
            assert not any(each.mismatch(value) for value in each.values)
        assert (each.mismatch("\x1b") or "").isprintable()
