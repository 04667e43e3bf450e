"""What a tab shows, as plain data: charts, a verdict and words. `_page` and `_svg` say how it looks."""

import csv
import io
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.shell import console

Array = NDArray[np.float64]
# Okabe and Ito's, in the order of figures/style.mplstyle
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#888888")


class Line(NamedTuple):
    """A curve; `dash` is "", "dashed" or "dotted"."""

    label: str
    x: Array
    y: Array
    colour: int = 0
    dash: str = ""


class Band(NamedTuple):
    """The area between two curves."""

    label: str
    x: Array
    low: Array
    high: Array
    colour: int = 0
    opacity: float = 1.0


class Marks(NamedTuple):
    """Measured points with their intervals."""

    label: str
    x: Array
    y: Array
    low: Array
    high: Array
    colour: int = 1
    hollow: bool = False


class Rule(NamedTuple):
    """A thin vertical line with a word on it."""

    label: str
    x: float


Part = Line | Band | Marks | Rule


@dataclass(frozen=True)
class Chart:
    """One plot; the range of y is given, for a curve may go to infinity."""

    title: str
    x_label: str
    y_label: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    parts: tuple[Part, ...]
    x_log: bool = False
    y_log: bool = False
    x_names: tuple[str, ...] = ()
    """Words in the place of the numbers 1, 2, ... of the x axis."""


@dataclass(frozen=True)
class View:
    """All that a tab shows for its settings; `status` is that of a verdict, or empty."""

    charts: tuple[Chart, ...]
    command: str
    """Command line that gives the same numbers."""
    progress: str = ""
    status: str = ""
    words: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    """Rows of cells; the first row is the head."""
    name: str = "view"
    """The name of the files that are saved, without a suffix."""
    formula: str = ""
    """The model as one line of mathematics."""


class RefusedError(ValueError):
    """Raised, with one line that says why, if what a user asked for cannot be shown."""


def error_line(error: BaseException) -> str:
    """An error as one line for a reader.

    >>> error_line(ValueError("n = 0 must be positive\\nsecond"))
    'n = 0 must be positive'
    """
    first = (str(error).splitlines() or [""])[0].strip()
    if isinstance(error, ValueError | OSError | ArithmeticError | ImportError) and first:
        return first
    return f"{type(error).__name__}: {first or 'nothing more is known'}"


def rows(view: View) -> str:
    """The plotted points as CSV, with the table of the view if it has no chart.

    >>> chart = Chart("", "p", "error", (1, 2), (0, 1), (Rule("p = n", 1.5),))
    >>> rows(View((chart,), "")).splitlines()[1]
    'error against p,p = n,1.5,,,'
    """
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    if not view.charts:
        writer.writerows([console.cell(text) for text in row] for row in view.table)
        return page.getvalue()
    writer.writerow(("chart", "series", "x", "y", "low", "high"))
    for chart in view.charts:
        name = chart.title or f"{chart.y_label} against {chart.x_label}"
        for part in chart.parts:
            words = [console.cell(text) for text in (name, part.label)]
            writer.writerows((*words, *numbers) for numbers in _numbers(part))
    return page.getvalue()


def _numbers(part: Part) -> list[list[str]]:
    if isinstance(part, Rule):
        columns: list[ArrayLike] = [[part.x], [""], [""], [""]]
    elif isinstance(part, Line):
        columns = [part.x, part.y, [""] * len(part.x), [""] * len(part.x)]
    elif isinstance(part, Band):
        columns = [part.x, [""] * len(part.x), part.low, part.high]
    else:
        columns = [part.x, part.y, part.low, part.high]
    return [[_text(cell) for cell in row] for row in zip(*map(np.asarray, columns), strict=True)]


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else repr(float(cell))  # type: ignore[arg-type]


def ticks(low: float, high: float, log: bool, most: int = 7) -> list[float]:
    """Round numbers in a range, at most `most`: 1, 2 and 5 times powers of ten, or powers of ten alone.

    >>> ticks(1, 1000, log=True), ticks(0.0, 1.0, log=False)
    ([1.0, 10.0, 100.0, 1000.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    """
    if log:
        first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
        every = max(1, -(-(last - first) // most))
        for digits in ((1, 2, 5), (1,)):
            found = [float(f"{d}e{k}") for k in range(first, last + 1, every) for d in digits]
            found = [x for x in found if low * (1 - 1e-9) <= x <= high * (1 + 1e-9)]
            if len(found) <= most:
                break
        return found
    rough = (high - low) / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(next(d * power for d in (1, 2, 5, 10) if d * power >= rough * (1 - 1e-9)))
    count = range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)
    return [float(f"{k * step:.12g}") for k in count]


def around(values: ArrayLike, log: bool, above: float = 1.3) -> tuple[float, float]:
    """A round range for a curve: up to `above` times its 90 % quantile, for a peak goes far beyond.

    >>> around([1.0, 1.1, 1.2, 9.0e9], log=True, above=4.0)
    (0.7, 5.0)
    """
    finite = np.asarray(values, dtype=float).ravel()
    finite = finite[np.isfinite(finite) & ((finite > 0) | (not log))]
    if not len(finite):
        return (0.1, 1.0) if log else (0.0, 1.0)
    top = max(float(np.quantile(finite, 0.9, method="lower")), 1e-12) * above
    if not log:
        return 0.0, _round(top, up=True)
    low = _round(max(float(finite.min()), 1e-12) / 1.1, up=False)
    return low, max(_round(top, up=True), 2 * low)


def _round(value: float, up: bool) -> float:
    power = 10.0 ** np.floor(np.log10(value))
    places = [d * power for d in (1, 2, 3, 5, 7, 10)]
    if up:
        return float(f"{next(x for x in places if x >= value * (1 - 1e-9)):.6g}")
    return float(f"{max(x for x in places if x <= value * (1 + 1e-9)):.6g}")
