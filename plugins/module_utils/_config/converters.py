# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strict converters of single values: the right type, or a ValueError that names the right form.

They serve options, environment variables and the config file, so a value has the same meaning
everywhere. Their messages never repeat the value, which may be a secret.
"""

from __future__ import annotations

import os
import re

TRUE = frozenset(("true", "yes", "on", "y", "t", "1"))
FALSE = frozenset(("false", "no", "off", "n", "f", "0"))
UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
# Compiled before Ansible starts a process for each environment.
WHOLE_NUMBER = re.compile("[0-9]{1,9}")
DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(ms|s|m|h|)")
MAX_TIMEOUT = 24 * 3600.0
MAX_RETRIES = 100


def text(value: object) -> str:
    """Return text as it is. Numbers are refused: 0123 and 1e3 would have lost their form."""
    if not isinstance(value, str):
        raise ValueError("it must be text (write it in quotes)")
    if not value.isprintable() and re.search("[\0\ud800-\udfff]", value):
        raise ValueError("it must be valid Unicode text")
    return value


def boolean(value: object) -> bool:
    """Return true or false, from a boolean or from the words YAML and Ansible know."""
    word = str(value).strip().lower()
    if word not in TRUE | FALSE:
        raise ValueError("it must be true or false")
    return word in TRUE


def _whole_number(value: object, lowest: int, highest: int) -> int:
    digits = str(value).strip()
    # The length is checked first: Python refuses to read numbers of thousands of digits.
    if WHOLE_NUMBER.fullmatch(digits) and lowest <= int(digits) <= highest:
        return int(digits)
    raise ValueError(f"it must be a whole number from {lowest} to {highest}")


def port(value: object) -> int:
    """Return a TCP port."""
    return _whole_number(value, 1, 65535)


def retries(value: object) -> int:
    """Return the number of attempts after the first one."""
    return _whole_number(value, 0, MAX_RETRIES)


def seconds(value: object) -> float:
    """Return a duration in seconds, from C(60), C(60s), C(1.5m) or C(500ms)."""
    match = DURATION.fullmatch(str(value).strip())
    duration = float(match[1]) * UNITS[match[2]] if match else 0.0
    if 0 < duration <= MAX_TIMEOUT:
        return duration
    raise ValueError("it must be a time above 0 and up to 24h, like 60, 60s or 2m")


def word_list(value: object) -> tuple[str, ...]:
    """Return a list of words, from a list or from text with commas or blanks between them."""
    parts = re.split(r"[,\s]+", value) if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
        raise ValueError("it must be a list of words")
    words = tuple(part.strip() for part in parts if part.strip())
    if any(re.search(r"[\s,\"\\]", word) for word in words):
        raise ValueError("each of its entries must be one word")
    return words


def path(value: object) -> str:
    """Return the path of a file, with C(~) and variables expanded."""
    # Ansible and servers of secrets hand over keys as text: that must not end up in a message.
    if "-----BEGIN" in text(value):
        raise ValueError("it must be the path of a file, not PEM text")
    return os.path.expanduser(os.path.expandvars(text(value)))


def token_file(value: object) -> str:
    """Return the path of a file with a token. The token itself must not end up in a message."""
    if is_token(text(value)):
        raise ValueError("it must be the path of a file, not the token itself")
    return path(value)


def is_token(value: str) -> bool:
    """Tell whether text is a JWT, which begins with a JSON object in Base64."""
    return bool(re.match(r"\s*eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.", value))


def path_or_pem(value: object) -> str:
    """Return PEM text as it is, and anything else as the path of a file."""
    return text(value) if "-----BEGIN" in text(value) else path(value)


def ccache(value: object) -> str:
    """Return a Kerberos credential cache, C(TYPE:name) or a path, with the path expanded."""
    match = re.fullmatch(r"((?:FILE|DIR):)?(/.*|~.*|\$.*|-----BEGIN.*)", text(value), re.S)
    return (match[1] or "") + path(match[2]) if match else text(value)


AUTH_TYPES = ["auto", "basic", "oauth", "token", "kerberos", "certificate"]
API_VERSIONS = ["auto", "1", "2"]


def _choice(value: object, choices: list[str]) -> str:
    word = str(value).strip().lower()
    if word not in choices:
        raise ValueError("it must be one of " + ", ".join(choices))
    return word


def auth_type(value: object) -> str:
    """Return the name of a type of authentication."""
    return _choice(value, AUTH_TYPES)


def api_version(value: object) -> int | None:
    """Return 1 or 2, or None for C(auto)."""
    word = _choice(value, API_VERSIONS)
    return None if word == "auto" else int(word)
