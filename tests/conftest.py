# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of all tests."""

from __future__ import annotations

import signal

import pytest


@pytest.fixture(scope="session", autouse=True)
def default_interrupt() -> None:
    """Let SIGINT end the programs that tests start, also in a background job of a shell.

    Such a job ignores the signal, and so would all that it starts.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
