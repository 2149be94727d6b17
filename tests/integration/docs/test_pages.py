# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of all pages: every code block is tested, and commands and links are valid."""

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


def phrases(source: str) -> set[str]:
    """Return the string constants of a program that are long enough to identify a block."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and len(text) > 8 and " " in text}


def untested(page: Page, source: str) -> list[str]:
    """Return the first lines of the blocks that the source of a test does not refer to.

    A test refers to a file of the page by its name, to the only block of a language by that
    language, and to any other block by part of its text.
    """
    known = phrases(source)
    names = {text: name for name, text in page.files.items()}
    first_lines = []
    for language, text in page.blocks:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if text in names:
            tested = f'"{names[text]}"' in source or ".files.values()" in source
        else:
            references = (f'only("{language}")', f'== "{language}"', f"```{language}")
            tested = any(reference in source for reference in references)
            tested = tested or any(phrase in text for phrase in known)
        if not tested:
            first_lines.append(lines[0])
    return first_lines


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_block_is_tested(path: Path) -> None:
    page = Page(path)
    # Page.blocks has no blocks without a language.
    assert len(FENCE.findall(page.text)) == 2 * len(page.blocks)
    blocks = [set(untested(page, text)) for text in TESTS.values() if f'"{path.name}"' in text]
    assert not page.blocks or blocks, f"No test reads {path.name}."
    # It is enough if one of the tests refers to a block.
    assert not blocks or set.intersection(*blocks) == set()


def test_finds_untested_block(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("```yaml\n# a.yml\nx: 1\n```\n\n```text\nshown\n```\n")
    assert untested(Page(path), "") == ["# a.yml", "shown"]
    assert untested(Page(path), 'PAGE.files["a.yml"]; PAGE.only("text")') == []


def test_commands_of_make() -> None:
    """They take too long to run here, but their targets and arguments must exist."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M))
    for name, first_command in (("README.md", "make build"), ("performance.md", "make bench")):
        (path,) = (page for page in PAGES if page.name == name)
        lines = [line for _language, text in Page(path).blocks for line in text.splitlines()]
        commands = [shlex.split(line, comments=True) for line in lines if line.startswith("make ")]
        assert " ".join(commands[0]).startswith(first_command)
        for _make, target, *arguments in commands:
            assert target in targets
            for argument in arguments:
                options = argument.partition("ARGS=")[2]
                if options and options != "--help":
                    parse(options.split())


def test_packages_of_kerberos() -> None:
    (path,) = (page for page in PAGES if page.name == "connecting.md")
    (block,) = (text for _language, text in Page(path).blocks if "apt-get install" in text)
    system, python = (line.split()[-3:] for line in block.splitlines())
    listed = (ROOT / "tests/debian-packages.txt").read_text().split()
    assert set(system) <= set(listed)
    assert python[-1] in (ROOT / "tests/requirements-kerberos.in").read_text()


def test_links_between_the_pages() -> None:
    """They must work on a Git host as well; make docs checks all links of the site."""
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", Page(path).text):
            if "://" not in target:
                assert (path.parent / target).is_file(), f"{path.name}: {target}"
