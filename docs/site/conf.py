# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx configuration of the documentation site. The build needs no network."""

from __future__ import annotations

from typing import Any

project = "keyfactor.command"
project_copyright = "keyfactor.command contributors"
extensions = ["myst_parser", "sphinx_antsibull_ext"]
root_doc = "README"
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
# The guides link to each other's headings.
myst_heading_anchors = 4
# The guides also have to render as plain Markdown.
suppress_warnings = ["myst.header"]
highlight_language = "text"
html_theme = "sphinx_rtd_theme"
html_title = "keyfactor.command"
html_show_sphinx = False
html_static_path = ["static"]
html_css_files = ["site.css"]
# The sources of the pages are copies or generated.
html_copy_source = False
html_use_smartypants = False
smartquotes = False


def resolve_external(app: Any, env: Any, node: Any, text: Any) -> Any:
    """Render references to Ansible's documentation as text; others must resolve."""
    is_own = str(node["reftarget"]).startswith("ansible_collections.keyfactor.")
    return None if is_own or node["refdomain"] != "std" else text


def setup(app: Any) -> None:
    app.connect("missing-reference", resolve_external)
