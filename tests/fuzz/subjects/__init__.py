# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the collection that take input from others."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.run import Subject

from .connection import ConfigFiles, Options
from .expected_states import ExpectedStates
from .replies import Replies

SUBJECTS: dict[str, Callable[[], Subject]] = {
    "replies": Replies,
    "config_files": ConfigFiles,
    "options": Options,
    "expected_states": ExpectedStates,
}
