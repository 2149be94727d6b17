# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which failures are tried again, how often, and after which pause."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._http import transport
from tests.emulator import Command, Emulator, Fault
from tests.unit.support import Connect, Pauses, failure

PASSING = [
    Fault.status(429, times=1),
    Fault.status(502, times=1),
    Fault.status(503, times=1),
    Fault.status(504, times=1),
    Fault.drop(times=1),
]


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_failure_is_tried_again(
    command: Command, connect: Connect, pauses: Pauses, fault: Fault
) -> None:
    command.faults = [fault]
    assert read_smtp_profile(connect(command, retries=1))["smtp"]["port"] == 587
    first, second = command.requests
    assert first.headers.items() == second.headers.items()
    assert first.path == second.path
    assert pauses == [0.5]


@pytest.mark.parametrize("retries", [0, 1, 3])
@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_lasting_failure_is_counted(
    command: Command, connect: Connect, pauses: Pauses, status: int, retries: int
) -> None:
    command.faults = [Fault.status(status)]
    settings = connect(command, retries=retries)
    error = failure(lambda: read_smtp_profile(settings), f"after {retries + 1} attempt")
    assert (error.attempts, error.status) == (retries + 1, status)
    assert len(command.requests) == retries + 1
    assert pauses == [0.5, 1.0, 2.0][:retries]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 500, 501, 505])
def test_an_answer_is_not_tried_again(
    command: Command, connect: Connect, pauses: Pauses, status: int
) -> None:
    command.faults = [Fault.status(status)]
    error = failure(lambda: read_smtp_profile(connect(command, retries=3, api_version="1")))
    assert (error.attempts, len(command.requests), pauses) == (1, 1, [])


@pytest.mark.parametrize(
    "fault", [Fault.cut_off(), Fault.too_large(), Fault.html(), Fault.not_json(), Fault.gzip_bomb()]
)
def test_rubbish_is_not_tried_again(
    command: Command, connect: Connect, pauses: Pauses, fault: Fault
) -> None:
    command.faults = [fault]
    failure(lambda: read_smtp_profile(connect(command, retries=3)))
    assert (len(command.requests), pauses) == (1, [])


def test_refused_connections_are_tried_again(
    emulator: Emulator, command: Command, connect: Connect, pauses: Pauses
) -> None:
    settings = connect(command, host=f"localhost:{emulator.closed_port()}", retries=2)
    error = failure(lambda: read_smtp_profile(settings), "refused the connection")
    assert (error.attempts, pauses) == (3, [0.5, 1.0])


def test_timeouts_are_tried_again(command: Command, connect: Connect, pauses: Pauses) -> None:
    command.faults = [Fault.delay(60, times=1)]
    assert read_smtp_profile(connect(command, retries=1, timeout="300ms"))["changed"] is False
    assert (len(command.requests), pauses) == (2, [0.3])


def test_the_pauses_grow_up_to_the_timeout(
    command: Command, connect: Connect, pauses: Pauses
) -> None:
    command.faults = [Fault.status(503)]
    failure(lambda: read_smtp_profile(connect(command, retries=7, timeout="5")))
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0]


def test_chance_shortens_the_pauses(
    command: Command, connect: Connect, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[float, float]] = []

    def uniform(lowest: float, highest: float) -> float:
        asked.append((lowest, highest))
        return lowest

    monkeypatch.setattr(transport.random, "uniform", uniform)
    command.faults = [Fault.status(503)]
    failure(lambda: read_smtp_profile(connect(command, retries=2)))
    assert pauses == [0.25, 0.5]
    assert set(asked) == {(0.5, 1.0)}


@pytest.mark.parametrize(
    ("asked", "slept"),
    [("3", [3.0]), (" 3 ", [3.0]), ("20", [20.0]), ("0", [0.5]), ("soon", [0.5]), ("-5", [0.5])],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(
    command: Command, connect: Connect, pauses: Pauses, asked: str, slept: list[float], status: int
) -> None:
    command.faults = [Fault.status(status, retry_after=asked, times=1)]
    read_smtp_profile(connect(command, retries=1, timeout="20"))
    assert pauses == slept


@pytest.mark.parametrize("asked", ["21", "3600", "Mon, 01 Jan 2525 00:00:00 GMT"])
def test_more_patience_than_the_timeout_is_not_had(
    command: Command, connect: Connect, pauses: Pauses, asked: str
) -> None:
    command.faults = [Fault.status(429, retry_after=asked)]
    error = failure(
        lambda: read_smtp_profile(connect(command, retries=3, timeout="20")), "after 1 attempt"
    )
    assert (error.kind, pauses, len(command.requests)) == ("rate_limited", [], 1)


@pytest.mark.parametrize("naive", [False, True])
def test_retry_after_as_a_date(naive: bool) -> None:
    when = datetime.now(timezone.utc) + timedelta(seconds=100)
    text = format_datetime(when.replace(tzinfo=None) if naive else when, usegmt=not naive)
    assert 90 < transport.retry_after({"Retry-After": text}) <= 100
    assert transport.retry_after({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}) == 0


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Mon, 99 Jan 2024 00:00:00 GMT",
        "1, 2",
        "9" * 5000,
        "١٢",
        "1e9",
        "nan",
    ],
)
def test_rubbish_in_retry_after_means_nothing(text: str) -> None:
    assert transport.retry_after({"Retry-After": text}) == 0


@given(st.text() | st.from_regex(r"Mon, [0-9]{1,3} Jan [0-9]{1,6} [0-9:]{1,9} [+-]?[0-9]{1,25}"))
def test_any_retry_after_is_a_pause(text: str) -> None:
    assert transport.retry_after({"Retry-After": text}) >= 0
