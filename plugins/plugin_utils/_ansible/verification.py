# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verify one environment: read its profile, check delivery, and compare.

All in one task, as Ansible starts a process for each task of each environment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import Any

from ansible.errors import AnsibleError

from .._expected.delivery import BY_MAIL, BY_RELAY
from .._expected.expected_state import ExpectedStateError, ExpectedStateInput, parse_expected_state
from .._verdict.observed import ObservedProfile
from .._verdict.verdict import compare, evaluate, invalid_entry
from .action_module import RunModule
from .role_arguments import RoleArguments
from .values import to_builtins

READ = "keyfactor.command.keyfactor_smtp_info"
PROBE = "keyfactor.command.smtp_relay_info"
MAIL = "keyfactor.command.keyfactor_smtp_test"
# Members of a module's result that Ansible expects in that of a task.
FOR_ANSIBLE = ("invocation", "warnings", "deprecations")
# What a later comparison needs of the expected state.
STATE = [field.name for field in fields(ExpectedStateInput) if field.name != "environments"]


def verify_environment(arguments: RoleArguments, run_module: RunModule) -> dict[str, Any]:
    """Return the result of the task that verifies an environment.

    It is C(changed) if a mail was sent. It has the C(verdict), the result of the read in C(read), and
    whether the role's variables are C(invalid). If the profile must be compared with that of another
    environment, which may not have been read yet, the verdict is null, and C(pending) is for
    C(compare_with_reference).
    """
    name = arguments.environment
    try:
        given = arguments.expected_state()
        state = parse_expected_state(given)
    except (AnsibleError, ExpectedStateError) as error:
        return {**_verified(invalid_entry(name, str(error))), "changed": False, "invalid": True}
    read, observed = None, ObservedProfile(given.saved_profile)
    if not given.saved_profile:
        read = _run(lambda: run_module(READ, arguments.connection()))
        observed = ObservedProfile(read.get("smtp"), read)
    ways = () if observed.failure else state.delivery
    probe = mail = None
    if BY_RELAY in ways:
        probe = _run(lambda: run_module(PROBE, arguments.relay_options(observed.profile)))
    if BY_MAIL in ways:
        mail = _run(lambda: _send_mail(arguments, observed.profile, run_module))
    if state.reference and state.reference.name != name:
        expected = {key: getattr(given, key) for key in STATE}
        delivery = {"probe": _evidence(probe), "mail": _evidence(mail)}
        verified = {"verdict": None, "pending": {"expected": expected, **delivery}}
    else:
        verified = _verified(compare(name, state, observed, probe=probe, mail=mail))
    return {**_with_read(verified, read), "changed": bool(mail and mail.get("changed"))}


def compare_with_reference(
    name: str,
    verified: Mapping[str, Any],
    find_verified: Callable[[str], Mapping[str, Any]],
    environments: Collection[str],
) -> dict[str, Any]:
    """Return the environment's entry of the report, from the result of verify_environment.

    :param find_verified: returns that of another environment, empty if there is none.
    :param environments: the names in the inventory.
    """
    pending = to_builtins(verified["pending"])
    given = ExpectedStateInput(**pending["expected"], environments=environments)
    observed = _observed(verified)
    if given.saved_profile:
        observed = ObservedProfile(given.saved_profile)
    reference = _observed(find_verified(given.reference))
    return evaluate(name, given, observed, reference, pending["probe"], pending["mail"])


def _run(run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the result of a module, also if its options cannot be evaluated."""
    try:
        return run()
    except AnsibleError as error:
        return {"failed": True, "msg": str(error)}


def _send_mail(
    arguments: RoleArguments, profile: Mapping[str, Any], run_module: RunModule
) -> dict[str, Any]:
    """Return the result of the test mail, with the names of the secrets that were given for it."""
    options = arguments.mail_options(profile)
    return {**run_module(MAIL, options), "secrets": list(options["profile"])}


def _verified(entry: dict[str, Any]) -> dict[str, Any]:
    return {"verdict": entry["verdict"], "ansible_facts": {"verify_smtp_result": entry}}


def _with_read(verified: dict[str, Any], read: Mapping[str, Any] | None) -> dict[str, Any]:
    if read is None:
        return verified
    evidence = _evidence(read) or {}
    profile = {"smtp", "ansible_facts"}
    facts = {**read.get("ansible_facts", {}), **verified.get("ansible_facts", {})}
    return {
        **{key: value for key, value in read.items() if key not in evidence},
        **verified,
        "read": {key: value for key, value in evidence.items() if key not in profile},
        "ansible_facts": facts,
    }


def _evidence(result: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a module's result without what is for Ansible, such as its options."""
    if result is None:
        return None
    for_ansible = {key for key in result if key in FOR_ANSIBLE or key.startswith("_ansible_")}
    return {key: value for key, value in result.items() if key not in for_ansible}


def _observed(verified: Mapping[str, Any]) -> ObservedProfile:
    """Return the live profile of an environment, with that of an earlier run left out."""
    read = to_builtins(verified.get("read"))
    if read is None:
        return ObservedProfile()
    profile = to_builtins(verified["ansible_facts"].get("keyfactor_smtp"))
    return ObservedProfile(profile, {**read, "smtp": profile})
