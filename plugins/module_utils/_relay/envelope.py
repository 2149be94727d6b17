# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the relay takes mail from the sender and to the recipient. No mail is sent."""

from __future__ import annotations

import re

from .address import Mailbox, parse_mailbox
from .checks import FAILED, PASSED, SKIPPED, UNKNOWN, Checks
from .session import Reply, Session

# What relays say of a machine that may not send. They may take the same from another machine.
ABOUT_MACHINE = re.compile(
    r"client host|helo|ehlo|your (?:ip|host|address)|ip address|blocked using|(?:block|black) ?list",
    re.I,
)
# What they say of a machine that is not trusted, and may send after a login.
ABOUT_TRUST = re.compile(r"authenticat|relay", re.I)
# Postfix refuses a sender only with the first recipient, in these words.
ABOUT_SENDER = re.compile(r"\bsender\b", re.I)


def check_envelope(
    checks: Checks, session: Session, sender: str | None, recipient: str | None, logged_in: bool
) -> None:
    """Record whether the relay takes sender and recipient, and take both back."""
    with checks.step("sender"):
        accepted = _check_sender(checks, session, sender, logged_in)
    if not accepted:
        checks.record("recipient", SKIPPED, "Not made, because of the check sender.")
        return
    with checks.step("recipient"):
        if recipient:
            _check_recipient(checks, session, str(sender), recipient, logged_in)
        else:
            checks.record("recipient", SKIPPED, "No recipient was given.")
    session.command("RSET")


def _check_sender(checks: Checks, session: Session, sender: str | None, logged_in: bool) -> bool:
    if not sender:
        checks.record("sender", SKIPPED, "No sender was given.")
        return False
    mailbox = _mailbox(checks, session, "sender", sender)
    if mailbox is None:
        return False
    parameters = " SMTPUTF8" if mailbox.needs_smtputf8 else ""
    reply = session.command(f"MAIL FROM:<{mailbox}>{parameters}")
    if reply.accepted:
        checks.record("sender", PASSED, f"{session.label} accepts the sender {sender}.")
        return True
    status = _status(reply, logged_in, by_policy=False)
    checks.record("sender", status, _refusal(session, "sender", sender, reply, status))
    return False


def _check_recipient(
    checks: Checks, session: Session, sender: str, recipient: str, logged_in: bool
) -> None:
    mailbox = _mailbox(checks, session, "recipient", recipient)
    if mailbox is None:
        return
    reply = session.command(f"RCPT TO:<{mailbox}>")
    if reply.accepted:
        message = f"{session.label} accepts the recipient {recipient}."
        checks.record("recipient", PASSED, message)
        return
    status = _status(reply, logged_in, by_policy=True)
    if ABOUT_SENDER.search(reply.quoted) and not reply.temporary:
        checks.record("sender", FAILED, _refusal(session, "sender", sender, reply, FAILED))
        checks.record("recipient", SKIPPED, "Not made, because of the check sender.")
        return
    checks.record("recipient", status, _refusal(session, "recipient", recipient, reply, status))


def _mailbox(checks: Checks, session: Session, name: str, text: str) -> Mailbox | None:
    """Return an address that the relay can be told, or record why there is none."""
    try:
        mailbox = parse_mailbox(text)
    except ValueError as error:
        checks.record(name, FAILED, f"The {name} {text} cannot be used: {error}. Correct it.")
        return None
    if mailbox.needs_smtputf8 and "SMTPUTF8" not in session.extensions:
        message = f"{session.label} does not offer SMTPUTF8, which the {name} {text} needs."
        checks.record(name, FAILED, f"{message} Use an address of ASCII, or another relay.")
        return None
    return mailbox


def _status(reply: Reply, logged_in: bool, *, by_policy: bool) -> str:
    """Return what a refusal says of mail from Keyfactor Command, which is another machine.

    :param by_policy: whether a refusal by policy (X.7.X) may be about the machine.
    """
    if reply.temporary or ABOUT_MACHINE.search(reply.quoted):
        return UNKNOWN
    if logged_in:
        return FAILED
    policy = by_policy and reply.enhanced_code.startswith("5.7.")
    about_trust = reply.code == 530 or policy or ABOUT_TRUST.search(reply.quoted)
    return UNKNOWN if about_trust else FAILED


def _refusal(session: Session, name: str, address: str, reply: Reply, status: str) -> str:
    label, here = session.label, session.here
    if status == FAILED:
        return (
            f"{label} refuses the {name} {address}: {reply.quoted}. "
            f"Allow it on the relay, or change it."
        )
    if reply.temporary:
        return (
            f"{label} does not take the {name} {address} from {here} now: {reply.quoted}. "
            f"Repeat the probe later."
        )
    return (
        f"{label} refuses the {name} {address} from {here}: {reply.quoted}. It may take the same "
        f"from Keyfactor Command: probe from a machine that may send."
    )
