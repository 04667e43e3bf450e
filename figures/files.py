"""Figures as files: PDF, PNG, SVG and PGF, the same bytes for the same data, with their origin inside."""

import io
import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib.style
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text

from sims.shell import console
from sims.trials import fingerprint

COLUMNS = {"jmlr": (4.2, 6.0), "neurips": (3.9, 5.5), "icml": (3.25, 6.75)}
"""Width in inches of a figure of one panel, and of one that spans the page."""
SERIF = {"font.size": 9, "axes.labelsize": 9.5, "axes.titlesize": 9.5, "legend.fontsize": 8.5}
STYLES: dict[str, dict[str, Any]] = {
    "paper": {},
    "slides": {
        "font.size": 13, "axes.labelsize": 14, "axes.titlesize": 14, "legend.fontsize": 12,
        "lines.linewidth": 2.2, "lines.markersize": 5.5, "axes.linewidth": 1.0,
    },
    "latex": {
        "font.family": ["cmr10", "STIXGeneral"], "mathtext.fontset": "cm",
        "axes.formatter.use_mathtext": True, **SERIF,
    },
    "icml": {
        "font.family": "STIXGeneral", "mathtext.fontset": "stix", **SERIF,
    },
}  # fmt: skip
"""What differs from the style sheet: sizes for a talk, the letters of LaTeX, and those of Times as ICML has
them. All letters come with matplotlib."""
SIGNS = {
    "<": "<", ">": ">", "|": "|", "²": "^2", "×": r"\times", "−": "-", "∞": r"\infty", "λ": r"\lambda",
    "π": r"\pi",
}  # fmt: skip
"""What the text letters of Computer Modern lack, or have in another place, as mathematics."""
SLIDE = (8.0, 12.0)
"""The same two widths on a slide."""

CANVAS = {"pdf": "pdf", "png": "agg", "svg": "svg"}
"""What draws each kind of file, whatever backend the environment or a notebook has chosen for screens."""
TEX = ("pdflatex", "xelatex", "lualatex")
"""What can measure the letters of a PGF file, the first that is installed."""
SHEETS = ["default", str(files("figures") / "style.mplstyle")]
"""The style sheets of every figure, for matplotlib.style.context."""

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells that Computer Modern is old


@contextmanager
def house_style(style: str = "paper", column: str | None = None) -> Iterator[None]:
    """Within this context figures have the style of the papers, whatever the user's own settings are.

    Parameters
    ----------
    style : str
        A name of STYLES; choose "slides" for a talk, and "latex" or "icml" for letters with serifs.
    column : str, optional
        A name of COLUMNS: the journal whose column sets the width. Without one the style sheet sets it.

    >>> with house_style(column="icml"):
    ...     page(1, 2).get_size_inches().tolist()
    [6.75, 2.7]
    """
    with matplotlib.style.context([*SHEETS, STYLES[style]]):
        if column is not None or style == "slides":
            narrow, wide = SLIDE if style == "slides" else COLUMNS[column or "icml"]
            matplotlib.rcParams["figure.figsize"] = (narrow, wide)  # read by `page` alone
        yield


def spelt(text: str) -> str:
    """The text with the signs that Computer Modern has only in mathematics as such.

    >>> spelt("|f|², p < $n_1$"), spelt("test error")
    ('$|$f$|$$^2$, p $<$ $n_1$', 'test error')
    """
    parts = text.split("$")
    parts[::2] = ["".join(f"${SIGNS[c]}$" if c in SIGNS else c for c in part) for part in parts[::2]]
    return "$".join(parts)


def spell(figure: Figure) -> None:
    """Write every text of a figure as `spelt` does."""
    for text in figure.findobj(Text):
        text.set_text(spelt(text.get_text()))


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
    formats : sequence of "pdf", "png", "svg", "pgf"
    dpi : float
        Resolution of a PNG in dots per inch.

    Raises
    ------
    ValueError
        If PGF is asked for without a TeX, or of a figure that has pixels.
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
            if name == "pgf":
                _pgf(figure, drawn, origin)
            else:
                figure.savefig(drawn, format=name, backend=CANVAS[name], metadata=metadata[name], dpi=dpi)
            paths.append(console.written(stem.with_name(f"{stem.name}.{name}"), drawn.getvalue()))
    return paths


def tex() -> str:
    """The TeX that measures the letters of a PGF file; ValueError where none is installed."""
    found = next(filter(shutil.which, TEX), "")
    if not found:
        raise ValueError(
            f"--format = pgf: needs a TeX ({', '.join(TEX)}), and none is found; "
            "choose --format pdf --style latex, which has the letters of LaTeX"
        )
    return found


def _pgf(figure: Figure, drawn: io.BytesIO, origin: str) -> None:
    """Write a picture whose letters are those of the document that takes it in."""
    if figure.findobj(Artist.get_rasterized):
        raise ValueError(
            "--format = pgf: has no pixels, and this figure has; choose --format pdf --style latex"
        )
    system = tex()
    drawn.write(f"% {origin}\n".encode())
    texts = [(text, text.get_text()) for text in figure.findobj(Text)]
    spell(figure)
    with matplotlib.rc_context({"pgf.texsystem": system, "pgf.rcfonts": False}):
        figure.savefig(drawn, format="pgf", backend="pgf")
    for text, plain in texts:
        text.set_text(plain)


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
