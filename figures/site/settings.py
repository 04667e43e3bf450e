"""How Sphinx builds the site: offline, with formulas by a script that lies beside the pages."""

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from figures.lectures.notebook import PATIENCE
from sims.data.named import require

MATHJAX = "sphinx-mathjax-offline"
"""The package that brings MathJax; its name is no identifier."""
BESIDE = "_beside"
"""Folder of the sources whose files go beside the first page: the live pages, the PDF."""
INCLUDED = "_made"
"""Folder of the sources with tables that written pages include."""
SCRIPT = "mathjax/tex-svg.js"


def mathjax() -> Path:
    """The script that draws formulas: one file, which asks for no other."""
    require(MATHJAX, "docs")
    found = find_spec(MATHJAX)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "static" / SCRIPT


LIVE = "{{path}}#{{fragment}}"
"""What a link live:FILE#VIEW is on the pages beside those; above:FILE#VIEW on pages one folder below."""


def sphinx() -> dict[str, Any]:
    """The settings of Sphinx."""
    return {
        "project": "overparam",
        "author": "overparam developers",
        "copyright": "overparam developers",
        "version": version("overparam"),
        "extensions": ["myst_nb", "sphinx.ext.mathjax"],
        "html_theme": "pydata_sphinx_theme",
        "html_title": "overparam",
        "html_static_path": ["_static"],
        "html_extra_path": [BESIDE],
        "exclude_patterns": [BESIDE, INCLUDED],
        "html_css_files": ["site.css"],
        "html_show_sourcelink": False,
        "html_show_search_summary": False,  # it fetches pages, which a browser forbids for files
        "html_copy_source": False,
        "html_context": {"default_mode": "auto"},
        "html_sidebars": {"**": []},
        "html_theme_options": {
            "navigation_depth": 2,
            "show_nav_level": 1,
            "show_prev_next": False,
            "footer_start": ["copyright"],
            "footer_end": [],
            "use_edit_page_button": False,
        },
        "mathjax_path": SCRIPT,
        "mathjax3_config": {"startup": {"typeset": True}, "options": {"enableMenu": False}},
        "math_numfig": False,
        "maximum_signature_line_length": 88,
        "toc_object_entries_show_parents": "hide",
        "add_module_names": False,
        "python_use_unqualified_type_names": True,
        "myst_enable_extensions": ["dollarmath", "deflist", "colon_fence", "attrs_inline"],
        "myst_heading_anchors": 3,
        "myst_url_schemes": {"http": None, "https": None, "live": LIVE, "above": f"../{LIVE}"},
        "nb_execution_mode": "force",
        "nb_execution_raise_on_error": True,
        "nb_execution_timeout": PATIENCE,
        "nb_merge_streams": True,
    }
