"""Each paper's own formulas, and experiments small enough to run, against its module."""

import inspect
from math import inf, pi, sqrt
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.strategies import decades, maybe
from theory import Problem, papers, random_features, ridge
from theory.activation import moments
from theory.papers import belkin2020, hastie2022, mei2022

# -- all papers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "module"), papers.modules().items())
def test_metadata_is_complete(key: str, module: ModuleType) -> None:
    paper = module.PAPER
    assert paper.key == key
    assert paper.title
    assert paper.error
    assert paper.penalty
    functions = {
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }
    assert set(paper.statements) == functions
    for status in paper.statements.values():
        assert status.startswith(("proved", "verified", "unverified", "definition"))


# -- mei2022 ---------------------------------------------------------------------------------------

pairs = st.tuples(decades(-1, 1), decades(-1, 1))  # (mu1, mu_star2)


@st.composite
def mei_points(draw: st.DrawFn) -> tuple[float, float, float, tuple[float, float]]:
    """(psi1, psi2, ridge, activation) where the paper's polynomials keep their digits."""
    psi1, psi2, activation = draw(decades(-1, 1)), draw(decades(-1, 1)), draw(pairs)
    assume(abs(psi1 - psi2) > 0.2 * psi1)
    return psi1, psi2, draw(decades(-2, 1)) * activation[1], activation


@given(mei_points())
def test_mei2022_polynomials_are_the_coefficients(point: Any) -> None:
    psi1, psi2, lam, (mu1, mu_star2) = point
    B, V, chi = mei2022.coefficients(psi1, psi2, lam, (mu1, mu_star2))
    E0, E1, E2 = mei2022.polynomials(psi1, psi2, chi, mu1**2 / mu_star2)
    assert_allclose([B, V], [E1 / E0, E2 / E0], rtol=1e-7, atol=1e-10)


@given(mei_points())
def test_mei2022_chi_solves_the_fixed_point(point: Any) -> None:
    """nu_1 (-xi - nu_2 - zeta^2 nu_2/(1 - zeta^2 nu_1 nu_2)) = psi_1 and its twin, multiplied.

    With s = chi + zeta^2 chi/(1 - zeta^2 chi): -xi nu_1 = psi_1 + s, -xi nu_2 = psi_2 + s,
    xi^2 = -psi_1 psi_2 lambda/mu_star^2.
    """
    psi1, psi2, lam, (mu1, mu_star2) = point
    zeta2 = mu1**2 / mu_star2
    chi = mei2022.coefficients(psi1, psi2, lam, (mu1, mu_star2)).chi
    s = chi + zeta2 * chi / (1 - zeta2 * chi)
    assert chi < 0
    assert min(psi1, psi2) + s > 0  # the imaginary parts of nu_1 and nu_2 are positive
    assert_allclose((psi1 + s) * (psi2 + s), -psi1 * psi2 * lam / mu_star2 * chi, rtol=1e-9)


@given(decades(-1, 1), maybe(decades(-4, 2)), pairs)
def test_mei2022_wide_limit(psi2: float, lam: float, activation: tuple[float, float]) -> None:
    mu1, mu_star2 = activation
    zeta2, lam_bar = mu1**2 / mu_star2, lam / mu_star2
    b = psi2 * zeta2 - zeta2 - lam_bar * psi2 - 1
    omega = -(sqrt(b**2 + 4 * psi2 * zeta2 * (lam_bar * psi2 + 1)) + b) / (2 * (lam_bar * psi2 + 1))
    P = (psi2 - 1) * omega**3 + (1 - 3 * psi2) * omega**2 + 3 * psi2 * omega - psi2
    found = mei2022.coefficients(inf, psi2, lam, activation)
    expected = [psi2 * (omega - 1) / P, (omega**3 - omega**2) / P, omega / zeta2]
    assert_allclose(found, expected, rtol=1e-9)


@given(mei_points(), decades(-2, 2), maybe(decades(-2, 2)), maybe(decades(-2, 2)))
def test_mei2022_norm_and_objective_as_printed(
    point: Any, signal: float, nonlinear: float, noise: float
) -> None:
    psi1, psi2, lam, (mu1, mu_star2) = point
    rest = nonlinear + noise
    z = mu1**2 / mu_star2
    x = mei2022.coefficients(psi1, psi2, lam, (mu1, mu_star2)).chi
    E0 = mei2022.polynomials(psi1, psi2, x, z)[0]
    of_signal = -(x**2) * (x * z**2 - x * z + psi2 * z + z - x * psi2 * z**2 + 1)
    of_rest = x**2 * (x * z - 1) * (x**2 * z**2 - 2 * x * z + z + 1)
    arguments = (psi1, psi2, lam, (mu1, mu_star2), signal, nonlinear, noise)
    assert_allclose(
        mei2022.norm(*arguments), (signal * of_signal + rest * of_rest) / (E0 * mu_star2), rtol=1e-6
    )
    s = x + z * x / (1 - z * x)
    assert_allclose(mei2022.objective(*arguments), (1 + s / psi2) * (signal / (1 - x * z) + rest), rtol=1e-9)


@given(mei_points(), maybe(decades(-2, 2)))
def test_mei2022_norm_is_the_slope_of_the_objective(point: Any, noise: float) -> None:
    """Envelope: objective = min (error + psi1 ridge |a|^2), so d objective/d ridge = psi1 |a|^2."""
    psi1, psi2, lam, activation = point

    def objective(factor: float) -> float:
        return float(mei2022.objective(psi1, psi2, factor * lam, activation, noise=noise))

    h = 1e-3
    slope = (8 * (objective(1 + h) - objective(1 - h)) - (objective(1 + 2 * h) - objective(1 - 2 * h))) / 12
    norm = mei2022.norm(psi1, psi2, lam, activation, noise=noise)
    rounding = 1e-15 * objective(1) / (h * lam)
    assert_allclose(slope / (h * lam), psi1 * norm, rtol=1e-8, atol=10 * rounding)


@pytest.mark.parametrize("activation", ["relu", "tanh", "abs", "sign", "identity"])
def test_mei2022_is_the_core_per_dimension(activation: str) -> None:
    """And a problem of d = 1000 levels is that times d, with ridge/d."""
    d, gaussian = 1000, moments(activation)
    risk = mei2022.risk([2.0, 0.5], 1.5, 0.1, activation, signal=2.0, nonlinear=0.3, noise=0.2)
    core = random_features(
        Problem([gaussian.mu1**2 / d], [2.0], [d], gaussian.mu_star2, tail_power=0.3, noise=0.2),
        1.5 * d,
        np.array([2.0, 0.5]) * d,
        0.1 / d,
    )
    for name in ("test", "train", "bias", "variance", "var_features"):
        assert_allclose(getattr(risk, name), getattr(core, name), rtol=1e-11, err_msg=name)
    assert_allclose(risk.norm * d, core.norm, rtol=1e-11)
    assert_allclose(risk.df * d, core.df, rtol=1e-11)


def test_mei2022_limits() -> None:
    assert mei2022.risk(2.0, 2.0).test == mei2022.norm(2.0, 2.0) == inf
    assert mei2022.norm(inf, 2.0, 0.1) == 0
    assert mei2022.objective(3.0, 2.0) == 0
    assert mei2022.objective(3.0, 2.0, inf, signal=2.0, nonlinear=0.5, noise=0.25) == 2.75
    assert mei2022.coefficients(2.0, inf, 0.1).V == 0
    assert np.isnan(mei2022.coefficients(2.0, 3.0, 0.0, "identity").chi)


@settings(max_examples=30)
@given(decades(-0.5, 1) | st.just(inf), decades(-0.5, 1), pairs, decades(-2, 2), maybe(decades(-2, 2)))
def test_mei2022_optimal_is_a_minimum(
    psi1: float, psi2: float, activation: tuple[float, float], signal: float, noise: float
) -> None:
    arguments = {"activation": activation, "signal": signal, "noise": noise}
    best, test = mei2022.optimal(psi1, psi2, **arguments)
    assert_allclose(mei2022.risk(psi1, psi2, best, **arguments).test, test, rtol=1e-14)
    trial = np.concatenate([[0.0], np.geomspace(1e-12, 1e12, 400), [inf]])
    assert test <= mei2022.risk(psi1, psi2, trial, **arguments).test.min() * (1 + 1e-13)
    assert test <= mei2022.risk(psi1, psi2, best * np.array([0.999, 1.001]), **arguments).test.min() * (
        1 + 1e-13
    )


def test_mei2022_optimal_wide() -> None:
    """Interpolation is best from the signal-to-noise ratio zeta2 on, whatever psi2."""
    relu = moments("relu")
    for psi2 in (0.5, 3.0):
        above = mei2022.optimal(inf, psi2, signal=relu.zeta2 * 1.001, noise=1.0)
        below = mei2022.optimal(inf, psi2, signal=relu.zeta2 * 0.999, nonlinear=0.4, noise=0.6)
        assert above.ridge == 0 < below.ridge
        assert_allclose(below.ridge, relu.mu_star2 * (1 / 0.999 - 1) / psi2, rtol=1e-9)
    assert_allclose(
        mei2022.optimal(1e7, 2.0, noise=0.6, nonlinear=0.1).test,
        mei2022.optimal(inf, 2.0, noise=0.6, nonlinear=0.1).test,
        rtol=1e-5,
    )


@pytest.mark.parametrize("psi1", [2.0, inf])
def test_mei2022_optimal_with_nothing_to_learn(psi1: float) -> None:
    assert mei2022.optimal(psi1, 3.0, signal=0.0, noise=0.5) == (inf, 0.5)
    assert mei2022.optimal(psi1, 3.0, "abs", signal=2.0, noise=0.5) == (inf, 2.5)
    assert mei2022.optimal([psi1], 3.0, signal=[[0.0], [1.0]]).ridge.shape == (2, 1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mei2022.risk(0.0, 1.0), "psi1 = 0"),
        (lambda: mei2022.risk(1.0, [2.0, -1.0]), "psi2 = -1"),
        (lambda: mei2022.risk(1.0, 2.0, -0.1), "ridge = -0.1"),
        (lambda: mei2022.risk(1.0, 2.0, signal=-1.0), "signal = -1"),
        (lambda: mei2022.risk(1.0, 2.0, nonlinear=inf), "nonlinear = inf"),
        (lambda: mei2022.risk(1.0, 2.0, noise=np.nan), "noise = nan"),
        (lambda: mei2022.risk(1.0, 2.0, activation="rely"), "activation = 'rely'"),
        (lambda: mei2022.risk(1.0, 2.0, activation=(1.0, -2.0)), "mu_star2 = -2"),
        (lambda: mei2022.risk(1.0, 2.0, activation=(1.0, 2.0, 3.0)), "activation = "),  # type: ignore[arg-type]
        (lambda: mei2022.polynomials(1.0, inf, -1.0, 1.0), "psi2 = inf"),
        (lambda: mei2022.polynomials(1.0, 2.0, -1.0, 0.0), "zeta2 = 0"),
        (lambda: mei2022.polynomials(1.0, 2.0, 1.0, 1.0), "chi = 1"),
        (lambda: mei2022.optimal(-1.0, 2.0), "psi1 = -1"),
        (lambda: mei2022.optimal([1.0, 2.0], [1.0, 2.0, 3.0]), r"psi1 \(2,\), psi2 \(3,\)"),
        (lambda: mei2022.objective(1.0, 2.0, -0.1), "ridge = -0.1"),
        (lambda: hastie2022.isotropic(0.0), "gamma = 0"),
        (lambda: hastie2022.isotropic(inf), "gamma = inf"),
        (lambda: hastie2022.isotropic(1.0, ridge=-1.0), "ridge = -1"),
        (lambda: hastie2022.isotropic(1.0, signal=-1.0), "signal = -1"),
        (lambda: hastie2022.optimal_ridge(1.0, noise=-1.0), "noise = -1"),
        (lambda: hastie2022.ridgeless_minimum(signal=-1.0), "signal = -1"),
        (lambda: belkin2020.gaussian(0, 3), "n = 0"),
        (lambda: belkin2020.gaussian(5, -3), "p = -3"),
        (lambda: belkin2020.gaussian(5, 3, omitted=-1.0), "omitted = -1"),
        (lambda: belkin2020.gaussian_random(5, 11, 10), "p = 11 must not exceed d = 10"),
        (lambda: belkin2020.fourier(0.0, 0.5), "rho_n = 0"),
        (lambda: belkin2020.fourier(0.5, 1.5), "rho_p = 1.5"),
        (lambda: belkin2020.fourier(0.5, 0.5, -1.0), "ridge = -1"),
        (lambda: belkin2020.haar(11, 5, 10), "n = 11 must not exceed d = 10"),
        (lambda: belkin2020.haar(5, [3, 12], 10), "p = 12 must not exceed d = 10"),
    ],
)
def test_bad_argument_is_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


# -- hastie2022 ------------------------------------------------------------------------------------


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


# -- belkin2020 ------------------------------------------------------------------------------------
# Monte Carlo with fixed seeds.  |z| <= 5: a right formula fails once in 1.7 million draws of the seed.


def check(samples: Any, expected: float, allowance: float = 0.0) -> None:
    mean, error = np.mean(samples), np.std(samples, ddof=1) / sqrt(len(samples))
    assert abs(mean - expected) <= 5 * error + allowance
    assert 5 * error + allowance < 0.1 * expected  # else the check could not fail


@pytest.mark.parametrize(("n", "p"), [(20, 0), (20, 8), (20, 14), (12, 20), (12, 45)])
def test_belkin2020_gaussian(n: int, p: int) -> None:
    """Target on p + 3 coordinates, of which p are seen; the fresh error is known given the fit."""
    rng = np.random.default_rng([2020, n, p])
    beta, noise = np.append(rng.standard_normal(p), [0.5, -0.3, 0.1]), 0.25
    samples = []
    for _ in range(3000):
        x = rng.standard_normal((n, p + 3))
        y = x @ beta + sqrt(noise) * rng.standard_normal(n)
        fit = np.linalg.pinv(x[:, :p]) @ y if p else np.empty(0)
        samples.append(noise + beta[p:] @ beta[p:] + np.sum((fit - beta[:p]) ** 2))
    signal, omitted = beta[:p] @ beta[:p], beta[p:] @ beta[p:]
    check(samples, belkin2020.gaussian(n, p, signal, omitted, noise))


@pytest.mark.parametrize(("n", "p", "d"), [(16, 6, 20), (8, 15, 20)])
def test_belkin2020_gaussian_random(n: int, p: int, d: int) -> None:
    rng = np.random.default_rng([2020, n, p])
    beta, noise = np.arange(d) / d, 0.04
    samples = []
    for _ in range(3000):
        seen = rng.permutation(d) < p
        x = rng.standard_normal((n, d))
        y = x @ beta + sqrt(noise) * rng.standard_normal(n)
        fit = np.zeros(d)
        fit[seen] = np.linalg.pinv(x[:, seen]) @ y
        samples.append(noise + np.sum((fit - beta) ** 2))
    check(samples, belkin2020.gaussian_random(n, p, d, beta @ beta, noise))


def unitary_risk(block: np.ndarray, rows: np.ndarray, seen: np.ndarray, c: float) -> float:
    """Mean over a random target of power 1 of |beta - beta_hat|^2, ridge c on the unitary block."""
    d = len(seen)
    if c == 0:
        inverse = np.linalg.pinv(block)
    else:
        gram = block.conj().T @ block
        inverse = np.linalg.solve(gram + c * np.eye(len(gram)), block.conj().T)
    error = np.eye(d, dtype=complex)
    error[seen] -= inverse @ rows
    return float(np.sum(np.abs(error) ** 2) / d)


@pytest.mark.parametrize(("n", "p"), [(3, 8), (8, 3), (5, 12), (9, 14), (10, 10)])
def test_belkin2020_haar(n: int, p: int) -> None:
    rng = np.random.default_rng([2020, n, p])
    d = 10 if n == p else 16
    seen = np.arange(d) < p
    samples = []
    for _ in range(800):
        gauss = rng.standard_normal((d, d)) + 1j * rng.standard_normal((d, d))
        q, r = np.linalg.qr(gauss)
        u = q * (np.diag(r) / np.abs(np.diag(r)))  # without the phases it is not uniform
        samples.append(unitary_risk(u[:n, seen], u[:n], seen, 0.0))
    if n == p == d:
        assert belkin2020.haar(n, p, d) == 0
        assert max(samples) < 1e-20
    else:
        check(samples, belkin2020.haar(n, p, d))


@pytest.mark.parametrize(("rho_n", "rho_p"), [(0.25, 0.75), (0.75, 0.25), (0.5, 0.25), (0.75, 0.9375)])
@pytest.mark.parametrize("lam", [0.0, 0.02, 1.0])
def test_belkin2020_fourier(rho_n: float, rho_p: float, lam: float) -> None:
    """Random rows and columns; the limit is reached to O(1/d), and each draw has an exact sum."""
    d = 64
    n, p, c = int(rho_n * d), int(rho_p * d), rho_n * lam
    rng = np.random.default_rng([2020, n, p])
    transform = np.fft.fft(np.eye(d)) / sqrt(d)
    samples = []
    for _ in range(60):
        rows, seen = transform[rng.permutation(d) < n], rng.permutation(d) < p
        risk = unitary_risk(rows[:, seen], rows, seen, c)
        if lam > 0:
            s = np.zeros(p)
            s[: min(n, p)] = np.linalg.svd(rows[:, seen], compute_uv=False) ** 2
            assert_allclose(risk, 1 - rho_p + np.sum((c**2 + s * (1 - s)) / (s + c) ** 2) / d, rtol=1e-9)
        samples.append(risk)
    check(samples, belkin2020.fourier(rho_n, rho_p, lam), allowance=1 / d)


@pytest.mark.parametrize(("n", "p"), [(1, 2), (3, 1), (3, 3), (4, 3), (4, 4)])
def test_belkin2020_haar_approaches_fourier(n: int, p: int) -> None:
    size = 10**9
    assert_allclose(
        belkin2020.haar(n * size, p * size, 4 * size), belkin2020.fourier(n / 4, p / 4), rtol=1e-8
    )


@given(st.floats(0.05, 1), st.floats(0.05, 1))
def test_belkin2020_fourier_ridge_joins_both_ends(rho_n: float, rho_p: float) -> None:
    assume(abs(rho_n - rho_p) > 0.05)
    assert_allclose(
        belkin2020.fourier(rho_n, rho_p, 1e-9), belkin2020.fourier(rho_n, rho_p), rtol=0, atol=1e-6
    )
    assert_allclose(belkin2020.fourier(rho_n, rho_p, 1e9), 1.0, rtol=1e-6)


@pytest.mark.parametrize(("rho_n", "rho_p", "value"), [(0.5, 0.5, inf), (1.0, 1.0, 0.0), (1.0, 0.5, 0.5)])
def test_belkin2020_fourier_at_the_edges(rho_n: float, rho_p: float, value: float) -> None:
    assert belkin2020.fourier(rho_n, rho_p) == value
    assert belkin2020.haar(64 * rho_n, 64 * rho_p, 64) == value


@pytest.mark.parametrize("gap", [-1, 0, 1])
def test_belkin2020_gaussian_near_the_threshold(gap: int) -> None:
    assert belkin2020.gaussian(20, 20 + gap, noise=0.1) == inf
    assert_allclose(belkin2020.gaussian(20, 20 + gap, signal=2.0), 2 * max(0.0, gap / 21), rtol=1e-13)


def test_belkin2020_without_features() -> None:
    assert belkin2020.gaussian([1, 5], 0, signal=0.0, omitted=0.7, noise=0.1).tolist() == [0.7 + 0.1] * 2
