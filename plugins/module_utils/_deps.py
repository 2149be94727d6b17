# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Optional libraries: requests may be missing on the machine where a module runs."""

from __future__ import annotations

import sys

from ._errors import configuration_error

try:
    import requests
    from requests import Session
    from requests.adapters import HTTPAdapter
except ImportError:
    requests = None  # type: ignore[assignment]
    HTTPAdapter = Session = object  # type: ignore[assignment,misc]

__all__ = ("HTTPAdapter", "Session", "requests", "require_library")


def require_library(library: object, name: str, purpose: str) -> None:
    """Raise CommandError of kind configuration if the library is missing."""
    if library is None:
        raise configuration_error(
            f"The Python library {name} is missing for {sys.executable}, and {purpose} needs it. "
            f"Install it there, for example with: {sys.executable} -m pip install {name}"
        )
