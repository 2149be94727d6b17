# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All pages of the documentation: no block of code that no test runs or compares."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest

from benchmarks.options import parse
from tests.integration.support.ansible import ROOT
from tests.integration.support.pages import Page

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TESTS = {path: path.read_text() for path in (ROOT / "tests").rglob("test_*.py")}
FENCE = re.compile(r"^\s*```", re.M)


def words(tests: str) -> set[str]:
    """Return the texts in a program that are long enough to tell one block from another."""
    texts = (node.value for node in ast.walk(ast.parse(tests)) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and len(text) > 8 and " " in text}


def unclaimed(page: Page, tests: str) -> list[str]:
    """Return the first lines of the blocks that no test asks for.

    A test asks for a file of the page by its name, for the only block of a language by that
    language, and for any other block by some of its words.
    """
    known = words(tests)
    names = {text: name for name, text in page.files.items()}
    found = []
    for language, text in page.blocks:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if text in names:
            asked = f'"{names[text]}"' in tests or ".files.values()" in tests
        else:
            asked = any(way % language in tests for way in ('only("%s")', '== "%s"', "```%s"))
            asked = asked or any(each in text for each in known)
        if not asked:
            found.append(lines[0])
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_block_is_run_or_compared(path: Path) -> None:
    page = Page(path)
    # A block without a language would be passed over, here and by those who read.
    assert len(FENCE.findall(page.text)) == 2 * len(page.blocks)
    found = [set(unclaimed(page, text)) for text in TESTS.values() if f'"{path.name}"' in text]
    # What one test leaves out, another one may run.
    assert not page.blocks or found, f"No test reads {path.name}."
    assert not found or set.intersection(*found) == set()


def test_a_block_that_nobody_asks_for_is_found(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("```yaml\n# a.yml\nx: 1\n```\n\n```text\nshown\n```\n")
    assert unclaimed(Page(path), "") == ["# a.yml", "shown"]
    assert unclaimed(Page(path), 'PAGE.files["a.yml"]; PAGE.only("text")') == []


def test_commands_of_make() -> None:
    """The commands that are not run here, as they take the whole suite or hours, exist."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M))
    for name, first in (("README.md", "make build"), ("performance.md", "make bench")):
        (path,) = (each for each in PAGES if each.name == name)
        lines = [line for _language, text in Page(path).blocks for line in text.splitlines()]
        commands = [shlex.split(line, comments=True) for line in lines if line.startswith("make ")]
        assert " ".join(commands[0]).startswith(first)
        for _make, target, *arguments in commands:
            assert target in targets
            for words in arguments:
                given = words.partition("ARGS=")[2]
                if given and given != "--help":
                    parse(given.split())


def test_what_kerberos_is_compiled_with() -> None:
    (path,) = (each for each in PAGES if each.name == "connecting.md")
    (block,) = (text for _language, text in Page(path).blocks if "apt-get install" in text)
    system, python = (line.split()[-3:] for line in block.splitlines())
    listed = (ROOT / "tests/debian-packages.txt").read_text().split()
    assert set(system) <= set(listed)
    assert python[-1] in (ROOT / "tests/requirements-kerberos.txt").read_text()


def test_links_between_the_pages() -> None:
    """The same links on a host of Git as on the site, where make docs checks all of them."""
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", Page(path).text):
            if "://" not in target:
                assert (path.parent / target).is_file(), f"{path.name}: {target}"
