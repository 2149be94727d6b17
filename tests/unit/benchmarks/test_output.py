# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables, the plot and the page."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.contenders import BY_NAME, CONTENDERS
from benchmarks.docs import END, START, complete, contenders, replaced, section, terminal
from benchmarks.figures import Summary
from benchmarks.options import SIZES
from benchmarks.plot import LINE, apart, svg
from benchmarks.server import BenchError
from benchmarks.table import HEADINGS

from .support import ABOUT, run, summary

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"


def test_a_row_says_it_all() -> None:
    lines = section(summary(), ABOUT).splitlines()
    assert "| in place | 1 | 3.00 | 3.00 to 3.00 | 30 | 1.50 | 0.12 | 6.0 | 64 |" in lines
    assert "| the role, faster than by hand | 100 | at least 5.0x | 5.00x | met |" in lines
    assert lines[0].endswith("on Python 3.11.7, 2 CPUs (Linux x86_64), 10 forks.")


def test_every_row_has_every_cell() -> None:
    tables = re.findall(r"(?:^\|.*\n?)+", section(summary(), ABOUT), re.M)
    assert len(tables) == 4
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1
    assert tables[0].count("\n") == len(CONTENDERS) + 2
    assert tables[0].splitlines()[0].count("|") == len(HEADINGS) + 1


def test_the_terminal_shows_the_same() -> None:
    shown = terminal(Summary([run("uri", 5, 1.0), run("uri", 5, 2.0, latency=0.05)]))
    assert "5 environments, answering 50 ms late" in shown
    assert re.search(r"^uri +1 +1\.00 +1\.00 to 1\.00 +200 +- +1\.00 ", shown, re.M)


@pytest.mark.parametrize("sizes", [(10, 100, 1000), (5, 20), (7,), (10,)])
def test_the_plot_is_well_formed(sizes: tuple[int, ...]) -> None:
    root = ElementTree.fromstring(svg(summary(sizes)))
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert [text for text in texts if text in BY_NAME] == list(BY_NAME)
    dots = list(root.iter(f"{SVG}circle"))
    assert len(dots) == len(sizes) * len(BY_NAME)
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    for dot in dots:
        assert 0 < float(dot.attrib["cx"]) < width
        assert 0 < float(dot.attrib["cy"]) < height
    for text in root.iter(f"{SVG}text"):
        assert 0 < float(text.attrib["y"]) < height


def test_slower_is_higher() -> None:
    root = ElementTree.fromstring(svg(summary((100,))))
    heights = [float(dot.attrib["cy"]) for dot in root.iter(f"{SVG}circle")]
    at = dict(zip(BY_NAME, heights, strict=True))
    assert at["by hand"] < at["uri"] < at["role"] < at["in place"] < at["debug"]


def test_names_do_not_cover_each_other() -> None:
    found = apart({"a": 100.0, "b": 101.0, "c": 300.0, "d": 99.0})
    assert found == {"d": 99.0, "a": 99.0 + LINE, "b": 99.0 + 2 * LINE, "c": 300.0}


def test_nothing_measured_is_no_plot() -> None:
    with pytest.raises(ValueError, match="nothing to plot"):
        svg(Summary([]))


def test_only_what_is_between_the_marks_is_replaced() -> None:
    once = replaced(f"before\n{START}\nold\n{END}\nafter\n", "new")
    assert once == f"before\n{START}\n\nnew\n\n{END}\nafter\n"
    assert replaced(once, "new") == once
    with pytest.raises(BenchError, match="no place"):
        replaced("no marks", "new")


def test_the_page_has_its_place_and_says_what_is_measured() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    assert "new" in replaced(page, "new")
    assert contenders() in page


def test_the_page_takes_whole_results_only() -> None:
    assert complete(summary(), SIZES)
    assert not complete(summary((10, 100)), SIZES)
    assert not complete(Summary([run("uri", size, 1.0) for size in SIZES]), SIZES)
