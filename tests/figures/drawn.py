"""What a drawn figure must be to be read in print: letters of 7 points, a free legend, one rule for lines."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.container import ErrorbarContainer
from matplotlib.text import Text
from numpy.typing import NDArray

from figures.marks import Points

SMALLEST = 7.0
"""Points."""


def complaints(figure: Any, data: Mapping[str, Any]) -> list[str]:
    """What of a figure of these data, laid out, cannot be read, or breaks the rule for lines."""
    return [*_letters(figure), *(f"panel {i}: {said}" for i, axes in enumerate(figure.axes, 1)
                                 for said in (*_covered(axes, figure), *_styles(axes, data)))]  # fmt: skip


def _letters(figure: Any) -> Iterator[str]:
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and text.get_fontsize() < SMALLEST:
            yield f"{text.get_text()!r} has {text.get_fontsize():.1f} points"


def _covered(axes: Any, figure: Any) -> Iterator[str]:
    """Curves and marks of the panel that its legend, or one of the figure, stands on."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    for legend in filter(None, (axes.get_legend(), *figure.legends)):
        box = legend.get_window_extent(renderer).padded(-1.0)
        for line in axes.lines:
            if line.get_transform() == axes.transData and _inside(_places(line), box).any():
                yield f"the legend stands on {line.get_label()!r}"


def _places(line: Any) -> NDArray[np.float64]:
    """Pixels along a line, or of its marks where they are not joined, without those that are cut off."""
    points = line.get_transform().transform(line.get_xydata())
    points = points[np.isfinite(points).all(axis=1)]
    if line.get_linestyle() != "None" and len(points) > 1:
        steps = np.linspace(0.0, 1.0, 50)[:, None, None]
        points = (points[:-1] * (1 - steps) + points[1:] * steps).reshape(-1, 2)
    return np.asarray(points[_inside(points, line.axes.bbox)] if line.get_clip_on() else points)


def _inside(points: NDArray[np.float64], box: Any) -> NDArray[np.bool_]:
    return (points > [box.x0, box.y0]).all(axis=1) & (points < [box.x1, box.y1]).all(axis=1)


def _styles(axes: Any, data: Mapping[str, Any]) -> Iterator[str]:
    """Theory is solid, what is exact at finite size dashed, and simulation that is joined dotted, with marks.

    What is exact is known by its label or by its name in the data. Grey lines, and those across a panel, are
    there to compare with, and free.
    """
    exact = [value for name, value in data.items() if {"exact", "equation"} & {*name.split()}]
    simulated = [value.centre for value in data.values() if isinstance(value, Points)]
    bars = [container[0] for container in axes.containers if isinstance(container, ErrorbarContainer)]
    marked = {to_rgb(line.get_color()) for line in (*axes.lines, *bars) if line.get_marker() != "None"}
    for line in axes.lines:
        style, label = line.get_linestyle(), f"{line.get_label()!r}"
        x, y = (np.asarray(part, dtype=float) for part in line.get_data())
        across = not (np.nanmax(x) > np.nanmin(x) and np.nanmax(y) > np.nanmin(y))
        if style == "None" or across or np.ptp(to_rgb(line.get_color())) < 0.01:
            continue
        if "exact" in label or any(_same(y, value) for value in exact):
            if style != "--":
                yield f"{label} must be dashed"
        elif line in bars or any(_same(y, centre) for centre in simulated):
            if style != ":" or to_rgb(line.get_color()) not in marked:
                yield f"{label} must be dotted, with marks"
        elif style != "-" and not (style == ":" and to_rgb(line.get_color()) in marked):
            yield f"{label} must be solid"


def _same(y: NDArray[np.float64], value: Any) -> bool:
    """Are the heights of a line, or of a part of one, those in the data?"""
    return bool(np.isin(y[np.isfinite(y)], np.asarray(value, dtype=float)).all())
