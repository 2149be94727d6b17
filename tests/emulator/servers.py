# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The web servers in front of Command, as groups of options: their paths, headers and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SERVERS: dict[str, dict[str, Any]] = {
    # Installed on Windows. IIS answers with its own pages what does not reach the API.
    "iis": {
        "api_path": "KeyfactorAPI",
        "headers": {"Server": "Microsoft-IIS/10.0", "X-Powered-By": "ASP.NET"},
        "reports_versions": True,
        "correlation_ids": True,
        "version_refusal": "error-400",
    },
    # Installed in Kubernetes, behind the gateway of a service mesh.
    "envoy": {
        "api_path": "Keyfactor/API",
        "headers": {"server": "istio-envoy", "x-envoy-upstream-service-time": "12"},
        "error_pages": False,
        "reports_versions": True,
        "correlation_ids": True,
        "version_refusal": "problem-400",
    },
}


def expand(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of a Command with those that its `server` sets, unless they are given."""
    rest = dict(options)
    server = rest.pop("server", None)
    if server is None:
        return rest
    if server not in SERVERS:
        raise ValueError(f"server must be one of {', '.join(SERVERS)}")
    return {**SERVERS[server], **rest}
