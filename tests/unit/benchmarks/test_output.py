# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the tables, the plot and the page in docs/."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.contenders import BY_NAME, CONTENDERS
from benchmarks.docs import (
    END,
    START,
    contender_table,
    is_complete,
    replace_section,
    section,
    terminal,
)
from benchmarks.figures import Summary
from benchmarks.options import SIZES
from benchmarks.plot import LABEL_HEIGHT, spread, svg
from benchmarks.server import BenchError
from benchmarks.table import HEADINGS

from .support import ABOUT, sample_run, sample_summary

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"


def test_section_has_results_budgets_and_system() -> None:
    lines = section(sample_summary(), ABOUT).splitlines()
    assert "| in place | 1 | 3.00 | 3.00 to 3.00 | 30 | 1.50 | 0.12 | 6.0 | 64 |" in lines
    assert "| role, speedup over by hand | 100 | at least 4.5x | 4.50x | met |" in lines
    assert lines[0].endswith("on Python 3.11.7, 2 CPUs (Linux x86_64), 10 forks.")


def test_tables_are_complete() -> None:
    tables = re.findall(r"(?:^\|.*\n?)+", section(sample_summary(), ABOUT), re.M)
    assert len(tables) == 5
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1
    assert tables[0].count("\n") == len(CONTENDERS) + 2
    assert tables[0].splitlines()[0].count("|") == len(HEADINGS) + 1


def test_terminal_output() -> None:
    output = terminal(Summary([sample_run("uri", 5, 1.0), sample_run("uri", 5, 2.0, latency=0.05)]))
    assert "5 environments, 50 ms latency" in output
    assert re.search(r"^uri +1 +1\.00 +1\.00 to 1\.00 +200 +- +1\.00 ", output, re.M)


@pytest.mark.parametrize("sizes", [(10, 100, 1000), (5, 20), (7,), (10,)])
def test_plot_is_within_bounds(sizes: tuple[int, ...]) -> None:
    root = ElementTree.fromstring(svg(sample_summary(sizes)))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert [text for text in texts if text in BY_NAME] == list(BY_NAME)
    dots = list(root.iter(f"{SVG}circle"))
    assert len(dots) == len(sizes) * len(BY_NAME)
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    for dot in dots:
        assert 0 < float(dot.attrib["cx"]) < width
        assert 0 < float(dot.attrib["cy"]) < height
    for text in root.iter(f"{SVG}text"):
        assert 0 < float(text.attrib["y"]) < height


def test_slower_contenders_are_higher() -> None:
    root = ElementTree.fromstring(svg(sample_summary((100,))))
    heights = [float(dot.attrib["cy"]) for dot in root.iter(f"{SVG}circle")]
    y = dict(zip(BY_NAME, heights, strict=True))
    assert y["by hand"] < y["uri"] < y["role"] < y["in place"] < y["debug"]


def test_labels_do_not_overlap() -> None:
    heights = spread({"a": 100.0, "b": 101.0, "c": 300.0, "d": 99.0})
    assert heights == {
        "d": 99.0,
        "a": 99.0 + LABEL_HEIGHT,
        "b": 99.0 + 2 * LABEL_HEIGHT,
        "c": 300.0,
    }


def test_plot_requires_results() -> None:
    with pytest.raises(ValueError, match="no results to plot"):
        svg(Summary([]))


def test_replaces_only_text_between_markers() -> None:
    once = replace_section(f"before\n{START}\nold\n{END}\nafter\n", "new")
    assert once == f"before\n{START}\n\nnew\n\n{END}\nafter\n"
    assert replace_section(once, "new") == once
    with pytest.raises(BenchError, match=r"markers .* are missing"):
        replace_section("no markers", "new")


def test_page_has_markers_and_contenders() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    assert "new" in replace_section(page, "new")
    assert contender_table() in page


def test_page_requires_complete_results() -> None:
    assert is_complete(sample_summary(), SIZES)
    assert not is_complete(sample_summary((10, 100)), SIZES)
    assert not is_complete(Summary([sample_run("uri", size, 1.0) for size in SIZES]), SIZES)
