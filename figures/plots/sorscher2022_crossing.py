"""Which samples to keep: the easy ones of a few, the hard ones of many.

A teacher labels n Gaussian samples in 40 dimensions by the sign of one coordinate, and least squares
classifies after all but the share 0.4 nearest to the boundary (hard), farthest from it (easy) or at random
have been thrown away. Shown is the share of mistakes on fresh ones against n/d. All three have a peak where
as many samples are kept as there are dimensions; there marks are medians, which are not judged. Lines are the
limit, marks means over 200 data sets. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend, threshold
from sims.claims.papers import sorscher2022 as claims
from sims.verdict import edge
from theory.papers import sorscher2022

RATIOS = np.array([0.6, 1.0, 1.5, 2.0, 2.5, 3.25, 4.5, 6.5, 10.0, 16.0, 25.0])
LINE = np.geomspace(0.5, 30.0, 400)
KINDS = ("hard", "easy", "random")


def _limit(d: int, keep: float, kind: str, n: Any) -> Any:
    if kind == "random":
        return sorscher2022.error(d, keep * n, 1.0)
    return sorscher2022.error(d, n, keep, kind == "hard")


def _run(d: int, keep: float, kind: str, n: int, rng: np.random.Generator) -> float:
    if kind == "random":
        return claims.mistakes(round(keep * n), SimpleNamespace(d=d, keep=1.0), rng, True)
    return claims.mistakes(n, SimpleNamespace(d=d, keep=keep), rng, kind == "hard")


def data(d: int = 40, keep: float = 0.4, trials: int = 200) -> dict[str, Any]:
    """Shares of mistakes along the samples."""
    found: dict[str, Any] = {"peak": 1 / keep}
    sizes = np.rint(RATIOS * d).astype(int)
    heavy = np.abs(keep * sizes - d) <= edge(d)
    for kind in KINDS:
        samples = marks.simulated(
            partial(_run, d, keep, kind), sizes.tolist(), trials, f"sorscher2022 {kind}"
        )
        found[f"limit {kind}"] = _limit(d, keep, kind, d * LINE)
        found[kind] = marks.points(sizes / d, samples, _limit(d, keep, kind, sizes), 2 / d, heavy)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Samples per dimension beyond which the hard ones teach more."""
    harder = data["limit hard"] < data["limit easy"]
    return {"crossing": float(LINE[~harder][-1])}


def draw(data: dict[str, Any]) -> Figure:
    """One curve for each choice."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (kind, marker) in enumerate(zip(KINDS, "osD", strict=True)):
        curve(axes, kind, f"C{i}", marker, (LINE, data[f"limit {kind}"]), simulated=data[kind])
    threshold(axes, data["peak"], "kept = d")
    axes.set_xscale("log")
    axes.set_yscale("log")
    marks.plain_ticks(axes.xaxis)
    marks.plain_ticks(axes.yaxis)
    axes.set_xlabel("samples per dimension, n/d")
    axes.set_ylabel("share of mistakes")
    legend(axes, *KINDS, loc="lower left")
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    numbers=numbers,
    meanings={"keep": "share of the samples that is kept"},
)
