# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What many unit tests need: secrets to search for, connections, and how messages must be."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol
from urllib.parse import quote_plus

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._http import transport
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.values import (
    to_builtins,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedState,
    ExpectedStateInput,
    parse_expected_state,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    ObservedProfile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import evaluate
from tests.emulator import Command, Emulator

USER = "KEYEXAMPLE\\svc-ansible"
PASSWORD = "Unique/Pass+word-7c1f93e2"
CLIENT_ID = "kf-client"
CLIENT_SECRET = "Unique/Client+secret-5d20ab84"
TOKEN = "unique-access-token-e6f0417b"
SECRETS = (PASSWORD, CLIENT_SECRET, TOKEN)

BASIC = {"username": USER, "password": PASSWORD}
OAUTH = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
NO_CREDENTIALS = {"access_token": None}


class Connect(Protocol):
    def __call__(self, command: Command, **options: Any) -> ConnectionSettings:
        """Return the settings that connect to this Command."""


def connect_to(emulator: Emulator) -> Connect:
    def connect(command: Command, **options: Any) -> ConnectionSettings:
        given = {
            "host": command.url,
            "ca_cert": str(emulator.ca_cert),
            "timeout": "20s",
            "retries": 0,
            **options,
        }
        if not {"username", "client_id", "client_cert", "access_token"} & set(options):
            given["access_token"] = TOKEN
        return resolve(given, {})

    return connect


class VaultedText(Sequence[str]):
    """Text that is decrypted when it is asked for; up to 2.18 Ansible has it as a sequence."""

    def __getitem__(self, index: Any) -> Any:
        return PASSWORD[index]

    def __len__(self) -> int:
        return len(PASSWORD)

    def __str__(self) -> str:
        return PASSWORD


class Pauses(list[float]):
    """The seconds that the transport would have slept."""

    @classmethod
    def instead_of_sleep(cls, monkeypatch: pytest.MonkeyPatch) -> Pauses:
        noted = cls()
        monkeypatch.setattr(transport, "time", SimpleNamespace(sleep=noted.append))
        chance = SimpleNamespace(uniform=lambda lowest, highest: highest)
        monkeypatch.setattr(transport, "random", chance)
        return noted


def forms(secret: str) -> set[str]:
    """The ways in which a secret could stand in a text."""
    return {
        secret,
        quote_plus(secret),
        quote_plus(secret).lower(),
        base64.b64encode(secret.encode()).decode(),
        json.dumps(secret)[1:-1],
    }


def holds_secret(value: object, *secrets: str) -> list[str]:
    """Return the secrets that a value shows when it is printed as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    found = [each for each in secrets or SECRETS if any(form in text for form in forms(each))]
    pairs = re.findall(r"[A-Za-z0-9+/]{12,}={0,2}", text)
    decoded = [_decoded(pair) for pair in pairs]
    return found + [each for each in secrets or SECRETS if any(each in text for text in decoded)]


def _decoded(text: str) -> str:
    whole = text.rstrip("=")
    whole = whole[: len(whole) - (len(whole) % 4 == 1)]
    return base64.b64decode(whole + "=" * (-len(whole) % 4)).decode("latin-1")


def sentences(message: str) -> int:
    """Count the sentences of a message, without those that it quotes."""
    own = re.sub(r'"[^"]*"', "", message)
    return len(re.split(r"[.!?]\s+(?=[A-Z])", own))


def failure(call: Callable[[], object], *phrases: str) -> CommandError:
    """Return the error that a call must end with, its message and result fit to be shown."""
    with pytest.raises(CommandError) as caught:
        call()
    error = caught.value
    result = error.as_result()
    assert set(result) == {"msg", "error"}
    assert set(result["error"]) == {"kind", "status", "url", "detail", "attempts"}
    assert sentences(error.message) <= 2, error.message
    assert error.message.isprintable(), error.message
    shown = holds_secret(result)
    assert not shown, f"{shown} can be read from: {result}"
    for phrase in phrases:
        assert phrase in error.message, f"{phrase!r} is not in: {error.message}"
    return error


def refusal(call: Callable[[], object], *phrases: str) -> CommandError:
    """The same for settings that cannot be used: no call was made."""
    error = failure(call, *phrases)
    assert error.kind == "configuration", error.message
    assert error.attempts == 0
    return error


def sent(listener: Command, *names: str) -> list[tuple[str | None, ...]]:
    """Return headers of each request that a server received."""
    return [tuple(each.headers.get(name) for name in names) for each in listener.requests]


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def source(settings: ConnectionSettings, name: str) -> str:
    return str(settings.effective[name]["source"])


def load_anew(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, **libraries: object
) -> ModuleType:
    """Return a second copy of a module, as it is with other libraries. None is a missing one."""
    for name, library in libraries.items():
        monkeypatch.setitem(sys.modules, name, library)
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_anew", module.__file__)
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def without(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name not in names}


def evaluate_profile(
    name: str,
    profile: object,
    expected: object,
    module_result: Mapping[str, Any] | None,
    observed_reference: ObservedProfile | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return the entry of a profile, as the filter smtp_drift does, for any types of Ansible."""
    return evaluate(
        name,
        ExpectedStateInput(to_builtins(expected), **to_builtins(more)),
        ObservedProfile(to_builtins(profile), module_result),
        observed_reference,
    )


def expected_state(expected: object, **more: Any) -> ExpectedState:
    """Return the expected state of any types of Ansible."""
    return parse_expected_state(ExpectedStateInput(to_builtins(expected), **to_builtins(more)))
