# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ..module_utils._api.call import run_call
from ..module_utils._api.smtp import read_smtp_profile
from ..module_utils._config.options import argument_spec
from ..plugin_utils._ansible.command_action import CommandAction


class ActionModule(CommandAction):
    """Read the profile in Ansible's own process, or ship the module if that is not possible."""

    ARGUMENT_SPEC = argument_spec()

    def perform(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result."""
        return run_call(read_smtp_profile, arguments, os.environ)
