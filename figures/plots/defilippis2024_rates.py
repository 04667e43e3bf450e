"""Scaling laws: smooth targets gain twice the exponent from samples as from features, rough ones the same.

The excess error is shown for eigenvalues i^-1.5, i up to 800, and targets of power i^-6 (smooth) and i^-2
(rough), without noise or ridge: left, along the number of random features after infinitely many samples;
right, along the samples with infinitely many features. Lines are the equation, marks means over 256 draws,
exact given each; the slopes are fitted to the means. Dotted are the laws of the infinite spectrum, p^-min(b
- 1, a) and n^-min(b - 1, 2a) for eigenvalues i^-a and power i^-b. The parameters are ours.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._random_features import column
from sims.claims import Claim
from sims.claims.papers import defilippis2024 as claims
from sims.trials.sample import Sample
from theory import Problem
from theory.papers import defilippis2024

A, TARGETS = claims.SCALING["exponent"], {"smooth": 6.0, "rough": 2.0}
SIZES = (12, 18)  # with 2, 4 and 8 times as many


def _excess(rank: int, b: float, n: Any, p: Any) -> Any:
    i = np.arange(1.0, rank + 1)
    return defilippis2024.equivalents(Problem(i**-A, i**-b), n, p).bias


def _errors(rank: int, claim: Claim, size: int, rng: np.random.Generator) -> Any:
    return claim.measure({**claims.SCALING, "rank": rank, "size": size}, rng)


def data(rank: int = 800, trials: int = 256) -> dict[str, Any]:
    """Theory on lines of p and n, simulated at doubled sizes, and slopes fitted to both."""
    line = np.geomspace(12, 144, 40)
    sizes = np.sort(np.outer(SIZES, claims.DOUBLINGS).ravel())
    order = np.argsort(np.outer(SIZES, claims.DOUBLINGS).ravel())
    found: dict[str, Any] = {"size": line}
    for limit, claim in (("features", claims.width_rate), ("samples", claims.sample_rate)):
        samples = marks.simulated(
            partial(_errors, rank, claim), list(SIZES), trials, f"defilippis2024 {limit}"
        )
        for i, (target, b) in enumerate(TARGETS.items()):
            # measured: up to 3/size
            at = [(np.inf, size) if limit == "features" else (size, np.inf) for size in (line, sizes)]
            four = [column(samples, 4 * i + j).values for j in range(4)]  # (trials, SIZES) each
            values = np.stack(four, axis=2).reshape(trials, -1)[:, order]
            name = f"{target} by {limit}"
            found[f"theory {name}"] = _excess(rank, b, *at[0])
            found[f"law {name}"] = min(b - 1, A if limit == "features" else 2 * A)
            found[name] = marks.points(
                sizes, [Sample(v[:, None]) for v in values.T], _excess(rank, b, *at[1]), 3 / sizes
            )
            found[f"slope {name}"] = float(np.polyfit(np.log(sizes), np.log(found[name].centre), 1)[0])
    return found


def draw(data: dict[str, Any]) -> Figure:
    """Features at the left, samples at the right, with the laws through the last point."""
    figure = files.page(1, 2)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, limit in zip(panels, ("features", "samples"), strict=True):
        for i, (target, marker) in enumerate(zip(TARGETS, "os", strict=True)):
            name = f"{target} by {limit}"
            label = f"{target}, slope {data[f'slope {name}']:.2f}".replace("-", "\N{MINUS SIGN}")
            axes.plot(data["size"], data[f"theory {name}"], color=f"C{i}", label=label)
            end = data[f"theory {name}"][-1]
            law = end * (data["size"] / data["size"][-1]) ** -data[f"law {name}"]
            axes.plot(data["size"], law, color="0.3", linestyle=":", linewidth=0.9)
            marks.scatter(axes, data[name], f"C{i}", None, marker)
        axes.set_xscale("log")
        axes.set_yscale("log")
        marks.plain_ticks(axes.xaxis)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    panels[0].set_xlabel("features p, n = ∞")
    panels[1].set_xlabel("samples n, p = ∞")
    panels[0].set_ylabel("excess error")
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Fitted and expected exponents."""
    words = [f"{target} by {limit}" for limit in ("features", "samples") for target in TARGETS]
    fitted = {f"slope_{name.replace(' ', '_')}": data[f"slope {name}"] for name in words}
    return fitted | {f"law_{name.replace(' ', '_')}": -float(data[f"law {name}"]) for name in words}


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, meanings={"rank": "eigenvalues of the spectrum"})
