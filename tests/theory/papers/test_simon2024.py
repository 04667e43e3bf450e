"""Simon et al. 2024: equations as printed; tests/theory/engines/test_search.py holds the optimum."""

from collections.abc import Callable
from math import inf

import pytest
from hypothesis import given
from mpmath import mp, mpf
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.strategies import Point, decades, points, problems
from theory import Problem, random_features
from theory.papers import simon2024


@given(points(problem=problems(span=3, tails=False), ridge=decades(-6, 2), infinite=False))
def test_simon2024_equations_as_printed(point: Point) -> None:
    problem, n, p, lam = point
    with mp.workdps(50):
        fit = random_features(problem, n, p, lam)
        g, kappa = mpf(float(fit.gamma_eff)), mpf(float(fit.kappa))
        rows = list(zip(problem.eigenvalues, problem.multiplicity, problem.power, strict=True))
        rows = [(mpf(x), m, v) for x, m, v in rows]
        z = sum(m * x / (x + g) for x, m, _ in rows)
        q = sum(m * (x / (x + g)) ** 2 for x, m, _ in rows)
        assert_allclose(float(z + n * lam / kappa), n, rtol=1e-8)
        assert_allclose(float(z + p * kappa / g), p, rtol=1e-8)
        shrink = 1 - (q * (p - 2 * z) + z**2) / (n * (p - q))
        if shrink < 1e-4:
            return
        missed = sum((g / (x + g) - kappa * x / (x + g) ** 2 * p / (p - q)) * v for x, _, v in rows)
        assert_allclose(float((missed + problem.noise) / shrink), float(fit.test), rtol=1e-6)


def test_simon2024_optimal_is_the_search() -> None:
    problem = Problem([1.0], [1.0], [10], noise=0.5)
    assert_allclose(simon2024.optimal(problem, 5.0, inf).ridge, 1.0, rtol=1e-12)  # m noise/(n v^2)


PROBLEM = Problem([1.0, 0.1], [1.0, 0.5], [10, 100], noise=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simon2024.optimal(PROBLEM, 5, 0), "p = 0"),
        (lambda: simon2024.optimal(PROBLEM, [5, 6], [1, 2, 3]), r"n \(2,\), p \(3,\)"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: simon2024.optimal(PROBLEM, *a), [20.0, 30.0])
