"""The points of a figure as CSV, read off its artists, so that a table cannot differ from its picture."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.collections import PathCollection, PolyCollection, QuadMesh
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure

from sims.shell import console

HEADER = ("panel", "kind", "label", "x", "y", "low", "high", "value")
Row = dict[str, float | str]


def table(figure: Figure) -> str:
    """Every plotted point as a row of CSV.

    Lines and bars have x and y; points with error bars have x, y, low and high; bands have x, low and high;
    images have x, y and value. A threshold is a line of two points, at 0 and at 1 of the panel's height.

    >>> figure = Figure()
    >>> _ = figure.add_subplot().plot([1.0], [2.0], label="a")
    >>> print(table(figure), end="")
    panel,kind,label,x,y,low,high,value
    1,line,a,1,2,,,
    """
    sheet = io.StringIO()
    out = csv.DictWriter(sheet, HEADER, restval="", lineterminator="\n")
    out.writeheader()
    for number, axes in enumerate(figure.axes, 1):
        for artist, kind, row in _rows(axes):
            label = str(artist.get_label())
            named = {
                "panel": number,
                "kind": kind,
                "label": "" if label.startswith("_") else console.cell(label),
            }
            out.writerow({**named, **{name: _text(value) for name, value in row.items()}})
    return sheet.getvalue()


def _rows(axes: Any) -> Iterator[tuple[Any, str, Row]]:
    errors = [c for c in axes.containers if isinstance(c, ErrorbarContainer)]
    parts = {line for container in errors for line in (container[0], *container[1])}
    for line in axes.lines:
        if line not in parts:
            for x, y in zip(*(np.asarray(part, dtype=float) for part in line.get_data()), strict=True):
                yield line, "line", {"x": x, "y": y}
    for container in errors:
        for row in _errorbars(container):
            yield container, "points", row
    for container in axes.containers:
        if isinstance(container, BarContainer):
            for bar in container.patches:
                x, y = bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height()
                yield container, "bar", {"x": x, "y": y}
    for collection in axes.collections:
        yield from _collection(collection)
    for image in axes.images:
        left, right, bottom, top = image.get_extent()
        values = _filled(image)
        for i, j in np.ndindex(values.shape):
            x = left + (right - left) * (j + 0.5) / values.shape[1]
            y = bottom + (top - bottom) * (i + 0.5) / values.shape[0]
            yield image, "image", {"x": x, "y": y, "value": values[i, j]}


def _errorbars(container: ErrorbarContainer) -> Iterator[Row]:
    x, y = (np.asarray(part, dtype=float) for part in container[0].get_data())
    ends = np.full((len(x), 2), np.nan)
    for lines in container[2]:
        for i, segment in enumerate(lines.get_segments()):
            if len(segment):
                ends[i] = segment[:, 1].min(), segment[:, 1].max()
    for place, height, (low, high) in zip(x, y, ends, strict=True):
        yield {"x": place, "y": height, "low": low, "high": high}


def _collection(collection: Any) -> Iterator[tuple[Any, str, Row]]:
    if isinstance(collection, PolyCollection):  # fill_between
        for path in collection.get_paths():
            x, y = np.asarray(path.vertices).T
            for place in np.unique(x):
                here = y[x == place]
                yield collection, "band", {"x": place, "low": here.min(), "high": here.max()}
    elif isinstance(collection, PathCollection):  # scatter
        for place, height in np.asarray(collection.get_offsets(), dtype=float):
            yield collection, "line", {"x": place, "y": height}
    elif isinstance(collection, QuadMesh):
        corners = np.asarray(collection.get_coordinates())
        centres = ((corners[:-1, :-1] + corners[1:, 1:]) / 2).reshape(-1, 2)
        for (x, y), value in zip(centres, _filled(collection).ravel(), strict=True):
            yield collection, "image", {"x": x, "y": y, "value": value}


def _filled(image: Any) -> Any:
    return np.ma.filled(np.ma.asarray(image.get_array(), dtype=float), np.nan)


def _text(value: Any) -> str:
    return "" if np.isnan(value) else f"{value:.10g}"
