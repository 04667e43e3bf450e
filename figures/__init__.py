"""What it looks like: figures of the papers, pictures of the commands, the gallery, the paper, the explorer.

`figures.plots` has one module for each figure, `figure.PaperFigure` says what such a module declares, and
`marks` judges and draws what was simulated. `python -m figures` builds them all.
"""

import os
import sys
from contextlib import suppress
from importlib import import_module

# MPLBACKEND may name a notebook's backend that is not installed here: then matplotlib cannot be imported
if "MPLBACKEND" in os.environ and "matplotlib" not in sys.modules:
    backend = os.environ.pop("MPLBACKEND")
    with suppress(ValueError):
        import_module("matplotlib").rcParams["backend"] = backend
        os.environ["MPLBACKEND"] = backend
