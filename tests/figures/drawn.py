"""What a drawn figure must be to be read in print: letters of 7 points, a free legend, one rule for lines."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from numpy.typing import NDArray

SMALLEST = 7.0
"""Points."""


def complaints(figure: Any) -> list[str]:
    """What of a figure that is laid out cannot be read, or breaks the rule for lines."""
    return [*_letters(figure), *(f"panel {i}: {said}" for i, axes in enumerate(figure.axes, 1)
                                 for said in (*_covered(axes, figure), *_styles(axes)))]  # fmt: skip


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


def _styles(axes: Any) -> Iterator[str]:
    """An exact mean is dashed."""
    for line in axes.lines:
        label = str(line.get_label())
        if "exact" in label and line.get_linestyle() != "--":
            yield f"{label!r} must be dashed"
