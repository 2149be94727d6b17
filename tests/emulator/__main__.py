# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the emulator with a scenario file until SIGTERM or SIGINT."""

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
    """Run the program and return its exit status."""
    arguments = _arguments()
    # Block the signals before any thread starts, so that only sigwait() below receives them.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    _raise_file_limit()
    state_path: Path = arguments.state
    certificates = arguments.certificates or state_path.with_name(f"{state_path.stem}-certificates")
    try:
        # The state file of an earlier run names ports that are no longer in use.
        state_path.unlink(missing_ok=True)
        scenario = Scenario(arguments.scenario)
        with Emulator(certificates) as emulator:
            state = scenario.start(emulator)
            _write(state_path, state)
            count = len(state["environments"])
            print(f"emulator: ready, environments: {count}, see {state_path}", flush=True)
            if arguments.until_stdin_closes:
                threading.Thread(target=_serve_stdin, args=(emulator,), daemon=True).start()
            signal.sigwait(STOP_SIGNALS)
    except (ScenarioError, OSError) as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 2
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.emulator",
        description="Emulate the Keyfactor Command instances and identity providers of a scenario.",
        epilog=scenario_module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenario", type=Path, metavar="SCENARIO.json", help="scenario file")
    parser.add_argument(
        "--state", type=Path, required=True, help="file to write once all servers listen"
    )
    parser.add_argument("--certificates", type=Path, help="directory (default: next to the state)")
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="also stop when standard input closes; for each line read, print as JSON how many "
        "profiles were sent so far, and which mails the relays received",
    )
    return parser.parse_args()


def _write(path: Path, state: dict[str, Any]) -> None:
    """Write the state atomically, so that no reader sees a partial file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)


def _serve_stdin(emulator: Emulator) -> None:
    for _line in sys.stdin:
        sent, received = emulator.profiles_sent(), emulator.mails_received()
        print(json.dumps({"profiles_sent": sent, "mails_received": received}), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


def _raise_file_limit() -> None:
    """Raise the limit of open files: a thousand environments need a thousand listening sockets."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
