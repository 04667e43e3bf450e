"""Plots of text in the terminal: both axes logarithmic, no colours, so that they survive a pipe."""

import shutil
from collections.abc import Mapping, Sequence
from typing import NamedTuple

Number = int | float


class Series(NamedTuple):
    """Points that share a marker and a name."""

    label: str
    """What the legend calls these points."""
    points: Sequence[tuple[Number, Number]]
    """Pairs (x, y), positive, for both axes are logarithmic."""
    marker: str
    """One character, or "braille"."""
    line: bool = False
    """Whether lines join the points."""


def plot(
    title: str,
    series: Sequence[Series],
    height: int = 20,
    vertical: Number | None = None,
    ticks: Mapping[Number, str] | None = None,
) -> str:
    """The series in `height` lines, as wide as the terminal up to 100 columns.

    Parameters
    ----------
    title : str
    series : sequence of Series
    height : int
    vertical : number, optional
        Where to draw a vertical line, such as an interpolation threshold.
    ticks : mapping of numbers to words, optional
        Ticks of the x axis; by default some in equal ratios.

    >>> "oo measured" in plot("error against p", [Series("measured", [(1, 3.0), (2, 4.0)], "o")])
    True
    """
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(100, shutil.get_terminal_size((80, 24)).columns), height)
    for label, points, marker, line in series:
        x, y = map(list, zip(*points, strict=True))
        (plotext.plot if line else plotext.scatter)(x, y, marker=marker, label=label)
    if vertical is not None:
        plotext.vline(vertical)
    plotext.xscale("log")
    plotext.yscale("log")
    if ticks is not None:
        plotext.xticks(list(ticks), list(ticks.values()))
    plotext.title(title)
    text: str = plotext.uncolorize(plotext.build())
    return "\n".join(row.rstrip() for row in text.splitlines())
