"""What a figure is in code: its data, what draws them, and numbers of them for the paper's text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class PaperFigure:
    """A figure of the papers. Its module in figures.plots declares it once, at the end, as FIGURE.

    The module's name is that of the figure, KEY_what with the key of the paper. The first line of the
    module's docstring is the title, the rest is the caption. A module without FIGURE is no figure.
    """

    data: Callable[[], dict[str, Any]]
    """Theory and simulation by name, the same bits at every call. Raises `marks.Disagreement` where they
    contradict each other: then nothing is drawn. Of every `marks.Points` the resolution is recorded."""
    draw: Callable[[dict[str, Any]], Figure]
    """A page of `files.page` with what `data` returned. It computes nothing random and keeps no state."""
    numbers: Callable[[dict[str, Any]], dict[str, float]] | None = None
    """Finite numbers of the data, by the names under which the paper's text speaks of them."""
