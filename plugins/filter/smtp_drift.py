# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..plugin_utils._ansible.values import make_unsafe, to_builtins
from ..plugin_utils._expected import expected_state
from ..plugin_utils._verdict.observed import ObservedProfile
from ..plugin_utils._verdict.verdict import evaluate


def smtp_drift(
    profile: object,
    expected: object,
    name: str = "environment",
    module_result: Mapping[str, Any] | None = None,
    reference_profile: object = None,
    reference_module_result: Mapping[str, Any] | None = None,
    relay_result: Mapping[str, Any] | None = None,
    mail_result: Mapping[str, Any] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Return the verdict on a profile, with its findings."""
    state = expected_state.ExpectedStateInput(to_builtins(expected), **to_builtins(options))
    observed = ObservedProfile(to_builtins(profile), module_result)
    reference = ObservedProfile(to_builtins(reference_profile), reference_module_result)
    probe, mail = to_builtins(relay_result), to_builtins(mail_result)
    return make_unsafe(evaluate(name, state, observed, reference, probe, mail))


class FilterModule:
    """Provide the filter smtp_drift."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {"smtp_drift": smtp_drift}
