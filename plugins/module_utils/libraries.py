# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The libraries that may be missing where a module runs, in one place."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from .errors import CommandError

if TYPE_CHECKING:
    import requests
    from requests import Session
    from requests.adapters import HTTPAdapter
    from requests.auth import AuthBase
else:
    try:
        import requests
        from requests import Session
        from requests.adapters import HTTPAdapter
        from requests.auth import AuthBase
    except ImportError:
        requests = None
        HTTPAdapter = AuthBase = Session = object

if TYPE_CHECKING:
    import yaml
else:
    try:
        import yaml
    except ImportError:
        yaml = None

# Either both are there or none: requests-gssapi brings gssapi.
gssapi: Any
requests_gssapi: Any
if not TYPE_CHECKING:
    try:
        import gssapi
        import requests_gssapi
    except ImportError:
        gssapi = requests_gssapi = None
    else:
        # What it logs is told by its exceptions. In Ansible's log it would be a traceback.
        logging.getLogger("requests_gssapi").propagate = False

__all__ = (
    "AuthBase",
    "HTTPAdapter",
    "Session",
    "gssapi",
    "need",
    "requests",
    "requests_gssapi",
    "yaml",
)


def need(library: object, name: str, purpose: str) -> None:
    """Say which library is missing for which Python, if it is."""
    if library is None:
        raise CommandError(
            "configuration",
            f"The Python library {name} is missing for {sys.executable}, and {purpose} needs it. "
            f"Install it there, for example with: {sys.executable} -m pip install {name}",
        )
