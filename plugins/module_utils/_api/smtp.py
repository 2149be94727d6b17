# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP endpoint: which API version to request, and its response as one profile."""

from __future__ import annotations

from typing import Any

from .._config.settings import ConnectionSettings
from .client import CommandClient
from .smtp_profile import normalize_profile
from .versions import lacks_version, newer_version_warning, served_version


def read_smtp_profile(settings: ConnectionSettings) -> dict[str, Any]:
    """Read the profile and return the module's result. :raises CommandError: if that fails."""
    client = CommandClient(settings)
    url = f"{settings.url}/SMTP"
    version = settings.api_version or 2
    response = client.get(url, version)
    if not settings.api_version and lacks_version(response, version):
        version = 1
        response = client.get(url, version)
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
    warning = newer_version_warning(response, version)
    product_version = response.headers.get("X-Keyfactor-Product-Version")
    return {
        "changed": False,
        "smtp": profile.values,
        "ansible_facts": {"keyfactor_smtp": profile.values},
        "api_version": profile.api_version,
        "product_version": product_version and client.quote(product_version),
        "correlation_id": response.correlation_id,
        "url": url,
        "tls_verified": settings.validate_certs and url.startswith("https:"),
        "unknown_members": [client.quote(name) for name in profile.unknown_members],
        "settings": dict(settings.effective),
        **({"warnings": [warning]} if warning else {}),
    }
