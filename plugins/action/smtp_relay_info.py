# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._http.tls import preload_context
from ..module_utils._relay import sender_domain
from ..module_utils._relay.options import ARGUMENT_SPEC
from ..module_utils._relay.probe import run_probe
from ..plugin_utils._ansible.in_place_action import InPlaceAction

# Ansible loads action plugins once, in its parent process. Otherwise, every environment would load
# these: the library for DNS, and the system's certificate authorities.
PRELOADED = (sender_domain,)
preload_context()


class ActionModule(InPlaceAction):
    """Probe the relay in Ansible's own process, or ship the module if that is not possible."""

    ARGUMENT_SPEC = ARGUMENT_SPEC

    def perform(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result."""
        return run_probe(arguments)
