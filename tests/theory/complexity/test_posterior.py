"""PAC-Bayes: kl and its inverse, Gaussian posteriors, and drawn classifiers."""

from math import comb, inf
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.samples import inputs
from tests.strategies import decades, deltas, sizes
from theory import complexity as c


@pytest.mark.parametrize("epsilon", [1e-300, 1e-100, 1e-16, 1e-8, 0.01, 1.0, 30.0, 1e3])
@pytest.mark.parametrize("q", [0.0, 1e-200, 1e-17, 1e-6, 0.1, 0.5, 0.9, 1 - 1e-10, 1 - 2**-53])
def test_kl_inverse_to_the_last_digits(q: float, epsilon: float) -> None:
    """kl(q|p) passes epsilon between p (1 - 1e-14) and p (1 + 1e-14), in 700 digits."""
    with mpmath.workdps(700):
        p, start = mpmath.mpf(float(c.kl_inverse(q, epsilon))), mpmath.mpf(q)

        def kl(p: Any) -> Any:
            heads = start * mpmath.log(start / p) if q > 0 else 0
            return heads + (1 - start) * mpmath.log((1 - start) / (1 - p))

        below, above = p * (1 - mpmath.mpf("1e-14")), p * (1 + mpmath.mpf("1e-14"))
        assert below <= start or kl(below) <= epsilon
        assert above >= 1 or kl(above) >= epsilon


@given(st.floats(0, 1), decades(-18, 3) | st.just(0.0) | st.just(inf))
def test_kl_inverse_is_between_its_bounds(q: float, epsilon: float) -> None:
    """Pinsker and its refinement; monotone in both arguments."""
    p = c.kl_inverse(q, epsilon)
    assert q <= p <= 1
    assert p <= (q + np.sqrt(epsilon / 2)) * (1 + 1e-14)
    if epsilon < inf:
        assert p <= (q + epsilon + np.sqrt(epsilon * (2 * q + epsilon))) * (1 + 1e-14)
    assert p * (1 - 1e-15) <= c.kl_inverse(q, 2 * epsilon)
    assert p * (1 - 1e-15) <= c.kl_inverse((1 + q) / 2, epsilon)


def test_kl_inverse_at_the_edges() -> None:
    epsilons = np.array([0.0, 1e-300, 1e-9, 0.3, 1e3, inf])
    assert_allclose(c.kl_inverse(0.0, epsilons), -np.expm1(-epsilons), rtol=1e-15)
    assert (c.kl_inverse(1.0, epsilons) == 1).all()
    assert c.kl_inverse([0.0, 0.3, 5e-324], 0.0).tolist() == [0.0, 0.3, 5e-324]
    assert_allclose(c.kl_inverse(0.3, inf), 1, rtol=1e-15)
    table = c.kl_inverse([[0.0], [0.2]], [0.1, 0.2, 0.3])
    assert table.shape == (2, 3)
    assert table[1, 2] == c.kl_inverse(0.2, 0.3)
    assert_allclose(c.kl_inverse(0.3, 1e-14), 0.3 + np.sqrt(2e-14 * 0.21), rtol=1e-13)


@given(decades(-6, 6), decades(-3, 3), decades(-3, 3), st.integers(1, 10**6))
def test_gaussian_kl_is_a_sum_over_coordinates(distance2: float, prior: float, ratio: float, d: int) -> None:
    whole = c.gaussian_kl(distance2, prior, ratio * prior, d)
    apart = c.gaussian_kl(distance2, prior) + d * c.gaussian_kl(0.0, prior, ratio * prior)
    assert_allclose(whole, apart, rtol=1e-12)
    assert_allclose(c.gaussian_kl(distance2, prior), distance2 / prior / 2, rtol=1e-15)


def test_gaussian_kl_of_variances_whose_ratio_leaves_the_range() -> None:
    """v/u = 1e309 is inf, less its logarithm still so and no nan; 1e-309 has lost its digits."""
    assert c.gaussian_kl(1.0, 1e-9, 1e300) == np.inf
    assert_allclose(c.gaussian_kl(0.0, 1e300, 1e-9), (309 * np.log(10) - 1) / 2, rtol=1e-14)


@pytest.mark.parametrize("v", [0.2, 0.999, 1.0, 1.7])
def test_gaussian_kl_against_quadrature(v: float) -> None:
    u, shift = 1.3, 0.8
    x, h = np.linspace(-20, 20, 8001, retstep=True)
    posterior = np.exp(-((x - shift) ** 2) / 2 / v) / np.sqrt(2 * np.pi * v)
    log_ratio = -((x - shift) ** 2) / 2 / v + x**2 / 2 / u + np.log(u / v) / 2
    assert_allclose(c.gaussian_kl(shift**2, u, v), h * posterior @ log_ratio, rtol=1e-12)


@pytest.mark.parametrize("step", [1e-12, 1e-8, 1e-4, 0.09, 0.11, -1e-6, -0.0999, -0.1001, -1 + 1e-9])
def test_gaussian_kl_of_nearly_equal_variances(step: float) -> None:
    posterior = 1 + step
    with mpmath.workdps(60):
        x = mpmath.mpf(posterior) - 1
        expected = float((x - mpmath.log1p(x)) / 2)
    assert_allclose(c.gaussian_kl(0.0, 1.0, posterior), expected, rtol=1e-14)
    assert c.gaussian_kl(1.0, 1.0, 0.0) == inf


@pytest.mark.parametrize("n", [1, 2, 7, 8, 30, 300])
def test_the_constant_of_maurer(n: int) -> None:
    """E exp(n kl(mean|p)) of n coins, the same for every p, is in [sqrt n, 2 sqrt n]."""
    k = np.arange(n + 1)
    share = k / n
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.where(k > 0, k * np.log(share), 0) + np.where(k < n, (n - k) * np.log(1 - share), 0)
    moment = np.exp([float(mpmath.log(comb(n, i))) + e for i, e in enumerate(exponent)]).sum()
    assert np.sqrt(n) <= moment <= 2 * np.sqrt(n)


@pytest.mark.parametrize("form", ["maurer", "mcallester"])
@pytest.mark.parametrize(("n", "delta"), [(8, 0.05), (40, 0.3), (200, 0.05)])
def test_pac_bayes_covers_one_classifier(form: str, n: int, delta: float) -> None:
    """Posterior = prior: by exact binomial sums the true rate exceeds the bound with chance < delta."""
    k = np.arange(n + 1)
    bound = c.pac_bayes(k / n, 0.0, n, delta, form)
    weight = np.array([float(comb(n, i)) for i in k])
    missed = []
    for p in np.linspace(0.01, 0.99, 99):
        missed.append((weight * p**k * (1 - p) ** (n - k))[bound < p].sum())
    assert 0 < max(missed) <= delta


@given(st.floats(0, 1), decades(-3, 4), sizes, deltas)
def test_the_forms_of_pac_bayes(q: float, kl: float, n: float, delta: float) -> None:
    epsilon = (kl + np.log(2 * np.sqrt(n) / delta)) / n
    tight = c.pac_bayes(q, kl, n, delta)
    loose = c.pac_bayes(q, kl, n, delta, form="mcallester")
    assert_allclose(tight, c.kl_inverse(q, epsilon), rtol=1e-13)
    assert_allclose(2 * (loose - q) ** 2, epsilon, rtol=1e-6)
    assert tight <= loose * (1 + 1e-13)
    assert c.pac_bayes(q, inf, n, delta) >= 1 - 1e-15
    assert c.pac_bayes(q, inf, n, delta, form="mcallester") == inf


def test_gibbs_error_of_drawn_classifiers() -> None:
    """4.5 standard errors."""
    X, y, w, draws = inputs(12, 3), np.resize([1, -1, -1], 12), np.array([0.4, -0.2, 1.0]), 20_000
    drawn = w + 0.7 * np.random.default_rng(3).standard_normal((draws, 3))
    errors = (y * (drawn @ X.T) < 0).mean(axis=1)
    assert abs(errors.mean() - c.gibbs_error(X, y, w, 0.7)) <= 4.5 * errors.std() / np.sqrt(draws)


def test_gibbs_error_at_the_edges() -> None:
    X, y, w = inputs(9, 3), np.resize([1, -1], 9), np.array([1.0, 2.0, -0.5])
    assert c.gibbs_error(X, y, np.zeros(3), 1.0) == 0.5
    assert c.gibbs_error(X, y, w, inf) == 0.5
    assert_allclose(c.gibbs_error(X, y, w, 1e-9), (np.sign(X @ w) != y).mean(), rtol=1e-14)
    assert c.gibbs_error([[0.0, 0.0], [1.0, 0.0]], [1, 1], [1.0, 0.0], 1e-3) == 0.25
    lengths = np.logspace(-200, 200, 9)[:, None]
    assert_allclose(c.gibbs_error(lengths * X, y, w, 0.3), c.gibbs_error(X, y, w, 0.3), rtol=1e-13)
    table = c.gibbs_error(X, y, w, [[0.1, 1.0]])
    assert table.shape == (1, 2)
    assert table[0, 1] == c.gibbs_error(X, y, w, 1.0)
