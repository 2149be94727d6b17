# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenario files describe what to emulate, as JSON:

{
  "latency": 0.05,
  "identities": {
    "login": {"clients": {"kf-client": "client-secret"}, "lifetime": 3600}
  },
  "client_certificates": {
    "svc-ansible": {}, "locked": {"encrypted_with": "passphrase"}, "stranger": {"foreign": true}
  },
  "environments": {
    "production": {
      "release": "25.1",
      "server": "iis",
      "profile": {"host": "smtp.example.com", "port": 587, "use_ssl": true},
      "users": {"KEYEXAMPLE\\\\svc-ansible": "secret"},
      "identity": "login",
      "tls": "valid",
      "faults": [{"fault": "status", "status": 503, "retry_after": "1", "times": 2}]
    },
    "factory": {"relay": {"tls": "expired"}},
    "retired": {"unreachable": true}
  }
}

Only "environments" is required. An environment takes the options of CommandOptions (command.py),
and "server", iis or envoy, which sets several of them (servers.py). An identity takes the options
of IdentityOptions (identity.py), a profile those of SmtpProfile (wire.py), and a fault those of the
constructor of Fault (faults.py) that it names. "tls" is a value of Tls (tls.py).
With "relay", a mail relay runs as well. The profile has its host and port, and it knows the
profile's user name and password. With "delivers", test mails are sent to the profile's mail server.
"latency" is the default delay of replies, in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

from .command import CommandOptions
from .emulator import Emulator
from .faults import Fault
from .identity import IdentityOptions, IdentityProvider
from .servers import SERVERS, expand
from .shape import ScenarioError, build, check, choose, no_duplicates
from .tls import Tls
from .wire import Hidden, SmtpProfile

FAULTS = [name for name, member in vars(Fault).items() if isinstance(member, classmethod)]


class Scenario:
    """A scenario file, validated as far as possible without starting servers."""

    latency: float
    identities: dict[str, dict[str, Any]]
    client_certificates: dict[str, dict[str, Any]]
    environments: dict[str, dict[str, Any]]

    def __init__(self, path: Path) -> None:
        try:
            content = json.loads(path.read_text("utf-8"), object_pairs_hook=no_duplicates)
        except OSError as error:
            raise ScenarioError(f"{path}: {error.strerror}") from error
        except ValueError as error:
            raise ScenarioError(f"{path}: not JSON: {error}") from error
        check(content, get_type_hints(Scenario), "scenario")
        if not content.get("environments"):
            raise ScenarioError("environments: at least one is required")
        self.latency = content.get("latency", 0.0)
        self.identities = content.get("identities", {})
        self.client_certificates = content.get("client_certificates", {})
        self.environments = content["environments"]

    def start(self, emulator: Emulator) -> dict[str, Any]:
        """Start all servers and return the state that clients need."""
        providers = {}
        for name, options in self.identities.items():
            providers[name] = emulator.identity(**self._identity(name, options))
        certificates = {}
        for name, options in self.client_certificates.items():
            certificates[name] = _client_certificate(emulator, name, options)
        environments = {}
        for name, options in self.environments.items():
            environments[name] = self._environment(emulator, name, options, providers)
        return {
            "ca_cert": str(emulator.ca_cert),
            "client_certificates": certificates,
            "identities": {name: _identity_state(idp) for name, idp in providers.items()},
            "environments": environments,
        }

    def _identity(self, name: str, content: Mapping[str, Any]) -> dict[str, Any]:
        where = f"identities.{name}"
        options = {"latency": self.latency, **_common(content, where)}
        build(IdentityOptions, options, where)
        return options

    def _environment(
        self,
        emulator: Emulator,
        name: str,
        content: Mapping[str, Any],
        providers: Mapping[str, IdentityProvider],
    ) -> dict[str, Any]:
        where = f"environments.{name}"
        options = {"name": name, "latency": self.latency, **_common(content, where)}
        unreachable = options.pop("unreachable", False)
        check({"unreachable": unreachable}, {"unreachable": bool}, where)
        if "profile" in options:
            options["profile"] = build(SmtpProfile, options["profile"], f"{where}.profile")
        relay = options.pop("relay", None)
        if relay is not None:
            options["profile"] = _relay_profile(
                emulator, relay, options.get("profile"), f"{where}.relay"
            )
        if options.get("identity") is not None:
            options["identity"] = choose(options["identity"], providers, f"{where}.identity")
        if "server" in options:
            choose(options["server"], SERVERS, f"{where}.server")
        options = expand(options)
        checked = build(CommandOptions, options, where)
        if unreachable:
            port, host = emulator.closed_port(), "localhost"
            api_path = checked.api_path.strip("/")
            url = f"https://{host}:{port}"
        else:
            command = emulator.command(**options)
            url, host, port = command.url, command.host, command.port
            api_path = command.api_path
        state = {"url": url, "host": host, "port": port, "api_path": api_path}
        return state if relay is None else {**state, "smtp_port": options["profile"].port}


def _relay_profile(
    emulator: Emulator, content: Any, profile: SmtpProfile | None, where: str
) -> SmtpProfile:
    """Start a mail relay and return the profile with its address."""
    options = _common(content, where) if isinstance(content, Mapping) else content
    check(options, {"tls": Tls}, where)
    profile = profile or SmtpProfile()
    users = {profile.relay_username or "": profile.relay_password or ""}
    relay = emulator.relay(**options, auth=("PLAIN", "LOGIN"), users=users)
    return replace(profile, host=relay.host, port=relay.port)


def _identity_state(provider: IdentityProvider) -> dict[str, Any]:
    return {
        "url": provider.url,
        "host": provider.host,
        "port": provider.port,
        "token_url": provider.token_url,
    }


def _client_certificate(
    emulator: Emulator,
    name: str,
    options: Mapping[str, Any],
) -> dict[str, str]:
    hints = {"encrypted_with": str | None, "foreign": bool}
    check(options, hints, f"client_certificates.{name}")
    foreign = options.get("foreign", False)
    make = emulator.foreign_client_certificate if foreign else emulator.client_certificate
    certificate, key = make(name, encrypted_with=options.get("encrypted_with"))
    return {"cert": str(certificate), "key": str(key)}


def _common(content: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the options with the Python objects for TLS and faults."""
    options = dict(content)
    if "tls" in options:
        names = {tls.value: tls for tls in Tls}
        text = str(options["tls"]).lower().replace("_", "-")
        options["tls"] = choose(text, names, f"{where}.tls")
    if options.get("hidden") is not None:
        values = {hidden.name.lower(): hidden for hidden in Hidden}
        options["hidden"] = choose(options["hidden"], values, f"{where}.hidden")
    if isinstance(options.get("faults"), list):
        faults = enumerate(options["faults"])
        options["faults"] = [_fault(fault, f"{where}.faults[{index}]") for index, fault in faults]
    return options


def _fault(content: Any, where: str) -> Fault:
    arguments = dict(content) if isinstance(content, dict) else {}
    constructors: dict[str, Callable[..., Fault]] = {name: getattr(Fault, name) for name in FAULTS}
    constructor = choose(arguments.pop("fault", None), constructors, f"{where}.fault")
    return build(constructor, arguments, where)
