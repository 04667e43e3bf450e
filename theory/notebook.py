"""How answers look in a notebook: tables in HTML, a DataFrame, a plot.

The only module of theory that knows of pandas and matplotlib; each is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, real
from theory.names import own_names

__dir__ = own_names(globals())

MOST = 20
"""Rows of a table; what is beyond is counted in a last line."""


def number(value: float | None) -> str:
    """A number for a table, to four digits; nothing for what is not defined.

    >>> number(0.123456), number(float("inf")), number(float("nan")), number(None)
    ('0.1235', '∞', '', '')
    """
    if value is None or np.isnan(value):
        return ""
    return f"{value:.4g}".replace("inf", "∞")


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in HTML, of the first `MOST` rows.

    >>> table("one < two", ["a"], [["1"]])
    '<table><caption>one &lt; two</caption><tr><th>a</th></tr><tr><td>1</td></tr></table>'
    """
    every = list(rows)
    left = len(every) - MOST
    lines = [_line("th", head), *(_line("td", row) for row in every[:MOST])]
    if left > 0:
        lines.append(f'<tr><td colspan="{len(head)}">and {left} more</td></tr>')
    return f"<table><caption>{escape(caption)}</caption>{''.join(lines)}</table>"


def _line(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def risk_table(fields: Mapping[str, ArrayLike]) -> str:
    """The fields of a risk in HTML, a row for each point."""
    columns = _columns(fields, {})
    rows = ([number(value) for value in row] for row in zip(*columns.values(), strict=True))
    return table("Risk", list(columns), rows)


def risk_frame(fields: Mapping[str, ArrayLike], arguments: Mapping[str, ArrayLike]) -> Any:
    """The fields of a risk as a pandas.DataFrame, a row for each point, after columns of arguments."""
    import pandas

    return pandas.DataFrame(_columns(fields, arguments))


def risk_plot(fields: Mapping[str, ArrayLike], arguments: Mapping[str, ArrayLike], axes: Any) -> Any:
    """Test and training error, bias and variance against one argument, on matplotlib axes."""
    if len(arguments) > 1:
        raise ValueError(f"{' and '.join(arguments)} cannot share one axis; pass one of them to plot against")
    columns = _columns(fields, arguments)
    label = next(iter(arguments), "point")
    x = columns[label] if arguments else np.arange(len(columns["test"]))
    if axes is None:
        from matplotlib import pyplot

        axes = pyplot.subplots()[1]
    for name, style in (("test", "-"), ("train", "--"), ("bias", ":"), ("variance", "-.")):
        y = np.where(np.isfinite(columns[name]), columns[name], np.nan)  # a gap where it diverges
        axes.plot(x, y, style, label=name)
    axes.set(xlabel=label, ylabel="squared error", yscale="log")
    if arguments and (x > 0).all():
        axes.set_xscale("log")
    axes.legend()
    return axes


def _columns(fields: Mapping[str, ArrayLike], arguments: Mapping[str, ArrayLike]) -> dict[str, Array]:
    """Arguments and fields as columns of one length."""
    named = {name: real(name, value) for name, value in arguments.items()}
    for name in named:
        if name in fields:
            raise ValueError(f"{name} is a field of Risk; give its column another name")
    every = named | {name: np.asarray(value, dtype=float) for name, value in fields.items()}
    shape = np.shape(next(iter(fields.values())))
    whole = broadcast(**every)
    if whole[0].shape != shape:
        given = ", ".join(f"{name} {value.shape}" for name, value in named.items())
        raise ValueError(f"{given} has more points than the risk, {shape}; pass what it was computed for")
    return {name: value.ravel() for name, value in zip(every, whole, strict=True)}
