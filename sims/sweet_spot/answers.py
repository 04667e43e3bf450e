"""What a user asks of a data set, answered: peak, best ridge, widths, what more data or width buys."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims import verdict
from sims.sweet_spot.by_spectrum import rows_for
from sims.sweet_spot.spectrum import Spread
from theory import Problem, random_features, tradeoff

Array = NDArray[np.float64]

SHARES = (0.01, 0.05)  # by which the error of a width may exceed the best one
WIDTHS = 60  # of the curves of cost against error


def price(n: float, p: float, d: int, joules: float) -> dict[str, float]:
    """Arithmetic, memory and energy of one fit: 2 n p d for the features, 2 n p min(n, p) for the solution.

    >>> price(100, 200, 10, 1e-10)["flops"]
    4400000.0
    """
    flops = float(2 * n * p * d + 2 * tradeoff.cost(n, p, "fit"))
    return {"flops": flops, "bytes": 8.0 * n * p, "joules": flops * joules}


def purchases(n: int, p: int) -> list[tuple[str, int, int]]:
    """What another factor of two may be spent on: a name, rows and features.

    >>> purchases(100, 400)[1]
    ('twice the data', 200, 400)
    """
    return [("as it is", n, p), ("twice the data", 2 * n, p), ("twice the width", n, 2 * p)]


def answers(problem: Problem, bought: Spread, config: Mapping[str, Any]) -> dict[str, Any]:
    """The questions that a user asks, answered for `n` rows, `d` columns and widths up to `p_max`.

    `bought` holds the errors after `purchases`.
    """
    n = config["n"]
    best = tradeoff.best_ridge(problem, n)
    widths = np.unique(np.geomspace(1, config["p_max"], WIDTHS).round())
    result: dict[str, Any] = {
        "peak": _peak(problem, n),
        "best": {"ridge": float(best.ridge), "test": float(best.test)},
        "within": {f"{share:g}": tradeoff.width_within(problem, n, share) for share in SHARES},
        "double": _doubled(bought, config),
    }
    if config["budget"] is not None:
        result["budget"] = _paid_for(problem, widths, config)
    if config["error"] is not None:
        result["error"] = {
            "n": rows_for(problem, n, config["error"]),
            "p": tradeoff.smallest_width(problem, n, config["error"]),
        }
    return {**result, "fronts": _fronts(problem, n, widths)}


def _peak(problem: Problem, n: int) -> dict[str, Any] | None:
    """At p = n itself the mean is infinite; without that there is no peak."""
    if not np.isinf(random_features(problem, n, n).test):
        return None
    beside = np.array([n - verdict.edge(n), n + verdict.edge(n)])
    return {"p": n, "beside": float(random_features(problem, n, beside).test.max())}


def _doubled(bought: Spread, config: Mapping[str, Any]) -> list[dict[str, Any]]:
    options = purchases(config["n"], config["p_max"])
    return [
        {
            "what": what,
            "n": n,
            "p": p,
            "test": float(test),
            "se": float(se),
            **price(n, p, config["d"], config["joules"]),
        }
        for (what, n, p), test, se in zip(options, bought.value, bought.se, strict=True)
    ]


def _paid_for(problem: Problem, widths: Array, config: Mapping[str, Any]) -> dict[str, float] | None:
    """The widest model that the budget pays for, since every feature helps; None if it pays for none."""
    n, d, joules = config["n"], config["d"], config["joules"]
    cost = np.array([price(n, p, d, joules)["flops"] for p in widths])
    affordable = widths[cost <= config["budget"]]
    if not len(affordable):
        return None
    best = tradeoff.best_ridge(problem, n, affordable[-1])
    return {
        "p": float(affordable[-1]),
        "ridge": float(best.ridge),
        "test": float(best.test),
        **price(n, affordable[-1], d, joules),
    }


def _fronts(problem: Problem, n: int, widths: Array) -> dict[str, dict[str, list[float]]]:
    """Widths that no cheaper one beats, with the best ridge and with none."""
    return {
        name: {key: getattr(front, key).tolist() for key in ("p", "cost", "test")}
        for name, tuned in (("tuned", True), ("ridgeless", False))
        for front in [tradeoff.pareto(problem, n, widths, "fit", tuned)]
    }
