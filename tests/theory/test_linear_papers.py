"""The papers on linear regression: each against the core, its own closed form, or brute force."""

from itertools import pairwise, product
from math import inf
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import brentq, minimize_scalar

import theory
from tests.strategies import decades, maybe
from theory import Problem, exact
from theory.papers import (
    bartlett2020,
    belkin2020,
    curth2023,
    dobriban2018,
    hastie2022,
    lejeune2020,
    muthukumar2020,
    nakkiran2019,
    nakkiran2021,
    schaeffer2023,
)

GAMMAS = st.sampled_from([0.05, 0.5, 0.9, 1.0, 1.1, 2.0, 20.0])
RIDGES = maybe(decades(-10, 3)) | st.just(inf)
POWERS = maybe(decades(-3, 3))
LEVELS = st.lists(st.tuples(decades(-3, 2), st.integers(1, 8)), min_size=1, max_size=4)


# -- belkin2020 ------------------------------------------------------------------------------------


def test_headline_figure_of_weak_features() -> None:
    """linear.md 6: signal 1, noise 1/25, d = 100, n = 40; 73 features or more beat none."""
    p = [0, 10, 30, 38, 39, 40, 41, 42, 60, 100]
    test = belkin2020.gaussian_random(40, p, 100, 1.0, 1 / 25)
    expected = [1.04, 1.26414, 3.20667, 25.74, inf, inf, inf, 25.44, 1.56632, 0.667119]
    assert_allclose(test, expected, rtol=5e-6)
    curve = belkin2020.gaussian_random(40, np.arange(101), 100, 1.0, 1 / 25)
    assert np.flatnonzero(curve < curve[0]).tolist() == list(range(73, 101))


@given(st.integers(1, 60), st.data(), POWERS)
def test_random_coordinates_are_the_mean_of_all_choices(n: int, data: st.DataObject, noise: float) -> None:
    """The error is linear in the powers, so only their means over the choices count."""
    d = data.draw(st.integers(1, 60))
    p = data.draw(st.integers(0, d))
    share = p / d
    expected = exact.least_squares(n, p, 3 * share, noise, 3 * (1 - share)).test
    assert_allclose(belkin2020.gaussian_random(n, p, d, 3.0, noise), expected, rtol=1e-10)


@given(st.integers(1, 30), st.lists(st.floats(-5, 5), min_size=1, max_size=25), POWERS)
def test_prescient_selection(n: int, beta: list[float], noise: float) -> None:
    p = np.arange(len(beta) + 1)
    energy = np.sort(np.square(beta))[::-1]
    expected = [belkin2020.gaussian(n, k, energy[:k].sum(), energy[k:].sum(), noise) for k in p]
    assert_allclose(belkin2020.prescient(n, p, beta, noise), expected, rtol=1e-12)
    random = belkin2020.gaussian_random(n, p, len(beta), energy.sum(), noise)
    below = p <= n - 2  # there the choice matters through what is left out alone
    assert (belkin2020.prescient(n, p, beta, noise) <= random * (1 + 1e-12))[below].all()


def _fourier_by_quadrature(rho_n: float, rho_p: float, ridge: float) -> float:
    """The ridge risk averaged over the Jacobi law of the squared singular values, in 30 digits."""
    with mpmath.workdps(30):
        a, b = mpmath.mpf(rho_n), mpmath.mpf(rho_p)
        c, root = a * mpmath.mpf(ridge), mpmath.sqrt
        low = (root(a * (1 - b)) - root(b * (1 - a))) ** 2
        left = (root(a * b) - root((1 - a) * (1 - b))) ** 2  # 1 - high
        half = 2 * root(a * (1 - a) * b * (1 - b))

        def integrand(angle: Any) -> Any:
            s = low + 2 * half * mpmath.sin(angle / 2) ** 2
            rest = left + 2 * half * mpmath.cos(angle / 2) ** 2
            return (half * mpmath.sin(angle)) ** 2 / (s * rest) * (c**2 + s * rest) / (s + c) ** 2

        steps = [mpmath.mpf(10) ** -k for k in range(9, -1, -1)]  # towards both ends of the spectrum
        panels = [0, *steps, *(mpmath.pi - step for step in reversed(steps)), mpmath.pi]
        bulk = mpmath.quad(integrand, panels) / (2 * mpmath.pi)
        atoms = max(b - a, 0) + max(a + b - 1, 0) * (c / (1 + c)) ** 2
        return float(1 - b + atoms + bulk)


@pytest.mark.parametrize(
    ("rho_n", "rho_p", "ridge"),
    [(0.5, 0.5, 1e-12), (0.5, 0.5, 1e-9), (0.3, 0.3001, 1.0), (0.7, 0.6, 1e-3), (0.2, 0.9, 1e-8)],
)
def test_fourier_with_a_ridge_is_the_mean_over_the_jacobi_law(
    rho_n: float, rho_p: float, ridge: float
) -> None:
    expected = _fourier_by_quadrature(rho_n, rho_p, ridge)
    assert_allclose(belkin2020.fourier(rho_n, rho_p, ridge), expected, rtol=1e-13)


RHOS = st.floats(0.01, 1) | decades(-12, 0) | decades(-15, -0.01).map(lambda rest: 1 - rest)


@given(RHOS, RHOS, st.sampled_from([None, 0.0, 1e-15, 1e-9, 1e-4]), decades(-16, 8))
def test_fourier_keeps_all_digits(rho_n: float, other: float, gap: float | None, ridge: float) -> None:
    """The algebraic formula of the docstring, in 60 digits: it cancels where double precision must not."""
    rho_p = other if gap is None else min(1.0, rho_n * (1 + gap))
    with mpmath.workdps(60):
        a, b = mpmath.mpf(rho_n), mpmath.mpf(rho_p)
        c, m = a * mpmath.mpf(ridge), a + b - 2 * a * b
        R = mpmath.sqrt(c * c + 2 * m * c + (a - b) ** 2)
        risk = (1 + 2 * c) * (1 - a - b + R) / (2 * (1 + c) ** 2) + (c + m) / (2 * (1 + c) * R)
    assert_allclose(belkin2020.fourier(rho_n, rho_p, ridge), float(risk), rtol=1e-13)


@given(RHOS, RHOS)
def test_fourier_and_haar_without_a_ridge_keep_all_digits(rho_n: float, rho_p: float) -> None:
    k, q = (mpmath.mpf(x) for x in sorted([rho_n, rho_p]))
    with mpmath.workdps(60):
        ends = inf if k == q < 1 else 0.0
        risk = ends if k == q else float(1 - k * (2 - (1 - k) / (q - k)))
    assert_allclose(belkin2020.fourier(rho_n, rho_p), risk, rtol=1e-13)
    assert_allclose(belkin2020.haar(rho_n, rho_p, 1.0), risk, rtol=1e-13)


# -- hastie2022 ------------------------------------------------------------------------------------


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


# -- dobriban2018 ----------------------------------------------------------------------------------


def _companion(levels: Any, weights: Any, gamma: float, signal: float, ridge: float) -> float:
    """The paper's form at noise 1, from its own equation ridge = 1/v - gamma int s dH/(1 + s v)."""

    def at(v: float) -> float:
        return float(1 / v - gamma * (weights * levels / (1 + levels * v)).sum() - ridge)

    v = brentq(at, 1e-15, 2 / ridge, xtol=1e-300, rtol=1e-15)
    slope = 1 / (1 / v**2 - gamma * (weights * (levels / (1 + levels * v)) ** 2).sum())  # dv/dz
    return 1 / (ridge * v) * (1 + (ridge * signal / gamma - 1) * (1 - ridge * slope / v))


@given(LEVELS, decades(-1, 1), decades(-2, 2), decades(-2, 2), decades(-2, 2))
def test_form_in_the_companion_transform(
    rows: list[tuple[float, int]], gamma: float, signal: float, noise: float, ridge: float
) -> None:
    levels, counts = np.array(rows).T
    weights = counts / counts.sum()
    test = dobriban2018.risk(levels, weights, gamma, signal * noise, noise, ridge)
    assert_allclose(test, noise * _companion(levels, weights, gamma, signal, ridge), rtol=1e-7)
    # and the core, with whole features
    power = signal * noise * weights * levels
    problem = Problem(levels, power, 50 * weights * gamma, noise=noise)
    assert_allclose(test, theory.ridge(problem, 50, ridge).test, rtol=1e-10)


@given(LEVELS, decades(-1, 1), decades(-2, 2), decades(-2, 2), decades(-3, 3))
def test_the_default_ridge_is_best(
    rows: list[tuple[float, int]], gamma: float, signal: float, noise: float, factor: float
) -> None:
    levels, counts = np.array(rows).T
    weights = counts / counts.sum()
    best = gamma * noise / signal
    test = dobriban2018.risk(levels, weights, gamma, signal, noise)
    assert_allclose(test, dobriban2018.risk(levels, weights, gamma, signal, noise, best), rtol=1e-13)
    assert test <= dobriban2018.risk(levels, weights, gamma, signal, noise, best * factor) * (1 + 1e-12)
    kappa = theory.ridge(Problem(levels, 0 * levels, weights), 1 / gamma, best).kappa
    assert_allclose(test, noise * kappa / best, rtol=1e-10)


def test_random_targets_at_the_edges() -> None:
    levels, weights = [2.0, 0.0, 0.5], [0.5, 0.25, 0.25]
    free = dobriban2018.risk(levels, weights, [0.5, 2.0], 1.0, 0.0)
    assert_allclose(free, dobriban2018.risk(levels, weights, [0.5, 2.0], 1.0, 0.0, 0.0), rtol=0)
    assert free[0] == 0 < free[1]
    assert dobriban2018.risk(levels, weights, 1.0, 0.0, 0.3) == 0.3  # no signal: infinite ridge
    assert dobriban2018.risk(levels, weights, 4 / 3, 1.0, 0.3, 0.0) == inf
    assert_allclose(dobriban2018.risk(levels, weights, 1.0, 1.0, 0.3, inf), 0.3 + 1.125, rtol=1e-14)
    dropped = dobriban2018.risk([*levels, 7.0], [*weights, 0.0], 0.7)
    assert_allclose(dropped, dobriban2018.risk(levels, weights, 0.7), rtol=1e-14)


# -- bartlett2020 ----------------------------------------------------------------------------------


@given(st.lists(decades(-6, 6), min_size=1, max_size=40), st.integers(1, 30))
def test_effective_ranks_by_their_definition(values: list[float], n: int) -> None:
    lam = np.sort(values)[::-1]
    ranks = bartlett2020.effective_ranks(values, np.arange(lam.size))
    r, R = ranks.T
    assert_allclose(r, [lam[k:].sum() / lam[k] for k in range(lam.size)], rtol=1e-10)
    assert_allclose(R, [lam[k:].sum() ** 2 / (lam[k:] ** 2).sum() for k in range(lam.size)], rtol=1e-10)
    assert (r <= R * (1 + 1e-12)).all()
    assert (r**2 >= R * (1 - 1e-12)).all()
    enough = np.flatnonzero(r >= n * (1 - 1e-12))
    index = enough[0] if enough.size else inf
    assert bartlett2020.critical_index(values, n) == index
    expected = min(1.0, index / n + n / R[index]) if enough.size else 1.0
    assert_allclose(bartlett2020.variance_rate(values, n), expected, rtol=1e-10)


def test_ranks_of_flat_and_steep_spectra() -> None:
    assert bartlett2020.effective_ranks([0.3] * 50, [0, 49]).tolist() == [[50.0, 50.0], [1.0, 1.0]]
    assert bartlett2020.critical_index([0.3] * 50, [50, 51]).tolist() == [0.0, inf]  # r_0 = n counts
    assert bartlett2020.critical_index([0.1] * 30, 60, b=[0.5, 0.6]).tolist() == [0.0, inf]
    assert bartlett2020.critical_index([1.0] * 3, 0.1 * 3, b=10.0) == 0  # 3 against 3 + 4e-16
    # squares of the last eigenvalues underflow; two thirds and three are the geometric sums
    steep = 2.0 ** -np.arange(1000.0)
    assert_allclose(bartlett2020.effective_ranks(steep, [0, 900]), [[2.0, 3.0]] * 2, rtol=1e-14)
    assert np.isnan(bartlett2020.effective_ranks([1.0, 0.0], [0, 1])).tolist() == [[False] * 2, [True] * 2]
    assert bartlett2020.critical_index([0.0, 0.0], 1) == inf
    assert bartlett2020.variance_rate([0.0, 0.0], [1, 2]).tolist() == [1.0, 1.0]
    assert bartlett2020.variance_rate([[1.0] * 5 + [0.01] * 1995][0], [[100], [3000]]).shape == (2, 1)


@pytest.mark.parametrize(
    "spectrum",
    [np.r_[np.ones(5), np.full(1995, 0.01)], np.arange(1.0, 5001) ** -1.0, np.arange(1.0, 3001) ** -1.5],
)
def test_variance_of_the_core_goes_at_the_rate(spectrum: Any) -> None:
    n = np.array([30.0, 100.0, 300.0])
    V = theory.ridge(Problem(spectrum, 0 * spectrum, noise=1.0), n).var_noise_samples
    rate = bartlett2020.variance_rate(spectrum, n)
    assert ((V / rate > 0.1) & (V / rate < 10)).all()


def test_benign_example() -> None:
    """linear.md 6: rate 0.1001, the core 0.08797."""
    spectrum = np.r_[np.ones(5), np.full(1995, 0.01)]
    assert bartlett2020.critical_index(spectrum, 100) == 5
    assert_allclose(bartlett2020.variance_rate(spectrum, 100), 0.1001, rtol=5e-4)
    core = theory.ridge(Problem(spectrum, 0 * spectrum, noise=1.0), 100).var_noise_samples
    assert_allclose(core, 0.08797, rtol=1e-4)


# -- muthukumar2020 --------------------------------------------------------------------------------


def test_no_interpolant_beats_the_ideal_one() -> None:
    """noise (1 + E tr (Z Z')^-1), whitened Z; |z| <= 4.5 fails once in 150 000."""
    n, p, noise = 5, 16, 0.6
    Z = np.random.default_rng(11).standard_normal((20_000, n, p))
    costs = noise * (1 + np.linalg.inv(Z @ Z.transpose(0, 2, 1)).trace(axis1=1, axis2=2))
    ideal = muthukumar2020.ideal_interpolator(n, p, noise)
    assert abs(costs.mean() - ideal) <= 4.5 * costs.std() / np.sqrt(len(costs))
    assert ideal <= exact.least_squares(n, p, 1.0, noise).test
    assert muthukumar2020.ideal_interpolator(30, [30, 31, 32], 0.5).tolist() == [inf, inf, 15.5]
    assert muthukumar2020.ideal_interpolator(30, [30, 31, 32], 0.0).tolist() == [0.0, 0.0, 0.0]


@given(st.integers(1, 9), st.lists(decades(-3, 3), min_size=1, max_size=25), st.data(), POWERS)
def test_fourier_features_by_linear_algebra(
    n: int, weights: list[float], data: st.DataObject, noise: float
) -> None:
    """The weighted minimum-norm fit as a matrix: coefficients are linear in the labels."""
    d = len(weights)
    index = data.draw(st.integers(0, d - 1))
    Phi = np.exp(2j * np.pi * np.outer(np.arange(n), np.arange(d)) / n)
    root = np.sqrt(weights)
    fit = root[:, None] * np.linalg.pinv(Phi * root, rcond=1e-10)
    learnt = fit @ Phi[:, index]
    parts = muthukumar2020.fourier(n, weights, index, noise)
    assert_allclose(parts.survival, learnt[index].real, rtol=1e-6, atol=1e-9)
    aliases = np.abs(np.delete(learnt, index)) ** 2
    assert_allclose(parts.contamination, aliases.sum(), rtol=1e-6, atol=1e-9)
    assert_allclose(parts.noise_cost, noise * (np.abs(fit) ** 2).sum(), rtol=1e-6, atol=1e-12)
    whole = (np.abs(learnt - np.eye(d)[index]) ** 2).sum()
    assert_allclose(parts.test, noise + whole + parts.noise_cost, rtol=1e-6, atol=1e-9)


def test_fourier_features_at_the_edges() -> None:
    flat = muthukumar2020.fourier(8, np.ones(32), np.arange(32), 0.2)
    assert_allclose(flat.survival, 8 / 32, rtol=1e-14)
    few = muthukumar2020.fourier(20, [3.0, 0.1, 7.0], 1, 0.5)  # d < n: least squares
    assert_allclose(few, (1.0, 0.0, 0.5 * 3 / 20, 0.5 + 0.5 * 3 / 20), rtol=1e-14)
    barred = muthukumar2020.fourier(2, [1.0, 0.0, 1.0, 0.0], [1, 2], 0.0)  # no odd feature is left
    assert_allclose(barred.test, [1.0, 0.25 + 0.25], rtol=1e-14)
    grid = muthukumar2020.fourier([[4], [5]], np.arange(1.0, 12), [0, 3, 7], [0.0, 0.1, 0.2])
    for i, j in product(range(2), range(3)):
        one = muthukumar2020.fourier([4, 5][i], np.arange(1.0, 12), [0, 3, 7][j], [0.0, 0.1, 0.2][j])
        assert_allclose([field[i, j] for field in grid], one, rtol=1e-15)
    tiny = muthukumar2020.fourier(8, np.full(32, 1e-200), 2, 0.2)
    assert_allclose(tiny.test, 1.0, rtol=1e-14)
    faint = muthukumar2020.fourier(2, [1.0, 1.0, 1e-12], 0, 0.0)  # 1 - survival keeps its digits
    assert_allclose(faint.test, 2e-24, rtol=1e-11)


# -- nakkiran2019, nakkiran2021 --------------------------------------------------------------------


@given(st.integers(2, 2000), decades(-2, 2), decades(-3, 1))
def test_best_number_of_samples(d: int, signal: float, noise: float) -> None:
    best = nakkiran2019.best_samples(d, signal, noise)
    assert 0 <= best <= d - 1
    if best > 0:
        found = minimize_scalar(
            lambda n: float(nakkiran2019.risk(n, d, signal, noise)),
            bounds=(1e-9 * d, d - 1),
            method="bounded",
            options={"xatol": 1e-9 * d},
        )
        assert abs(found.x - best) <= 1e-3 * (d - best)
        least = nakkiran2019.risk(best, d, signal, noise)
        nearby = best * np.array([0.99, 1 - 1e-3]), best + (d - 1 - best) * np.array([1e-3, 0.01])
        assert (least <= nakkiran2019.risk(np.concatenate(nearby), d, signal, noise) * (1 + 1e-12)).all()


def test_best_number_of_samples_at_the_edges() -> None:
    cases = [(100, 1.0, 0.0, 99.0), (100, 0.0, 1.0, 0.0), (100, 0.0, 0.0, 99.0), (100, 1.0, 5.0, 0.0)]
    for d, signal, noise, expected in [*cases, (1, 1.0, 0.5, 0.0), (1, 0.0, 0.5, 0.0)]:
        assert nakkiran2019.best_samples(d, signal, noise) == expected
    d = 1e9
    assert_allclose(nakkiran2019.best_samples(d, 1.0, 0.04) / d, 1 - 0.2, rtol=1e-8)
    assert_allclose(nakkiran2019.best_samples([10, 1000], 1.0, 0.01), [8 - 0.94868 + 1, 899.05001], rtol=1e-5)


@given(st.integers(1, 300), st.integers(1, 300), decades(-2, 2), decades(-2, 2), decades(-2, 2))
def test_optimal_ridge_of_a_projection(n: int, p: int, signal: float, noise: float, rest: float) -> None:
    d = p + 100 * rest
    problem = Problem([1.0], [signal * p / d], [p], tail_power=signal * (d - p) / d, noise=noise)
    best = nakkiran2021.optimal_ridge(n, p, signal, noise, d)
    assert_allclose(best, theory.optimal_ridge(problem, n), rtol=1e-6)
    assert_allclose(nakkiran2021.optimal_ridge(n, p, signal, noise, p), p * noise / (n * signal), rtol=1e-13)
    assert_allclose(nakkiran2021.optimal_ridge(n, p, signal, noise), p * noise / (n * signal), rtol=1e-13)
    for ridge in (0.0, best, inf):
        risk = nakkiran2021.model_wise_risk(n, p, d, signal, noise, ridge)
        for name, value in theory.ridge(problem, n, ridge)._asdict().items():
            assert_allclose(getattr(risk, name), value, rtol=1e-9, atol=1e-300, err_msg=name)


def test_optimal_ridge_at_the_edges() -> None:
    assert nakkiran2021.optimal_ridge(10, 20, 0.0, 1.0) == inf
    assert nakkiran2021.optimal_ridge(10, 20, 1.0, 0.0) == 0.0
    assert nakkiran2021.optimal_ridge(10, 20, 0.0, 0.0, 40) == 0.0
    table = nakkiran2021.optimal_ridge([[10], [20]], [5, 10], 1.0, 0.3, [50, 60])
    assert table[1, 0] == nakkiran2021.optimal_ridge(20, 5, 1.0, 0.3, 50)


@given(st.integers(2, 300), st.integers(2, 200), decades(-2, 2))
def test_with_the_best_ridge_features_and_samples_never_hurt(n: int, d: int, noise: float) -> None:
    """[nakkiran2021, Thm 3 (number unverified)], in the limit formula."""
    p = np.unique(np.linspace(1, d, 30).round())
    ridges = nakkiran2021.optimal_ridge(n, p, 1.0, noise, d)
    assert (np.diff(nakkiran2021.model_wise_risk(n, p, d, 1.0, noise, ridges).test) <= 1e-12).all()
    samples = n * np.geomspace(0.1, 10, 30)
    ridges = nakkiran2021.optimal_ridge(samples, d, 1.0, noise)
    assert (np.diff(nakkiran2021.model_wise_risk(samples, d, d, 1.0, noise, ridges).test) <= 1e-12).all()
    peak = nakkiran2021.model_wise_risk([0.99 * d, d, 1.01 * d], d, d, 1.0, noise).test
    assert peak[1] == inf


# -- schaeffer2023 ---------------------------------------------------------------------------------


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 8), st.integers(0, 99))
def test_prediction_error_is_an_identity(n: int, p: int, rank: int, seed: int) -> None:
    rng = np.random.default_rng([12, n, p, rank, seed])
    rank = min(rank, n, p)
    X = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, p))
    beta, errors, x = rng.standard_normal(p), rng.standard_normal(n), rng.standard_normal(p)
    parts = schaeffer2023.prediction_error(X, beta, errors, x)
    fit = np.linalg.pinv(X, rcond=1e-12) @ (X @ beta + errors)
    scale = np.abs(parts.terms).sum() + 1
    assert parts.terms.shape == (rank,)
    assert_allclose(parts.total, x @ fit - x @ beta, rtol=0, atol=1e-8 * scale)
    assert_allclose(parts.variance, parts.terms.sum(), rtol=0, atol=1e-12 * scale)
    clean = schaeffer2023.prediction_error(X, beta, 0 * errors, x)
    assert clean.variance == 0  # one factor ablated: only what the samples do not span is left
    assert_allclose(clean.total, x @ np.linalg.pinv(X, rcond=1e-12) @ X @ beta - x @ beta, rtol=0, atol=1e-9)
    if rank == p:
        assert parts.null_space == 0


def test_terms_are_ordered_and_a_zero_matrix_has_none() -> None:
    parts = schaeffer2023.prediction_error(np.diag([0.1, 10.0, 1.0]), [0, 0, 0], [1, 2, 3], [1, 1, 1])
    assert_allclose(parts.terms, [0.2, 3.0, 10.0], rtol=1e-14)
    nothing = schaeffer2023.prediction_error(np.zeros((2, 3)), [1, 2, 3], [1, 1], [1, 0, 1])
    assert nothing.terms.size == nothing.variance == 0
    assert nothing.total == nothing.null_space == -4


# -- curth2023 -------------------------------------------------------------------------------------

SPECTRUM = Problem([4.0, 1.0, 0.25], [4.0, 0.5, 0.5], [100, 200, 100], noise=0.5)


@pytest.mark.parametrize("n", [90, 200])
@pytest.mark.parametrize("ridge", [0.0, 0.2])
def test_effective_parameters_against_simulation(n: int, ridge: float) -> None:
    """tr S S' and n E |s(x)|^2 self-average: allowance 5/n."""
    problem, scale = Problem([2.0, 0.4], [0.0, 0.0], [40, 100]), np.sqrt(np.repeat([2.0, 0.4], [40, 100]))
    rng, train, test = np.random.default_rng(13), [], []
    for _ in range(20):
        X = rng.standard_normal((n, 140)) * scale
        P = np.linalg.solve(X.T @ X + n * ridge * np.eye(140), X.T) if ridge else np.linalg.pinv(X)
        train.append(((X @ P) ** 2).sum())
        test.append(n * ((scale[:, None] * P) ** 2).sum())
    counts = curth2023.effective_parameters(problem, n, ridge)
    assert_allclose(counts.train, np.mean(train), rtol=5 / n)
    assert_allclose(counts.test, np.mean(test), rtol=5 / n)


def test_effective_parameters_without_ridge() -> None:
    """linear.md 6: below the rank n and n (1/Delta - 1), above it rank and n rank/(n - rank)."""
    n = np.array([100.0, 200.0, 400.0, 800.0])
    counts = curth2023.effective_parameters(SPECTRUM, n)
    fit = theory.ridge(SPECTRUM, n)
    assert_allclose(counts.train, [100, 200, 400, 400], rtol=1e-10)
    expected = n[:2] * (1 / (1 - fit.df2[:2] / n[:2]) - 1)
    assert_allclose(counts.test, [*expected, inf, 800 * 400 / 400], rtol=1e-9)
    assert np.diff(counts.test)[2] < 0 < np.diff(counts.test)[0]


@given(st.sampled_from([20.0, 400.0, 900.0]), maybe(decades(-6, 3)) | st.just(inf))
def test_effective_parameters_by_their_formula(n: float, ridge: float) -> None:
    counts, fit = curth2023.effective_parameters(SPECTRUM, n, ridge), theory.ridge(SPECTRUM, n, ridge)
    if ridge > 0:
        share = 1.0 if ridge == inf else ridge / fit.kappa
        V = (fit.df2 / n) / (1 - fit.df2 / n)
        assert_allclose(counts.test, n * V, rtol=1e-6)
        assert_allclose(counts.train, n * ((fit.df / n) ** 2 + share**2 * V), rtol=1e-6)
    assert counts.train <= min(n, 400) * (1 + 1e-12)
    silent = curth2023.effective_parameters(Problem([4.0, 1.0, 0.25], [0, 0, 0], [100, 200, 100]), n, ridge)
    assert silent == counts


def test_effective_parameters_of_isotropic_least_squares() -> None:
    n = 30
    p = np.array([0, 5, 28, 29, 30, 31, 32, 60, 3000])
    counts = curth2023.least_squares(n, p)
    assert counts.train.tolist() == np.minimum(n, p).tolist()
    expected = [0, 150 / 24, 840, inf, inf, inf, 900, 900 / 29, 900 / 2969]
    assert_allclose(counts.test, expected, rtol=1e-14)
    limit = curth2023.effective_parameters(Problem.isotropic(2e6), 1e6)
    assert_allclose(curth2023.least_squares(1e6, 2e6), limit, rtol=1e-5)


def test_multiple_descent_in_samples() -> None:
    """linear.md 1.5: two scales peak at the first multiplicity, finitely, and at the rank."""
    problem = Problem([1.0, 0.01], [0.0, 0.0], [200, 200], noise=0.1)
    V = theory.ridge(problem, [100, 200, 300, 400, 800]).var_noise_samples
    assert_allclose(V, [0.0928, 0.505, 0.4784, inf, 0.1], rtol=1e-3)
    counts = curth2023.effective_parameters(problem, [100, 200, 300, 400, 800]).test
    assert_allclose(counts, 10 * V * np.array([100, 200, 300, 400, 800]), rtol=1e-12)
    assert all(a != b for a, b in pairwise(V))


# -- arguments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (belkin2020.gaussian, (10, 5, -1.0), "signal = -1"),
        (belkin2020.gaussian_random, (10, 101, 100), "p = 101 must not exceed d = 100"),
        (belkin2020.prescient, (10, 4, [1.0, 2.0, 3.0]), "p = 4 must not exceed the length of beta = 3"),
        (belkin2020.prescient, (10, 1.5, [1.0, 2.0]), r"p = 1\.5 must be a whole number >= 0"),
        (belkin2020.prescient, (10, 0, []), r"beta has shape \(0,\)"),
        (belkin2020.prescient, (10, 0, [[1.0]]), r"beta has shape \(1, 1\)"),
        (belkin2020.prescient, (10, 1, [1.0, inf]), "signal = inf"),
        (belkin2020.fourier, (0.5, 1.2), r"rho_p = 1\.2 must be in \(0, 1\]"),
        (belkin2020.haar, (20, 5, 10), "n = 20 must not exceed d = 10"),
        (hastie2022.misspecified, (0.0, 1.0, 1.0, 1.0), "gamma = 0 must be finite and positive"),
        (hastie2022.misspecified, (1.0, 1.0, 1.0, -1.0), "decay = -1"),
        (hastie2022.misspecified, (1.0, 1.0, 1.0, 1.0, -0.5), r"ridge = -0\.5"),
        (hastie2022.latent, (1.0, 1.5, 1.0, 1.0, 0.1), r"psi = 1\.5 must be in \(0, 1\]"),
        (hastie2022.latent, (1.0, 0.0, 1.0, 1.0, 0.1), r"psi = 0 must be in \(0, 1\]"),
        (hastie2022.latent, (1.0, 0.5, -1.0, 1.0, 0.1), "mu = -1"),
        (hastie2022.latent, ([1.0, 2.0], 0.5, 1.0, [1.0, 2.0, 3.0], 0.1), "shapes do not broadcast"),
        (hastie2022.general_covariance, (np.eye(2), [1.0], 5), "Sigma has shape"),
        (hastie2022.general_covariance, (np.eye(2), [1.0, 1.0], 5, -1.0), "noise = -1"),
        (hastie2022.general_covariance, (np.eye(2), [1.0, 1.0], 5, 1.0, -0.1), r"ridge = -0\.1 is too"),
        (dobriban2018.risk, ([1.0, 2.0], [0.5, 0.6], 1.0), r"weights of shape \(2,\) sum to 1\.1"),
        (dobriban2018.risk, ([1.0, 2.0], [1.5, -0.5], 1.0), r"weights = -0\.5"),
        (dobriban2018.risk, ([1.0], [0.5, 0.5], 1.0), r"eigenvalues has shape \(1,\)"),
        (dobriban2018.risk, ([1.0, -2.0], [0.5, 0.5], 1.0), "eigenvalues = -2"),
        (dobriban2018.risk, ([1.0], [1.0], 1.0, 1.0, 1.0, -0.1), r"ridge = -0\.1"),
        (bartlett2020.effective_ranks, ([1.0, 0.5], 2), "k = 2 must be below the number of eigenvalues, 2"),
        (bartlett2020.effective_ranks, ([1.0, 0.5], 0.5), r"k = 0\.5 must be a whole number"),
        (bartlett2020.effective_ranks, ([], 0), r"eigenvalues has shape \(0,\)"),
        (bartlett2020.critical_index, ([1.0, -0.5], 3), r"eigenvalues = -0\.5"),
        (bartlett2020.critical_index, ([1.0], 3, 0.0), "b = 0 must be"),
        (bartlett2020.variance_rate, ([1.0], 0), "n = 0 must be"),
        (muthukumar2020.ideal_interpolator, (30, 20, 1.0), "p = 20 must be at least n = 30"),
        (muthukumar2020.fourier, (8, [0.0, 0.0], 0, 0.1), r"weights of shape \(2,\) must be"),
        (muthukumar2020.fourier, (8, [1.0, -1.0], 0, 0.1), "weights = -1"),
        (muthukumar2020.fourier, (8, [1.0, 1.0], 2, 0.1), "index = 2 must be below the number of weights, 2"),
        (muthukumar2020.fourier, (8.5, [1.0, 1.0], 1, 0.1), r"n = 8\.5 must be a whole number >= 1"),
        (muthukumar2020.fourier, (8, [1.0, 1.0], 1, -0.1), r"noise = -0\.1"),
        (nakkiran2019.risk, (10, -5), "d = -5"),
        (nakkiran2019.best_samples, (0.5,), r"d = 0\.5 must be at least 1"),
        (nakkiran2021.optimal_ridge, (10, 50, 1.0, 0.1, 40), "p = 50 must not exceed d = 40"),
        (nakkiran2021.model_wise_risk, (10, 50, 40, 1.0, 0.1), "p = 50 must not exceed d = 40"),
        (nakkiran2021.model_wise_risk, (10, 0, 40, 1.0, 0.1), "p = 0 must be"),
        (schaeffer2023.prediction_error, ([1.0], [1.0], [1.0], [1.0]), r"X has shape \(1,\)"),
        (schaeffer2023.prediction_error, (np.eye(2), [1.0], [1.0, 1.0], [1.0, 1.0]), r"beta has shape"),
        (schaeffer2023.prediction_error, (np.eye(2), [1.0, 1.0], [1.0], [1.0, 1.0]), r"errors has shape"),
        (schaeffer2023.prediction_error, (np.eye(1), [inf], [1.0], [1.0]), "contains infinity"),
        (curth2023.effective_parameters, (SPECTRUM, inf), "n = inf must be finite"),
        (curth2023.effective_parameters, (SPECTRUM, 10, -1.0), "ridge = -1"),
        (curth2023.least_squares, (10, -1), "p = -1"),
    ],
)  # fmt: skip
def test_bad_arguments(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        function(*arguments)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "paper",
    [
        bartlett2020,
        belkin2020,
        curth2023,
        dobriban2018,
        hastie2022,
        muthukumar2020,
        nakkiran2019,
        nakkiran2021,
        schaeffer2023,
    ],
    ids=lambda paper: paper.PAPER.key,
)
def test_every_statement_has_a_status(paper: Any) -> None:
    public = {name for name, value in vars(paper).items() if _is_own_function(paper, name, value)}
    assert set(paper.PAPER.statements) == public


def _is_own_function(module: Any, name: str, value: Any) -> bool:
    own = getattr(value, "__module__", None) == module.__name__
    return own and callable(value) and not name.startswith("_") and not isinstance(value, type)


# -- lejeune2020 -----------------------------------------------------------------------------------


@given(decades(-2, 2), st.floats(0.01, 0.99), POWERS, POWERS)
def test_an_ensemble_is_ridge_regression(gamma: float, x: float, signal: float, noise: float) -> None:
    """At kappa = (1 - share)/share."""
    share = x * min(1.0, 1 / gamma)
    kappa = (1 - share) / share
    ridge = kappa * (1 - share * gamma)  # kappa (1 - df1/n), the core equation
    core = theory.ridge(Problem.isotropic(gamma, signal, noise), 1.0, ridge).test
    assert_allclose(lejeune2020.ensemble(gamma, share, signal, noise), core, rtol=1e-7)


@given(decades(-2, 2), decades(-3, 3), decades(-3, 3))
def test_the_best_share_is_the_best_ridge(gamma: float, signal: float, noise: float) -> None:
    share = float(lejeune2020.best_share(gamma, signal, noise))
    best = lejeune2020.ensemble(gamma, share, signal, noise)
    problem = Problem.isotropic(gamma, signal, noise)
    assert_allclose(best, theory.ridge(problem, 1.0, gamma * noise / signal).test, rtol=1e-9)
    for other in (0.9 * share, min(1.1 * share, 1.0, 0.999 / gamma)):
        assert lejeune2020.ensemble(gamma, other, signal, noise) >= best * (1 - 1e-12)


def test_without_noise_the_best_share_is_a_limit() -> None:
    assert_allclose(lejeune2020.best_share([0.5, 1.0, 4.0], noise=0.0), [1.0, 1.0, 0.25])


@pytest.mark.parametrize(("gamma", "share", "told"), [
    (0.5, 1.5, "share = 1.5 must be at most 1"),
    (2.0, [0.1, 0.6], "share = 0.6 must be below 1/gamma = 0.5"),
])  # fmt: skip
def test_a_share_that_no_fit_can_take(gamma: float, share: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        lejeune2020.ensemble(gamma, share)
