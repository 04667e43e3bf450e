"""What a user asks of a data set, answered: best ridge, widths, what more rows buy, which model to take."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims.sweet_spot import learning
from sims.sweet_spot.intervals import Interval
from sims.sweet_spot.prediction import Forecast, Prediction
from theory import tradeoff

Array = NDArray[np.float64]

WIN = 0.05  # by which the error of another kind of model must be less to be called better
AHEAD = 200  # numbers of rows that are looked at


def flops(n: float, p: float, d: int) -> float:
    """Arithmetic of one fit: 2 n p d for the features, 2 n p min(n, p) for the solution.

    >>> flops(100, 200, 10)
    4400000.0
    """
    return float(2 * n * p * d + 2 * tradeoff.cost(n, p, "fit"))


def answers(told: Forecast, config: Mapping[str, Any], d: int) -> dict[str, Any]:
    """The questions that a user asks, answered for `n` rows and `d` columns."""
    known = told.prediction
    curve = known.curve
    result: dict[str, Any] = {
        "least": {
            "p": float(known.widths[curve.error.argmin()]),
            "error": span(curve.best),
            "ridge": span(curve.best_ridge),
        },
        "within": {f"{share:g}": span(width) for share, width in curve.within.items()},
        "infinite": {
            "ridge": float(curve.ridge[-1]),
            "alpha": known.n * float(curve.ridge[-1]),
            "error": {name: float(getattr(curve, field)[-1]) for name, field in _ENDS},
        },
        "peak": _peak(known),
        "more": _more(told),
        "models": _models(told),
    }
    if config["budget"] is not None:
        result["budget"] = _paid_for(known, config["budget"], d)
    if config["error"] is not None:
        result["error"] = _reached(told, config["error"], config["seed"])
    return result


_ENDS = (("value", "error"), ("low", "low"), ("high", "high"))


def span(interval: Interval) -> dict[str, float]:
    """An interval as the document has it.

    >>> span(Interval(1.0, 0.5, 2.0))
    {'value': 1.0, 'low': 0.5, 'high': 2.0}
    """
    return interval._asdict()


def _peak(known: Prediction) -> dict[str, float] | None:
    """The worst finite error of least-norm fits near p = n; None if it is at an end of what is near."""
    near = (known.widths > known.n / 2) & (known.widths < 2 * known.n) & np.isfinite(known.ridgeless)
    error = known.ridgeless[near]
    if len(error) < 3 or not 0 < (place := int(error.argmax())) < len(error) - 1:
        return None
    return {"p": float(known.widths[near][place]), "error": float(error[place])}


def _more(told: Forecast) -> list[dict[str, float]]:
    """Errors after more rows."""
    n, ahead = told.prediction.n, told.ahead
    return [
        {
            "times": float(rows / n),
            "n": float(rows),
            "error": float(error),
            "low": float(low),
            "high": float(high),
        }
        for rows, error, low, high in zip(told.more, ahead.error, ahead.low, ahead.high, strict=True)
        if rows > n
    ]


def _models(told: Forecast) -> dict[str, Any]:
    """Every family on the same rows, the best first by name, and by how much it beats what is recommended."""
    error = told.recommended.error.value
    best = min(told.rivals, key=lambda rival: rival.error)
    gain = 1 - best.error / error
    return {
        "rivals": [
            {"name": rival.name, "error": rival.error, "se": rival.se, "seconds": rival.seconds}
            for rival in told.rivals
        ],
        "wins": best.name if gain > WIN else None,
        "gain": gain,
    }


def _paid_for(known: Prediction, budget: float, d: int) -> dict[str, float] | None:
    """The best width of those that the budget pays for; None if it pays for none."""
    cost = np.array([flops(known.n, p, d) for p in known.widths[:-1]])
    affordable = int((cost <= budget).sum())
    if not affordable:
        return None
    i = int(known.curve.error[:affordable].argmin())
    return {
        "p": float(known.widths[i]),
        "ridge": float(known.curve.ridge[i]),
        "error": float(known.curve.error[i]),
        "flops": float(cost[i]),
    }


def _reached(told: Forecast, error: float, seed: int) -> dict[str, float]:
    """Rows that reach an error by the learning curve, and features at the rows that there are."""
    known, parts = told.prediction, told.learning
    ahead = known.n * np.geomspace(1, learning.FARTHEST, AHEAD)[1:]
    law = learning.extrapolated(parts, ahead, np.random.default_rng(seed))
    rows = np.concatenate([parts.n, np.ceil(ahead)])
    errors = np.concatenate([parts.error, law.error])
    return {"n": _first(rows, errors <= error), "p": _first(known.widths, known.curve.error <= error)}


def _first(sizes: Array, reached: NDArray[np.bool_]) -> float:
    """The first size that reaches; inf if none does."""
    return float(sizes[reached.argmax()]) if reached.any() else np.inf
