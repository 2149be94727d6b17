# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Emulate Keyfactor Command and OAuth identity providers with TLS on loopback ports.

    with Emulator(directory) as emulator:
        production = emulator.command(release="25.1", users={"KEYEXAMPLE\\svc-ansible": "secret"})
        ... production.url, emulator.ca_cert, production.requests, production.faults ...

On the command line: python -m tests.emulator --help
"""

from __future__ import annotations

from .command import Command, CommandOptions
from .emulator import Emulator
from .faults import Fault
from .identity import IdentityOptions, IdentityProvider
from .mail import Mail
from .messages import Headers, Reply, Request
from .tls import Tls
from .wire import Hidden, SmtpProfile

__all__ = [
    "Command",
    "CommandOptions",
    "Emulator",
    "Fault",
    "Headers",
    "Hidden",
    "IdentityOptions",
    "IdentityProvider",
    "Mail",
    "Reply",
    "Request",
    "SmtpProfile",
    "Tls",
]
