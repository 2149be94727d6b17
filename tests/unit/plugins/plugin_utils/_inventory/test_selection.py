# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory source names: its options, the profiles it wants, the hosts they become."""

from __future__ import annotations

import pytest
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.plugin_utils._inventory.selection import (
    RESERVED,
    InventoryError,
    check_host_names,
    check_options,
    select_profiles,
)

NAMES = ["production", "staging", "dev-a", "dev-b", "dev-*"]


@pytest.mark.parametrize(
    ("included", "excluded", "selected"),
    [
        (["*"], [], NAMES),
        (NAMES, [], NAMES),
        (["staging", "production"], [], ["production", "staging"]),
        (["dev-?"], ["dev-b"], ["dev-a", "dev-*"]),
        # A name that looks like a pattern is itself first.
        (["*"], ["dev-*"], NAMES[:-1]),
        (["prod*", "production"], [], ["production"]),
        (["[ps]*"], [], ["production", "staging"]),
        ([], ["dev-a"], ["production", "staging", "dev-b", "dev-*"]),
    ],
)
def test_selection(included: list[str], excluded: list[str], selected: list[str]) -> None:
    assert select_profiles(NAMES, included, excluded) == selected


@pytest.mark.parametrize(
    ("included", "excluded", "words"),
    [
        (["prodction"], [], "profiles has prodction, and there is no such profile (did you mean"),
        (["Production"], [], "(did you mean production)"),
        (["*"], ["stagign"], "exclude has stagign, and there is no such profile (did you mean st"),
        (
            ["x*"],
            [],
            "profiles has x*, and there is no such profile (there are production, staging, ",
        ),
        ([""], [], "profiles has unset"),
        (["qqqq", "staging"], ["zzzz"], "exclude has zzzz"),
    ],
)
def test_an_entry_that_matches_nothing(
    included: list[str], excluded: list[str], words: str
) -> None:
    with pytest.raises(InventoryError) as caught:
        select_profiles(NAMES, included, excluded)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("names", "excluded", "words"),
    [([], [], "it has no profiles"), (NAMES, ["*"], "profiles and exclude leave none")],
)
def test_nothing_is_left(names: list[str], excluded: list[str], words: str) -> None:
    with pytest.raises(InventoryError, match=words):
        select_profiles(names, [], excluded)


def test_all_entries_that_match_nothing_are_told_at_once() -> None:
    with pytest.raises(InventoryError) as caught:
        select_profiles(NAMES, ["one", "staging"], ["two"])
    there = f"and there is no such profile (there are {', '.join(NAMES)})"
    assert str(caught.value) == f"profiles has one, {there}; exclude has two, {there}"


@given(st.lists(st.text(min_size=1), min_size=2, unique=True), st.data())
def test_a_selection_holds_what_was_named_in_the_files_order(
    names: list[str], data: st.DataObject
) -> None:
    included = data.draw(st.lists(st.sampled_from(names[1:]), min_size=1))
    selected = select_profiles(names, included, [])
    assert set(selected) == set(included)
    assert selected == [name for name in names if name in selected]
    assert select_profiles(names, [], included) == [name for name in names if name not in included]


@pytest.mark.parametrize(
    "name",
    [
        "production",
        "dev-a",
        "eu_1",
        "7",
        "2024",
        "True",
        "a.example.com",
        "192.0.2.1",
        "Büro",
        "_x",
    ],
)
def test_names_that_hosts_can_have(name: str) -> None:
    check_host_names([name], ["all", "ungrouped"])


UNFIT = [
    "",
    " ",
    "a b",
    "a:b",
    "a:22",
    "::1",
    "web[1:3]",
    "a,b",
    "a;b",
    "*",
    "a?",
    "!a",
    "&a",
    "~a",
    "-a",
    ".a",
    "@a",
    "#a",
    "a/b",
    "../a",
    "{{ 7 * 7 }}",
    "{% x %}",
    "a\nb",
    "a\n",
    "a\u202eb",
    "a\x1b[31m",
    "'a'",
    *RESERVED,
]


@pytest.mark.parametrize("name", UNFIT)
def test_names_that_hosts_cannot_have(name: str) -> None:
    with pytest.raises(InventoryError) as caught:
        check_host_names(["production", name], [])
    message = str(caught.value)
    assert message.isprintable()
    assert "production" not in message.partition(". ")[0]
    assert "Rename" in message
    assert "exclude" in message


def test_all_unfit_names_are_told_at_once() -> None:
    with pytest.raises(InventoryError) as caught:
        check_host_names(UNFIT, [])
    assert "''" in str(caught.value)
    assert "'a b'" in str(caught.value)
    assert all(f" {name}" in str(caught.value) for name in RESERVED)
    with pytest.raises(InventoryError) as caught:
        check_host_names(["production", "a b", "", "all"], [])
    assert str(caught.value) == (
        "hosts cannot be named 'a b', '', all. A name begins with a letter, a digit or _, goes on "
        "with these and . or -, and is none of all, ungrouped, localhost, 127.0.0.1. Rename these "
        "profiles, or leave them out with exclude and give each a host in an inventory file of your own"
    )


def test_names_of_groups() -> None:
    check_host_names(["production"], ["all", "ungrouped", "staging"])
    with pytest.raises(InventoryError) as caught:
        check_host_names(["production", "staging"], ["staging"])
    assert str(caught.value) == (
        "there are groups with the names of hosts: staging. Rename these groups, for example with a "
        "prefix, or these profiles"
    )


ANY_CHARACTER = st.characters(codec="utf-8", categories=["L", "N"]) | st.sampled_from(
    "_.-:,*&!~[] "
)


@given(st.text(alphabet=ANY_CHARACTER, min_size=1, max_size=12))
def test_a_name_that_passes_means_itself_alone_to_ansible(name: str) -> None:
    try:
        check_host_names([name], [])
    except InventoryError:
        return
    manager = InventoryManager(DataLoader(), sources=None, parse=False)
    data: InventoryData = manager._inventory
    for each in (name, "zz-other"):
        data.add_host(each)
    data.reconcile_inventory()
    # As --limit and hosts: would have it, with the neighbour left alone.
    expected = {name} if name != "zz-other" else {"zz-other"}
    assert {str(host) for host in manager.get_hosts(name)} == expected
    assert {str(host) for host in manager.get_hosts(f"all:!{name}")} == {"zz-other"} - expected


def test_options_that_do_not_exist() -> None:
    known = ["plugin", "profiles", "exclude"]
    check_options({"plugin": 1, "exclude": 2}, known)
    with pytest.raises(InventoryError) as caught:
        check_options({"plugin": 1, "profile": 2, 3: 4}, known)
    assert "no option profile (did you mean profiles), 3 (there are exclude" in str(caught.value)
