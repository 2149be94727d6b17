# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The libraries of Kerberos: either both are there or none, as requests-gssapi brings gssapi."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

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

__all__ = ("gssapi", "requests_gssapi")
