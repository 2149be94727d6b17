# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The versions of an endpoint that a server offers.

Command uses ASP.NET API versioning, which names the versions of the endpoint in headers of every
response, and answers an unknown version with 400 or 404: with an error object, problem details, or
nothing but the headers. Other statuses stand for older servers.
"""

from __future__ import annotations

import re

from .._http.response import Response

KNOWN_VERSIONS = (1, 2)
# The release of Keyfactor Command, as (major, minor).
FIRST_WITH_VERSION_2 = (25, 1)
PRODUCT_VERSION = "X-Keyfactor-Product-Version"
RELEASE = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})")
UNKNOWN_VERSION_STATUSES = (400, 404, 405, 406, 501)
# Deprecated versions are still served, and are not in the first of these.
HEADERS = ("Api-Supported-Versions", "Api-Deprecated-Versions")
UNSUPPORTED_CODE, UNSUPPORTED_TYPE = "UnsupportedApiVersion", "problems#unsupported"
VERSION = re.compile(r"\s*([0-9]{1,3})(?:\.[0-9]{1,3})*\s*")


def supported_versions(response: Response) -> list[int]:
    """Return the major versions that the server offers, none if it does not say."""
    parts = ",".join(response.headers.get(header, "") for header in HEADERS).split(",")
    return sorted({int(match[1]) for match in map(VERSION.fullmatch, parts) if match})


def lacks_version(response: Response, version: int) -> bool:
    """Tell whether the server does not have this version. What it says itself decides.

    After a refusal or a failure (401, 403, 429, 5xx), another version is not tried.
    """
    if response.status not in UNKNOWN_VERSION_STATUSES or response.wants_client_certificate:
        return False
    return version not in supported_versions(response)


def is_version_refusal(response: Response, version: int) -> bool:
    """Tell whether the response says that the server does not have this version."""
    if response.status not in UNKNOWN_VERSION_STATUSES:
        return False
    offered = supported_versions(response)
    return version not in offered if offered else _has_unsupported_code(response)


def _has_unsupported_code(response: Response) -> bool:
    members = response.json_members()
    nested = members.get("error")
    codes = [members.get("code"), nested.get("code") if isinstance(nested, dict) else None]
    return UNSUPPORTED_CODE in codes or str(members.get("type")).endswith(UNSUPPORTED_TYPE)


def version_refusal_hint(response: Response) -> str | None:
    """Return what to do about a refused version, None if the server does not say what it offers."""
    offered = supported_versions(response)
    known = [version for version in offered if version in KNOWN_VERSIONS]
    if known:
        return f"It offers version {known[-1]}: set api_version to {known[-1]} or to auto."
    newer = " and ".join(map(str, offered))
    return f"It offers {newer}: use a newer version of this collection." if offered else None


def product_release(response: Response) -> tuple[int, int] | None:
    """Return the release of Keyfactor Command, None if the server does not send it."""
    match = RELEASE.match(response.headers.get(PRODUCT_VERSION, ""))
    return (int(match[1]), int(match[2])) if match else None


def served_version(response: Response, requested: int) -> int:
    """Return the version of a good response. Some servers ignore the requested one."""
    release = product_release(response)
    if release and release < FIRST_WITH_VERSION_2:
        return 1
    known = [version for version in supported_versions(response) if version in KNOWN_VERSIONS]
    return requested if requested in known or not known else known[-1]


def newer_version_warning(response: Response, used: int) -> str | None:
    """Return the warning that the server offers a version that the collection does not know."""
    newer = [version for version in supported_versions(response) if version > max(KNOWN_VERSIONS)]
    if not newer:
        return None
    return (
        f"{response.url} offers version {max(newer)} of the API. This version of the collection "
        f"knows versions 1 and 2, and used {used}."
    )
