# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Demonstrate the collection: verify five emulated environments with its playbook.

Exit with 0 if the verdicts are those that the scenario implies, and with 1 otherwise.
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

# Optional arguments: another output directory, and the Python that runs Ansible.
OUTPUT = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "demo"
PYTHON = Path(sys.argv[2] if len(sys.argv) > 2 else sys.executable)
INVENTORY = OUTPUT / "environments.yml"
REPORT = OUTPUT / "report"
SCENARIO = Path(__file__).with_name("scenario.json")

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
            "description": "The relay must authenticate the sender.",
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
# Verdict and drifted settings of each environment in the scenario.
EXPECTED_RESULTS: dict[str, tuple[str, set[str]]] = {
    "production": ("compliant", set()),
    "staging": ("drifted", {"port", "use_ssl"}),
    "development": ("compliant", set()),
    "factory": ("drifted", {"delivery.certificate"}),
    "recovery": ("indeterminate", set()),
}


# The mail that production sends.
EXPECTED_MAIL = {
    "From": "pki@example.com",
    "To": "pki-team@example.com",
    "Subject": "Keyfactor Command test",
}


def write_inventory(state: dict[str, Any]) -> None:
    """Write an inventory with one host per environment and common variables."""
    users = json.loads(SCENARIO.read_text())["environments"]["production"]["users"]
    ((username, password),) = users.items()
    hosts: dict[str, dict[str, Any]] = {
        name: {
            "command_url": f"{environment['url']}/{environment['api_path']}",
            "verify_smtp_waivers": WAIVERS.get(name, []),
        }
        for name, environment in state["environments"].items()
    }
    # The profiles of these are as expected, and their relays run on this machine.
    for name in ("production", "factory"):
        port = state["environments"][name]["smtp_port"]
        hosts[name] |= {
            "verify_smtp_expected": {**EXPECTED, "host": "localhost", "port": port},
            "verify_smtp_delivery": ["relay"],
            "verify_smtp_relay": {"ca_cert": state["ca_cert"], "domain_checks": False},
            # Emulated certificates are valid for two weeks.
            "verify_smtp_relay_certificate_days": 7,
        }
    profile = json.loads(SCENARIO.read_text())["environments"]["production"]["profile"]
    hosts["production"] |= {
        "verify_smtp_delivery": ["relay", "mail"],
        "verify_smtp_test_recipient": EXPECTED_MAIL["To"],
        "verify_smtp_secrets": {"relay_password": profile["relay_password"]},
    }
    connection = {
        "host": "{{ command_url }}",
        "username": username,
        "password": password,
        "ca_cert": state["ca_cert"],
        "retries": 1,
    }
    variables = {
        "verify_smtp_connection": connection,
        "verify_smtp_expected": EXPECTED,
        "verify_smtp_policy": POLICY,
    }
    inventory = {"all": {"hosts": hosts, "vars": variables}}
    INVENTORY.write_text(yaml.safe_dump(inventory, sort_keys=False))
    INVENTORY.chmod(0o600)


def run_playbook() -> int:
    """Run the playbook of the installed collection without the user's configuration."""
    command = ["ansible-playbook", "keyfactor.command.verify_smtp", "-i", INVENTORY.name]
    options = ["-e", f"verify_smtp_report_dir={REPORT.name}"]
    print("$ " + " ".join(command + options), flush=True)
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANSIBLE_", "KEYFACTOR_"))
    }
    environ |= {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build" / "collections"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "HOME": str(OUTPUT / "home"),
    }
    executable = str(PYTHON.with_name("ansible-playbook"))
    return subprocess.run(
        [executable, *command[1:], *options], cwd=OUTPUT, env=environ, check=False
    ).returncode


def read_results() -> dict[str, tuple[str, set[str]]]:
    """Return verdict and drifted settings of each environment in the report."""
    report = json.loads((REPORT / "report.json").read_text())
    return {
        entry["name"]: (
            entry["verdict"],
            {finding["setting"] for finding in entry["findings"] if finding["status"] == "drift"},
        )
        for entry in report["environments"]
    }


def display_path(path: Path) -> str:
    """Return a path relative to the checkout, if it is inside."""
    return os.path.relpath(path, ROOT) if path.is_relative_to(ROOT) else str(path)


def main() -> int:
    shutil.rmtree(OUTPUT, ignore_errors=True)
    (OUTPUT / "home").mkdir(parents=True)
    with running(SCENARIO, OUTPUT / "state.json") as emulator:
        print("An emulator on this machine serves five environments of Keyfactor Command.")
        print(f"Their expected settings are in {display_path(INVENTORY)}.\n")
        write_inventory(emulator.state)
        status = run_playbook()
        mails = emulator.mails_received()
    # The playbook must fail, because three environments are not compliant.
    if status == 0 or not (REPORT / "report.json").exists() or read_results() != EXPECTED_RESULTS:
        print(f"Unexpected results (exit status of the playbook: {status}).")
        return 1
    if mails != [EXPECTED_MAIL]:
        print(f"Unexpected mails were received: {mails}")
        return 1
    print("The relay of production received the test mail that its Keyfactor Command sent:")
    print("".join(f"  {name}: {value}\n" for name, value in EXPECTED_MAIL.items()))
    print("The playbook failed as expected: three of the five environments need attention.")
    print(f"Open the report in a browser: {display_path(REPORT / 'report.html')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
