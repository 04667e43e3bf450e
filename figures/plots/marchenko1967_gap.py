"""Eigenvalues of a sample covariance that is truly the identity: the gap above 0 closes at p = n.

Top, eigenvalues of X'X/n other than 0, for n = 240 samples of p independent Gaussian features: the mean
histogram of 64 designs beside the law of Marchenko and Pastur. Its area is 1/4 at p = 4 n, where the other
eigenvalues are 0. Bottom, the law over p/n, both axes on the scale of square roots, on which its edges are
straight; dark is dense. Marks are means of the least and the largest eigenvalue of the same designs, which
meet the edges to the order n^(-2/3). Least squares divides by these eigenvalues: where the gap closes, the
test error peaks. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import marchenko1967 as claims
from sims.trials.sample import Sample
from theory.papers import marchenko1967

SHOWN = (0.25, 1.0, 4.0)
"""Ratios with a histogram."""
RATIOS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 4.0)
LARGEST = 10.0


def _bins(bins: int, ratio: float) -> Any:
    """Edges of bins as wide as the law asks for."""
    return np.linspace(0.0, 1.15 * marchenko1967.edges(ratio).high, bins + 1)


def _trial(n: int, bins: int, ratio: float, rng: np.random.Generator) -> Any:
    """Least and largest eigenvalue, and the share of all p in each bin."""
    values = claims.spectrum(n, round(ratio * n), rng)
    counts, _ = np.histogram(values, _bins(bins, ratio))
    return np.concatenate([[values.min(), values.max()], counts / round(ratio * n)])


def data(n: int = 240, bins: int = 24, trials: int = 64) -> dict[str, Any]:
    """The law along eigenvalues and over the plane, histograms, and the ends of the spectrum."""
    found: dict[str, Any] = {}
    samples = marks.simulated(partial(_trial, n, bins), RATIOS, trials, "marchenko1967 gap")
    for ratio, sample in zip(RATIOS, samples, strict=True):
        if ratio in SHOWN:
            edges = _bins(bins, ratio)
            low, high = marchenko1967.edges(ratio)
            x = low + (high - low) * np.sin(np.linspace(0.01, np.pi, 400) / 2) ** 2
            found[f"x {ratio}"], found[f"law {ratio}"] = x, marchenko1967.density(x, ratio)
            expected = claims.share(edges, ratio)
            # the ends are blurred by the order n^(-2/3), so that the bins beside them are not judged
            seen = (edges[:-1] > low + 0.1 * (low > 0)) & (edges[1:] < 0.9 * high)
            middles, part = (edges[1:] + edges[:-1])[seen] / 2, Sample(sample.values[:, 2:][:, seen])
            found[f"bins {ratio}"] = edges
            found[f"histogram {ratio}"] = sample.values[:, 2:].mean(axis=0) / np.diff(edges)
            found[f"shares {ratio}"] = marks.points(middles, part, expected[seen], 12 / n)
    for i, (end, wide) in enumerate((("low", 4.0), ("high", 1.8))):
        # theory of the least one is 0 at p = n, beside which nothing is near
        chosen = [k for k, ratio in enumerate(RATIOS) if end == "high" or ratio != 1]
        parts = [Sample(samples[k].values[:, [i]]) for k in chosen]
        ratios = np.array(RATIOS)[chosen]
        theory = getattr(marchenko1967.edges(ratios), end)
        found[end] = marks.points(ratios, parts, theory, wide * n ** (-2 / 3))
    roots = np.linspace(0.0, np.sqrt(5.0), 241), np.linspace(0.0, np.sqrt(LARGEST), 301)
    found["ratios"], found["eigenvalues"] = (root**2 for root in roots)
    c, x = (((root[1:] + root[:-1]) / 2) ** 2 for root in roots)
    each = marchenko1967.density(x[:, None], c[None, :]) * np.maximum(1.0, c)
    found["plane"] = 2 * np.sqrt(x)[:, None] * each  # a density of the square root
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Three laws above the plane."""
    figure = files.page(2, 3, height=0.9)
    panels = figure.subplot_mosaic([["0", "1", "2"], ["plane"] * 3], height_ratios=(1.0, 1.1))
    for i, ratio in enumerate(SHOWN):
        axes, points = panels[str(i)], data[f"histogram {ratio}"]
        axes.stairs(points, data[f"bins {ratio}"], fill=True, color="0.8", label="simulation")
        axes.plot(data[f"x {ratio}"], data[f"law {ratio}"], color="C0", label="law")
        axes.set_title(f"p/n = {ratio:g}" + (", and 3/4 at 0" if ratio == 4 else ""))
        axes.set_xlabel("eigenvalue")
        axes.set_xlim(0.0, data[f"bins {ratio}"][-1])
        axes.set_ylim(0.0, 1.3 * points.max())
    panels["0"].set_ylabel("density")
    panels["1"].legend(loc="upper right")
    _plane(panels["plane"], data)
    return figure


def _plane(axes: Any, data: dict[str, Any]) -> None:
    axes.pcolormesh(
        data["ratios"],
        data["eigenvalues"],
        data["plane"],
        cmap="Greys",
        norm=PowerNorm(0.5, 0.0, 4.0),
        rasterized=True,
    )
    line = np.linspace(0.0, np.sqrt(5.0), 400)[1:] ** 2
    for end in ("low", "high"):
        axes.plot(line, getattr(marchenko1967.edges(line), end), color="C0")
        marks.scatter(axes, data[end], "C1", None)
    axes.annotate("gap", (0.2, 0.05), color="C0", fontsize="medium")
    axes.annotate("gap", (3.2, 0.2), color="C0", fontsize="medium")
    for scale in (axes.set_xscale, axes.set_yscale):
        scale("function", functions=(np.sqrt, np.square))
    axes.set_xticks([0, 0.25, 1, 2, 3, 4, 5], ["0", "1/4", "1", "2", "3", "4", "5"])
    axes.set_yticks([0, 0.25, 1, 2, 4, 6, 9], ["0", "1/4", "1", "2", "4", "6", "9"])
    axes.set_xlim(0.0, 5.0)
    axes.set_ylim(0.0, LARGEST)
    axes.set_xlabel("features per sample, p/n")
    axes.set_ylabel("eigenvalue")


FIGURE = PaperFigure(data=data, draw=draw, meanings={"bins": "bins of the histograms"})
