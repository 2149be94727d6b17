# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a module's calls: warnings, and failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.call import (
    CORE_REDACTS,
    exit_module,
    run_call,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError

if TYPE_CHECKING:
    from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
        ConnectionSettings,
    )

ARGUMENTS = {"host": "command.example.com", "access_token": "call-token-4711"}
DEPRECATED = {"KEYFACTOR_IGNORE_SSL": "false"}


def succeed(settings: ConnectionSettings) -> dict[str, Any]:
    return {"changed": False, "url": settings.url}


def warn(settings: ConnectionSettings) -> dict[str, Any]:
    return {**succeed(settings), "warnings": ["of the call"]}


def fail(settings: ConnectionSettings) -> dict[str, Any]:
    raise CommandError("connect", f"{settings.url} refused the connection.", attempts=2)


def test_result_of_call() -> None:
    url = "https://command.example.com/KeyfactorAPI"
    assert run_call(succeed, ARGUMENTS, {}) == {"changed": False, "url": url}


def test_warnings_of_settings_come_before_those_of_call() -> None:
    warnings = run_call(warn, ARGUMENTS, DEPRECATED)["warnings"]
    assert len(warnings) == 2
    assert "KEYFACTOR_SKIP_VERIFY" in warnings[0]
    assert warnings[1] == "of the call"


def test_failure_keeps_warnings() -> None:
    result = run_call(fail, ARGUMENTS, DEPRECATED)
    assert (result["failed"], result["error"]["kind"], result["error"]["attempts"]) == (
        True,
        "connect",
        2,
    )
    assert "KEYFACTOR_SKIP_VERIFY" in result["warnings"][0]


def test_invalid_settings_are_a_failure() -> None:
    result = run_call(succeed, {"host": "http://command.example.com"}, {})
    assert (result["failed"], result["error"]["kind"]) == (True, "configuration")
    assert "warnings" not in result


class Module:
    """Records how an AnsibleModule ends."""

    def __init__(self, *secrets: str) -> None:
        self.no_log_values = set(secrets)
        self.params = {"profile": dict.fromkeys(secrets, "25")}
        self.calls: list[tuple[str, Any]] = []

    def warn(self, text: str) -> None:
        self.calls.append(("warn", text))

    def fail_json(self, **result: Any) -> None:
        self.calls.append(("fail", result))

    def exit_json(self, **result: Any) -> None:
        self.calls.append(("exit", result))


def test_module_ends_with_its_result_and_warnings() -> None:
    module = Module()
    exit_module(module, {"changed": True, "warnings": ["a", "b"]})
    assert module.calls[:2] == [("warn", "a"), ("warn", "b")]
    assert module.calls[2][0] == "exit"
    assert module.calls[2][1]["changed"] is True
    module = Module()
    exit_module(module, {"failed": True, "msg": "c"})
    assert module.calls[0][0] == "fail"
    assert module.calls[0][1]["msg"] == "c"
    assert "failed" not in module.calls[0][1]


def test_short_secret_masks_only_what_may_have_it() -> None:
    module = Module("25", "True")
    smtp, mask = {"port": 25}, "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    result = {"changed": True, "smtp": smtp, "msg": "a25", "a": 25}
    exit_module(module, {**result, "warnings": ["b25"]})
    if CORE_REDACTS:
        # This ansible-core masks all of the output itself.
        assert module.calls == [("warn", "b25"), ("exit", result)]
        return
    assert module.calls == [
        ("warn", "b********"),
        (
            "exit",
            {
                "changed": True,
                "smtp": smtp,
                "msg": "a********",
                "a": mask,
                "invocation": {"module_args": {"profile": {"25": mask, "True": mask}}},
            },
        ),
    ]
    # AnsibleModule would mask the port.
    assert module.no_log_values == set()
