# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a scenario until told to stop."""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from . import scenario as scenario_module
from .emulator import Emulator
from .scenario import Scenario
from .shape import ScenarioError

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def main() -> int:
    """Runs the program; returns its exit status."""
    arguments = _arguments()
    # Blocked before any thread starts, so that only sigwait below receives them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    _allow_many_files()
    state_path: Path = arguments.state
    certificates = arguments.certificates or state_path.with_name(f"{state_path.stem}-certificates")
    try:
        # A state left by an earlier run would name ports that are gone.
        state_path.unlink(missing_ok=True)
        scenario = Scenario(arguments.scenario)
        with Emulator(certificates) as emulator:
            state = scenario.start(emulator)
            _write(state_path, state)
            count = len(state["environments"])
            print(f"emulator: ready, environments: {count}, see {state_path}", flush=True)
            if arguments.until_stdin_closes:
                threading.Thread(target=_listen, args=(emulator,), daemon=True).start()
            signal.sigwait(STOP_SIGNALS)
    except (ScenarioError, OSError) as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 2
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.emulator",
        description="Plays the Keyfactor Commands and identity providers of a scenario.",
        epilog=scenario_module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenario", type=Path, metavar="SCENARIO.json", help="what to play")
    parser.add_argument("--state", type=Path, required=True, help="written once all is ready")
    parser.add_argument("--certificates", type=Path, help="directory; default: beside the state")
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="also stop when standard input closes; each line on it is answered "
        "with the number of profiles sent so far",
    )
    return parser.parse_args()


def _write(path: Path, state: dict[str, Any]) -> None:
    """Writes the state at one stroke: whoever sees the file sees all of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def _listen(emulator: Emulator) -> None:
    for _line in sys.stdin:
        print(emulator.profiles_sent(), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


def _allow_many_files() -> None:
    """A thousand environments are a thousand ports, more than a usual limit allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
