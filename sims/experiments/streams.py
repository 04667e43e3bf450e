"""Runs of stochastic gradient descent on a spectrum: fresh rows of several laws, or fixed ones drawn again.

Used by the claims and figures of bordelon2024, lin2024, paquette2021 and paquette2024, whose theory is
`theory.sgd`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.experiments.coordinates import coordinates
from sims.rules import Sgd
from sims.training import sgd
from theory import Problem

Array = NDArray[np.float64]

LAWS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], NDArray[Any]]] = {
    "gaussian": lambda rng, shape: rng.standard_normal(shape),
    "sign": lambda rng, shape: 2.0 * rng.integers(2, size=shape) - 1.0,
    "uniform": lambda rng, shape: 12**0.5 * (rng.random(shape) - 0.5),
}
"""Laws of independent coordinates of mean 0 and variance 1."""


class Target(NamedTuple):
    """Rows with independent coordinates, and a linear target with noise."""

    variance: Array
    """(d,) of the coordinates."""
    beta: Array
    """(d,) coefficients."""
    noise: float
    """Label-noise variance, power that no feature sees included."""

    def error(self, w: Array) -> Array:
        """Test error of coefficients (..., d), exact."""
        with np.errstate(over="ignore", invalid="ignore"):
            result: Array = self.noise + (w - self.beta) ** 2 @ self.variance
        return result

    def rows(self, count: int, rng: np.random.Generator, law: str = "gaussian") -> tuple[Array, Array]:
        """Rows and their labels."""
        X = np.sqrt(self.variance) * LAWS[law](rng, (count, len(self.variance)))
        return X, X @ self.beta + np.sqrt(self.noise) * rng.standard_normal(count)


def target(problem: Problem) -> Target:
    """A target of the problem, spread evenly over the coordinates of each level.

    >>> target(Problem([2.0, 0.5], [1.0, 1.0], [1, 2], noise=0.1)).variance
    array([2. , 0.5, 0.5])
    """
    each = coordinates(problem)
    return Target(each.variance, each.beta, problem.noise + problem.tail_power)


def one_pass(
    aim: Target, rule: Sgd, record: Sequence[int], rng: np.random.Generator, law: str = "gaussian"
) -> Array:
    """Test errors of one run on fresh rows after each of the increasing steps of `record`.

    >>> aim = target(Problem.isotropic(p=3, noise=0.5))
    >>> one_pass(aim, Sgd(0.1), [0], np.random.default_rng(0)).round(12)
    array([1.5])
    """
    X, y = aim.rows(record[-1] * rule.batch, rng, law) if record[-1] else (aim.beta[None], np.zeros(1))
    return aim.error(sgd(X, y, rule, record[-1], record=record))


def many_passes(
    aim: Target, n: int, rule: Sgd, record: Sequence[int], rng: np.random.Generator
) -> tuple[Array, Array]:
    """Errors on n fixed rows, drawn anew for each step, and test errors, after each step of `record`.

    >>> aim = target(Problem.isotropic(p=3, noise=0.5))
    >>> [errors.shape for errors in many_passes(aim, 5, Sgd(0.1), [1, 10], np.random.default_rng(0))]
    [(2,), (2,)]
    """
    X, y = aim.rows(n, rng)
    order = rng.integers(n, size=(record[-1], rule.batch))
    w = sgd(X, y, rule, record[-1], order, record)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.mean((y - w @ X.T) ** 2, axis=1), aim.error(w)
