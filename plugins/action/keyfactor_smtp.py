# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from ..module_utils._api.call import run_call
from ..module_utils._config.options import argument_spec
from ..module_utils._smtp.options import update_spec
from ..module_utils._smtp.update import update_smtp_profile
from ..plugin_utils._ansible.command_action import CommandAction


class ActionModule(CommandAction):
    """Set the profile in Ansible's own process, or ship the module if that is not possible."""

    ARGUMENT_SPEC: ClassVar = {**argument_spec(), **update_spec()}

    def perform(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result."""
        check_mode = bool(self._task.check_mode)
        update = partial(update_smtp_profile, arguments=arguments, check_mode=check_mode)
        return run_call(update, arguments, os.environ)
