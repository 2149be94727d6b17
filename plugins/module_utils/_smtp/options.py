# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of modules that set the SMTP profile, or send mail with it."""

from __future__ import annotations

from typing import Any

# A provider of privileged access management, and where it has the secret.
PAM_SPEC: dict[str, dict[str, Any]] = {
    "provider": {"type": "int", "required": True},
    "parameters": {"type": "dict", "required": True},
}
HEADER_SPEC: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "value": {"type": "str", "no_log": True},
}
# Ansible warns about names with "password", "secret" or "token" that do not set no_log.
PROFILE_SPEC: dict[str, dict[str, Any]] = {
    "host": {"type": "str"},
    "port": {"type": "int"},
    "use_ssl": {"type": "bool"},
    "relay_authentication": {"type": "str", "choices": ["anonymous", "basic", "oauth"]},
    "relay_authentication_type": {"type": "int"},
    "relay_username": {"type": "str"},
    "relay_username_pam": {"type": "dict", "options": PAM_SPEC},
    "relay_password": {"type": "str", "no_log": True},
    "relay_password_pam": {"type": "dict", "options": PAM_SPEC, "no_log": False},
    "sender_account": {"type": "str"},
    "sender_name": {"type": "str"},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True},
    "client_secret_pam": {"type": "dict", "options": PAM_SPEC, "no_log": False},
    "token_endpoint": {"type": "str", "no_log": False},
    "scope": {"type": "str"},
    "audience": {"type": "str"},
    "request_headers": {"type": "list", "elements": "dict", "options": HEADER_SPEC},
}
ALWAYS, ON_CHANGE = "always", "on_change"


def update_spec() -> dict[str, dict[str, Any]]:
    """Return the options of keyfactor_smtp beside those of the connection."""
    return {
        "profile": {"type": "dict", "required": True, "options": PROFILE_SPEC},
        "update_secrets": {
            "type": "str",
            "choices": [ON_CHANGE, ALWAYS],
            "default": ON_CHANGE,
            "no_log": False,
        },
        "test_recipient": {"type": "str"},
    }


def test_spec() -> dict[str, dict[str, Any]]:
    """Return the options of keyfactor_smtp_test beside those of the connection."""
    return {
        "recipient": {"type": "str", "required": True},
        "profile": {"type": "dict", "options": PROFILE_SPEC},
    }
