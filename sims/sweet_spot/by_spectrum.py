"""What an estimated problem says of a data set before any model is trained: its errors at every n and p."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.sweet_spot import spectrum
from theory import Problem, random_features, tradeoff

Array = NDArray[np.float64]

BLOCKS = 8  # of the jackknife
EXACT = 1e-12  # of the power of the targets: a smaller error is rounding


class Forecast(NamedTuple):
    """Test errors at points (n, p), with the best ridge and with none."""

    estimate: spectrum.Estimate
    ridge: Array
    """The recommended ridge; finite."""
    test: Array
    se: Array
    """Relative standard error of `test`."""
    ridgeless: Array


def forecast(K: Array, Y: Array, n: Array, p: Array, rng: np.random.Generator) -> Forecast:
    """Errors at the points (n, p), estimated from the kernel matrix and the targets of the sample.

    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((80, 10))
    >>> forecast(X @ X.T, X[:, 0], np.array([80.0]), np.array([20.0]), rng).test.shape
    (1,)
    """
    estimate = spectrum.estimate(K, Y)

    def test(problem: Problem, share: float) -> Array:
        return errors(problem, share * len(K), share * n, share * p)

    spread = spectrum.jackknife(K, Y, test, BLOCKS, rng)
    ridgeless = random_features(estimate.problem, n, p).test
    return Forecast(estimate, ridges(estimate.problem, n, p), spread.value, spread.se, ridgeless)


def ridges(problem: Problem, n: Array, p: Array) -> Array:
    """The best ridges; finite also where predicting 0 is best.

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
