# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Have Command send one mail, with settings that need not be the stored ones."""

from __future__ import annotations

from http import HTTPStatus

from .._api.client import CommandClient
from .._api.operations import TEST
from .._api.smtp import parse_profile, smtp_url
from .._api.versions import is_version_refusal, supported_versions
from .._errors import CommandError
from .._http.response import Response
from .body import build_test_body
from .merge import Merged
from .stored_profile import StoredProfile

# What servers answer that do not know the endpoint in this version, and do not say so otherwise.
NO_SUCH_ENDPOINT = (404, 405, 406, 501)


def _first_version(stored: StoredProfile) -> int:
    """Return the version to try first.

    The endpoint has versions of its own: there are servers with version 2 of the profile, and only
    version 1 of the test. Those with OAuth have both.
    """
    return 2 if stored.has_oauth else 1


def require_sendable(stored: StoredProfile, merged: Merged) -> None:
    """Refuse, in check mode as well, what the test certainly cannot send. :raises CommandError:"""
    build_test_body(stored, merged, "", _first_version(stored))


def send_test_mail(
    client: CommandClient, stored: StoredProfile, merged: Merged, recipient: str
) -> int:
    """Return the version of the API that sent the mail. :raises CommandError: if it was not sent."""
    version = _first_version(stored)
    response = _post(client, stored, merged, recipient, version)
    if version == 2 and _lacks_version(response):
        version = 1
        response = _post(client, stored, merged, recipient, version)
    if response.status != HTTPStatus.OK:
        raise client.status_error(response, TEST)
    if response.body.strip():
        # Version 1 returns the profile. Anything else may come from a proxy.
        try:
            parse_profile(client, response, version)
        except CommandError as error:
            raise _uncertain(error) from None
    return version


def _post(
    client: CommandClient, stored: StoredProfile, merged: Merged, recipient: str, version: int
) -> Response:
    body = build_test_body(stored, merged, recipient, version)
    try:
        return client.send("POST", f"{smtp_url(client.settings)}/Test", version, body)
    except CommandError as error:
        raise error if error.unsent else _uncertain(error) from None


def _uncertain(error: CommandError) -> CommandError:
    error.message = f"It is not known whether the test mail was sent: {error.message}"
    return error


def _lacks_version(response: Response) -> bool:
    """Tell whether the test certainly has no version 2: a failed delivery may be a 400 as well."""
    if is_version_refusal(response, 2):
        return True
    return response.status in NO_SUCH_ENDPOINT and not supported_versions(response)
