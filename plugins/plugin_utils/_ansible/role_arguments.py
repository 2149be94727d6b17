# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of the role verify_smtp for one environment, validated.

Ansible validates the arguments of a role in a task of its own, which takes twice the time of a
debug task for each environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.yaml import yaml_load

from .._expected.desired_settings import DesiredSettings, parse_desired_settings
from .._expected.expected_state import ExpectedStateInput
from .._expected.mail import mail_profile
from . import action_module

ROLE = Path(__file__).parents[3] / "roles" / "verify_smtp"
SPECS = yaml_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
SPEC: dict[str, dict[str, Any]] = SPECS["argument_specs"]["main"]["options"]
APPLY_SPEC: dict[str, dict[str, Any]] = SPECS["argument_specs"]["apply"]["options"]
# These are evaluated only for a call, as they can refer to secrets that are not at hand otherwise.
OF_CALLS = (
    *("verify_smtp_connection", "verify_smtp_delegate_to"),
    *("verify_smtp_relay", "verify_smtp_secrets"),
)
OF_EACH_CALL = ("verify_smtp_connection",)
OF_RELAY = ("verify_smtp_relay", "verify_smtp_relay_certificate_days", "verify_smtp_test_recipient")
OF_MAIL = ("verify_smtp_secrets", "verify_smtp_test_recipient")
OF_CHANGE = [
    name for name in APPLY_SPEC if name not in ("verify_smtp_connection", "verify_smtp_delegate_to")
]


class RoleArguments:
    """The arguments of the role for one environment.

    :param variables: all of the environment's variables, with unevaluated templates.
    :param template: evaluates the templates in a value.
    """

    def __init__(self, variables: Mapping[str, Any], template: Callable[[Any], Any]) -> None:
        self._variables = variables
        self._template = template
        self.environment: str = variables["inventory_hostname"]

    def expected_state(self) -> ExpectedStateInput:
        """Return the expected state. :raises AnsibleError: if an argument is invalid."""
        values = self._validated(name for name in SPEC if name not in OF_CALLS)
        names = [field.name for field in fields(ExpectedStateInput) if field.name != "environments"]
        state = {name: values[f"verify_smtp_{name}"] for name in names}
        return ExpectedStateInput(**state, environments=self._variables["groups"]["all"])

    def connection(self) -> dict[str, Any]:
        """Return the options of the connection. :raises AnsibleError: if they are no mapping."""
        connection: dict[str, Any] = self._validated(OF_EACH_CALL)["verify_smtp_connection"]
        return connection

    def relay_options(self, profile: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of the probe of a profile's mail relay. :raises AnsibleError: as above."""
        values = self._validated(OF_RELAY)
        return {
            "profile": profile,
            "recipient": values["verify_smtp_test_recipient"],
            "certificate_days": values["verify_smtp_relay_certificate_days"],
            **values["verify_smtp_relay"],
        }

    def mail_options(self, profile: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of a test mail with the live profile. :raises AnsibleError: as above."""
        values = self._validated(OF_MAIL)
        try:
            given = mail_profile(profile, values["verify_smtp_secrets"])
        except ValueError as error:
            raise AnsibleError(str(error)) from None
        recipient = values["verify_smtp_test_recipient"]
        return {**self.connection(), "recipient": recipient, "profile": given}

    def change(self) -> tuple[dict[str, Any], DesiredSettings]:
        """Return the options that apply the expected settings, and these settings.

        :raises AnsibleError: as above, or if the expected settings cannot be applied.
        """
        values = self._validated(OF_CHANGE)
        settings, problems = parse_desired_settings(
            values["verify_smtp_expected"],
            values["verify_smtp_secrets"],
            values["verify_smtp_policy"],
            values["verify_smtp_waivers"],
            values["verify_smtp_today"],
        )
        if problems:
            raise AnsibleError(f"Nothing was changed: {'; '.join(problems)}.")
        # The module would refuse to send no secrets. Some environments have none.
        update_secrets = (
            values["verify_smtp_update_secrets"] if settings.has_secrets else "on_change"
        )
        options = {
            **self.connection(),
            "profile": settings.profile,
            "update_secrets": update_secrets,
            "test_recipient": values["verify_smtp_test_recipient"],
        }
        return options, settings

    def _validated(self, names: Iterable[str]) -> dict[str, Any]:
        """Return arguments in their types. :raises AnsibleError: if one is invalid."""
        given = {name: self._variables[name] for name in names}
        spec = {name: {**SPEC, **APPLY_SPEC}[name] for name in given}
        arguments = action_module.validate(spec, self._template(given), "verify_smtp")
        if arguments.refusal:
            raise AnsibleError(arguments.refusal)
        return arguments.values
