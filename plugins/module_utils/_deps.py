# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Optional libraries: requests may be missing on the machine where a module runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ._errors import CommandError

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

__all__ = ("AuthBase", "HTTPAdapter", "Session", "requests", "require_library")


def require_library(library: object, name: str, purpose: str) -> None:
    """Raise CommandError of kind configuration if the library is missing."""
    if library is None:
        raise CommandError(
            "configuration",
            f"The Python library {name} is missing for {sys.executable}, and {purpose} needs it. "
            f"Install it there, for example with: {sys.executable} -m pip install {name}",
        )
