# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the profile with one GET of requests in Ansible's own process."""

from __future__ import annotations

from typing import Any

# Imported and preloaded in Ansible's parent process, as for the module.
import requests
from ansible.plugins.action import ActionBase

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.action_module import (
    preload_templates,
)

TIMEOUT = 60
preload_templates()


class ActionModule(ActionBase):
    """The call of the module without its options, limits, retries and checks."""

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the members of the reply."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = self._task.args
        with requests.Session() as session:
            # As in the module, ignore .netrc, proxies and CA certificates of the environment.
            session.trust_env = False
            reply = session.get(
                f"{arguments['host']}/KeyfactorAPI/SMTP",
                auth=(arguments["username"], arguments["password"]),
                headers={
                    "Accept": "application/json",
                    "x-keyfactor-requested-with": "APIClient",
                    "x-keyfactor-api-version": "2",
                },
                timeout=TIMEOUT,
                verify=arguments["ca_cert"],
            )
        reply.raise_for_status()
        return {**result, "smtp": reply.json()}
