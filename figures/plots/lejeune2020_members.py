"""A few least-squares fits are not yet a ridge: the error of their average falls like 1/k to its limit.

The test error of the average of k least-squares fits, each on a random share of the features and on 90 % of
the samples, is shown against k for three shares of the features, at p/n = 1.5 and n = 120. Lines are the
limit, marks means over 40 designs, the dashed line ridge regression with its best ridge. Few members do best
with few features; many members with more, and then they are as good as the best ridge. The parameters are
ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend, logarithmic
from sims.claims.papers import lejeune2020 as claims
from theory.papers import lejeune2020

SHARES, SAMPLES = (0.1, 0.25, 0.4), 0.9
SIGNAL, NOISE = claims.BASE["signal"], claims.BASE["noise"]


def _base(n: int, p: int) -> dict[str, Any]:
    """The settings of the claims."""
    return {**claims.BASE, "n": n, "p": p, "samples": SAMPLES}


def _trial(n: int, p: int, share: float, _: int, rng: np.random.Generator) -> Any:
    return claims.averages(SimpleNamespace(**{**_base(n, p), "share": share}), rng)


def _theory(n: int, p: int, share: float, members: Any) -> Any:
    return lejeune2020.finite_ensemble(p / n, share, members, SAMPLES, SIGNAL, NOISE)


def data(n: int = 120, p: int = 180, trials: int = 40) -> dict[str, Any]:
    """The limit at every k, and simulated errors at some, for each share of the features."""
    line, counts = np.arange(1.0, 101.0), np.array(claims.COUNTS)
    best = lejeune2020.best_share(p / n, SIGNAL, NOISE)
    found: dict[str, Any] = {"k": line, "best": lejeune2020.ensemble(p / n, best, SIGNAL, NOISE)}
    for share in SHARES:
        (sample,) = marks.simulated(partial(_trial, n, p, share), [0], trials, f"lejeune2020 members {share}")
        found[f"theory {share}"] = _theory(n, p, share, line)
        # more than the claim grants as a member gets close to its own threshold
        allowance = np.asarray(claims.members.granted(_base(n, p))) / (1 - share * p / n / SAMPLES)
        found[f"simulated {share}"] = marks.points(counts, sample, _theory(n, p, share, counts), allowance)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Errors of one fit and of a hundred, for the fewest and the most features, and of the best ridge."""
    ends = {"few": SHARES[0], "many": SHARES[-1]}
    one = {f"one_{word}_features": float(data[f"theory {share}"][0]) for word, share in ends.items()}
    all_ = {f"hundred_{word}_features": float(data[f"theory {share}"][-1]) for word, share in ends.items()}
    return one | all_ | {"best_ridge": float(data["best"])}


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each share."""
    figure = files.page()
    axes = figure.add_subplot()
    labels = [f"{share:.0%} of the features" for share in SHARES]
    for i, (share, label, marker) in enumerate(zip(SHARES, labels, "osD", strict=True)):
        line = data["k"], data[f"theory {share}"]
        curve(axes, label, f"C{i}", marker, line, simulated=data[f"simulated {share}"])
    axes.axhline(data["best"], color="0.3", linestyle="--", linewidth=0.9, label="best ridge")
    logarithmic(axes, 0.7, 4.0)
    axes.set_xlabel("members k")
    axes.set_ylabel("test error")
    legend(axes, *labels, "best ridge")
    return figure


FIGURE = PaperFigure(data=data, draw=draw, numbers=numbers, published={"n": 200, "p": 400, "trials": 50})
