"""Adlam, Pennington 2020, the neural tangent kernel: equations at 60 digits, special cases, a network."""

from collections.abc import Callable
from math import inf, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.samples import mean_agrees
from tests.strategies import decades, maybe, ratios
from theory import Problem, ridge
from theory.activation import moments
from theory.papers import adlam2020ntk, mei2022


def ntk_witness(l: Any, m: Any, shift: Any, phi: Any, psi: Any, gamma: Any, ov: Any) -> list[float]:
    """test (signal 1, noise 0.3), kappa, eta: the equations at 60 digits, numerical derivatives."""
    with mp.workdps(60):
        l, m, shift, phi, psi, gamma, ov = (mpf(x) for x in (l, m, shift, phi, psi, gamma, ov))
        b, delta = ov * l, gamma + ov * shift

        def eta(k: Any) -> Any:
            a = 1 + psi * m / k
            half = (a * (b + k) + psi * l - l) / 2
            root = (mp.sqrt(half**2 + a * l * (b + k)) - half) / (a * l)
            assert abs(root * (1 + psi * (l / (b + k + root * l) + m / k)) - 1) < 1e-30
            return root

        def df(k: Any) -> Any:
            return (b + eta(k) * l) / (b + k + eta(k) * l) + eta(k) * m / k

        low, high = mpf(-60), mp.log(2 * phi * (delta + l + b + m))
        for _ in range(170):
            middle = (low + high) / 2
            k = mp.exp(middle)
            low, high = (low, middle) if k * (1 / phi - df(k)) > delta else (middle, high)
        k = mp.exp(high)

        def R(k: Any) -> Any:
            return k / (b + k + eta(k) * l)

        h = k * mpf(10) ** -18
        slope_R, slope_df = ((f(k + h) - f(k - h)) / (2 * h) for f in (R, df))
        test = (R(k) - k * slope_R + mpf("0.3")) / (1 - phi * (df(k) + k * slope_df))
        return [float(test), float((gamma * phi / k) ** 2 * test), float(k), float(eta(k))]


@settings(max_examples=15)
@given(ratios, ratios, decades(-6, 1), decades(-4, 1), st.sampled_from(["relu", "erf", "tanh", "cubic"]))
def test_adlam2020ntk_equations(phi: float, psi: float, gamma: float, ov: float, name: str) -> None:
    mu = moments(name)
    for width in (psi, phi, phi * (1 + 1e-7), phi / (1 + phi)):
        found = adlam2020ntk.risk(phi, width, gamma, name, ov, noise=0.3)
        shift = mpf(mu.slope2) - mpf(mu.mu1) ** 2
        l = mpf(mu.mu1) ** 2
        witness = ntk_witness(l, mu.mu_star2, shift, phi, width, gamma, ov)
        assert_allclose(found, witness, rtol=1e-9)


def _apart(order: list[int], first: float, second: float) -> tuple[float, float]:
    """phi and psi, with 1 in the given order, neighbours at the ratios `first` and `second`."""
    sizes = np.array([1.0, first, first * second])[order]
    return float(sizes[0] / sizes[2]), float(sizes[1] / sizes[2])


steps = decades(1e-3, 0.5)
apart = st.builds(_apart, st.permutations([0, 1, 2]), steps, steps)  # 0.2 % to a factor 3


@given(apart, maybe(decades(-6, 2)), st.sampled_from(["relu", "erf", "abs", "identity"]))
def test_adlam2020ntk_without_its_second_part_is_mei2022(
    sizes: tuple[float, float], gamma: float, name: str
) -> None:
    phi, psi = sizes
    found = adlam2020ntk.risk(phi, psi, gamma, name, 0.0, noise=0.3)
    fit = mei2022.risk(1 / psi, 1 / phi, gamma * phi, name, noise=0.3)
    assert_allclose(found[:3], [fit.test, fit.train, fit.kappa], rtol=1e-12)
    if gamma > 0:  # the second part is a kernel of full rank: without gamma it interpolates, however small
        near = adlam2020ntk.risk(phi, psi, gamma, name, 1e-9 * gamma, noise=0.3)
        assert_allclose(near, found, rtol=1e-6, atol=1e-12)


@given(ratios, maybe(decades(-6, 2)), decades(-2, 2), maybe(decades(-2, 1)))
def test_adlam2020ntk_of_a_linear_network(phi: float, gamma: float, ov: float, noise: float) -> None:
    """Infinitely wide and linear: ridge regression, kernel (1 + output_variance) X'X/d."""
    assume(gamma > 0 or abs(phi - 1) > 1e-6)
    found = adlam2020ntk.risk(phi, 0.0, gamma, "identity", ov, noise=noise)
    fit = ridge(Problem([1 + ov], [1.0], noise=noise), 1 / phi, gamma * phi)
    assert_allclose(found[:3], [fit.test, fit.train, fit.kappa], rtol=1e-10, atol=1e-15)
    assert_allclose(found.eta, 1.0, rtol=1e-15)


def test_adlam2020ntk_edges() -> None:
    def risk(*args: Any, **kwargs: Any) -> Any:
        return adlam2020ntk.risk(*args, **kwargs)

    assert risk(1.0, 0.5, 0.0, "identity", noise=0.1).test == inf
    assert risk(1.0, 0.5, 0.0, "identity", noise=0.1).train == 0
    assert risk(1.0, 0.5, 0.0, "identity").test == 0
    assert risk(0.5, 0.5, 0.0, "relu", 0.0).test == inf
    # the rest of the kernel is a ridge of its own: no peak at phi = psi, and gamma 0 interpolates
    fit = risk(0.5, 0.5, 0.0, "relu", noise=0.1)
    assert fit.test < 2
    assert fit.train == 0
    assert risk(0.5, 0.25, 0.0, "identity", noise=0.1).kappa == 0
    assert_allclose(risk(0.5, 0.25, 0.0, "identity", noise=0.1)[:2], [0.2, 0.05], rtol=1e-14)
    assert_allclose(risk(0.5, 0.25, 1e-9, "identity", noise=0.1)[:2], [0.2, 0.05], rtol=1e-6)
    assert risk(0.5, 0.5, inf, "relu", signal=2.0, noise=0.1) == (2.1, 2.1, inf, 1.0)
    assert risk([0.5, 1.0], [[0.0], [0.5]], [0.1, inf], "erf", [0.0, 1.0]).test.shape == (2, 2)
    constant = risk(0.5, 0.25, [0.0, 0.1], lambda x: 0 * x, noise=0.1)
    assert_allclose(constant.test, 1.1, rtol=1e-14)
    assert not np.isnan(constant).any()
    with pytest.raises(ValueError, match="'sign' has no square-integrable derivative"):
        risk(0.5, 0.5, 0.1, "sign")


def test_adlam2020ntk_against_a_network() -> None:
    """The kernel of a finite network, conditional risk by fresh inputs; O(1/d): 3 % at d = 150."""
    from scipy.special import erf

    d, n, N, gamma, noise, tests = 150, 300, 200, 0.01, 0.1, 1000
    rng = np.random.default_rng(20202)
    errors = []
    for _ in range(12):
        W, a = rng.standard_normal((N, d)), rng.standard_normal(N)
        beta = rng.standard_normal(d) / sqrt(d)
        X = rng.standard_normal((n + tests, d))
        h = X @ W.T / sqrt(d)
        slope = 2 / sqrt(pi) * np.exp(-(h**2)) * a
        K = erf(h) @ erf(h[:n]).T / N + (slope @ slope[:n].T / N) * (X @ X[:n].T / d)
        truth = X @ beta
        y = truth[:n] + sqrt(noise) * rng.standard_normal(n)
        fit = K[n:] @ np.linalg.solve(K[:n] + gamma * np.eye(n), y)
        errors.append(noise + np.mean((fit - truth[n:]) ** 2))
    risk = adlam2020ntk.risk(d / n, d / N, gamma, "erf", noise=noise).test
    mean_agrees(errors, risk, 0.06 * risk, resolution=0.25)
    alone = adlam2020ntk.risk(d / n, d / N, gamma, "erf", 0.0, noise=noise).test
    assert abs(alone / np.mean(errors) - 1) > 0.5  # the second part of the kernel matters


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adlam2020ntk.risk(0.0, 0.5, 0.1), "phi = 0"),
        (lambda: adlam2020ntk.risk(0.5, -0.5, 0.1), "psi = -0.5"),
        (lambda: adlam2020ntk.risk(0.5, 0.5, 0.1, output_variance=-1.0), "output_variance = -1"),
        (lambda: adlam2020ntk.risk(0.5, 0.5, np.nan), "gamma = nan"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: adlam2020ntk.risk(*a[:3], "erf", *a[3:]), [0.5, 0.4, 0.1, 1.0, 1.0, 0.2])
