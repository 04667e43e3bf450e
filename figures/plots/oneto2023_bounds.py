"""Double descent is no news to every classical bound: norm and leave-one-out follow it, counting does not.

Left, the exact test error of minimum-norm fits on random ReLU features along p at n = 60, and three
classical quantities of the same fits, each in units of its own value at p = 5n: the norm bound |a| sqrt(sum
|phi(x_i)|²)/n, the leave-one-out error, and the VC bound of p + 1 parameters. Curves are medians of 32
designs with 8 draws of labels each, noise 0.5. Right, the rank correlations of the three with the test
error, over the whole curve (filled) and for p > n alone (open), as means with 95 % intervals; bars show the
least that is claimed, which each design keeps by the first two and misses by the third. The units differ,
and none of the three is claimed to be near the error. The parameters are ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import oneto2023
from sims.experiments.classical_bounds import SHARES, Bound, curves, rank_correlation
from sims.trials.sample import Sample

BOUNDS = {
    "norm": ("norm bound", "C0", "s"),
    "left out": ("leave-one-out", "C2", "D"),
    "vc": ("VC bound", "C3", "^"),
}
BASE = oneto2023.norm.defaults
CLAIMS = {"norm": oneto2023.norm, "left out": oneto2023.leave_one_out, "vc": oneto2023.vc}


def _trial(n: int, d: int, noise: float, by: Bound, rng: np.random.Generator) -> NDArray[np.float64]:
    """Test error and bound of one design along p, then the rank correlations that the claim speaks of."""
    s = SimpleNamespace(**{**CLAIMS[by].defaults, "n": n, "d": d, "noise": noise})
    test, bound = curves(s.n, s.d, s.noise, s.ridge, by, rng)
    ranks = [rank_correlation(bound[at], test[at]) for at in (slice(None), SHARES > 1)]
    return np.concatenate([test, bound, ranks])


def data(
    n: int = int(BASE["n"]), d: int = int(BASE["d"]), noise: float = float(BASE["noise"]), trials: int = 32
) -> dict[str, Any]:
    """Curves and rank correlations of each bound."""
    count = len(SHARES)
    found: dict[str, Any] = {"share": SHARES}
    for by, claim in CLAIMS.items():
        [sample] = marks.simulated(partial(_trial, n, d, noise), [by], trials, "figures oneto2023")
        found["test"] = np.median(sample.values[:, :count], axis=0)
        found[f"bound {by}"] = np.median(sample.values[:, count : 2 * count], axis=0)
        found[f"ranks {by}"] = marks.points(
            [0.0, 1.0], Sample(sample.values[:, 2 * count :]), claim.expectation(claim.defaults),
            relation="<=" if by == "vc" else ">=", outcome="every",
        )  # fmt: skip
    return found


def draw(data: dict[str, Any]) -> Figure:
    """The curves, and how well each orders the models."""
    figure = files.page(1, 2)
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    share = data["share"]
    left.plot(
        share, data["test"] / data["test"][-1], color="black", linestyle=":", marker="o", label="test error"
    )
    for at, (by, (label, color, marker)) in enumerate(BOUNDS.items()):
        bound = data[f"bound {by}"]
        left.plot(share, bound / bound[-1], color=color, linestyle=":", marker=marker, label=label)
        found = data[f"ranks {by}"]
        for i, fill in enumerate((color, "white")):
            x = at + 0.3 * i - 0.15
            ends = [[found.centre[i] - found.low[i]], [found.high[i] - found.centre[i]]]
            right.errorbar([x], [found.centre[i]], ends, color=color, fmt=marker, markerfacecolor=fill)
            right.plot([x - 0.12, x + 0.12], [found.theory[i]] * 2, color="0.5", linewidth=0.9)
    marks.threshold(left, 1.0, "p = n")
    left.set_xscale("log")
    left.set_yscale("log")
    marks.plain_ticks(left.xaxis)
    marks.plain_ticks(left.yaxis)
    left.set_xlabel("features per sample p/n")
    left.set_ylabel("in units of the value at 5n")
    left.legend()
    right.set_xticks(range(len(BOUNDS)), ["norm\nbound", "leave-\none-out", "VC\nbound"])
    right.set_xlim(-0.5, len(BOUNDS) - 0.5)
    right.set_ylabel("rank correlation")
    return figure


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Rank correlations over the whole curve and beyond the threshold."""
    return {
        f"rank_{by.replace(' ', '_')}_{where}": float(data[f"ranks {by}"].centre[i])
        for by in BOUNDS
        for i, where in enumerate(("whole", "beyond"))
    }


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers)
