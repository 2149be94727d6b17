# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A short run of the fuzzer, and faults that it must notice."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils import _errors as errors
from ansible_collections.keyfactor.command.plugins.module_utils._api import response_errors, smtp
from ansible_collections.keyfactor.command.plugins.module_utils._auth import oauth
from ansible_collections.keyfactor.command.plugins.module_utils._config import (
    config_file_parser,
    sources,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected import waivers
from tests.fuzz import __main__ as program
from tests.fuzz import shrink
from tests.fuzz.encodings import ENCODERS, revealed
from tests.fuzz.run import generate, run
from tests.fuzz.subjects import SUBJECTS
from tests.unit.support import CLIENT_SECRET, PASSWORD, TOKEN

CASES = range(150)
SEED = 1
# The outcomes that a short run must have at least: what can be used, and what cannot.
OUTCOMES = {
    "replies": {"profile", "protocol", "authentication", "token", "too_large"},
    "config_files": {"settings", "configuration"},
    "options": {"settings", "configuration"},
    "expected_states": {"drifted", "refused"},
}


class Busy:
    """A subject that takes too long."""

    name = "busy"

    def generate(self, rng: Random) -> int:
        return rng.randrange(1000)

    def check(self, case: Any) -> str:
        while True:
            pass


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_short_run_finds_nothing(name: str) -> None:
    summary = run(SUBJECTS[name](), SEED, CASES)
    assert not summary.faults, "\n\n".join(map(str, summary.faults))
    assert summary.cases == len(CASES) == sum(summary.outcomes.values())
    assert set(summary.outcomes) >= OUTCOMES[name]


def raise_key_error(*arguments: object) -> None:
    raise KeyError("Host")


def quote_unmasked(text: str, secrets: object) -> str:
    return " ".join(text.split()) if text.isprintable() else ""


def quote_file(text: str) -> None:
    raise ValueError(text)


def quote_value(value: sources.OptionValue) -> None:
    raise errors.unusable_value_error(value.origin, value.raw)


@pytest.mark.parametrize(
    ("name", "target", "attribute", "faulty", "problem"),
    [
        ("replies", smtp, "normalize_profile", raise_key_error, "KeyError in "),
        ("replies", response_errors, "quote_untrusted", quote_unmasked, "can be read from"),
        ("replies", oauth, "quote_untrusted", quote_unmasked, "can be read from"),
        ("config_files", config_file_parser, "_parse", quote_file, "can be read from"),
        ("options", sources.OptionValue, "convert", quote_value, "can be read from"),
        ("expected_states", waivers, "parse_date", raise_key_error, "KeyError in "),
    ],
)
def test_a_planted_fault_is_found(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    target: Any,
    attribute: str,
    faulty: Callable[..., object],
    problem: str,
) -> None:
    monkeypatch.setattr(target, attribute, faulty)
    monkeypatch.setattr(shrink, "ATTEMPTS", 20)
    (fault,) = run(SUBJECTS[name](), SEED, range(1000), most_faults=1).faults
    assert problem in fault.problem
    assert f"--seed {SEED} --only {name} --case {fault.number}" in str(fault)


def test_a_case_that_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrink, "ATTEMPTS", 1)
    (fault,) = run(Busy(), SEED, [7], cpu_limit=0.02).faults
    assert fault.problem == "takes more than 0.02 s of processor time"
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_seed_and_a_number_make_the_same_case(name: str) -> None:
    cases = [repr(generate(SUBJECTS[name](), SEED, number)) for number in range(20)]
    assert cases == [repr(generate(SUBJECTS[name](), SEED, number)) for number in range(20)]
    assert len(set(cases)) > 10
    assert cases != [repr(generate(SUBJECTS[name](), SEED + 1, number)) for number in range(20)]


def test_a_case_is_shrunk_to_what_makes_it_fail() -> None:
    case = {"a": [1, {"b": "text with X in it", "c": None}], "d": b"bytes"}

    def fails(candidate: Any) -> bool:
        return "X" in str(candidate)

    assert shrink.shrink(case, fails) == {"a": [{"b": "X"}]}


@pytest.mark.parametrize("secret", [PASSWORD, TOKEN, 'A "unique" päss & <word>\\ 1'])
@pytest.mark.parametrize("encoding", ENCODERS)
def test_every_form_of_a_secret_is_found(encoding: str, secret: str) -> None:
    text = f"before {ENCODERS[encoding](secret)} after"
    assert revealed({"msg": [text]}, [CLIENT_SECRET, secret]) == [secret]


def test_the_program_reports_faults(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shrink, "ATTEMPTS", 20)
    arguments = ["--seed", "3", "--cases", "30", "--only", "expected_states"]
    assert program.main(arguments) == 0
    assert re.fullmatch(
        r"expected_states: 30 cases, [0-9.]+ s of CPU; .*refused \d+.*; "
        r"slowest \d+ ms \(case \d+\)\n",
        capsys.readouterr().out,
    )
    monkeypatch.setattr(waivers, "parse_date", raise_key_error)
    assert program.main(arguments) == 1
    assert re.search(r"--seed 3 --only expected_states --case (\d+)", capsys.readouterr().out)
