"""Papers on random features and kernels: each against its own formulas, the core, or an experiment."""

from math import e, inf, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.testing import assert_allclose

from tests.strategies import Point, decades, maybe, near_tie, points, problems
from theory import ConvergenceError, Problem, Risk, ensemble, random_features, ridge
from theory.activation import moments
from theory.arguments import Array
from theory.papers import (
    adlam2020,
    adlam2020ntk,
    bach2024,
    belkin2019,
    dascoli2020,
    dascoli2020triple,
    defilippis2024,
    ghorbani2021,
    hastie2022,
    liao2020,
    mallinar2022,
    mei2022,
    rahimi2007,
    simon2023,
    simon2024,
)

ratios = decades(-1, 1)
pairs = st.tuples(decades(-1, 1), decades(-1, 1))  # (mu1, mu_star2)


def expected(mean: Any, samples: Any, allowance: float) -> None:
    """|z| <= 5 (a right formula fails once in 1.7 million seeds) beside a finite-size allowance."""
    error = np.std(samples, ddof=1) / sqrt(len(samples))
    assert abs(np.mean(samples) - mean) <= 5 * error + allowance * mean
    assert 5 * error + allowance * mean < 0.25 * mean  # else the check could not fail


# -- dascoli2020 -----------------------------------------------------------------------------------


@given(ratios, ratios, maybe(decades(-4, 1)), pairs, maybe(decades(-1, 1)), decades(-1, 1), decades(0, 3))
def test_dascoli2020_order_parameters(
    psi1: float, psi2: float, lam: float, pair: tuple[float, float], nonlinear: float, noise: float, K: float
) -> None:
    """error = F1^2 (1 - 2 Psi1 + Psi2) + (F*^2 + tau^2) Psi3 + F*^2 and its ensemble form."""
    assume(abs(psi1 - psi2) > 1e-6)
    fit = mei2022.risk(psi1, psi2, lam, pair)
    V = mei2022.coefficients(psi1, psi2, lam, pair).V
    Psi1 = pair[0] ** 2 / (pair[0] ** 2 + fit.gamma_eff)
    Psi5 = fit.df2 / (psi2 - fit.df2)
    found = dascoli2020.decomposition(psi1, psi2, lam, pair, 0.0, nonlinear, noise, K)
    excess = (nonlinear + noise) * (V / K + (1 - 1 / K) * Psi5) + nonlinear
    assert_allclose(found.test - noise, excess, rtol=1e-7)
    clean = dascoli2020.decomposition(psi1, psi2, lam, pair, 2.0)
    assert_allclose(clean.bias, 2 * (1 - Psi1) ** 2, rtol=1e-7, atol=1e-14)


def test_dascoli2020_is_an_ensemble() -> None:
    mu = moments("relu")
    problem = Problem([mu.mu1**2], [2.0], tail=mu.mu_star2, tail_power=0.3, noise=0.4)
    K = np.array([1.0, 3.0, inf])
    found = dascoli2020.decomposition(2.0, 1.5, 0.01, "relu", 2.0, 0.3, 0.4, K)
    assert_allclose(found.test, ensemble(problem, 1.5, 2.0, 0.01, feature_draws=K), rtol=1e-13)
    assert_allclose(found.test[0], mei2022.risk(2.0, 1.5, 0.01, "relu", 2.0, 0.3, 0.4).test, rtol=1e-13)
    assert found.bias.shape == found.sampling.shape == (3,)


def test_dascoli2020_claims() -> None:
    """Only noise and initialization diverge; bias, sampling and K = inf are flat beyond the threshold."""
    peak = dascoli2020.decomposition(1.0, 1.0, noise=0.5)
    assert peak.noise == peak.initialization == peak.test == inf
    assert np.isfinite([peak.sampling, peak.bias]).all()
    assert np.isfinite(dascoli2020.decomposition(1.0, 1.0, noise=0.5, members=inf).test)
    assert dascoli2020.decomposition(1.0, 1.0).noise == 0
    wide = dascoli2020.decomposition([1.5, 3.0, 30.0], 1.0, noise=0.5, members=inf)
    for curve in (wide.bias, wide.sampling, wide.test):
        assert_allclose(curve, curve[0], rtol=1e-12)


# -- dascoli2020triple -----------------------------------------------------------------------------


def test_dascoli2020triple_broadcasts_over_linearity() -> None:
    r, psi2 = np.array([[0.0], [0.3], [0.3], [1.0]]), np.array([0.5, 1.0, 4.0])
    table = dascoli2020triple.risk(4.0, psi2, 1e-3, r, signal=2.0, noise=0.5)
    for i in range(4):
        for j in range(3):
            pair = (sqrt(r[i, 0]), 1 - r[i, 0])
            one = mei2022.risk(4.0, psi2[j], 1e-3, pair, signal=2.0, noise=0.5)
            assert_allclose([field[i, j] for field in table], one, rtol=1e-12)
    scalar = dascoli2020triple.risk(4.0, 1.0, 1e-3, 0.3)
    assert isinstance(scalar, Risk)
    assert isinstance(scalar.test, np.float64)


def test_dascoli2020triple_ends() -> None:
    nothing = dascoli2020triple.risk(3.0, 2.0, 0.1, 0.0, signal=2.0)
    assert nothing.bias == 2.0
    linear = dascoli2020triple.risk(inf, [0.5, 2.0], 0.1, 1.0, signal=2.0, noise=0.3)
    assert_allclose(linear.test, hastie2022.isotropic([2.0, 0.5], 2.0, 0.3, 0.1).test, rtol=1e-13)
    # r = 1: the rank is 1 per dimension, so that the one peak is where the smaller of the two passes it
    assert dascoli2020triple.risk(3.0, 1.0, 0.0, 1.0, noise=0.1).test == inf
    assert np.isfinite(dascoli2020triple.risk(3.0, 3.0, 0.0, 1.0, noise=0.1).test)
    assert dascoli2020triple.risk(3.0, 3.0, 0.0, 0.999, noise=0.1).test == inf


def test_dascoli2020triple_two_peaks() -> None:
    """The noise variance peaks at n = d and n = p, that of the initialization at n = p alone."""
    psi2 = np.geomspace(0.1, 100, 200)
    fit = dascoli2020triple.risk(10.0, psi2, 1e-4, 0.9, noise=5.0)

    def peaks(curve: Any) -> Any:
        return psi2[1:-1][(curve[1:-1] > curve[:-2]) & (curve[1:-1] > curve[2:])]

    noise, start = fit.var_noise_samples + fit.var_noise_samples_features, fit.var_samples_features
    assert_allclose(peaks(noise), [1.0, 10.0], rtol=0.2)
    assert_allclose(peaks(start)[-1:], [10.0], rtol=0.1)
    ensembled = fit.var_noise_samples  # infinitely many feature draws
    assert_allclose(peaks(ensembled), [1.0], rtol=0.2)


def test_dascoli2020triple_linearity() -> None:
    assert dascoli2020triple.linearity("identity") == 1
    assert dascoli2020triple.linearity((3.0, 3.0)) == 0.75
    assert_allclose(dascoli2020triple.linearity(np.tanh), dascoli2020triple.linearity("tanh"), rtol=1e-12)
    assert np.isnan(dascoli2020triple.linearity(lambda x: 0 * x + 1))


def test_activations_without_a_linear_part_learn_nothing_linear() -> None:
    """[mei2022] with moments by quadrature: as with the exact moments, nothing is left of rounding."""

    def constant(x: Array) -> Array:
        return np.full_like(x, 2.0)

    assert mei2022.risk(2.0, 3.0, 0.0, constant, noise=0.1).test == 1.1
    assert mei2022.risk(2.0, 3.0, 0.0, constant, noise=0.1) == mei2022.risk(2.0, 3.0, 0.0, (0, 0), noise=0.1)
    assert mei2022.optimal(2.0, 3.0, np.abs, noise=0.1).ridge == inf


# -- adlam2020 -------------------------------------------------------------------------------------


@given(ratios, ratios, decades(-4, 2), maybe(decades(-2, 1)))
def test_adlam2020_is_the_core_at_any_d(phi: float, psi: float, gamma: float, noise: float) -> None:
    """K = F'F/N + gamma I: gamma = n ridge, with the eigenvalue mu1^2/d of multiplicity d."""
    d, mu = 200.0, moments("tanh")
    problem = Problem([mu.mu1**2 / d], [1.0], [d], tail=mu.mu_star2, noise=noise)
    core = random_features(problem, d / phi, d / psi, gamma * phi / d)
    found = adlam2020.decomposition(phi, psi, gamma, "tanh", noise=noise)
    names = ("bias", "var_features", "var_samples", "var_samples_features")
    names += ("var_noise_samples", "var_noise_samples_features", "test")
    assert_allclose(found, [getattr(core, name) for name in names], rtol=1e-9)


def test_adlam2020_limits_and_claims() -> None:
    def terms(*args: Any, **kwargs: Any) -> Any:
        return np.array(adlam2020.decomposition(*args, noise=0.2, **kwargs))

    assert_allclose(terms(0.5, 0.0, 0.1), terms(0.5, 1e-12, 0.1), rtol=1e-9, atol=1e-9)
    assert_allclose(terms(0.0, 0.5, 0.1), terms(1e-12, 0.5, 0.1), rtol=1e-9, atol=1e-9)
    assert_allclose(terms(0.5, 0.5, inf), [1, 0, 0, 0, 0, 0, 1.2], rtol=1e-14)
    assert terms(0.0, 0.5, inf)[-1] == 1.2
    peak = adlam2020.decomposition(0.5, 0.5, 0.0, noise=0.2)
    assert peak.V_PX == peak.V_PXe == peak.test == inf
    assert np.isfinite([peak.B, peak.V_P, peak.V_X, peak.V_Xe]).all()
    assert (np.diff(adlam2020.decomposition(0.5, np.geomspace(10, 0.01, 40), 0.1).B) <= 0).all()


# -- adlam2020ntk ----------------------------------------------------------------------------------


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


@given(ratios, ratios, maybe(decades(-6, 2)), st.sampled_from(["relu", "erf", "abs", "identity"]))
def test_adlam2020ntk_without_its_second_part_is_mei2022(
    phi: float, psi: float, gamma: float, name: str
) -> None:
    assume(abs(phi - psi) > 1e-3 and abs(phi - 1) > 1e-3 and abs(psi - 1) > 1e-3)
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
    expected(adlam2020ntk.risk(d / n, d / N, gamma, "erf", noise=noise).test, errors, 0.06)
    alone = adlam2020ntk.risk(d / n, d / N, gamma, "erf", 0.0, noise=noise).test
    assert abs(alone / np.mean(errors) - 1) > 0.5  # the second part of the kernel matters


# -- defilippis2024, bach2024, simon2023, simon2024 ------------------------------------------------

moderate = points(problem=problems(span=3), ridge=decades(-6, 2), infinite=False)


@given(moderate)
def test_defilippis2024_as_printed(point: Point) -> None:
    problem, n, p, lam = point
    assume(problem.rank > 0 and n * p < 1e8)
    with mp.workdps(50):
        fit = defilippis2024.equivalents(problem, n, p, lam)
        nu1, nu2 = mpf(float(fit.nu1)), mpf(float(fit.nu2))
        keep = problem.eigenvalues > 0
        rows = list(
            zip(problem.eigenvalues[keep], problem.multiplicity[keep], problem.power[keep], strict=True)
        )
        T = sum(m / (1 + nu2 / mpf(x)) for x, m, _ in rows) + problem.tail / nu2
        q = sum(m / (1 + nu2 / mpf(x)) ** 2 for x, m, _ in rows)
        # their equation for nu2, its two sides as functions of nu2; rounding of nu2 moves them by 1e-13
        n, p, lam = mpf(n), mpf(p), n * mpf(lam)
        root = mp.sqrt((1 - n / p) ** 2 + 4 * lam / (p * nu2))
        assert_allclose(
            float(1 + n / p - root), float(2 * T / p), rtol=1e-10, atol=1e-10 * (1 + float(n / p))
        )
        upsilon = p / n * ((1 - nu1 / nu2) ** 2 + (nu1 / nu2) ** 2 * q / (p - q))
        chi = (sum(m * x / (x + nu2) ** 2 for x, m, _ in rows) + problem.tail / nu2**2) / (p - q)
        assert_allclose(float(fit.upsilon), float(upsilon), rtol=1e-9, atol=1e-12)
        assert_allclose(float(fit.chi), float(chi), rtol=1e-9)
        if upsilon < 0.999:
            unlearnable = problem.tail_power + float(problem.power[~keep].sum())
            bias = sum(v * (nu2 / (x + nu2)) ** 2 for x, _, v in rows) + unlearnable
            bias += chi * nu2 * sum(v * x * nu2 / (x + nu2) ** 2 for x, _, v in rows)
            assert_allclose(float(fit.bias), float(bias / (1 - upsilon)), rtol=1e-7)
            variance = problem.noise * upsilon / (1 - upsilon)
            assert_allclose(float(fit.variance), float(variance), rtol=1e-7, atol=1e-12 * problem.noise)


@given(points())
def test_defilippis2024_anywhere(point: Point) -> None:
    """No nan, 0 <= Upsilon <= 1, and the parts of the core's test error."""
    problem, n, p, lam = point
    fit = defilippis2024.equivalents(problem, n, p, lam)
    assert not np.isnan(fit).any()
    assert -1e-15 <= fit.upsilon <= 1 + 1e-12
    assert fit.chi >= 0
    risk = random_features(problem, n, p, lam)
    assert_allclose(problem.noise + fit.bias + fit.variance, risk.test, rtol=1e-12)
    if not near_tie(point) and fit.upsilon < 0.9 and problem.noise > 0:
        assert_allclose(fit.variance, problem.noise * fit.upsilon / (1 - fit.upsilon), rtol=1e-9)


def test_defilippis2024_edges() -> None:
    problem = Problem([1.0, 0.5], [1.0, 1.0], [10, 20], noise=0.2)
    peak = defilippis2024.equivalents(problem, 20, 20)
    assert_allclose(peak.upsilon, 1.0, rtol=1e-14)
    assert_allclose(peak.chi, 1 / peak.nu2, rtol=1e-12)
    assert peak.bias == peak.variance == inf
    assert defilippis2024.equivalents(problem, 50, inf, 0.1).chi == 0
    full = defilippis2024.equivalents(problem, [60.0, 60.0, inf], [30.0, 40.0, 40.0])
    assert_allclose(full.upsilon, [0.5, 0.5, 0.0], rtol=1e-14)
    assert_allclose(full.chi, [inf, 5.0, 5.0], rtol=1e-14)
    none = defilippis2024.equivalents(problem, 20, 30, inf)
    assert (none.upsilon, none.chi, none.bias, none.variance) == (0.0, 0.0, 2.0, 0.0)


@given(points(ridge=st.just(0.0)))
def test_bach2024_closed_forms(point: Point) -> None:
    problem, n, p, _ = point
    assume(not near_tie(point) and n != p and min(n, p) < problem.rank and n < inf)
    found = bach2024.minimum_norm(problem, n, p)
    risk = random_features(problem, n, p)
    A, q, w = risk.bias, risk.df2, min(n, p) - risk.df2
    lam = problem.eigenvalues
    C = (problem.power * lam * risk.gamma_eff / (lam + risk.gamma_eff) ** 2).sum()
    assume(w > 1e-4 * min(n, p))  # n - q is w, which the core sums and this test subtracts
    if p < n:
        noiseless, noise_part = n / (n - p) * (A + C), problem.noise * p / (n - p)
    else:
        noiseless = n / (n - q) * A + (n / (p - n) * (A + C) if p < inf else 0.0)
        noise_part = problem.noise * (q / (n - q) + (n / (p - n) if p < inf else 0.0))
    assert_allclose(found.noiseless, noiseless, rtol=1e-9)
    assert_allclose(found.noise_part, noise_part, rtol=1e-9)
    assert_allclose(found.test, problem.noise + noiseless + noise_part, rtol=1e-9)


def test_bach2024_edges() -> None:
    problem = Problem([1.0, 0.5], [1.0, 1.0], [10, 20], tail_power=0.4, noise=0.2)
    peak = bach2024.minimum_norm(problem, 20, 20)
    assert peak == (inf, inf, inf)
    assert bach2024.minimum_norm(Problem([1.0], [1.0], [30]), 20, 20) == (inf, inf, 0.0)
    full = bach2024.minimum_norm(problem, 60, [30, 31, 60, 500, inf])  # no peak at n = p
    assert_allclose(full.noiseless, 0.8, rtol=1e-12)
    assert_allclose(full.noise_part, 0.2, rtol=1e-12)
    assert bach2024.minimum_norm(problem, inf, 50) == (0.2 + 0.4, 0.4, 0.0)


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


# -- mallinar2022 ----------------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.floats(1.05, 12), decades(-1, 1.3), maybe(decades(-6, 1)))
@example(1.1, 100.0, 0.0)
@example(1.5, 30.0, 1e-3)
def test_mallinar2022_power_law_sums(a: float, n: float, lam: float) -> None:
    """Directly to M, then Hurwitz zetas, at 30 digits."""
    found = mallinar2022.power_law(n, a, lam)
    with mp.workdps(30):
        kappa, exponent = mpf(float(found.kappa)), mpf(a)
        M = int(mp.ceil((30 / kappa) ** (1 / exponent)))
        assume(M < 3000)
        share = [1 / (1 + kappa * mpf(i) ** exponent) for i in range(1, M + 1)]
        T, q = sum(share), sum(s**2 for s in share)
        for j in range(20):
            T += (-1) ** j * kappa ** -(j + 1) * mp.zeta(exponent * (j + 1), M + 1)
            q += (-1) ** j * (j + 1) * kappa ** -(j + 2) * mp.zeta(exponent * (j + 2), M + 1)
        left = n * mpf(lam) / kappa
        assert abs(T + left - n) < 1e-11 * (T - q + left)  # kappa is right to 1e-11
        assert_allclose(float(found.overfitting), float(n / (n - q)), rtol=1e-9)


@settings(max_examples=25)
@given(st.floats(0.001, 0.99), decades(-1, 1.6), maybe(decades(-6, 1)))
def test_mallinar2022_exponential_sums(r: float, n: float, lam: float) -> None:
    found = mallinar2022.exponential(n, r, lam)
    with mp.workdps(120):
        kappa, level, T, q = mpf(float(found.kappa)), mpf(1), mpf(0), mpf(0)
        assume(kappa > 1e-280)
        while level / kappa > 1e-25:
            T, q, level = T + level / (level + kappa), q + (level / (level + kappa)) ** 2, level * mpf(r)
        left = n * mpf(lam) / kappa
        assert abs(T + left - n) < 1e-11 * (T - q + left)
        assert_allclose(float(found.overfitting), float(n / (left + T - q)), rtol=1e-9)


def test_mallinar2022_is_the_core() -> None:
    """A truncated power law with its rest as tail, and a geometric spectrum that has underflowed."""
    index = np.arange(1.0, 40001)
    cut = Problem(index**-1.5, index * 0, tail=2.612375348685488 - float((index**-1.5).sum()))
    found = mallinar2022.power_law([5.0, 50.0], 1.5, [[0.0], [1e-3]])
    E0 = simon2023.overfitting_coefficient(cut, [5.0, 50.0], [[0.0], [1e-3]])
    assert_allclose(found.overfitting, E0, rtol=1e-4)
    decay = Problem(0.6 ** np.arange(1000.0), np.zeros(1000))
    found = mallinar2022.exponential([5.0, 50.0], 0.6, [[0.0], [1e-3]])
    assert_allclose(found.kappa, ridge(decay, [5.0, 50.0], [[0.0], [1e-3]]).kappa, rtol=1e-11)
    E0 = simon2023.overfitting_coefficient(decay, [5.0, 50.0], [[0.0], [1e-3]])
    assert_allclose(found.overfitting, E0, rtol=1e-10)


@pytest.mark.parametrize("a", [1.01, 1.5, 3.0, 5.99, 6.0, 60.0])
def test_mallinar2022_is_tempered(a: float) -> None:
    n = 1e5
    found = mallinar2022.power_law([n, inf], a)
    assert_allclose(found.overfitting, [a * n / (n + 0.5), a], rtol=1e-6)
    predicted = -a * np.log((n + 0.5) * (a / pi) * np.sin(pi / a))
    if predicted > -700:
        assert_allclose(np.log(found.kappa[0]), predicted, rtol=1e-5)
    # no seam between the two ways to sum
    edge = 8 / np.sin(pi / max(a, 2.0))
    below, above = (mallinar2022._power_sums(edge * (1 + side), a, 0) for side in (-1e-13, 1e-13))
    assert_allclose(below, above, rtol=1e-11)


@pytest.mark.parametrize("r", [0.2, 0.9, 0.9511, 0.9513, 0.99999])
def test_mallinar2022_is_catastrophic(r: float) -> None:
    n = 60 / -np.log(r)
    found = mallinar2022.exponential([n, inf], r)
    assert_allclose(found.overfitting, [60.0, inf], rtol=0.01 if r > 0.5 else 0.1)


@pytest.mark.parametrize("t", [-40.0, -8.0, 0.0, 15.0, 300.0])
def test_mallinar2022_exponential_has_no_seam(t: float) -> None:
    below, above = (mallinar2022._geometric_sums(t, 0.0, 0.05 * (1 + side), 2000) for side in (-1e-15, 1e-15))
    assert_allclose(below, above, rtol=2e-13)


def test_mallinar2022_extremes() -> None:
    steep = mallinar2022.power_law([1.0, 10.0], [400.0, 2000.0])
    assert_allclose(steep.kappa, [2.0**-200, 0.0], rtol=1e-11)
    assert_allclose(steep.overfitting, [2.0**199, 5 * 1.1**1000], rtol=1e-9)
    assert_allclose(mallinar2022.exponential(20.0, 1e-20).overfitting, 10 * 1e10, rtol=1e-9)
    assert_allclose(mallinar2022.exponential(20.5, 1e-300).overfitting, 82.0, rtol=1e-12)
    assert mallinar2022.power_law(5.0, 2.0, inf) == (inf, 1.0)
    assert mallinar2022.exponential(inf, 0.5, 0.1) == (0.1, 1.0)
    for penalty in (1e-300, 1e300):
        assert np.isfinite(mallinar2022.power_law([1e-5, 1e5], [[1.001], [40.0]], penalty)).all()
        assert np.isfinite(mallinar2022.exponential([1e-5, 1e5], [[0.001], [0.9999]], penalty)).all()
    assert_allclose(mallinar2022.power_law(1e12, 1 + 1e-9, 0.3), (0.3, 1.0), rtol=0.01)


# -- ghorbani2021 ----------------------------------------------------------------------------------

POWER = [0.1, 0.4, 0.3, 0.15, 0.05]


@pytest.mark.parametrize(
    ("s", "w", "model", "degree"),
    [
        (0.5, inf, "kernel", 0),
        (1.5, inf, "kernel", 1),
        (7.5, inf, "kernel", 7),
        (inf, inf, "kernel", 9),
        (2.5, 1.5, "random_features", 1),
        (1.5, 2.5, "random_features", 1),
        (inf, 0.5, "random_features", 0),
        (inf, 1.5, "neural_tangent", 2),
        (2.5, 0.5, "neural_tangent", 1),
        (1.5, 3.5, "neural_tangent", 1),
    ],
)
def test_ghorbani2021_staircase(s: float, w: float, model: str, degree: int) -> None:
    assert_allclose(ghorbani2021.limiting_excess(POWER, s, w, model), sum(POWER[degree + 1 :]), rtol=1e-14)


def test_ghorbani2021_edges() -> None:
    found = ghorbani2021.limiting_excess(POWER, [[0.0], [1.0], [1.5]], [0.5, 2.0, inf], "random_features")
    assert np.isnan(found).tolist() == [[True] * 3, [True] * 3, [False, True, False]]
    assert ghorbani2021.limiting_excess([], 1.5) == 0


def test_ghorbani2021_is_the_limit_of_the_core() -> None:
    """Kernel regression on the sphere of R^d for large d, in the middle of each step."""
    d, power = 30000, [0.0, 0.5, 0.3, 0.2]
    problem = Problem.from_kernel_on_sphere(lambda t: np.exp(t), d=d, target_power=power)
    for s in (0.5, 1.5, 2.5):
        found = ridge(problem, d**s).test
        assert_allclose(found, ghorbani2021.limiting_excess(power, s), rtol=0.01)


# -- rahimi2007 ------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["paired", "phase"])
@pytest.mark.parametrize("distance", [0.3, 1.2, 3.0])
def test_rahimi2007_by_sampling(variant: str, distance: float) -> None:
    """The variance to 5 standard errors, Hoeffding's bound above the frequency it bounds."""
    D, width, trials = 20, 1.7, 40000
    rng = np.random.default_rng(2007)
    count = D // 2 if variant == "paired" else D
    angle = distance / width * rng.standard_normal((trials, count))
    if variant == "paired":
        estimate = np.cos(angle).mean(axis=1)
    else:
        phase = rng.uniform(0, 2 * pi, angle.shape)
        estimate = 2 * (np.cos(phase) * np.cos(angle + phase)).mean(axis=1)
    error = estimate - np.exp(-((distance / width) ** 2) / 2)
    variance = rahimi2007.feature_variance(distance, D, variant, width)
    assert abs(np.mean(error**2) - variance) <= 5 * np.std(error**2) / sqrt(trials)
    for epsilon in (0.3, 0.6, 1.0):
        assert np.mean(np.abs(error) >= epsilon) <= rahimi2007.pointwise_bound(epsilon, D, variant)


@given(decades(-3, 1), decades(0, 4), decades(-1, 1))
def test_rahimi2007_variants(distance: float, D: float, width: float) -> None:
    """Paired features never vary more; both agree with the kernel form."""
    k, k2 = np.exp(-((distance / width) ** 2) / 2), np.exp(-2 * (distance / width) ** 2)
    paired, phase = (rahimi2007.feature_variance(distance, D, v, width) for v in ("paired", "phase"))
    assert paired <= phase
    assert_allclose(paired, (1 + k2 - 2 * k**2) / D, rtol=1e-6, atol=1e-14 / D)
    assert_allclose(phase, (1 + k2 / 2 - k**2) / D, rtol=1e-9)


def test_rahimi2007_edges() -> None:
    assert_allclose(rahimi2007.feature_variance(1e-6, 1.0), 1e-24, rtol=1e-11)
    assert rahimi2007.feature_variance(inf, [4.0, inf], "phase").tolist() == [0.25, 0.0]
    assert rahimi2007.feature_variance(0.0, 4.0) == 0
    assert_allclose(rahimi2007.pointwise_bound(0.3, [0.1, 400.0]), [1.0, 2 * e**-9.0], rtol=1e-13)
    assert_allclose(rahimi2007.pointwise_bound(0.3, 800.0, "phase"), 2 * e**-9.0, rtol=1e-13)
    assert rahimi2007.pointwise_bound(0.3, inf) == 0
    assert rahimi2007.uniform_bound(0.3, 10.0, 5, 0.0) == rahimi2007.uniform_bound(0.3, inf, 5, 1.0) == 0


@given(decades(-2, 0), decades(3, 7), decades(0, 2), decades(-1, 1), decades(-1, 1))
def test_rahimi2007_uniform_bound_as_printed(
    epsilon: float, D: float, d: float, diameter: float, width: float
) -> None:
    """The paper's bound counts frequencies, each of which gives two features."""
    frequencies, scale = D / 2, sqrt(d) / width
    printed = 256 * (scale * diameter / epsilon) ** 2 * np.exp(-frequencies * epsilon**2 / (4 * (d + 2)))
    found = rahimi2007.uniform_bound(epsilon, D, d, diameter, width)
    assert_allclose(found, min(1.0, printed), rtol=1e-9, atol=1e-300)


def test_rahimi2007_uniform_bound_is_one() -> None:
    """Paired features on a segment of diameter 2 in one dimension, 200 trials."""
    rng = np.random.default_rng(7)
    epsilon, D = 0.35, 4000
    distance = np.linspace(0, 2, 80)
    worst = [
        np.abs(
            np.cos(np.outer(distance, rng.standard_normal(D // 2))).mean(axis=1) - np.exp(-(distance**2) / 2)
        )
        for _ in range(200)
    ]
    assert np.mean(np.max(worst, axis=1) >= epsilon) <= rahimi2007.uniform_bound(epsilon, D, 1, 2.0) < 1e-3


# -- liao2020 --------------------------------------------------------------------------------------


def liao_data(n: int, d: int, seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d)) / sqrt(d)
    return x, np.sign(x[:, 0]) + 0.3 * rng.standard_normal(n)


def liao_plain(x: Any, N: float, lam: float) -> tuple[Any, Any]:
    """delta by the plain monotone iteration from 0, and Q."""
    n, squares = len(x), (x**2).sum(axis=1)
    size = np.exp(-(squares[:, None] + squares) / 2)
    K = np.stack([size * np.cosh(x @ x.T), size * np.sinh(x @ x.T)])
    delta = np.zeros(2)
    for _ in range(3000):
        Q = np.linalg.inv(N / n * (K / (1 + delta)[:, None, None]).sum(axis=0) + lam * np.eye(n))
        delta = np.trace(K @ Q, axis1=1, axis2=2) / n
    return delta, Q


@pytest.mark.parametrize(("N", "lam"), [(4, 0.1), (10, 0.01), (10, 3.0), (40, 1e-3)])
def test_liao2020_by_plain_iteration(N: float, lam: float) -> None:
    """The same fixed point, and train = ridge^2 y'(-dQ/d ridge)y/n by differences."""
    x, y = liao_data(20, 3)
    found = liao2020.train_error(x, y, N, lam)
    delta, _ = liao_plain(x, N, lam)
    assert_allclose([found.delta_cos, found.delta_sin], delta, rtol=1e-9)
    h = 1e-3 * lam
    Q = [y @ liao_plain(x, N, lam + step * h)[1] @ y for step in (-2, -1, 1, 2)]
    slope = (8 * (Q[2] - Q[1]) - (Q[3] - Q[0])) / (12 * h)
    assert_allclose(found.train, -(lam**2) * slope / len(y), rtol=1e-7)


@pytest.mark.parametrize("ratio", [0.3, 1.5])
def test_liao2020_by_sampling(ratio: float) -> None:
    """Fits on random frequencies; the equivalent is off by O(1/n), more beyond the transition."""
    n, lam = 200, 0.05
    x, y = liao_data(n, 20)
    N = int(ratio * n)
    rng = np.random.default_rng(2020)
    errors = []
    for _ in range(40):
        h = x @ rng.standard_normal((20, N))
        S = np.hstack([np.cos(h), np.sin(h)])
        resolvent = np.linalg.inv(S @ S.T / n + lam * np.eye(n))
        errors.append(lam**2 * np.sum((resolvent @ y) ** 2) / n)
    expected(liao2020.train_error(x, y, N, lam).train, errors, 0.03 if ratio < 0.5 else 0.12)


def test_liao2020_transition() -> None:
    """Interpolation from 2N = n on, not from N = n; cos and sin scale as kernel parts do."""
    x, y = liao_data(40, 5)
    few, many = liao2020.train_error(x, y, [18.0, 22.0], 1e-12).train
    assert few > 1e-3
    assert many < 1e-12
    many = liao2020.train_error(x, y, 1e9, 0.1)  # a kernel fit with vanishing error
    assert max(many) < 1e-6


def test_liao2020_edges() -> None:
    zero = liao2020.train_error(np.zeros((4, 2)), [1.0, 2.0, 3.0, 4.0], 3.0, [[0.1], [1e9]])
    assert (zero.delta_sin == 0).all()
    assert_allclose(zero.train[1], 7.5, rtol=1e-6)  # nothing is fitted
    assert zero.train.shape == (2, 1)
    far = liao2020.train_error([[1e3], [-2e3]], [1.0, 2.0], 2.0, 0.1)  # cosh(2e6) overflows
    assert np.isfinite(far).all()
    with pytest.raises(ConvergenceError, match="use a larger ridge"):
        liao2020.train_error(*liao_data(10, 2), 3.0, 1e-300)


# -- belkin2019 ------------------------------------------------------------------------------------


def test_belkin2019_counts() -> None:
    W, b, V, c = np.zeros((7, 5)), np.zeros(7), np.zeros((3, 7)), np.zeros(3)
    assert belkin2019.network_parameters(5, 7, 3) == sum(a.size for a in (W, b, V, c))
    assert belkin2019.network_parameters([[5], [6]], [7, 8], 3).shape == (2, 2)
    for model, value in [("random_relu", 8), ("complex_fourier", 8), ("real_fourier", 4), ("network", 24)]:
        found = belkin2019.interpolation_threshold([8, 16], model, classes=3)
        assert found.tolist() == [value, 2 * value]
    assert isinstance(belkin2019.interpolation_threshold(8), np.float64)


@pytest.mark.parametrize(("model", "below"), [("random_relu", 11), ("real_fourier", 5)])
def test_belkin2019_threshold_by_fitting(model: str, below: int) -> None:
    """The least-squares residual vanishes at the threshold and not one unit earlier."""
    n, d = 12, 4
    rng = np.random.default_rng(2019)
    x, y, w = rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal((d, n))

    def residual(units: int) -> float:
        h = x @ w[:, :units]
        features = np.maximum(h, 0) if model == "random_relu" else np.hstack([np.cos(h), np.sin(h)])
        return float(np.sum((y - features @ np.linalg.pinv(features, rcond=1e-12) @ y) ** 2))

    threshold = belkin2019.interpolation_threshold(n, model)
    assert threshold == below + 1
    assert residual(below) > 1e-6 > 1e-16 > residual(below + 1)


# -- arguments -------------------------------------------------------------------------------------

PROBLEM = Problem([1.0, 0.1], [1.0, 0.5], [10, 100], noise=0.1)
X, Y = [[0.3, -0.5], [1.0, 0.2]], [1.0, -1.0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: dascoli2020.decomposition(-1.0, 1.0), "psi1 = -1"),
        (lambda: dascoli2020.decomposition(1.0, 2.0, members=[1, 0.5]), "members = 0.5 must be at least 1"),
        (lambda: dascoli2020triple.risk(1.0, 2.0, 0.1, [0.5, 1.5]), r"linearity = 1.5 must be in \[0, 1\]"),
        (lambda: dascoli2020triple.risk(1.0, 2.0, 0.1, -0.1), "linearity = -0.1"),
        (lambda: dascoli2020triple.risk(1.0, 2.0, -0.1, 0.5), "ridge = -0.1"),
        (lambda: dascoli2020triple.risk([1.0, 2.0], 2.0, 0.1, [0.1, 0.2, 0.3]), "linearity"),
        (lambda: adlam2020.decomposition(-0.5, 0.5, 0.1), "phi = -0.5"),
        (lambda: adlam2020.decomposition(0.5, inf, 0.1), "psi = inf"),
        (lambda: adlam2020.decomposition(0.5, 0.5, -0.1), "gamma = -0.1"),
        (lambda: adlam2020ntk.risk(0.0, 0.5, 0.1), "phi = 0"),
        (lambda: adlam2020ntk.risk(0.5, -0.5, 0.1), "psi = -0.5"),
        (lambda: adlam2020ntk.risk(0.5, 0.5, 0.1, output_variance=-1.0), "output_variance = -1"),
        (lambda: adlam2020ntk.risk(0.5, 0.5, np.nan), "gamma = nan"),
        (lambda: defilippis2024.equivalents(PROBLEM, 0, 5), "n = 0"),
        (lambda: defilippis2024.equivalents(PROBLEM, 5, -1), "p = -1"),
        (lambda: simon2023.learnability(PROBLEM, 5, -0.1), "ridge = -0.1"),
        (lambda: simon2023.overfitting_coefficient(PROBLEM, [5, -5]), "n = -5"),
        (lambda: simon2024.optimal(PROBLEM, 5, 0), "p = 0"),
        (lambda: simon2024.optimal(PROBLEM, [5, 6], [1, 2, 3]), r"n \(2,\), p \(3,\)"),
        (lambda: bach2024.minimum_norm(PROBLEM, 5, "x"), "p = 'x'"),
        (lambda: mallinar2022.power_law(10, [2.0, 1.0]), "exponent = 1 must be"),
        (lambda: mallinar2022.power_law(10, inf), "exponent = inf"),
        (lambda: mallinar2022.power_law(0, 2.0), "n = 0"),
        (lambda: mallinar2022.exponential(10, 1.0), r"ratio = 1 must be in \(0, 1\)"),
        (lambda: mallinar2022.exponential(10, 0.5, -1.0), "ridge = -1"),
        (lambda: ghorbani2021.limiting_excess([0.1, -0.2], 1.5), "power = -0.2"),
        (lambda: ghorbani2021.limiting_excess(0.1, 1.5), r"power has shape \(\)"),
        (lambda: ghorbani2021.limiting_excess([0.1], -0.5), "sample_exponent = -0.5"),
        (lambda: ghorbani2021.limiting_excess([0.1], 1.5, 2.5), "width_exponent = 2.5 has no meaning"),
        (lambda: ghorbani2021.limiting_excess([0.1], 1.5, model="ntk"), "model = 'ntk'"),
        (lambda: rahimi2007.feature_variance(-1.0, 10), "distance = -1"),
        (lambda: rahimi2007.feature_variance(1.0, 0), "features = 0"),
        (lambda: rahimi2007.feature_variance(1.0, 10, "sine"), "variant = 'sine'"),
        (lambda: rahimi2007.pointwise_bound(0.0, 10), "epsilon = 0"),
        (lambda: rahimi2007.pointwise_bound(0.1, 10, "sine"), "variant = 'sine'"),
        (lambda: rahimi2007.uniform_bound(0.1, 10, d=0, diameter=1.0), "d = 0"),
        (lambda: rahimi2007.uniform_bound(0.1, 10, d=1, diameter=-1.0), "diameter = -1"),
        (lambda: liao2020.train_error(X, Y, 3, 0.0), "ridge = 0"),
        (lambda: liao2020.train_error(X, Y, inf, 0.1), "frequencies = inf"),
        (lambda: liao2020.train_error(X, [1.0], 3, 0.1), r"x has shape \(2, 2\) and y \(1,\)"),
        (lambda: liao2020.train_error([[inf, 0.0], [1.0, 2.0]], Y, 3, 0.1), "infinity"),
        (lambda: belkin2019.network_parameters(784, 0, 10), "hidden = 0"),
        (lambda: belkin2019.network_parameters(784, 2.5, 10), "hidden = 2.5"),
        (lambda: belkin2019.interpolation_threshold(0), "n = 0"),
        (lambda: belkin2019.interpolation_threshold(10, "forest"), "model = 'forest'"),
        (lambda: belkin2019.interpolation_threshold(10, "network", 0), "classes = 0"),
    ],
)
def test_bad_argument_is_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (lambda *a: dascoli2020.decomposition(*a[:3], "relu", *a[3:]), [2.0, 3.0, 0.1, 1.0, 0.2, 0.3, 2.0]),
        (dascoli2020triple.risk, [2.0, 3.0, 0.1, 0.5, 1.0, 0.2]),
        (lambda *a: adlam2020.decomposition(*a[:3], "erf", *a[3:]), [0.5, 0.4, 0.1, 1.0, 0.2]),
        (lambda *a: adlam2020ntk.risk(*a[:3], "erf", *a[3:]), [0.5, 0.4, 0.1, 1.0, 1.0, 0.2]),
        (lambda *a: defilippis2024.equivalents(PROBLEM, *a), [20.0, 30.0, 0.1]),
        (lambda *a: simon2023.overfitting_coefficient(PROBLEM, *a), [20.0, 0.1]),
        (lambda *a: simon2024.optimal(PROBLEM, *a), [20.0, 30.0]),
        (lambda *a: bach2024.minimum_norm(PROBLEM, *a), [20.0, 30.0]),
        (mallinar2022.power_law, [5.0, 1.5, 0.1]),
        (mallinar2022.exponential, [5.0, 0.5, 0.1]),
        (lambda *a: ghorbani2021.limiting_excess(POWER, *a, "random_features"), [1.5, 0.5]),
        (lambda *a: rahimi2007.feature_variance(*a[:2], "phase", a[2]), [0.5, 10.0, 1.5]),
        (rahimi2007.pointwise_bound, [0.5, 20.0]),
        (rahimi2007.uniform_bound, [0.5, 1000.0, 3.0, 0.2, 1.0]),
        (lambda *a: liao2020.train_error(X, Y, *a), [3.0, 0.1]),
        (belkin2019.network_parameters, [5, 6, 7]),
        (lambda *a: belkin2019.interpolation_threshold(a[0], "network", a[1]), [5, 6]),
    ],
)
def test_every_argument_broadcasts(function: Any, arguments: list[float]) -> None:
    """Each number may be an array; the entries are the scalar results, which are numpy floats."""
    plain = function(*arguments)
    for field in plain if isinstance(plain, tuple) else [plain]:
        assert type(field) is np.float64
    for i, value in enumerate(arguments):
        other = [*arguments[:i], 2 * value if value > 1 else value / 2, *arguments[i + 1 :]]
        arrays = [np.array([[other[i]], [value]]) if j == i else v for j, v in enumerate(arguments)]
        arrays[i - 1] = np.array([arguments[i - 1]] * 3) if len(arguments) > 1 else arrays[i - 1]
        table = np.asarray(function(*arrays))
        assert table.shape[-2:] == (2, 3)
        assert_allclose(table[..., 0, 1], function(*other), rtol=1e-12)
        assert_allclose(table[..., 1, 2], plain, rtol=1e-12)
