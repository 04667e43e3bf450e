"""Figures as files: PDF, PNG and SVG, the same bytes for the same data, with their origin inside."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib.style
from matplotlib.figure import Figure

from sims.shell import console
from sims.trials import fingerprint

COLUMNS = {"jmlr": (4.2, 6.0), "neurips": (3.9, 5.5), "icml": (3.25, 6.75)}
"""Width in inches of a figure of one panel, and of one that spans the page."""
STYLES: dict[str, dict[str, Any]] = {
    "paper": {},
    "slides": {
        "font.size": 13, "axes.labelsize": 14, "axes.titlesize": 14, "legend.fontsize": 12,
        "lines.linewidth": 2.2, "lines.markersize": 5.5, "axes.linewidth": 1.0,
    },
}  # fmt: skip
SLIDE = (8.0, 12.0)
"""The same two widths on a slide."""

CANVAS = {"pdf": "pdf", "png": "agg", "svg": "svg"}
"""What draws each kind of file, whatever backend the environment or a notebook has chosen for screens."""
SHEETS = ["default", str(files("figures") / "style.mplstyle")]
"""The style sheets of every figure, for matplotlib.style.context."""


@contextmanager
def house_style(style: str = "paper", column: str | None = None) -> Iterator[None]:
    """Within this context figures have the style of the papers, whatever the user's own settings are.

    Parameters
    ----------
    style : str
        A name of STYLES; choose "slides" for a talk.
    column : str, optional
        A name of COLUMNS: the journal whose column sets the width. Without one the style sheet sets it.

    >>> with house_style(column="icml"):
    ...     page(1, 2).get_size_inches().tolist()
    [6.75, 2.7]
    """
    with matplotlib.style.context([*SHEETS, STYLES[style]]):
        if column is not None or style == "slides":
            narrow, wide = SLIDE if style == "slides" else COLUMNS[column or "jmlr"]
            matplotlib.rcParams["figure.figsize"] = (narrow, wide)  # read by `page` alone
        yield


def page(rows: int = 1, columns: int = 1, height: float = 0.0) -> Figure:
    """An empty figure for a grid of panels, as wide as the column that `house_style` was given.

    Parameters
    ----------
    rows, columns : int
        The grid; with more than one column of panels the figure spans the page.
    height : float
        Height of a row as a share of a panel's width; by default 2/3 for a single column, and 0.8 for more.
    """
    narrow, wide = matplotlib.rcParams["figure.figsize"]
    if narrow > wide:  # the style sheet's own: width and height of one panel
        wide = 1.45 * narrow
    width = narrow if columns == 1 else wide
    share = height or (2 / 3 if columns == 1 else 0.8)
    return Figure(figsize=(width, rows * share * width / columns))


def save(
    figure: Figure, stem: Path, provenance: str, formats: Sequence[str] = ("pdf", "png"), dpi: float = 200
) -> list[Path]:
    """Write stem.pdf, stem.png and so on, and return their paths.

    The figure is laid out once, and all files show that layout. The metadata name what made the figure, and
    hold no date: the same figure gives the same bytes.

    Parameters
    ----------
    figure : Figure
    stem : Path
        Path without suffix.
    provenance : str
        What made the figure, such as the command.
    formats : sequence of "pdf", "png", "svg"
    dpi : float
        Resolution of a PNG in dots per inch.
    """
    versions = ", ".join(f"{name} {number}" for name, number in fingerprint.versions().items())
    origin = f"{provenance} ({versions})"
    metadata = {
        "pdf": {"Subject": origin, "Creator": "overparam", "CreationDate": None},
        "png": {"Description": origin, "Software": "overparam"},
        "svg": {"Description": origin, "Creator": "overparam", "Date": None},
    }
    paths = []
    with house_style(), laid_out(figure):  # colours and fonts are looked up as the file is written
        for name in formats:
            drawn = io.BytesIO()  # a full disk is met by the file, not in the middle of a compression
            figure.savefig(drawn, format=name, backend=CANVAS[name], metadata=metadata[name], dpi=dpi)
            paths.append(console.written(stem.with_name(f"{stem.name}.{name}"), drawn.getvalue()))
    return paths


@contextmanager
def laid_out(figure: Figure) -> Iterator[None]:
    """Within this context a figure keeps one layout: with a layout engine each file of it is drawn twice.

    >>> with house_style():
    ...     figure = page()
    ...     axes = figure.add_subplot()
    ...     with laid_out(figure):
    ...         figure.get_layout_engine() is None
    True
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    with matplotlib.rc_context({"figure.constrained_layout.use": False}):  # what None stands for
        figure.set_layout_engine(None)
        try:
            yield
        finally:
            figure.set_layout_engine(engine)
