"""A negative ridge: where it is allowed, where it is best, and what it takes from a tail."""

from dataclasses import replace
from math import inf

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.risks import THREE, sums
from tests.strategies import Point, points, problems
from theory import Problem, ridge


def lowest_kappa(problem: Problem, n: float) -> float:
    """Where df2 = n: there the risk diverges; about 0 where df2 < n everywhere."""
    low, high = 0.0, ridge(problem, n).kappa
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sums(problem, middle)[1] > n else (low, middle)
    return high


@given(points(problem=problems(span=2)), st.floats(0.05, 0.95))
def test_negative_ridge(point: Point, place: float) -> None:
    problem, n = point.problem, point.n
    assume(n < 0.9 * problem.rank)
    lowest, ridgeless = lowest_kappa(problem, n), ridge(problem, n).kappa
    assume(lowest < 0.9 * ridgeless)
    kappa = lowest + place * (ridgeless - lowest)
    T, q, A, C = sums(problem, kappa)
    lam = kappa * (1 - T / n)
    assert lam < 0
    risk = ridge(problem, n, lam)
    test = n * (A + problem.noise) / (n - q)
    # the slope d kappa / d ridge = n/(n - q) hands on the rounding of `lam`
    close = {"rtol": 1e-11 * n / (n - q) + 1e-11}
    assert_allclose(risk.kappa, kappa, **close)
    assert_allclose(risk.test, test, **close)
    assert_allclose(risk.bias, A, **close)
    assert_allclose(risk.df, T, **close)
    assert_allclose(risk.train, (1 - T / n) ** 2 * test, rtol=1e-6)
    w = T - q
    assert_allclose(risk.norm, (w * (A + problem.noise) + (n - q) * C) / (kappa * (n - q)), rtol=1e-6)


def test_negative_ridge_may_be_best() -> None:
    """Kobak, Lomond, Sanchez 2020: the weak features alone are more than enough ridge."""
    spiked = Problem([10.0, 0.1], [10.0, 0.0], [20, 380], noise=0.002)
    assert_allclose(ridge(spiked, 100, [-0.0888420042, 0.0]).test, [0.0150957, 0.0230051], rtol=2e-6)


@pytest.mark.parametrize("n", [60.0, 50.0, 40.0])  # one level of 50
@pytest.mark.parametrize("share", [1e-12, 1e-9, 1e-6, 1e-3])
def test_negative_ridge_that_almost_takes_a_tail_away(n: float, share: float) -> None:
    """One level, in 40 digits: kappa (1 - 50/(n (1 + kappa))) = ridge + tail/n."""
    problem, lam = Problem([1.0], [2.0], [50], tail=3.0, noise=0.1), -3.0 / n * (1 - share)
    with mpmath.workdps(40):
        total = mpmath.mpf(lam) + mpmath.mpf(3) / mpmath.mpf(n)  # what a float leaves of the difference
        half = (total - 1 + 50 / mpmath.mpf(n)) / 2
        kappa = half + mpmath.sqrt(half**2 + total)
        bias = 2 * (kappa / (1 + kappa)) ** 2
        test = (bias + mpmath.mpf(0.1)) / (1 - 50 / (1 + kappa) ** 2 / n)
        df = 50 / (1 + kappa) + 3 / kappa
        norm = 2 / (1 + kappa) ** 2 + test / n * (50 / (1 + kappa) ** 2 + 3 / kappa**2)
        expected = [float(x) for x in (kappa, bias, test, df, lam**2 * test / kappa**2, norm)]
    risk = ridge(problem, n, lam)
    found = [risk.kappa, risk.bias, risk.test, risk.df, risk.train, risk.norm]
    # -3/n and 1/n round: their sum is known to 1e-16/share of itself
    assert_allclose(found, expected, rtol=2e-15 / share + 1e-12)


def test_negative_ridge_that_takes_a_tail_away() -> None:
    """ridge = -tail/n is the limit kappa -> 0 where n exceeds the number of the levels' features."""
    noiseless = Problem([1.0, 0.1], [1.0, 0.2], [10, 10], tail=1.0)
    end, near = ridge(noiseless, 50, -1 / 50), ridge(noiseless, 50, -1 / 50 + 1e-11)
    assert (end.test, end.kappa, end.df) == (0.0, 0.0, inf)
    assert_allclose([end.train, end.norm], [near.train, near.norm], rtol=1e-8)
    noisy = ridge(replace(noiseless, noise=0.1), 50, -1 / 50)
    assert_allclose(noisy.test, 0.1 / (1 - 20 / 50))
    assert (noisy.train, noisy.norm) == (inf, inf)
    just = ridge(noiseless, 20, -1 / 20)
    assert (just.test, just.train, just.norm) == (0.0, inf, inf)
    assert not any(np.isnan(field).any() for risk in (end, noisy, just) for field in risk)


@pytest.mark.parametrize(
    ("problem", "n", "lam"),
    [
        (THREE, 150, -0.37),  # the risk diverges at -0.36904...
        (THREE, 400, -1e-9),  # n = rank
        (THREE, 500, -1e-9),
        (THREE, inf, -0.1),
        (THREE, 150, -inf),
        (replace(THREE, tail=3.0), 500, -3.1 / 500),
    ],
)
def test_ridge_below_its_range(problem: Problem, n: float, lam: float) -> None:
    with pytest.raises(ValueError, match=rf"ridge = {lam:g}"):
        ridge(problem, n, lam)
