# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of the module, whose work the action plugin of the same name does."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.action import smtp_report as action
from ansible_collections.keyfactor.command.plugins.modules import smtp_report as module
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.writer import FORMATS

DOCUMENTATION = yaml.safe_load(module.DOCUMENTATION)
OPTIONS = DOCUMENTATION["options"]


def without_descriptions(options: dict[str, Any]) -> dict[str, Any]:
    """Return documented options as an argument spec has them."""
    spec = {}
    for name, option in options.items():
        assert option["description"], name
        spec[name] = {key: value for key, value in option.items() if key != "description"}
        if "suboptions" in option:
            spec[name]["options"] = without_descriptions(spec[name].pop("suboptions"))
    return spec


def test_documented_options_are_those_of_the_action_plugin() -> None:
    assert without_descriptions(OPTIONS) == action.SPEC
    assert list(OPTIONS) == list(action.SPEC)


def test_documented_formats_are_those_of_the_writer() -> None:
    formats = OPTIONS["formats"]
    assert formats["choices"] == formats["default"] == list(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_file_of_each_format_is_documented(name: str) -> None:
    file, _render = FORMATS[name]
    texts = [each for each in OPTIONS["formats"]["description"] if each.startswith(f"V({name}) ")]
    assert [f"C({file})" in text for text in texts] == [True]


def test_returned_values_are_documented() -> None:
    returned = yaml.safe_load(module.RETURN)
    assert list(returned) == ["files", "table"]
    assert (returned["files"]["type"], returned["files"]["elements"]) == ("list", "path")
    assert (returned["table"]["type"], returned["table"]["elements"]) == ("list", "str")


def test_examples_use_documented_options() -> None:
    for task in yaml.safe_load(module.EXAMPLES):
        assert set(task["keyfactor.command.smtp_report"]) <= set(OPTIONS)
