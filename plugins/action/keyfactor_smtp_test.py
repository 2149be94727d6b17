# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from ..module_utils._api.call import run_call
from ..module_utils._config.options import argument_spec
from ..module_utils._smtp.delivery import deliver_test_mail
from ..module_utils._smtp.options import test_spec
from ..plugin_utils._ansible.command_action import CommandAction


class ActionModule(CommandAction):
    """Send a test mail from Ansible's own process, or ship the module if that is not possible."""

    ARGUMENT_SPEC: ClassVar = {**argument_spec(), **test_spec()}

    def perform(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result."""
        check_mode = bool(self._task.check_mode)
        send = partial(deliver_test_mail, arguments=arguments, check_mode=check_mode)
        return run_call(send, arguments, os.environ)
