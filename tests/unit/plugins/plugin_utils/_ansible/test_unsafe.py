# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of servers is never a template."""

from __future__ import annotations

import ansible.template
import ansible.utils.unsafe_proxy
import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.unsafe import make_unsafe

TEMPLATES = ["{{ 7 * 7 }}", ["{{ 7 * 7 }}"], {"a": "{% raw %}"}, None, 5]


@pytest.mark.parametrize("value", TEMPLATES)
def test_value_is_the_same_and_not_trusted_as_a_template(value: object) -> None:
    marked = make_unsafe(value)
    assert marked == value
    is_trusted = getattr(ansible.template, "is_trusted_as_template", lambda _text: False)
    assert not isinstance(value, str) or not is_trusted(marked)


def test_value_is_marked_if_all_text_is_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to 2.18 of ansible-core."""
    monkeypatch.delattr(ansible.template, "trust_as_template", raising=False)
    monkeypatch.setattr(ansible.utils.unsafe_proxy, "wrap_var", lambda value: ("marked", value))
    assert make_unsafe("{{ 7 * 7 }}") == ("marked", "{{ 7 * 7 }}")


def test_value_is_not_marked_if_only_trusted_text_is_a_template(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From 2.19 on, where the function that marks is deprecated."""
    monkeypatch.setattr(ansible.template, "trust_as_template", str, raising=False)
    monkeypatch.setattr(ansible.utils.unsafe_proxy, "wrap_var", lambda value: ("marked", value))
    assert make_unsafe("{{ 7 * 7 }}") == "{{ 7 * 7 }}"
