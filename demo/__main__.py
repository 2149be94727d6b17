# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main job, on one machine: four emulated environments, verified by the real playbook.

Ends with 0 if the verdicts are those that the scenario makes certain, and with 1 if not.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.emulator.process import ROOT, running

HERE = Path(__file__).resolve().parent
# Another directory may be named on the command line, and another Python that runs Ansible.
PLACE = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "demo"
PYTHON = Path(sys.argv[2] if len(sys.argv) > 2 else sys.executable)
INVENTORY = PLACE / "environments.yml"
REPORT = PLACE / "report"
SCENARIO = HERE / "scenario.json"

EXPECTED = {
    "host": "smtp.example.com",
    "port": {"enum": [465, 587]},
    "use_ssl": True,
    "sender_account": {"pattern": "@example\\.com$"},
}
POLICY = {
    "allOf": [
        {
            "title": "no-anonymous-relay",
            "description": "The relay must know who sends.",
            "not": {"properties": {"relay_authentication": {"const": "anonymous"}}},
        }
    ]
}
WAIVERS = {
    "development": [
        {
            "setting": "use_ssl",
            "reason": "Its relay has no certificate yet",
            "owner": "PKI team",
            "expires": "2030-12-31",
        }
    ]
}
# The outcome that the scenario makes certain: each verdict, and the settings that differ.
OUTCOME: dict[str, tuple[str, set[str]]] = {
    "production": ("compliant", set()),
    "staging": ("drifted", {"port", "use_ssl"}),
    "development": ("compliant", set()),
    "recovery": ("indeterminate", set()),
}


def write_inventory(state: dict[str, Any]) -> None:
    """Write the inventory as a user would: one host per environment, and what all have in common."""
    users = json.loads(SCENARIO.read_text())["environments"]["production"]["users"]
    ((username, password),) = users.items()
    hosts = {
        name: {"command_url": environment["url"], "verify_smtp_waivers": WAIVERS.get(name, [])}
        for name, environment in state["environments"].items()
    }
    connection = {
        "host": "{{ command_url }}",
        "username": username,
        "password": password,
        "ca_cert": state["ca_cert"],
        "retries": 1,
    }
    common = {
        "verify_smtp_connection": connection,
        "verify_smtp_expected": EXPECTED,
        "verify_smtp_policy": POLICY,
    }
    inventory = {"all": {"hosts": hosts, "vars": common}}
    INVENTORY.write_text(yaml.safe_dump(inventory, sort_keys=False))
    INVENTORY.chmod(0o600)


def run_playbook() -> int:
    """Run the playbook from the installed collection, undisturbed by the user's configuration."""
    command = ["ansible-playbook", "keyfactor.command.verify_smtp", "-i", INVENTORY.name]
    options = ["-e", f"verify_smtp_report_dir={REPORT.name}"]
    print("$ " + " ".join(command + options), flush=True)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANSIBLE_", "KEYFACTOR_"))
    }
    environment |= {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build" / "collections"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "HOME": str(PLACE / "home"),
    }
    executable = str(PYTHON.with_name("ansible-playbook"))
    return subprocess.run(
        [executable, *command[1:], *options], cwd=PLACE, env=environment, check=False
    ).returncode


def outcome() -> dict[str, tuple[str, set[str]]]:
    """Return the verdicts, and the settings that differ, as the report has them."""
    report = json.loads((REPORT / "report.json").read_text())
    return {
        entry["name"]: (
            entry["verdict"],
            {each["setting"] for each in entry["findings"] if each["status"] == "drift"},
        )
        for entry in report["environments"]
    }


def shown(path: Path) -> str:
    """Return a path as seen from where the demo was started, the checkout's top."""
    return os.path.relpath(path, ROOT) if path.is_relative_to(ROOT) else str(path)


def main() -> int:
    shutil.rmtree(PLACE, ignore_errors=True)
    (PLACE / "home").mkdir(parents=True)
    with running(SCENARIO, PLACE / "state.json") as emulator:
        print("Four environments of Keyfactor Command, played by an emulator on this machine.")
        print(f"What is expected of them stands in {shown(INVENTORY)}.\n")
        write_inventory(emulator.state)
        status = run_playbook()
    # The playbook must fail, as two environments are not compliant.
    if status == 0 or not (REPORT / "report.json").exists() or outcome() != OUTCOME:
        print(f"The outcome is not the one that the demo makes certain (exit status {status}).")
        return 1
    print("The playbook failed, as it should: two of the four environments need a person.")
    print(f"Open the report in a browser: {shown(REPORT / 'report.html')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
