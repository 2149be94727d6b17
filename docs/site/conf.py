# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx's settings for the documentation site. Nothing is looked up outside."""

from __future__ import annotations

from typing import Any

project = "keyfactor.command"
project_copyright = "keyfactor.command contributors"
extensions = ["myst_parser", "sphinx_antsibull_ext"]
root_doc = "README"
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
# The guides link to headings of each other.
myst_heading_anchors = 4
# The guides are written for plain Markdown as well.
suppress_warnings = ["myst.header"]
highlight_language = "text"
html_theme = "sphinx_rtd_theme"
html_title = "keyfactor.command"
html_show_sphinx = False
html_static_path = ["static"]
html_css_files = ["site.css"]
# The pages' sources here are copies, and partly made.
html_copy_source = False
html_use_smartypants = False
smartquotes = False


def elsewhere(app: Any, env: Any, node: Any, text: Any) -> Any:
    """Leave what leads to Ansible's own documentation as plain text; our labels must be there."""
    ours = str(node["reftarget"]).startswith("ansible_collections.keyfactor.")
    return None if ours or node["refdomain"] != "std" else text


def setup(app: Any) -> None:
    app.connect("missing-reference", elsewhere)
