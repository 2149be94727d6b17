# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helpers of the unit tests: credentials, connections, and assertions on errors."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
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
# A JWT that expired in 2001.
ASSERTION = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEwMDAwMDAwMDB9.unique-signature-3b9d50c7"
SECRETS = (PASSWORD, CLIENT_SECRET, TOKEN, ASSERTION)

BASIC = {"username": USER, "password": PASSWORD}
OAUTH = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
NO_CREDENTIALS = {"access_token": None}


CONFIGURING_VARIABLES = (
    "KEYFACTOR_",
    "KRB5",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NETRC",
    "CERTIFICATE_STORE",
)


class Connect(Protocol):
    def __call__(self, command: Command, **options: Any) -> ConnectionSettings:
        """Return the settings of a connection to this Command."""


def connect_to(emulator: Emulator) -> Connect:
    def connect(command: Command, **options: Any) -> ConnectionSettings:
        values = {
            "host": command.url,
            "ca_cert": str(emulator.ca_cert),
            "timeout": "20s",
            "retries": 0,
            **options,
        }
        if not {"username", "client_id", "client_cert", "access_token"} & set(options):
            values["access_token"] = TOKEN
        return resolve(values, {})

    return connect


def configuring_variables() -> list[str]:
    """Return the variables of the process that would change a connection, proxies included."""
    return [
        name
        for name in os.environ
        if name.startswith(CONFIGURING_VARIABLES) or name.lower().endswith("_proxy")
    ]


class VaultedText(Sequence[str]):
    """Text that is decrypted when it is asked for; up to 2.18 Ansible has it as a sequence."""

    def __getitem__(self, index: Any) -> Any:
        return PASSWORD[index]

    def __len__(self) -> int:
        return len(PASSWORD)

    def __str__(self) -> str:
        return PASSWORD


class Pauses(list[float]):
    """The pauses of the transport, in seconds, which were recorded instead of slept."""

    @classmethod
    def instead_of_sleep(cls, monkeypatch: pytest.MonkeyPatch) -> Pauses:
        pauses = cls()
        monkeypatch.setattr(transport, "time", SimpleNamespace(sleep=pauses.append))
        random = SimpleNamespace(uniform=lambda lowest, highest: highest)
        monkeypatch.setattr(transport, "random", random)
        return pauses


def forms(secret: str) -> set[str]:
    """Return the encodings in which a secret could appear in a text."""
    return {
        secret,
        quote_plus(secret),
        quote_plus(secret).lower(),
        base64.b64encode(secret.encode()).decode(),
        json.dumps(secret)[1:-1],
    }


def holds_secret(value: object, *secrets: str) -> list[str]:
    """Return the secrets that can be read from a value when it is printed as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    secrets = secrets or SECRETS
    encoded = [secret for secret in secrets if any(form in text for form in forms(secret))]
    decoded_texts = [
        _decode_base64(match) for match in re.findall(r"[A-Za-z0-9+/]{12,}={0,2}", text)
    ]
    return encoded + [
        secret for secret in secrets if any(secret in decoded for decoded in decoded_texts)
    ]


def _decode_base64(text: str) -> str:
    """Decode text that may lack its padding, or end in a stray character."""
    digits = text.rstrip("=")
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return base64.b64decode(digits + "=" * (-len(digits) % 4)).decode("latin-1")


def sentences(message: str) -> int:
    """Count the sentences of a message, except quoted ones and the ID at its end."""
    unquoted = re.sub(r'"[^"]*"', "", message.partition(" Correlation ID: ")[0])
    return len(re.split(r"[.!?]\s+(?=[A-Z])", unquoted))


def failure(call: Callable[[], object], *phrases: str) -> CommandError:
    """Return the error that a call must raise, after checking its message and result."""
    with pytest.raises(CommandError) as caught:
        call()
    error = caught.value
    check_error(error)
    for phrase in phrases:
        assert phrase in error.message, f"{phrase!r} is not in: {error.message}"
    return error


def check_error(
    error: CommandError, *, secrets: Iterable[str] = SECRETS, count_sentences: bool = True
) -> None:
    """Check the message and the result of any error."""
    result = error.as_result()
    assert set(result) == {"msg", "error"}
    keys = {"kind", "status", "url", "detail", "attempts", "correlation_id"}
    assert set(result["error"]) == keys
    assert not count_sentences or sentences(error.message) <= 2, error.message
    assert error.message.isprintable(), error.message
    # A sentence, or a command to copy.
    assert re.search(r"\.$| -m pip install [\w-]+$", error.message), error.message
    shown = holds_secret(result, *secrets)
    assert not shown, f"{shown} can be read from: {result}"


def refusal(call: Callable[[], object], *phrases: str) -> CommandError:
    """Return the configuration error that a call must raise before it sends a request."""
    error = failure(call, *phrases)
    assert error.kind == "configuration", error.message
    assert error.attempts == 0
    return error


def sent(listener: Command, *names: str) -> list[tuple[str | None, ...]]:
    """Return these headers of each request that a server received."""
    return [tuple(request.headers.get(name) for name in names) for request in listener.requests]


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
    probe: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> dict[str, Any]:
    """Evaluate a profile as the filter smtp_drift does, with values of any Ansible type."""
    return evaluate(
        name,
        ExpectedStateInput(to_builtins(expected), **to_builtins(arguments)),
        ObservedProfile(to_builtins(profile), module_result),
        observed_reference,
        probe,
    )


def expected_state(expected: object, **arguments: Any) -> ExpectedState:
    """Parse an expected state from values of any Ansible type."""
    return parse_expected_state(ExpectedStateInput(to_builtins(expected), **to_builtins(arguments)))
