"""Hastie et al. 2022: integrals over the Marchenko-Pastur law, minima, and populations."""

from collections.abc import Callable
from itertools import product
from math import inf, pi, sqrt

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import brentq

import theory
from tests.checks import refuses
from tests.strategies import decades, maybe
from theory import Problem, ridge
from theory.papers import hastie2022


def marchenko_pastur(gamma: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of the law of X'X/n, without its atom max(0, 1 - 1/gamma) at 0."""
    angle = (np.arange(5000) + 0.5) * pi / 5000
    half = 2 * sqrt(gamma)
    s = 1 + gamma - half * np.cos(angle)
    return s, (half * np.sin(angle)) ** 2 / (2 * pi * gamma * s) * pi / 5000


@given(decades(-2, 2), decades(-3, 3), maybe(decades(-3, 3)), decades(-2, 3))
def test_hastie2022_ridge_is_an_integral(gamma: float, signal: float, noise: float, lam: float) -> None:
    assume(abs(gamma - 1) > 0.02)  # nearer, the density is too steep at 0 for the nodes
    s, weight = marchenko_pastur(gamma)
    atom = max(0.0, 1 - 1 / gamma)
    missed = signal * (atom + weight @ (lam / (s + lam)) ** 2)
    spread = noise * gamma * (weight @ (s / (s + lam) ** 2))
    risk = hastie2022.isotropic(gamma, signal, noise, lam)
    assert_allclose(risk.test, noise + missed + spread, rtol=1e-10)
    assert_allclose(risk.bias + risk.var_samples, missed, rtol=1e-10)
    assert_allclose(risk.df, gamma * (weight @ (s / (s + lam))), rtol=1e-10)
    # E |beta_hat|^2 and the mean squared residual
    norm = signal * (weight @ (s / (s + lam)) ** 2) + spread
    assert_allclose(risk.norm, norm, rtol=1e-10)
    train = lam**2 * (
        signal * (weight @ (s / (s + lam) ** 2)) + noise * gamma * (weight @ (1 / (s + lam) ** 2))
    )
    train += noise * max(0.0, 1 - gamma)
    assert_allclose(risk.train, train, rtol=1e-10)


@given(decades(-3, 3), decades(-3, 3), decades(-3, 3))
def test_hastie2022_ridgeless(gamma: float, signal: float, noise: float) -> None:
    assume(abs(gamma - 1) > 1e-5)  # the rounding of 1/gamma there is 1e-11 of the distance
    risk = hastie2022.isotropic(gamma, signal, noise)
    if gamma < 1:
        expected, norm = noise * gamma / (1 - gamma), signal + noise * gamma / (1 - gamma)
    else:
        expected, norm = signal * (1 - 1 / gamma) + noise / (gamma - 1), signal / gamma + noise / (gamma - 1)
    assert_allclose(risk.test, noise + expected, rtol=1e-9)
    assert_allclose(risk.norm, norm, rtol=1e-9)
    assert_allclose(risk.df, min(1.0, gamma), rtol=1e-12)


def test_hastie2022_is_ridge_on_an_isotropic_problem() -> None:
    risk = hastie2022.isotropic(2.5, 3.0, 0.4, 0.7)
    core = ridge(Problem.isotropic(500, signal=3.0, noise=0.4), 200, 0.7)
    assert_allclose([risk.test, risk.train, risk.norm], [core.test, core.train, core.norm], rtol=1e-12)
    assert_allclose([risk.df, risk.df2], [core.df / 200, core.df2 / 200], rtol=1e-12)


def test_hastie2022_threshold() -> None:
    assert hastie2022.isotropic(1.0).test == inf
    assert hastie2022.isotropic(1.0, noise=0.0).test == 0


@given(decades(-2, 2), decades(-2, 2), decades(-2, 2))
def test_hastie2022_optimal_ridge_is_a_minimum(gamma: float, signal: float, noise: float) -> None:
    best = hastie2022.optimal_ridge(gamma, signal, noise)
    risk = hastie2022.isotropic(gamma, signal, noise, best * np.array([1.0, 0.5, 0.99, 1.01, 2.0]))
    assert (risk.test[1:] > risk.test[0]).all()


def test_hastie2022_optimal_ridge_at_the_ends() -> None:
    assert hastie2022.optimal_ridge(2.0, 0.0, 1.0) == inf
    assert hastie2022.optimal_ridge(2.0, 0.0, 0.0) == 0
    assert hastie2022.optimal_ridge(2.0, 1.0, 0.0) == 0


@given(decades(-2, 2), decades(-2, 2))
def test_hastie2022_ridgeless_minimum(signal: float, noise: float) -> None:
    assume(abs(signal - noise) > 1e-3 * noise)
    gamma, test = hastie2022.ridgeless_minimum(signal, noise)
    trial = 1 + np.geomspace(1e-4, 1e4, 300)
    assert test <= hastie2022.isotropic(trial, signal, noise).test.min() * (1 + 1e-13)
    if gamma < inf:
        assert_allclose(hastie2022.isotropic(gamma, signal, noise).test, test, rtol=1e-9)
    else:
        assert_allclose(hastie2022.isotropic(1e12, signal, noise).test, test, rtol=1e-9)


def test_hastie2022_ridgeless_minimum_without_noise() -> None:
    assert hastie2022.ridgeless_minimum([2.0, 0.0], 0.0).tolist() == [[1.0, 0.0], [inf, 0.0]]


GAMMAS = st.sampled_from([0.05, 0.5, 0.9, 1.0, 1.1, 2.0, 20.0])


@given(GAMMAS, decades(-2, 2), decades(-2, 2), maybe(decades(-8, 3)))
def test_ridge_form_of_the_isotropic_model(gamma: float, signal: float, noise: float, ridge: float) -> None:
    """B = signal k^2/((1 + k)^2 D), V = noise gamma/((1 + k)^2 D), D = ridge/k + k gamma/(1 + k)^2."""
    c = ridge - (1 - gamma)
    root = np.hypot(c, 2 * np.sqrt(ridge))
    k = (c + root) / 2 if c >= 0 else 2 * ridge / (root - c)
    if k == 0:
        return
    D = ridge / k + k * gamma / (1 + k) ** 2
    B, V = signal * k**2 / ((1 + k) ** 2 * D), noise * gamma / ((1 + k) ** 2 * D)
    risk = hastie2022.isotropic(gamma, signal, noise, ridge)
    assert_allclose(risk.test, noise + B + V, rtol=1e-10)
    assert_allclose(risk.bias + risk.var_samples, B, rtol=1e-10)
    assert_allclose(risk.var_noise_samples, V, rtol=1e-10)


@given(decades(-2, 2), decades(-2, 2), decades(-3, 3))
def test_minima_of_the_isotropic_model(signal: float, noise: float, factor: float) -> None:
    gamma, test = hastie2022.ridgeless_minimum(signal, noise)
    others = hastie2022.isotropic(1 + np.geomspace(1e-3, 1e9, 200), signal, noise).test
    assert test <= others.min() * (1 + 1e-10)
    at_best = hastie2022.isotropic(min(gamma, 1e14), signal, noise).test
    assert_allclose(at_best, test, rtol=1e-10)
    best = hastie2022.optimal_ridge(2.0, signal, noise)
    least = hastie2022.isotropic(2.0, signal, noise, best).test
    assert least <= hastie2022.isotropic(2.0, signal, noise, best * factor).test * (1 + 1e-12)


def test_minima_of_the_isotropic_model_at_the_edges() -> None:
    cases = [(1.0, 0.0, (1.0, 0.0)), (0.0, 0.0, (inf, 0.0)), (0.5, 1.0, (inf, 1.5)), (0.0, 1.0, (inf, 1.0))]
    for signal, noise, expected in cases:
        assert tuple(hastie2022.ridgeless_minimum(signal, noise)) == expected
    assert hastie2022.optimal_ridge(2.0, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]).tolist() == [0.0, inf, 0.0]
    assert hastie2022.optimal_ridge(2.0, 1e-300, 1e300) == inf


@pytest.mark.parametrize(("decay", "under", "over"), [
    (1.5, (4.9266, 0.10), (4.3306, 3.48)),
    (2.0, (4.5886, 0.215), (4.0857, 2.76)),
    (5.0, (2.2155, 0.41), (3.5189, 1.88)),
])  # fmt: skip
def test_minima_of_the_misspecified_model(
    decay: float, under: tuple[float, float], over: tuple[float, float]
) -> None:
    """linear.md 6, signal 5, noise 1, excess: the best of either side of the threshold."""
    for (excess, at), grid in ((under, np.linspace(0.005, 0.995, 199)), (over, np.linspace(1.01, 10, 900))):
        curve = hastie2022.misspecified(grid, 5.0, 1.0, decay).test - 1
        assert_allclose(curve.min(), excess, rtol=2e-4)
        assert_allclose(grid[curve.argmin()], at, rtol=0.06)


@pytest.mark.parametrize("decay", [0.0, 0.5, 1.1, 1.3, 3.0])
def test_slope_of_the_misspecified_model_without_features(decay: float) -> None:
    """signal (1 - decay) + noise: rising from the start iff decay < 1 + noise/signal."""
    slope = (hastie2022.misspecified(1e-6, 5.0, 1.0, decay).test - 6.0) / 1e-6
    assert_allclose(slope, 5 * (1 - decay) + 1, rtol=1e-4)


RIDGES = maybe(decades(-10, 3)) | st.just(inf)


POWERS = maybe(decades(-3, 3))


@given(GAMMAS, POWERS, POWERS, maybe(decades(-2, 1)), RIDGES)
def test_misspecified_is_isotropic_with_more_noise(
    gamma: float, signal: float, noise: float, decay: float, ridge: float
) -> None:
    omitted = signal * (1 + gamma) ** -decay
    risk = hastie2022.misspecified(gamma, signal, noise, decay, ridge)
    other = hastie2022.isotropic(gamma, -signal * np.expm1(-decay * np.log1p(gamma)), noise + omitted, ridge)
    for name in ("test", "train", "norm", "df", "kappa"):
        assert_allclose(getattr(risk, name), getattr(other, name), rtol=1e-10, err_msg=name)
    assert_allclose(risk.bias, other.bias + omitted, rtol=1e-10)


@pytest.mark.parametrize(("n", "p", "d"), [(30, 60, 6), (60, 30, 12), (20, 60, 60), (50, 50, 10)])
@pytest.mark.parametrize("ridge", [0.0, 0.3])
def test_latent_model_from_its_population(n: int, p: int, d: int, ridge: float) -> None:
    """The best linear target and what it leaves of theta.z, from the matrices W W' + I and W theta."""
    mu, noise, rng = 1.7, 0.2, np.random.default_rng([8, p, d])
    W = np.linalg.qr(rng.standard_normal((p, d)))[0] * np.sqrt(p * mu / d)
    theta = rng.standard_normal(d)
    Sigma = np.eye(p) + W @ W.T
    beta = np.linalg.solve(Sigma, W @ theta)
    left = theta @ theta - theta @ W.T @ beta
    expected = hastie2022.general_covariance(Sigma, beta, n, noise + left, ridge)
    risk = hastie2022.latent(p / n, d / p, mu, theta @ theta, noise, ridge)
    for name in ("test", "train", "norm", "kappa"):
        assert_allclose(getattr(risk, name), getattr(expected, name), rtol=1e-8, err_msg=name)
    assert_allclose(risk.bias, expected.bias + left, rtol=1e-8)
    assert_allclose(risk.df * n, expected.df, rtol=1e-8)
    assert_allclose(risk.df2 * n, expected.df2, rtol=1e-8)


def test_latent_model_at_its_ends() -> None:
    nothing = hastie2022.latent(2.0, 0.3, 0.0, 1.0, 0.1, 0.2)  # mu = 0: no feature sees the target
    assert_allclose(nothing.test, hastie2022.isotropic(2.0, 0.0, 1.1, 0.2).test, rtol=1e-12)
    every = hastie2022.latent(2.0, 1.0, 3.0, 1.0, 0.1, 0.2)  # d = p: one level of eigenvalue 4
    level = theory.ridge(Problem([4.0], [0.75], [2.0], tail_power=0.25, noise=0.1), 1.0, 0.2)
    assert_allclose(every.test, level.test, rtol=1e-12)
    falling = hastie2022.latent(np.linspace(1.05, 10, 200), 0.05 / np.linspace(1.05, 10, 200), 1.0, 1.0, 0.0)
    assert (np.diff(falling.test) < 0).all()


def test_latent_broadcasts() -> None:
    psi, mu, ridge = [0.1, 0.5, 1.0], np.array([[0.5], [2.0]]), [0.0, 0.1, inf]
    risk = hastie2022.latent(2.0, psi, mu, 1.0, 0.1, ridge)
    for i, j in product(range(2), range(3)):
        one = hastie2022.latent(2.0, psi[j], mu[i, 0], 1.0, 0.1, ridge[j])
        assert [field[i, j] for field in risk] == list(one)
    assert isinstance(one.test, np.float64)


@pytest.mark.parametrize("gamma", [1.3, 3.0])
def test_general_covariance_is_the_papers_ridgeless_limit(gamma: float) -> None:
    """1 - 1/gamma = int dH/(1 + c0 gamma s), with the paper's bias and variance for gamma > 1."""
    rng, n, noise = np.random.default_rng(9), 40, 0.7
    p = round(gamma * n)
    Q = np.linalg.qr(rng.standard_normal((p, p)))[0]
    s, beta = rng.gamma(1.0, size=p) + 0.05, rng.standard_normal(p)
    risk = hastie2022.general_covariance((Q * s) @ Q.T, beta, n, noise)
    G = (beta @ Q) ** 2
    c0 = brentq(lambda c: 1 - n / p - (1 / (1 + c * s * p / n)).mean(), 1e-9, 1e9, xtol=1e-300, rtol=1e-15)
    weight = s / (1 + c0 * s * p / n) ** 2
    ratio = p / n * c0 * (s * weight).mean() / weight.mean()
    assert_allclose(risk.kappa, n / (p * c0), rtol=1e-10)
    assert_allclose(risk.bias + risk.var_samples, (1 + ratio) * (G * weight).sum(), rtol=1e-9)
    assert_allclose(risk.var_noise_samples, noise * ratio, rtol=1e-9)


def test_invisible_spike_of_an_equicorrelated_design() -> None:
    """linear.md 1.5: V is the isotropic one and B = (1 - rho) signal (1 - 1/gamma), up to 1/p."""
    p, n, rho = 1000, 500, 0.4
    beta = np.random.default_rng(10).standard_normal(p) / np.sqrt(p)
    Sigma = (1 - rho) * np.eye(p) + rho
    risk = hastie2022.general_covariance(Sigma, beta - beta.mean(), n, 1.0)
    assert_allclose(risk.var_noise_samples, 1.0, rtol=5e-3)
    assert_allclose(risk.bias + risk.var_samples, 0.6 * 0.5 * (beta @ beta), rtol=1e-2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hastie2022.misspecified(0.0, 1.0, 1.0, 1.0), "gamma = 0"),
        (lambda: hastie2022.misspecified(1.0, 1.0, 1.0, -1.0), "decay = -1"),
        (lambda: hastie2022.misspecified(1.0, 1.0, 1.0, 1.0, -0.5), r"ridge = -0\.5"),
        (lambda: hastie2022.latent(1.0, 1.5, 1.0, 1.0, 0.1), r"psi = 1\.5"),
        (lambda: hastie2022.latent(1.0, 0.0, 1.0, 1.0, 0.1), "psi = 0"),
        (lambda: hastie2022.latent(1.0, 0.5, -1.0, 1.0, 0.1), "mu = -1"),
        (lambda: hastie2022.latent([1.0, 2.0], 0.5, 1.0, [1.0, 2.0, 3.0], 0.1), "shapes do not broadcast"),
        (lambda: hastie2022.general_covariance(np.eye(2), [1.0], 5), r"Sigma .*\("),
        (lambda: hastie2022.general_covariance(np.eye(2), [1.0, 1.0], 5, -1.0), "noise = -1"),
        (lambda: hastie2022.general_covariance(np.eye(2), [1.0, 1.0], 5, 1.0, -0.1), r"ridge = -0\.1"),
        (lambda: hastie2022.isotropic(0.0), "gamma = 0"),
        (lambda: hastie2022.isotropic(inf), "gamma = inf"),
        (lambda: hastie2022.isotropic(1.0, ridge=-1.0), "ridge = -1"),
        (lambda: hastie2022.isotropic(1.0, signal=-1.0), "signal = -1"),
        (lambda: hastie2022.optimal_ridge(1.0, noise=-1.0), "noise = -1"),
        (lambda: hastie2022.ridgeless_minimum(signal=-1.0), "signal = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_hastie2022_close_to_the_threshold() -> None:
    """kappa of the quadratic at 60 digits; the bias was 1.3e-9 off, by the rounding of 1/gamma."""
    gamma, lam = 1.0000000036665817, 1e-16
    with mpmath.workdps(60):
        b = 1 - mpmath.mpf(gamma) - mpmath.mpf(lam)
        kappa = (mpmath.sqrt(b * b + 4 * mpmath.mpf(lam)) - b) / 2
        bias = (kappa / (1 + kappa)) ** 2
        test = (1 + bias) / (1 - mpmath.mpf(gamma) / (1 + kappa) ** 2)
    found = hastie2022.isotropic(gamma, 1.0, 1.0, lam)
    assert_allclose(
        [found.bias, found.test, found.kappa], [float(bias), float(test), float(kappa)], rtol=1e-13
    )
