# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hypothesis strategies shared by property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    MEMBERS,
    SETTINGS,
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
JSON = st.recursive(
    SCALARS,
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4)
    ),
    max_leaves=10,
)
# Facts, expectations and a module's result as a play may have them, and such as it never has.
FACTS = JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(SETTINGS, JSON))
EXPECTED = (
    st.just({"port": 587, "host": None})
    | JSON
    | st.dictionaries(st.sampled_from(SETTINGS) | st.text(), JSON, max_size=5)
)
MODULE_RESULTS = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "smtp": FACTS,
        "msg": st.text() | JSON,
        "error": st.none() | st.fixed_dictionaries({"kind": st.text()}),
        "url": st.none() | st.text(),
        "api_version": st.sampled_from([1, 2, None]),
        "tls_verified": st.booleans(),
        "unknown_members": st.lists(st.text(), max_size=3),
        "failed": st.booleans(),
    },
)

# Objects that the API may answer, and such as it never answers.
NAMES = st.sampled_from([*MEMBERS, "RelayPassword", "ClientSecret"]).flatmap(
    lambda name: st.sampled_from([name, name.lower(), name[0].lower() + name[1:]])
)
SECRET_OBJECTS = st.fixed_dictionaries(
    {}, optional={"SecretValue": JSON, "Parameters": JSON, "Provider": JSON, "provider": JSON}
)
HEADERS = st.lists(st.fixed_dictionaries({}, optional={"Name": JSON, "Value": JSON}), max_size=3)
PROFILES = st.dictionaries(NAMES | st.text(), JSON | SECRET_OBJECTS | HEADERS, max_size=12)
