# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One GET of the profile with requests, in Ansible's own process, and no more."""

from __future__ import annotations

from typing import Any

# In Ansible's parent process: what a call needs is loaded and prepared there, as for the module.
import requests
from ansible.plugins.action import ActionBase

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.action_module import (
    preload_templates,
)

TIMEOUT = 60
preload_templates()


class ActionModule(ActionBase):
    """The module's call without its options, limits, retries and checks."""

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the reply's members."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        given = self._task.args
        with requests.Session() as session:
            # As in the module: no netrc, no proxies or authorities of the environment.
            session.trust_env = False
            reply = session.get(
                f"{given['host']}/KeyfactorAPI/SMTP",
                auth=(given["username"], given["password"]),
                headers={
                    "Accept": "application/json",
                    "x-keyfactor-requested-with": "APIClient",
                    "x-keyfactor-api-version": "2",
                },
                timeout=TIMEOUT,
                verify=given["ca_cert"],
            )
        reply.raise_for_status()
        return {**result, "smtp": reply.json()}
