"""Simon et al. 2023: learnabilities are conserved, and edge cases."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.strategies import Point, points
from theory import Problem, ridge
from theory.papers import simon2023


@given(points(infinite=False))
def test_simon2023_conservation(point: Point) -> None:
    """sum m L + (n ridge + tail)/kappa = n, and test = E0 [sum (1 - L)^2 v^2 + rest]."""
    problem, n, _, lam = point
    L = simon2023.learnability(problem, n, lam)
    E0 = simon2023.overfitting_coefficient(problem, n, lam)
    fit = ridge(problem, n, lam)
    assert ((L >= 0) & (L <= 1)).all()
    if fit.kappa > 0:
        spent = (problem.multiplicity * L).sum() + (n * lam + problem.tail) / fit.kappa
        assert_allclose(spent, n, rtol=1e-9)
    else:
        assert (L == (problem.eigenvalues > 0)).all()
    rest = problem.tail_power + problem.noise
    lost = np.where(L > 0.5, fit.kappa / (fit.kappa + np.maximum(problem.eigenvalues, 1e-300)), 1 - L)
    if E0 < inf:
        assert_allclose(E0 * ((lost**2 * problem.power).sum() + rest), fit.test, rtol=1e-9)


def test_simon2023_edges() -> None:
    problem = Problem([1.0, 0.5, 0.0], [1.0, 1.0, 1.0], [10, 20, 5])
    assert simon2023.learnability(problem, [[20.0], [30.0], [40.0]]).shape == (3, 1, 3)
    assert simon2023.learnability(problem, 30).tolist() == [1.0, 1.0, 0.0]
    assert simon2023.learnability(problem, 20, inf).tolist() == [0.0, 0.0, 0.0]
    assert simon2023.overfitting_coefficient(problem, [30.0, 60.0, inf]).tolist() == [inf, 2.0, 1.0]
    assert simon2023.overfitting_coefficient(problem, 20, inf) == 1
    assert simon2023.learnability(Problem([], []), 5).shape == (0,)


PROBLEM = Problem([1.0, 0.1], [1.0, 0.5], [10, 100], noise=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simon2023.learnability(PROBLEM, 5, -0.1), "ridge = -0.1"),
        (lambda: simon2023.overfitting_coefficient(PROBLEM, [5, -5]), "n = -5"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: simon2023.overfitting_coefficient(PROBLEM, *a), [20.0, 0.1])
