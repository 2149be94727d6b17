# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of action plugins for modules that call the API of Keyfactor Command."""

from __future__ import annotations

from ...module_utils._api import response_errors
from ...module_utils._api.call import NEVER_REDACTED
from ...module_utils._auth import kerberos, oauth
from ...module_utils._config import config_file_parser
from ...module_utils._deps import requests
from ...module_utils._http import transport_errors
from ...module_utils._http.tls import preload_context
from . import action_module
from .in_place_action import InPlaceAction

# Ansible loads action plugins once, in its parent process. A shipped module imports these only if
# it needs them. Here, an import inside run() would take time for every environment.
PRELOADED = (config_file_parser, kerberos, oauth, response_errors, transport_errors)
# Otherwise, every environment would load certificate authorities and template plugins.
preload_context()
action_module.preload_templates()


class CommandAction(InPlaceAction):
    """Call the API in Ansible's own process, or ship the module if that is not possible."""

    NEVER_REDACTED = NEVER_REDACTED

    def has_libraries(self) -> bool:
        """Return whether this process has the library requests."""
        return requests is not None
