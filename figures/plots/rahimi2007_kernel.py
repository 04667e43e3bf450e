"""Random Fourier features: the error of the kernel falls like one over the root of their number.

The curves are the root mean square error of the estimate of the Gaussian kernel of bandwidth 1, for pairs
of sine and cosine and for cosines with random phases: left, along the number D of features at distance 1;
right, along the distance at D = 100. Dashed lines are exact, marks means over 40 times 250 draws. The
dotted line is 1/sqrt(D), which both variants reach at a large distance. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import column
from sims.claims.papers.rahimi2007 import variance as claim
from theory.papers import rahimi2007

VARIANTS = ("paired", "phase")


def _squares(repeats: int, place: tuple[int, float], rng: np.random.Generator) -> Any:
    return claim.measure({"features": place[0], "distance": place[1], "repeats": repeats}, rng)


def data(features: int = 100, repeats: int = 250, trials: int = 40) -> dict[str, Any]:
    """Errors along the number of features, and along the distance."""
    counts, distances = 2 * np.array([2, 5, 10, 20, 50, 100, 200, 500]), np.linspace(0.4, 3.2, 8)
    line, far = np.geomspace(3, 1200, 50), np.linspace(0.01, 3.5, 100)
    found: dict[str, Any] = {"features": line, "distance": far}
    by_count = marks.simulated(
        partial(_squares, repeats), [(int(c), 1.0) for c in counts], trials, "rahimi2007 features"
    )
    by_distance = marks.simulated(
        partial(_squares, repeats), [(features, float(x)) for x in distances], trials, "rahimi2007 distance"
    )
    for i, variant in enumerate(VARIANTS):
        of = rahimi2007.feature_variance
        found[f"exact {variant}"] = np.sqrt(of(1.0, line, variant))
        found[f"exact far {variant}"] = np.sqrt(of(far, features, variant))
        found[f"simulated {variant}"] = marks.points(
            counts, column(by_count, i), of(1.0, counts, variant)
        ).through(np.sqrt)
        found[f"simulated far {variant}"] = marks.points(
            distances, column(by_distance, i), of(distances, features, variant)
        ).through(np.sqrt)
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Number of features at the left, distance at the right."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2)
    for i, (variant, marker) in enumerate(zip(VARIANTS, "os", strict=True)):
        left.plot(data["features"], data[f"exact {variant}"], "--", color=f"C{i}", label=variant)
        marks.scatter(left, data[f"simulated {variant}"], f"C{i}", None, marker)
        right.plot(data["distance"], data[f"exact far {variant}"], "--", color=f"C{i}", label=variant)
        marks.scatter(right, data[f"simulated far {variant}"], f"C{i}", None, marker)
    left.plot(data["features"], data["features"] ** -0.5, color="0.4", linestyle=":", label=r"$D^{-1/2}$")
    left.set_xscale("log")
    left.set_yscale("log")
    marks.plain_ticks(left.yaxis)
    left.set_xlabel("features D")
    left.set_ylabel("root mean square error")
    left.legend()
    right.set_xlabel("distance / bandwidth")
    right.set_ylabel("root mean square error")
    right.set_ylim(0.0)
    right.legend()
    return figure


FIGURE = PaperFigure(
    data=data,
    draw=draw,
    meanings={"features": "features of the right panel", "repeats": "draws of frequencies in each trial"},
)
