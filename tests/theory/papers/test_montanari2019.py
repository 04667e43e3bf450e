"""Montanari et al. 2019: the largest margin by brute force, limits, and simulation."""

from collections.abc import Callable
from math import inf, pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.testing import assert_allclose
from scipy.special import ndtr, owens_t

from tests.checks import refuses
from tests.samples import hard_margin, limit_agrees
from tests.strategies import decades
from theory.papers import montanari2019


def constraint(k: float, rho: float) -> float:
    """E(k - rho |g| + c G)_+^2/c^2: -rho |g| + c G is skew normal, with moments by Owen's T."""
    beta = rho / sqrt(1 - rho**2)
    long, density = sqrt(1 + beta**2), np.exp(-(k**2) / 2) / sqrt(2 * pi)
    mass = ndtr(k) - 2 * owens_t(k, beta)
    side = 2 * beta / sqrt(2 * pi)
    first = 2 * density * ndtr(beta * k) - side / long * ndtr(k * long)
    bell = np.exp(-((k * long) ** 2) / 2) / sqrt(2 * pi)
    second = mass - 2 * k * density * ndtr(beta * k) - side / long**2 * bell
    return float(long**2 * (k**2 * mass + 2 * k * first + second))


@settings(max_examples=50)
@given(decades(-1, 3))
def test_montanari2019_has_the_largest_margin_the_ratio_allows(psi: float) -> None:
    fit = montanari2019.max_margin(psi)
    k, rho = float(fit.margin), float(fit.overlap)
    assert_allclose(constraint(k, rho), psi, rtol=1e-9)
    for other in (0.98 * rho, min(1.02 * rho, (1 + rho) / 2)):
        assert constraint(k, other) > psi
    assert_allclose(fit.error, np.arccos(rho) / pi, rtol=1e-9)


@pytest.mark.slow
def test_montanari2019_limits() -> None:
    few = montanari2019.max_margin(1e-9)
    assert_allclose(few.error / 1e-9, 0.500489, rtol=1e-5)  # the known 0.5005 p/n
    assert_allclose(few.margin / 1e-9, 1.004458, rtol=1e-5)
    wide = montanari2019.max_margin(1e12)  # the mean of y x
    assert_allclose([wide.margin / 1e6, wide.overlap * 1e6], [1.0, sqrt(2 / pi)], rtol=1e-6)
    psi = np.geomspace(1e-200, 1e200, 101)
    curve = montanari2019.max_margin(psi)
    assert np.isfinite(curve).all()
    assert np.all(np.diff(curve.error) >= 0)
    assert np.all(np.diff(curve.margin) > 0)


@pytest.mark.parametrize("psi", [0.5, 1.5])
def test_montanari2019_by_simulation(psi: float) -> None:
    n, rng, margins, errors = 200, np.random.default_rng(5), [], []
    p = round(psi * n)
    for _ in range(80):
        rows = rng.standard_normal((n, p))
        rows[:, 0] = np.abs(rows[:, 0])  # y x for the teacher e_1
        w = hard_margin(rows)
        w /= np.linalg.norm(w)
        margins.append((rows @ w).min())
        errors.append(np.arccos(w[0]) / pi)
    limit = montanari2019.max_margin(psi)
    limit_agrees(errors, limit.error, n)
    limit_agrees(margins, limit.margin, n)


def test_broadcasting() -> None:
    assert montanari2019.max_margin([[1.0, 2.0]]).error.shape == (1, 2)
    assert isinstance(montanari2019.max_margin(1).margin, np.float64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: montanari2019.max_margin([1.0, 0.0]), "psi = 0"),
        (lambda: montanari2019.max_margin(inf), "psi = inf"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
