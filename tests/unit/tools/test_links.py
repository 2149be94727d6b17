# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the search for broken links in the documentation site."""

from __future__ import annotations

from pathlib import Path

from tools import links


def test_finds_broken_links(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "index.html").write_text(
        '<a href="docs/a.html#here">x</a><a href="#top" id="top">x</a>'
        '<a href="https://example.com/gone">x</a><img src="docs/none.svg">'
        '<a href="docs/a.html#elsewhere">x</a><a href="docs">x</a>'
    )
    (tmp_path / "docs" / "a.html").write_text('<p id="here"><a href="../index.html">x</a></p>')
    assert links.broken(tmp_path) == [
        "index.html: docs",
        "index.html: docs/a.html#elsewhere",
        "index.html: docs/none.svg",
    ]
