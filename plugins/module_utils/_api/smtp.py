# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP endpoint: which API version to request, and its response as one profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._config.settings import ConnectionSettings
from .._http.response import Response
from .client import CommandClient
from .smtp_profile import SmtpProfile, normalize_profile
from .versions import PRODUCT_VERSION, lacks_version, newer_version_warning, served_version


@dataclass(frozen=True)
class FetchedProfile:
    """The profile as it was read.

    :param members: the JSON object that the server sent.
    """

    profile: SmtpProfile
    members: Mapping[str, Any] = field(repr=False)
    response: Response = field(repr=False)
    requested_version: int

    @property
    def product_version(self) -> str | None:
        """The version of Keyfactor Command, None if the server does not send it."""
        return self.response.headers.get(PRODUCT_VERSION)


def smtp_url(settings: ConnectionSettings) -> str:
    """Return the address of the SMTP profile."""
    return f"{settings.url}/SMTP"


def fetch_profile(client: CommandClient, version: int | None = None) -> FetchedProfile:
    """Return the profile of the server. :raises CommandError: if it cannot be read.

    :param version: the version of the API to read it in, instead of the newest that there is.
    """
    url = smtp_url(client.settings)
    given = version or client.settings.api_version
    version = given or 2
    response = client.send("GET", url, version)
    if not given and lacks_version(response, version):
        version = 1
        response = client.send("GET", url, version)
    return parse_profile(client, response, version)


def parse_profile(client: CommandClient, response: Response, version: int) -> FetchedProfile:
    """Return the profile of a response. :raises CommandError: saying what it is instead."""
    content = client.parse(response, version)
    version = served_version(response, version)
    try:
        profile = normalize_profile(content, version)
    except ValueError as error:
        message = (
            f"The reply of {response.url} is not an SMTP profile: {error}. "
            f"Check host and api_path, and whether a newer version of this collection knows it."
        )
        raise response.error("protocol", message) from None
    return FetchedProfile(profile, content, response, version)


def profile_result(client: CommandClient, fetched: FetchedProfile) -> dict[str, Any]:
    """Return what every module returns of a profile and of the connection to its server."""
    settings, profile = client.settings, fetched.profile
    url = smtp_url(settings)
    product_version = fetched.product_version
    warning = newer_version_warning(fetched.response, fetched.requested_version)
    return {
        "smtp": profile.values,
        "ansible_facts": {"keyfactor_smtp": profile.values},
        "api_version": profile.api_version,
        "product_version": product_version and client.quote(product_version),
        "correlation_id": fetched.response.correlation_id,
        "url": url,
        "tls_verified": settings.validate_certs and url.startswith("https:"),
        "unknown_members": [client.quote(name) for name in profile.unknown_members],
        "settings": dict(settings.effective),
        **({"warnings": [warning]} if warning else {}),
    }


def read_smtp_profile(settings: ConnectionSettings) -> dict[str, Any]:
    """Read the profile and return the module's result. :raises CommandError: if that fails."""
    client = CommandClient(settings)
    return {"changed": False, **profile_result(client, fetch_profile(client))}
