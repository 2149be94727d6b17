# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON objects that requests send, by version of the API."""

from __future__ import annotations

from typing import Any

from .._errors import configuration_error
from .merge import Merged
from .secret import SECRET_MEMBERS, PamReference, PlainValue, Secret
from .stored_profile import StoredProfile

PLAIN_MEMBERS = {
    "host": "Host",
    "port": "Port",
    "use_ssl": "UseSSL",
    "relay_authentication_type": "RelayAuthenticationType",
    "sender_account": "SenderAccount",
    "sender_name": "SenderName",
}
OAUTH_MEMBERS = {"token_endpoint": "TokenEndpoint", "scope": "Scope", "audience": "Audience"}
RELAY_MEMBERS = ("RelayUsername", "RelayPassword")


def build_body(stored: StoredProfile, merged: Merged) -> dict[str, Any]:
    """Return the whole profile for a PUT. The server clears what is not in it."""
    body = {**stored.unknown, **stored.members, **_known_members(stored, merged, stored.version)}
    if not stored.takes_id:
        body.pop("Id", None)
    return body


def build_test_body(
    stored: StoredProfile, merged: Merged, recipient: str, version: int
) -> dict[str, Any]:
    """Return the profile for a test mail. :raises CommandError: if the version does not have it."""
    if version == stored.version:
        return {**build_body(stored, merged), "TestRecipient": recipient}
    if merged.secrets.get("client_id"):
        raise configuration_error(
            f"No test mail was sent: this server's version {version} of the test does not have the "
            f"settings of OAuth. Do without the test mail."
        )
    in_pam = [name for name in SECRET_MEMBERS if isinstance(merged.secrets.get(name), PamReference)]
    if in_pam:
        raise configuration_error(
            f"No test mail was sent: this server's version {version} of the test knows no PAM, "
            f"which has {' and '.join(in_pam)}. Do without the test mail, or give the values "
            f"themselves in profile."
        )
    return {**_known_members(stored, merged, version), "TestRecipient": recipient}


def _known_members(stored: StoredProfile, merged: Merged, version: int) -> dict[str, Any]:
    members = {member: merged.settings[name] for name, member in PLAIN_MEMBERS.items()}
    names = [name for name, member in SECRET_MEMBERS.items() if member in RELAY_MEMBERS]
    if version > 1 and stored.has_oauth:
        names = [*SECRET_MEMBERS]
        members.update({member: merged.settings[name] for name, member in OAUTH_MEMBERS.items()})
        members["RequestHeaders"] = _headers(stored, merged)
    for name in names:
        secret = merged.secrets.get(name)
        members[SECRET_MEMBERS[name]] = _secret_member(secret, version)
    return members


def _headers(stored: StoredProfile, merged: Merged) -> list[Any] | None:
    before: list[Any] | None = stored.members.get("RequestHeaders")
    if merged.headers == stored.headers():
        # The server's own objects, and how it says that there are none.
        return before
    headers = [{"Name": header.name, "Value": header.value} for header in merged.headers]
    return headers or (None if before is None else [])


def _secret_member(secret: Secret | None, version: int) -> Any:
    if secret is None:
        return None
    if version == 1:
        return secret.value if isinstance(secret, PlainValue) else None
    return secret.as_member()
