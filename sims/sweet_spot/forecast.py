"""What an estimated problem says of a data set before any model is trained: curve, peak, widths, costs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import verdict
from sims.sweet_spot import spectrum
from theory import Problem, random_features, tradeoff

Array = NDArray[np.float64]

BLOCKS = 8  # of the jackknife
EXACT = 1e-12  # of the power of the targets: a smaller error is rounding
MODEL = 0.1  # relative error that theory makes on real data, beside that of the estimate
UNSURE = 0.2  # a relative standard error above it: not predictable
CONFLICT = 0.15  # neither is anything, if leave-one-out is no error of any spectrum by more than this
FALSE_ALARM = 1e-2  # of all points of a curve
AGREES, DISAGREES, UNDECIDED, UNKNOWN = "agrees", "disagrees", "undecided", "not predictable"


class Forecast(NamedTuple):
    """Test errors at points (n, p), with the best ridge and with none."""

    estimate: spectrum.Estimate
    ridge: Array
    """Recommended; finite."""
    test: Array
    se: Array
    """Relative standard error of `test`."""
    ridgeless: Array


class Measured(NamedTuple):
    """Errors on held-out rows."""

    mean: Array
    se: Array
    """Relative standard error."""
    groups: int
    """Of rows, which it is known from."""


class Agreement(NamedTuple):
    """Prediction against measurement."""

    status: str
    points: list[str]
    margin: Array
    """|log(measured/predicted)| that is granted at each point."""


def forecast(K: Array, Y: Array, n: Array, p: Array, rng: np.random.Generator) -> Forecast:
    """Errors at the points (n, p), estimated from the kernel matrix and the targets of the sample.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((80, 10))
    >>> forecast(X @ X.T, X[:, 0], np.array([80.0]), np.array([20.0]), rng).test.shape
    (1,)
    """
    found = spectrum.estimate(K, Y)

    def test(problem: Problem, share: float) -> Array:
        return errors(problem, share * len(K), share * n, share * p)

    spread = spectrum.jackknife(K, Y, test, BLOCKS, rng)
    ridgeless = random_features(found.problem, n, p).test
    return Forecast(found, ridges(found.problem, n, p), spread.value, spread.se, ridgeless)


def ridges(problem: Problem, n: Array, p: Array) -> Array:
    """The best ones; finite also where a model that says 0 is best.

    >>> float(ridges(Problem.isotropic(50, signal=2.0, noise=1.0), np.array([50.0]), np.array([np.inf]))[0])
    0.5
    """
    best = np.asarray(tradeoff.best_ridge(problem, n, p).ridge)
    return np.minimum(best, 1e6 * problem.eigenvalues.max())


def errors(problem: Problem, rows: float, n: Array, p: Array) -> Array:
    """Test errors with the best ridge; for n > rows on the line through rows/2 and rows, in logarithms.

    The eigenvalues that more rows would show are unknown to a problem estimated from `rows`, unless the
    rows outnumber them.

    >>> problem = Problem.power_law(200, 1.5, 2.0)
    >>> float(errors(problem, 50, np.array([100.0]), np.array([np.inf]))[0].round(4))
    0.0181
    """
    least = EXACT * (problem.signal + problem.noise)
    if problem.rank < rows:
        return np.maximum(tradeoff.best_ridge(problem, n, p).test, least)
    inside = np.asarray(tradeoff.best_ridge(problem, np.minimum(n, rows), p).test)
    half = tradeoff.best_ridge(problem, rows / 2, p).test
    return np.maximum(inside * (inside / half) ** np.log2(np.maximum(n / rows, 1.0)), least)


def rows_for(problem: Problem, rows: float, error: float) -> float:
    """Rows that reach an error with all features; beyond `rows` as in `errors`.

    >>> rows_for(Problem.power_law(200, 1.5, 2.0), 50, 0.02) > 50
    True
    """
    half, whole = tradeoff.best_ridge(problem, np.array([rows / 2, rows])).test
    if error >= whole or problem.rank < rows:
        return tradeoff.smallest_samples(problem, error)
    slope = np.log2(half / whole)
    with np.errstate(over="ignore", divide="ignore"):
        return float(np.ceil(rows * (whole / error) ** (1 / np.float64(slope))))


def averaged(errors: Array, share: float) -> Measured:
    """Mean of errors (splits, points, groups) over splits and over groups of held-out rows.

    A `share` of all rows is held out in each split, drawn anew: the variance of one split is multiplied by
    share + (1 - share)/splits, for all rows together are a sample too.

    >>> averaged(np.array([[[0.9, 1.1]], [[0.9, 1.1]]]), share=0.28).se.round(12)
    array([0.08])
    """
    splits, _, groups = errors.shape
    mean = errors.mean(axis=(0, 2))
    one = errors.var(axis=2, ddof=1).mean(axis=0) / groups
    return Measured(mean, np.sqrt(one * (share + (1 - share) / splits)) / mean, groups)


def judge(predicted: Forecast, measured: Measured) -> Agreement:
    """Compare a forecast with errors on held-out rows.

    At each point MODEL + [(z se_predicted)^2 + (t se_measured)^2]^1/2 is granted, with normal z and Student's
    t at FALSE_ALARM over the points. A point whose own prediction is worth nothing does not count; a check
    that grants a factor of two at half of the points decides nothing.

    >>> known, one = spectrum.Estimate(Problem.isotropic(9), 0.0, 1.0, 1.0), np.ones(1)
    >>> told = Forecast(known, ridge=one, test=one, se=0.1 * one, ridgeless=one)
    >>> [judge(told, Measured(error * one, 0.01 * one, groups=20)).status for error in (1.0, 99.0)]
    ['agrees', 'disagrees']
    """
    from scipy.special import ndtri, stdtrit

    count = len(measured.mean)
    level = 1 - FALSE_ALARM / (2 * count)
    margin = MODEL + np.hypot(ndtri(level) * predicted.se, stdtrit(measured.groups - 1, level) * measured.se)
    gap = np.abs(np.log(measured.mean / predicted.test))
    known = (predicted.se <= UNSURE) & (predicted.estimate.misfit <= CONFLICT)
    points = [
        UNKNOWN if not k else DISAGREES if g > m else AGREES if m < np.log(2) else UNDECIDED
        for k, g, m in zip(known, gap, margin, strict=True)
    ]
    if 2 * known.sum() < count:  # a forecast for less than half of the curve is none
        status = UNKNOWN
    elif DISAGREES in points:
        status = DISAGREES
    else:
        status = AGREES if np.median(margin[known]) < np.log(2) else UNDECIDED
    return Agreement(status, points, margin)


def price(n: float, p: float, d: int, joules: float) -> dict[str, float]:
    """Arithmetic, memory and energy of one fit: 2 n p d for the features, 2 n p min(n, p) for the solution.

    >>> price(100, 200, 10, 1e-10)["flops"]
    4400000.0
    """
    flops = float(2 * n * p * d + 2 * tradeoff.cost(n, p, "fit"))
    return {"flops": flops, "bytes": 8.0 * n * p, "joules": flops * joules}


def purchases(n: int, p: int) -> list[tuple[str, int, int]]:
    """What another factor of two may be spent on.

    >>> purchases(100, 400)[1]
    ('twice the data', 200, 400)
    """
    return [("as it is", n, p), ("twice the data", 2 * n, p), ("twice the width", n, 2 * p)]


def answers(problem: Problem, bought: spectrum.Spread, config: Mapping[str, Any]) -> dict[str, Any]:
    """The questions that a user asks, answered for `n` rows, `d` columns and widths up to `p_max`.

    `bought` holds the errors after `purchases`.
    """
    n, d, widest = config["n"], config["d"], config["p_max"]
    joules = config["joules"]
    limit = tradeoff.best_ridge(problem, n)
    beside = np.array([n - verdict.edge(n), n + verdict.edge(n)])
    found: dict[str, Any] = {
        # at p = n itself the mean is infinite; without that there is no peak
        "peak": {"p": n, "beside": float(random_features(problem, n, beside).test.max())}
        if np.isinf(random_features(problem, n, n).test)
        else None,
        "best": {"ridge": float(limit.ridge), "test": float(limit.test)},
        "within": {f"{share:g}": tradeoff.width_within(problem, n, share) for share in (0.01, 0.05)},
        "double": [
            {"what": what, "n": m, "p": p, "test": float(test), "se": float(se), **price(m, p, d, joules)}
            for (what, m, p), test, se in zip(purchases(n, widest), bought.value, bought.se, strict=True)
        ],
    }
    widths = np.unique(np.geomspace(1, widest, 60).round())
    if config["budget"] is not None:
        paid = np.array([price(n, p, d, joules)["flops"] for p in widths])
        within = widths[paid <= config["budget"]]
        found["budget"] = None
        if len(within):
            best = tradeoff.best_ridge(problem, n, within[-1])  # every feature helps
            found["budget"] = {
                "p": float(within[-1]),
                "ridge": float(best.ridge),
                "test": float(best.test),
                **price(n, within[-1], d, joules),
            }
    if config["error"] is not None:
        found["error"] = {
            "n": rows_for(problem, n, config["error"]),
            "p": tradeoff.smallest_width(problem, n, config["error"]),
        }
    found["fronts"] = {
        name: {key: getattr(front, key).tolist() for key in ("p", "cost", "test")}
        for name, tuned in (("tuned", True), ("ridgeless", False))
        for front in [tradeoff.pareto(problem, n, widths, "fit", tuned)]
    }
    return found
