"""Bahri et al. 2024: the price of finite width is the core's, its constants are limits, its powers slopes."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.strategies import Point, near_tie, points
from theory import Problem, random_features, ridge
from theory.papers import bahri2024

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)


@given(points(ridge=st.just(0.0)))
def test_the_price_is_that_of_random_features(point: Point) -> None:
    problem, n, p, _ = point
    assume(not near_tie(point))
    told = random_features(problem, n, p).test
    assert_allclose(bahri2024.finite_width(problem, n, p), told, rtol=1e-10)


@pytest.mark.parametrize(("n", "p"), [(80.0, 160.0), (80.0, 81.0), (200.0, 5000.0)])
def test_the_price_in_levels(n: float, p: float) -> None:
    """n (noise + B)/(p - n), B = sum v^2 g/(lam + g), T(g) = n."""
    kappa = ridge(PROBLEM, n).kappa
    unresolved = (PROBLEM.power * kappa / (PROBLEM.eigenvalues + kappa)).sum()
    told = ridge(PROBLEM, n).test + n * (0.3 + unresolved) / (p - n)
    assert_allclose(bahri2024.finite_width(PROBLEM, n, p), told, rtol=1e-12)
    assert_allclose(bahri2024.finite_width(PROBLEM, p, n), (0.3 + unresolved) * p / (p - n), rtol=1e-12)


def test_around_the_rank() -> None:
    sizes = np.array([40.0, 299, 300, 301, 1000, inf])
    found = bahri2024.finite_width(PROBLEM, sizes[:, None], sizes)
    assert_allclose(found, random_features(PROBLEM, sizes[:, None], sizes).test, rtol=1e-12)
    assert np.isinf(found[0, 0])
    silent = Problem([1.0], [0.0], [50])
    np.testing.assert_array_equal(bahri2024.finite_width(silent, 20, [10, 20, 30]), np.zeros(3))


@pytest.mark.parametrize("size", [40.0, 250.0, 500.0])
def test_constants_are_limits(size: float) -> None:
    found, many = bahri2024.constants(PROBLEM, size), 1e8
    wide = many * (random_features(PROBLEM, size, many).test - ridge(PROBLEM, size).test)
    long = many * (random_features(PROBLEM, many, size).test - random_features(PROBLEM, inf, size).test)
    assert_allclose([found.features, found.samples], [wide, long], rtol=1e-5, atol=1e-5)
    if size < 300:
        assert found.features == found.samples


@pytest.mark.jit  # two million levels
@pytest.mark.parametrize(("alpha", "beta"), [(1.5, 1.5), (1.5, 1.8), (1.4, 3.0), (1.3, 5.0)])
def test_powers_are_slopes(alpha: float, beta: float) -> None:
    problem, told = Problem.power_law(2 * 10**6, alpha, beta), bahri2024.regimes(alpha, beta)
    sizes = np.geomspace(100, 400, 4)

    def slope(errors: np.ndarray) -> float:
        return -float(np.polyfit(np.log(sizes), np.log(errors), 1)[0])

    assert slope(ridge(problem, sizes).test) == pytest.approx(told.resolution_samples, abs=0.06)
    assert slope(random_features(problem, inf, sizes).test) == pytest.approx(
        told.resolution_features, abs=0.06
    )
    many = 1e4 * sizes
    fixed = bahri2024.finite_width(problem, 50, many) - ridge(problem, 50).test
    assert slope(fixed) == pytest.approx(told.variance_features, abs=0.01)
    fixed = bahri2024.finite_width(problem, many, 50) - random_features(problem, inf, 50).test
    assert slope(fixed) == pytest.approx(told.variance_samples, abs=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bahri2024.finite_width(PROBLEM, 0, 5), "n = 0 must be"),
        (lambda: bahri2024.finite_width(PROBLEM, 5, "x"), "p = 'x'"),
        (lambda: bahri2024.constants(PROBLEM, inf), "size = inf must be finite"),
        (lambda: bahri2024.regimes(1.0, 2.0), "eigenvalue_exponent = 1 must be"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: bahri2024.finite_width(PROBLEM, *a), [40.0, 90.0])
    table = bahri2024.constants(PROBLEM, [[40.0], [90.0]])
    for size, constant in zip((40, 90), table.samples.ravel(), strict=True):
        assert constant == bahri2024.constants(PROBLEM, size).samples
