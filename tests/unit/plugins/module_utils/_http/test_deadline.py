# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A time limit on work as a whole."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._http.deadline import (
    Deadline,
    run_with_deadline,
)


def test_remaining_time() -> None:
    assert 0 < Deadline(20).remaining() <= 20
    with pytest.raises(TimeoutError):
        Deadline(0).remaining()


@pytest.mark.parametrize("value", ["done", None, False])
def test_result_of_work_in_time_is_returned(value: object) -> None:
    assert run_with_deadline(20, lambda: value) is value


@pytest.mark.parametrize("error", [ZeroDivisionError("a"), SystemExit(3)])
def test_exception_of_the_work_is_raised(error: BaseException) -> None:
    def work() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        run_with_deadline(20, work)
    assert caught.value is error


def test_work_that_takes_too_long_is_a_timeout() -> None:
    never = threading.Event()
    try:
        with pytest.raises(TimeoutError):
            run_with_deadline(0.05, never.wait)
    finally:
        never.set()


def test_work_that_takes_too_long_does_not_keep_the_process_alive() -> None:
    never, workers = threading.Event(), []

    def work() -> None:
        workers.append(threading.current_thread())
        never.wait()

    try:
        with pytest.raises(TimeoutError):
            run_with_deadline(0.05, work)
        assert [worker.daemon for worker in workers] == [True]
    finally:
        never.set()
