# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP endpoint: which API version to request, and its response as one profile."""

from __future__ import annotations

from typing import Any

from .._config.settings import ConnectionSettings
from .._errors import CommandError
from .client import CommandClient, JsonDocument
from .smtp_profile import normalize_profile

ENDPOINT = "SMTP"
# The statuses with which servers without version 2 may answer. After any other, version 1 is not
# tried: a refusal or a failure does not mean that the server is old.
VERSION_FALLBACK_STATUSES = frozenset((400, 404, 405, 406, 501))


def read_smtp_profile(settings: ConnectionSettings) -> dict[str, Any]:
    """Read the profile and return the module's result. :raises CommandError: if that fails."""
    document, version = _get_profile(CommandClient(settings), settings.api_version)
    try:
        profile = normalize_profile(document.content, version)
    except ValueError as error:
        raise CommandError(
            "protocol",
            f"The reply of {document.url} is not an SMTP profile: {error}. "
            f"Check host and api_path, and whether a newer version of this collection knows it.",
            status=200,
            url=document.url,
            attempts=document.attempts,
        ) from None
    return {
        "changed": False,
        "smtp": profile.values,
        "ansible_facts": {"keyfactor_smtp": profile.values},
        "api_version": profile.api_version,
        "product_version": document.product_version,
        "url": document.url,
        "tls_verified": settings.validate_certs and document.url.startswith("https:"),
        "unknown_members": profile.unknown_members,
        "settings": dict(settings.effective),
    }


def _get_profile(client: CommandClient, version: int | None) -> tuple[JsonDocument, int]:
    """Return the response, and the version that was requested."""
    if version is not None:
        return client.get(ENDPOINT, version), version
    try:
        return client.get(ENDPOINT, 2), 2
    except CommandError as error:
        if error.kind in ("tls", "token") or error.status not in VERSION_FALLBACK_STATUSES:
            raise
    return client.get(ENDPOINT, 1), 1
