# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Setting the profile of a server: what is sent, and what the result says of the server then."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Protocol

import pytest
from requests import PreparedRequest

from ansible_collections.keyfactor.command.plugins.module_utils._auth.base import Bearer
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.update import (
    update_smtp_profile,
)
from tests.emulator import Command, Emulator, Fault, Hidden, SmtpProfile
from tests.unit.smtp import (
    ANONYMOUS,
    HEADER_VALUE,
    IN_PAM,
    OAUTH,
    PAM,
    PLAIN,
    RELAY_PASSWORD,
    RELAY_SECRET,
    SECRETS,
    methods,
)
from tests.unit.support import TOKEN, Connect, Pauses, check_error, failure, holds_secret, refusal

CHANGE = {"port": 25, "relay_password": RELAY_PASSWORD}


class Update(Protocol):
    def __call__(
        self, command: Command, profile: dict[str, Any], check: bool = False, **more: Any
    ) -> dict[str, Any]:
        """Return the result of setting the profile."""


@pytest.fixture
def update(connect: Connect) -> Update:
    def run(
        command: Command, profile: dict[str, Any], check: bool = False, **more: Any
    ) -> dict[str, Any]:
        names = ("update_secrets", "test_recipient")
        arguments = {"profile": profile, "update_secrets": "on_change", "test_recipient": None}
        arguments.update({name: more.pop(name) for name in names if name in more})
        result = update_smtp_profile(connect(command, **more), arguments, check)
        assert holds_secret(result, *SECRETS, TOKEN) == []
        if result.get("failed"):
            error = CommandError(result["error"]["kind"], result["msg"])
            check_error(error, count_sentences=False)
        return result

    return run


def server(emulator: Emulator, profile: SmtpProfile = PLAIN, **options: Any) -> Command:
    """Start a server as Command is: it returns no secrets."""
    given = {"release": "25.4", "hidden": Hidden.NULL, "tokens": [TOKEN], **options}
    return emulator.command(profile=profile, **given)


@pytest.mark.parametrize("release", ["10.3", "11.0", "24.4", "25.1", "25.4"])
@pytest.mark.parametrize("hidden", [None, *Hidden])
def test_every_release(
    emulator: Emulator, update: Update, release: str, hidden: Hidden | None
) -> None:
    profile = replace(PLAIN, unknown_members={"Retry": {"deep": 3}})
    command = server(emulator, profile, release=release, hidden=hidden)
    result = update(command, CHANGE)
    assert (result["changed"], result["written"], result["changed_settings"]) == (
        True,
        True,
        ["port"],
    )
    assert result["smtp"]["port"] == 25
    assert result["ansible_facts"] == {"keyfactor_smtp": result["smtp"]}
    address = profile.sender_address if release < "12" else None
    assert command.store.profile == replace(
        profile, port=25, relay_password=RELAY_PASSWORD, sender_address=address
    )
    put = next(request for request in command.requests if request.method == "PUT")
    assert put.headers["Content-Type"] == "application/json"
    again = update(command, CHANGE)
    assert (again["changed"], again["written"], again["changed_settings"]) == (False, False, [])
    assert methods(command).count("PUT") == 1


def test_camel_case_server(emulator: Emulator, update: Update) -> None:
    command = server(emulator, replace(PLAIN, unknown_members={"ZNew": 1}), camel_case=True)
    # The emulator knows its own unknown members in any spelling.
    assert update(command, CHANGE)["smtp"]["port"] == 25
    assert command.store.profile.relay_password == RELAY_PASSWORD


def test_server_that_ignores_the_version(emulator: Emulator, update: Update) -> None:
    command = server(emulator, release="24.4", ignores_version_header=True)
    result = update(command, CHANGE)
    assert (result["api_version"], command.store.profile.port) == (1, 25)
    assert methods(command) == ["GET", "PUT", "GET"]


def test_explicit_version_1_of_a_newer_server(emulator: Emulator, update: Update) -> None:
    """Its PUT no longer has an Id."""
    command = server(emulator, release="25.1")
    assert update(command, CHANGE, api_version="1")["written"] is True
    assert command.store.profile.relay_username == PLAIN.relay_username


@pytest.mark.parametrize("recipient", [None, "pki@example.com"])
def test_check_mode_sends_nothing(
    emulator: Emulator, update: Update, recipient: str | None
) -> None:
    command = server(emulator)
    result = update(command, CHANGE, check=True, test_recipient=recipient)
    assert methods(command) == ["GET"]
    assert (result["changed"], result["written"], result["changed_settings"]) == (
        True,
        False,
        ["port"],
    )
    assert result["smtp"]["port"] == 25
    # Nothing was changed, so the fact is what the server has.
    assert result["ansible_facts"]["keyfactor_smtp"]["port"] == 587
    assert "port: 587" in result["diff"]["before"]
    assert "port: 25" in result["diff"]["after"]
    assert update(command, {"port": 587}, check=True)["changed"] is False


@pytest.mark.parametrize("check", [False, True])
def test_refusals_come_before_anything_is_sent(
    emulator: Emulator, update: Update, check: bool
) -> None:
    command = server(emulator)
    refusal(lambda: update(command, {"port": 0}, check), "profile.port")
    refusal(lambda: update(command, {}, check), "profile is empty")
    refusal(
        lambda: update(command, CHANGE, check, test_recipient="pki"), "The value of test_recipient "
    )
    assert command.requests == []
    refusal(lambda: update(command, {"port": 25}, check), "profile.relay_password")
    assert methods(command) == ["GET"]
    assert command.store.profile == PLAIN


def test_secrets_travel_with_a_change_or_always(emulator: Emulator, update: Update) -> None:
    command = server(emulator)
    given = {"relay_password": RELAY_PASSWORD}
    assert update(command, given)["changed"] is False
    result = update(command, given, check=True, update_secrets="always")
    assert (result["changed"], result["changed_settings"]) == (True, ["relay_password"])
    assert command.store.profile.relay_password != RELAY_PASSWORD
    result = update(command, given, update_secrets="always")
    assert (result["changed"], result["changed_settings"]) == (True, ["relay_password"])
    assert '"(secret)"' in result["diff"]["after"]
    assert command.store.profile == replace(
        PLAIN, relay_password=RELAY_PASSWORD, sender_address=None
    )


def test_oauth_and_pam(emulator: Emulator, update: Update) -> None:
    profile = replace(OAUTH, client_secret=None, client_secret_pam=PAM)
    command = server(emulator, profile)
    headers = [{"name": "X-Relay-Key", "value": HEADER_VALUE}]
    update(command, {"scope": "other", "request_headers": headers})
    expected = replace(
        profile, scope="other", sender_address=None, request_headers={"X-Relay-Key": HEADER_VALUE}
    )
    assert command.store.profile == expected
    moved = {"token_endpoint": "https://other.example.com/token", "request_headers": []}
    refusal(lambda: update(command, moved), "PAM reference of client_secret")
    refusal(lambda: update(command, {**moved, "client_secret": RELAY_SECRET}), "set update_secrets")
    update(command, {**moved, "client_secret": RELAY_SECRET}, update_secrets="always")
    assert command.store.profile == replace(
        expected,
        token_endpoint=moved["token_endpoint"],
        request_headers={},
        client_secret=RELAY_SECRET,
        client_secret_pam=None,
    )


def test_way_to_authenticate(emulator: Emulator, update: Update) -> None:
    command = server(emulator, ANONYMOUS)
    given = {
        "relay_authentication": "basic",
        "relay_username": "svc",
        "relay_password": RELAY_PASSWORD,
    }
    assert update(command, given)["smtp"]["relay_authentication"] == "basic"
    assert command.store.profile.relay_password == RELAY_PASSWORD
    result = update(command, {"relay_authentication": "anonymous", "relay_username": ""})
    assert result["smtp"]["relay_authentication"] == "anonymous"
    assert result["warnings"] == [
        f"The change to {result['url']} clears what Command stores as relay_password, as these "
        f"settings do not use it."
    ]
    assert command.store.profile == replace(ANONYMOUS, sender_address=None)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429])
def test_refused_change(emulator: Emulator, update: Update, status: int) -> None:
    command = server(emulator, faults=[Fault.status(status).on("PUT")])
    error = failure(lambda: update(command, CHANGE))
    assert error.status == status
    assert methods(command).count("PUT") == 1
    assert methods(command)[-1] == "PUT"


def test_words_of_a_refusal(emulator: Emulator, update: Update) -> None:
    echo = {"errors": {"Port": [f"Port 25 is no good with {RELAY_PASSWORD}."]}}
    command = server(emulator, faults=[Fault.status(400, body=echo).on("PUT")])
    error = failure(
        lambda: update(command, CHANGE), "rejected the settings (400", "Port 25 is no good"
    )
    assert error.kind == "rejected"
    check_error(error, secrets=SECRETS)


def test_version_that_only_reading_has(emulator: Emulator, update: Update) -> None:
    body = {"error": {"code": "UnsupportedApiVersion", "message": "No such version."}}
    headers = {"Api-Supported-Versions": "1.0"}
    fault = Fault.status(400, body=body, headers=headers)
    command = server(emulator, faults=[fault.on("PUT")])
    error = failure(
        lambda: update(command, CHANGE), "does not have version 2", "set api_version to 1"
    )
    assert (error.kind, command.store.profile) == ("protocol", PLAIN)


def test_permission_to_modify(emulator: Emulator, update: Update) -> None:
    command = server(emulator, writers=[])
    error = failure(
        lambda: update(command, CHANGE), "change the SMTP profile", "/system_settings/modify/"
    )
    assert (error.kind, command.store.profile) == ("permission", PLAIN)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.cut_off(),
        Fault.drop_reply(),
        Fault.drip("headers", interval=60),
        Fault.drip("body", interval=60),
    ],
)
def test_lost_reply_of_a_change_that_was_made(
    emulator: Emulator, update: Update, fault: Fault
) -> None:
    command = server(emulator, faults=[fault.on("PUT")])
    result = update(command, CHANGE, timeout="500ms", retries=3)
    assert (result["changed"], result["written"]) == (True, True)
    assert "no proper reply, but the profile was read again" in str(result["warnings"])
    assert methods(command) == ["GET", "PUT", "GET"]
    assert command.store.profile.relay_password == RELAY_PASSWORD


@pytest.mark.parametrize(
    ("fault", "kind", "written"),
    [
        # The server, or what is before it, may have given up waiting for work that goes on.
        (Fault.drop(), "connect", None),
        (Fault.delay(60), "timeout", None),
        (Fault.status(408), "protocol", None),
        (Fault.status(502), "server", None),
        (Fault.status(504), "server", None),
        (Fault.status(500), "server", False),
        (Fault.status(503), "server", False),
        (Fault.html(), "protocol", False),
        (Fault.status(200, body="x", headers={"Content-Encoding": "gzip"}), "protocol", False),
    ],
)
def test_lost_change(
    emulator: Emulator, update: Update, fault: Fault, kind: str, written: bool | None
) -> None:
    command = server(emulator, faults=[fault.on("PUT")])
    result = update(command, CHANGE, timeout="500ms", retries=3)
    assert (result["failed"], result["error"]["kind"]) == (True, kind)
    unfinished = " so far, as the server may still be working on the change"
    ending = f"is unchanged{unfinished if written is None else ''}. Run the task again."
    assert result["msg"].endswith(f"The profile was read again and {ending}")
    assert (result["changed"], result["written"], result["smtp"]["port"]) == (False, written, 587)
    assert result["changed_settings"] == ["port"]
    assert methods(command) == ["GET", "PUT", "GET"]
    assert command.store.profile == PLAIN


def test_lost_reply_to_new_secrets(emulator: Emulator, update: Update) -> None:
    command = server(emulator, faults=[Fault.drop_reply().on("PUT")])
    result = update(command, {"relay_password": RELAY_PASSWORD}, update_secrets="always")
    assert (result["failed"], result["changed"], result["written"]) == (True, True, None)
    assert "not known whether the secrets were written" in result["msg"]


def test_profile_that_cannot_be_read_again(emulator: Emulator, update: Update) -> None:
    faults = [Fault.none(times=1).on("GET"), Fault.status(503).on("GET")]
    command = server(emulator, faults=faults)
    result = update(command, CHANGE)
    assert (result["failed"], result["written"], result["error"]["kind"]) == (True, True, "server")
    assert "took the settings. It is not known which settings the server has" in result["msg"]
    command = server(emulator, faults=[*faults, Fault.drop_reply().on("PUT")])
    result = update(command, CHANGE)
    assert (result["written"], result["error"]["kind"], result["changed"]) == (
        None,
        "connect",
        True,
    )


def test_change_that_did_not_arrive_is_tried_again(
    emulator: Emulator, update: Update, pauses: Pauses
) -> None:
    command = server(emulator, faults=[Fault.status(503, retry_after="1", times=1).on("PUT")])
    assert update(command, CHANGE, retries=1)["written"] is True
    assert (methods(command), len(pauses)) == (["GET", "PUT", "PUT", "GET"], 1)


def test_server_that_keeps_something_else(emulator: Emulator, update: Update) -> None:
    command = server(emulator, keeps={"port": 2525})
    result = update(command, {**CHANGE, "sender_name": "Other"})
    assert (result["failed"], result["error"]["kind"]) == (True, "conflict")
    assert "port is 2525 instead of 25" in result["msg"]
    assert "sender_name" not in result["msg"]
    assert (result["changed"], result["written"], result["smtp"]["port"]) == (True, True, 2525)


def test_server_that_keeps_several_other_values(emulator: Emulator, update: Update) -> None:
    command = server(emulator, keeps={"port": 2525, "sender_name": "Kept"})
    result = update(command, {**CHANGE, "sender_name": "Other"})
    assert result["msg"] == (
        f"{command.url}/KeyfactorAPI/SMTP took the settings, but has others when they are read "
        f'again: port is 2525 instead of 25; sender_name is "Kept" instead of "Other". Look who else '
        f"changes the profile, or what the server does not accept."
    )


def test_lost_reply_and_something_else(emulator: Emulator, update: Update) -> None:
    faults = [Fault.drop_reply().on("PUT")]
    command = server(emulator, keeps={"port": 2525}, faults=faults)
    result = update(command, CHANGE)
    assert (result["failed"], result["error"]["kind"]) == (True, "conflict")
    assert "neither as it was nor as sent: port is 2525 instead of 25" in result["msg"]
    assert (result["changed"], result["written"]) == (True, None)


def test_server_that_keeps_everything_that_it_shows(emulator: Emulator, update: Update) -> None:
    """It has the new password."""
    command = server(emulator, keeps={"port": 587})
    result = update(command, CHANGE)
    assert (result["changed"], result["written"]) == (True, True)
    assert command.store.profile.relay_password == RELAY_PASSWORD


def test_another_administrator_before_a_change_that_was_not_made(
    emulator: Emulator, update: Update
) -> None:
    command = server(
        emulator, meanwhile={"GET": {"sender_name": "x"}}, faults=[Fault.drop().on("PUT")]
    )
    result = update(command, CHANGE)
    assert (result["error"]["kind"], result["written"]) == ("conflict", None)
    assert command.store.writes == []


def test_another_administrator_after_the_change(emulator: Emulator, update: Update) -> None:
    command = server(emulator, meanwhile={"PUT": {"use_ssl": False}})
    result = update(command, CHANGE)
    assert (result["failed"], result["error"]["kind"]) == (True, "conflict")
    assert "use_ssl is false instead of true" in result["msg"]


@pytest.mark.parametrize("fault", [Fault.html(), Fault.body("{}"), Fault.not_json()])
@pytest.mark.parametrize("always", [False, True])
def test_success_that_did_nothing(
    emulator: Emulator, update: Update, fault: Fault, always: bool
) -> None:
    """A proxy that answers in place of Command, for example."""
    command = server(emulator, faults=[fault.on("PUT")])
    given = {"relay_password": RELAY_PASSWORD}
    result = update(command, given, update_secrets="always") if always else update(command, CHANGE)
    assert (result["failed"], result["error"]["kind"]) == (True, "protocol")
    assert (result["changed"], result["written"]) == ((True, None) if always else (False, False))


def test_changed_text_of_an_unknown_setting_is_a_warning(
    emulator: Emulator, update: Update
) -> None:
    profile = replace(PLAIN, unknown_members={"Modified": "yesterday"})
    changed = {"unknown_members": {"Modified": "today"}}
    command = server(emulator, profile, meanwhile={"PUT": changed})
    result = update(command, CHANGE)
    assert result["written"] is True
    assert "1 settings that this version" in str(result["warnings"])


def test_mail_before_the_change(emulator: Emulator, update: Update) -> None:
    command = server(emulator)
    update(command, CHANGE, test_recipient="pki@example.com")
    assert methods(command) == ["GET", "POST", "GET", "PUT", "GET"]
    (mail,) = command.mails
    assert (mail.recipient, mail.profile.port) == ("pki@example.com", 25)
    assert mail.profile.relay_password == RELAY_PASSWORD
    update(command, CHANGE, test_recipient="pki@example.com")
    assert len(command.mails) == 1


@pytest.mark.parametrize("check", [False, True])
def test_mail_that_this_version_of_the_test_cannot_send(
    emulator: Emulator, update: Update, check: bool
) -> None:
    """Before 25.4, the test has only version 1, which knows no PAM."""
    command = server(emulator, IN_PAM, release="25.1")
    given = {"sender_name": "Other"}
    refusal(
        lambda: update(command, given, check, test_recipient="pki@example.com"),
        "knows no PAM, which has relay_password",
    )
    assert methods(command) == ["GET"]


def test_no_change_if_the_mail_is_not_sent(emulator: Emulator, update: Update) -> None:
    command = server(emulator, delivery_error=f"535 refused {RELAY_PASSWORD}")
    error = failure(
        lambda: update(command, CHANGE, test_recipient="pki@example.com"),
        "could not deliver",
        "535",
    )
    assert (error.kind, command.store.profile) == ("delivery", PLAIN)
    check_error(error, secrets=SECRETS)


def test_no_change_of_a_profile_that_changed_meanwhile(emulator: Emulator, update: Update) -> None:
    command = server(emulator, meanwhile={"POST": {"sender_name": "Other"}})
    error = failure(
        lambda: update(command, CHANGE, test_recipient="pki@example.com"), "somebody else"
    )
    assert error.kind == "conflict"
    assert "PUT" not in methods(command)


def test_member_that_changes_by_itself_is_no_conflict(emulator: Emulator, update: Update) -> None:
    profile = replace(PLAIN, unknown_members={"LastTest": "never"})
    meanwhile = {"POST": {"unknown_members": {"LastTest": "now"}}}
    command = server(emulator, profile, meanwhile=meanwhile)
    assert update(command, CHANGE, test_recipient="pki@example.com")["written"] is True
    meanwhile = {"GET": {"unknown_members": {"LastTest": "now"}}}
    faults = [Fault.status(500).on("PUT")]
    command = server(emulator, profile, meanwhile=meanwhile, faults=faults)
    result = update(command, CHANGE)
    assert (result["changed"], result["written"]) == (False, False)


def test_old_version_after_a_failure_is_not_written(emulator: Emulator, update: Update) -> None:
    """A proxy may have answered in place of a server that has version 2."""
    faults = [Fault.status(404, times=1).on("GET")]
    command = server(emulator, OAUTH, faults=faults)
    error = failure(lambda: update(command, CHANGE), "version 2 of the API", "run the task again")
    assert error.kind == "protocol"
    assert methods(command) == ["GET", "GET"]


def test_profile_is_read_again_in_the_same_version(emulator: Emulator, update: Update) -> None:
    faults = [Fault.none(times=1).on("GET"), Fault.status(404, times=1).on("GET")]
    command = server(emulator, faults=faults)
    result = update(command, CHANGE)
    assert (result["failed"], result["written"]) == (True, True)
    assert "could not be read again" in result["msg"]
    assert methods(command) == ["GET", "PUT", "GET"]


def test_chosen_version_1_warns_of_what_it_clears(emulator: Emulator, update: Update) -> None:
    command = server(emulator)
    warnings = update(command, CHANGE, check=True, api_version="1")["warnings"]
    assert "Leave api_version out to keep them" in str(warnings)
    assert "warnings" not in update(command, {"port": 587}, api_version="1")


@pytest.mark.parametrize("hidden", [None, Hidden.NULL])
def test_stored_secrets_are_not_quoted(
    emulator: Emulator, update: Update, hidden: Hidden | None
) -> None:
    profile = replace(OAUTH, client_secret="stored-client-secret-4711")
    echo = {"Message": "stored-client-secret-4711 and emulated-header-value"}
    faults = [Fault.status(400, body=echo).on("PUT")]
    command = server(emulator, profile, hidden=hidden, faults=faults)
    headers = [{"name": "X-Relay-Key", "value": "emulated-header-value"}]
    given = {"scope": "other", "client_secret": RELAY_SECRET}
    given |= {"request_headers": headers} if hidden else {}
    error = failure(lambda: update(command, given))
    assert "emulated-header-value" not in str(error.as_result())
    assert hidden or "stored-client-secret-4711" not in str(error.as_result())


def test_token_that_ends_before_the_change(emulator: Emulator, update: Update) -> None:
    """The server refused the change, so there is nothing to read again."""
    identity = emulator.identity(clients={"client": "unique-client-secret-4711"})
    identity.faults = [Fault.none(times=1), Fault.status(400)]
    faults = [Fault.status(401).on("PUT")]
    command = server(emulator, tokens=[], identity=identity, faults=faults)
    options = {"client_id": "client", "client_secret": "unique-client-secret-4711"}
    error = failure(
        lambda: update(command, CHANGE, access_token=None, token_url=identity.token_url, **options)
    )
    assert error.kind == "token"
    assert methods(command) == ["GET", "PUT"]


def test_change_that_cannot_be_signed(
    emulator: Emulator, update: Update, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a Kerberos ticket that has expired: nothing was sent."""
    command = server(emulator)

    def sign(_self: Bearer, request: PreparedRequest) -> PreparedRequest:
        if request.method == "PUT":
            raise CommandError("authentication", "The ticket has expired. Get another one.")
        request.headers["Authorization"] = f"Bearer {TOKEN}"
        return request

    monkeypatch.setattr(Bearer, "sign", sign)
    error = failure(lambda: update(command, CHANGE), "The ticket has expired")
    assert error.unsent
    assert methods(command) == ["GET"]


def test_result_can_be_read_as_json(emulator: Emulator, update: Update) -> None:
    result = update(server(emulator), CHANGE)
    assert json.loads(json.dumps(result)) == result
    assert {"changed", "smtp", "ansible_facts", "changed_settings", "written", "diff"} <= set(
        result
    )
    assert {"api_version", "product_version", "url", "tls_verified", "settings"} <= set(result)
