# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The versions of an endpoint that a server offers.

Command uses ASP.NET API versioning, which answers an unknown version with 400 or 404, and names the
versions of the endpoint in Api-Supported-Versions. Other statuses stand for older servers.
"""

from __future__ import annotations

import re

from .._http.response import Response

KNOWN_VERSIONS = (1, 2)
UNKNOWN_VERSION_STATUSES = (400, 404, 405, 406, 501)
VERSION = re.compile(r"\s*([0-9]{1,3})(?:\.[0-9]{1,3})*\s*")


def supported_versions(response: Response) -> list[int]:
    """Return the major versions that the server offers, none if it does not say."""
    parts = response.headers.get("Api-Supported-Versions", "").split(",")
    return [int(match[1]) for match in map(VERSION.fullmatch, parts) if match]


def lacks_version(response: Response, version: int) -> bool:
    """Tell whether the server does not have this version. What it says itself decides.

    After a refusal or a failure (401, 403, 429, 5xx), another version is not tried.
    """
    if response.status not in UNKNOWN_VERSION_STATUSES or response.wants_client_certificate:
        return False
    return version not in supported_versions(response)


def newer_version_warning(response: Response, used: int) -> str | None:
    """Return the warning that the server offers a version that the collection does not know."""
    newer = [version for version in supported_versions(response) if version > max(KNOWN_VERSIONS)]
    if not newer:
        return None
    return (
        f"{response.url} offers version {max(newer)} of the API. This version of the collection "
        f"knows versions 1 and 2, and used {used}."
    )
