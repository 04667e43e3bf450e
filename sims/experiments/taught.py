"""Ridge regression on the labels of ridge regression: what each fit has learnt, given all designs.

A model is told by its coefficients on standard normal eigenfunctions: their mean over label noise, as a map
of those of the target, and their covariance. Used by the claims and figures of dohmatob2024, dohmatob2025
and ildiz2025.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.experiments.coordinates import coordinates
from sims.experiments.two_levels import two_levels
from sims.fit.cutoff import svd
from theory import Problem

Array = NDArray[np.float64]


class Model(NamedTuple):
    """A linear model of rank coefficients, averaged over the noise of all labels behind it."""

    mean: Array
    """(rank, rank), of which column j is the model where the target is eigenfunction j."""
    spread: Array
    """(rank, rank), the covariance that the noise gives it."""


def problem(n: int, noise: float) -> Problem:
    """Two levels of eigenvalues 2 and 1/2, whose multiplicities are n/2 and n.

    >>> problem(40, noise=0.3)
    Problem(2 levels, rank 60, eigenvalues 2 .. 0.5, power 2.5, noise 0.3)
    """
    return two_levels(n // 2, n, noise)


def truth(rank: int) -> Model:
    """The target itself.

    >>> truth(2).mean.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    return Model(np.eye(rank), np.zeros((rank, rank)))


def draw(problem: Problem, n: int, rng: np.random.Generator) -> Array:
    """Standard normal eigenfunctions (n, rank) at n samples.

    >>> draw(problem(40, 0.3), 5, np.random.default_rng(0)).shape
    (5, 60)
    """
    return rng.standard_normal((n, int(problem.rank)))


def fit(problem: Problem, Phi: Array, ridge: float) -> Array:
    """Ridge regression as a map (rank, n) of labels to coefficients; ridge 0 is the minimum norm.

    >>> told = problem(4, 0.0)
    >>> Phi = draw(told, 3, np.random.default_rng(0))
    >>> bool(np.allclose(Phi @ fit(told, Phi, 0.0), np.eye(3)))
    True
    """
    scale = np.sqrt(coordinates(problem).variance)
    left, s, right = svd(Phi * scale)
    return scale[:, None] * (right.T * (s / (s**2 + len(Phi) * ridge))) @ left.T


def taught(problem: Problem, teacher: Model, Phi: Array, ridge: float, noise: float) -> Model:
    """The fit to the labels of a teacher, with noise of this variance added.

    >>> told = problem(4, 0.0)
    >>> student = taught(told, truth(6), draw(told, 20, np.random.default_rng(0)), 0.0, noise=0.0)
    >>> bool(np.allclose(student.mean, np.eye(6)))
    True
    """
    labels = fit(problem, Phi, ridge)
    kept = labels @ Phi
    return Model(kept @ teacher.mean, kept @ teacher.spread @ kept.T + noise * labels @ labels.T)


def test(problem: Problem, model: Model) -> float:
    """Error on the problem's fresh noisy labels, averaged over directions of the target within each level.

    >>> test(problem(4, noise=0.3), truth(6))
    0.3
    """
    weight = coordinates(problem).power
    missed = ((model.mean - np.eye(len(weight))) ** 2).sum(axis=0)
    return float(problem.noise + weight @ missed + np.trace(model.spread))
