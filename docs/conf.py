"""How Sphinx builds the site: `make docs` writes it to build/docs, and a warning is an error."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generated  # noqa: E402  # it lies beside this file

project = "JusticeGraph"
author = "The maintainers of JusticeGraph"
project_copyright = "its contributors. Code Apache-2.0, data and texts CC0-1.0"
version = release = version_of("justicegraph")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_click"]
exclude_patterns = ["w3id"]
default_role = "code"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure", "myst.header"]
"""Requests and answers are shown in part, so they do not parse; and a page may begin its headings where it likes."""

autodoc_member_order = "bysource"
autodoc_typehints = "signature"

html_theme = "furo"
html_title = "JusticeGraph"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = html_show_sourcelink = html_show_sphinx = False
html_domain_indices = html_use_index = False
html_theme_options = {
    "footer_icons": [],
    # The system's fonts: nothing comes from another host.
    "light_css_variables": {"font-stack": "system-ui, sans-serif", "font-stack--monospace": "ui-monospace, monospace"},
}


def setup(app: object) -> None:
    """Fill the generated parts of pages when they are read."""
    app.connect("source-read", generated.fill)  # type: ignore[attr-defined]
