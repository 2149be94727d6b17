# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of action plugins: when it ships the module, and what its result shows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    argument_spec,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.options import update_spec
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.in_place_action import (
    InPlaceAction,
)

HERE = {"transport": "local", "become": None}


class Templar:
    """Fills in two templates, and leaves everything else as it is."""

    def template(self, value: object) -> object:
        return {"{{ no }}": "no", "{{ yes }}": "yes"}.get(str(value), value)


def runs_in_place(
    task: dict[str, Any],
    connection: dict[str, Any],
    plugin: type[InPlaceAction] = InPlaceAction,
    **variables: Any,
) -> bool:
    """Return the decision of a plugin for a task."""
    action = plugin(
        task=SimpleNamespace(**{"async_val": 0, **task}),
        connection=SimpleNamespace(**{**HERE, **connection}),
        play_context=SimpleNamespace(become=False),
        loader=None,
        templar=Templar(),
        shared_loader_obj=None,
    )
    return bool(action._runs_in_place(variables))


@pytest.mark.parametrize("value", [True, "true", "yes", 1, "{{ yes }}"])
def test_local_tasks_run_in_place(value: object) -> None:
    assert runs_in_place({}, {}) is True
    assert runs_in_place({}, {}, keyfactor_in_process=value) is True


@pytest.mark.parametrize("value", [False, "false", "no", 0, "{{ no }}"])
def test_variable_disables_it(value: object) -> None:
    assert runs_in_place({}, {}, keyfactor_in_process=value) is False


@pytest.mark.parametrize(
    ("task", "connection"),
    [
        ({"async_val": 60}, {}),
        ({}, {"become": object()}),
        ({}, {"transport": "ssh"}),
        ({}, {"transport": "community.docker.docker"}),
    ],
)
def test_others_are_shipped(task: dict[str, Any], connection: dict[str, Any]) -> None:
    assert runs_in_place(task, connection) is False
    assert runs_in_place(task, connection, keyfactor_in_process=True) is False


class WithoutLibraries(InPlaceAction):
    """A plugin whose module requires a library that this process does not have."""

    def has_libraries(self) -> bool:
        return False


def test_without_libraries_the_module_is_shipped() -> None:
    assert runs_in_place({}, {}, WithoutLibraries) is False


class WithConnection(InPlaceAction):
    """A plugin with the connection's options."""

    ARGUMENT_SPEC = argument_spec()


def test_unknown_arguments_are_not_shown() -> None:
    """A misspelt option may hold a secret, and no_log says nothing of it."""
    redact = WithConnection._redact_invocation.__get__(WithConnection.__new__(WithConnection))
    given = {"host": "a", "url": "b", "password": "masked", "pasword": "secret", 5: "secret"}
    result = {"failed": True, "invocation": {"module_args": given, "more": 1}}
    shown = redact(result)
    known = {"host": "a", "url": "b", "password": "masked"}
    assert shown == {"failed": True, "invocation": {"module_args": known, "more": 1}}
    for other in ({"msg": "x"}, {"invocation": None}, {"invocation": {"module_args": "text"}}):
        assert redact(dict(other)) == other


NESTED: dict[str, Any] = {
    "one": {"type": "dict", "options": {"name": {}, "many": {"type": "list", "options": {"a": {}}}}}
}


class WithSuboptions(InPlaceAction):
    """A plugin whose options have options of their own."""

    ARGUMENT_SPEC = NESTED


class WithProfile(InPlaceAction):
    """A plugin with the settings of a profile."""

    ARGUMENT_SPEC = update_spec()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"one": {"name": "a", "nmae": "secret"}}, {"one": {"name": "a"}}),
        ({"one": {"many": [{"a": 1, "b": "secret"}]}}, {"one": {"many": [{"a": 1}]}}),
        ({"one": {"many": "secret"}}, {"one": {"many": "not a mapping"}}),
        ({"one": ["secret"]}, {"one": "not a mapping"}),
        ({"one": None}, {"one": None}),
    ],
)
def test_unknown_suboptions_are_not_shown(given: dict[str, Any], shown: dict[str, Any]) -> None:
    redact = WithSuboptions._redact_invocation.__get__(WithSuboptions.__new__(WithSuboptions))
    assert redact({"invocation": {"module_args": given}}) == {"invocation": {"module_args": shown}}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://user:secret@id.example.com/token?key=secret", "https://id.example.com/token"),
        ("https://user:se/cret@id.example.com/token", "https://id.example.com/token"),
        ("https://user:se#cret@id.example.com/token", "https://id.example.com/token"),
        ("user:secret@id.example.com/token", "id.example.com/token"),
    ],
)
def test_url_in_a_profile_is_shown_without_credentials(given: str, shown: str) -> None:
    redact = WithProfile._redact_invocation.__get__(WithProfile.__new__(WithProfile))
    result = redact({"invocation": {"module_args": {"profile": {"token_endpoint": given}}}})
    assert result["invocation"]["module_args"] == {"profile": {"token_endpoint": shown}}
