"""Exact identities: the edges of linear.md 2, large sizes against the core, simulation, quadrature."""

from itertools import pairwise, product
from math import inf, nan, pi
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad

import theory
from tests.strategies import decades, maybe
from theory import Problem, exact

SIZES = st.integers(1, 400)


# -- least squares ---------------------------------------------------------------------------------


@given(SIZES, st.integers(0, 400), decades(-3, 3), maybe(decades(-3, 3)), maybe(decades(-3, 3)))
def test_the_parts_add_up(n: int, p: int, signal: float, noise: float, omitted: float) -> None:
    risk = exact.least_squares(n, p, signal, noise, omitted)
    assert_allclose(risk.variance, risk.var_samples + risk.var_noise_samples, rtol=1e-14)
    assert_allclose(risk.test, noise + risk.bias + risk.variance, rtol=1e-14)
    assert risk.df == min(n, p)
    assert risk.var_features == risk.var_samples_features == risk.var_noise_samples_features == 0
    assert np.isnan([risk.df2, risk.kappa, risk.gamma_eff]).all()
    assert (risk.train == 0) == (p >= n or noise + omitted == 0)
    fields = [f for name, f in risk._asdict().items() if name not in ("df2", "kappa", "gamma_eff")]
    assert not np.isnan(fields).any()
    assert min(fields) >= 0


@given(SIZES, SIZES, decades(-3, 3), decades(-3, 3))
def test_what_is_left_out_is_noise(n: int, p: int, noise: float, omitted: float) -> None:
    one = exact.least_squares(n, p, 1.5, noise, omitted)
    other = exact.least_squares(n, p, 1.5, noise + omitted, 0.0)
    for name in ("test", "train", "norm"):
        assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-13)
    assert one.bias == pytest.approx(other.bias + omitted, rel=1e-13)


@given(st.sampled_from([0.1, 0.5, 0.95, 1.2, 2.0, 30.0]), maybe(decades(-2, 2)), maybe(decades(-2, 2)))
def test_large_sizes_are_the_core(gamma: float, noise: float, omitted: float) -> None:
    """A witness for every field: at n = 1e9 the limit is good to 1e-7."""
    n, p = 1e9, 1e9 * gamma
    one = exact.least_squares(n, p, 2.0, noise, omitted)
    other = theory.ridge(Problem([1.0], [2.0], [p], tail_power=omitted, noise=noise), n)
    for name in set(one._fields) - {"df2", "kappa", "gamma_eff"}:
        assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-7, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("p", [5, 20])
def test_least_squares_against_simulation(p: int) -> None:
    """tr (X'X)^-1, or that of XX', is all that is random; |z| <= 4.5 fails once in 150 000."""
    n, signal, noise = 12, 2.0, 0.7
    X = np.random.default_rng([1, p]).standard_normal((20_000, n, p))
    gram = X @ X.transpose(0, 2, 1) if p > n else X.transpose(0, 2, 1) @ X
    traces = np.linalg.inv(gram).trace(axis1=1, axis2=2)
    z = (traces.mean() - _trace(n, p, noise)) / (traces.std() / np.sqrt(len(traces)))
    assert abs(z) <= 4.5
    # the risk of a fixed design: noise (1 + trace) + signal (1 - n/p)_+
    risk = exact.least_squares(n, p, signal, noise)
    assert_allclose(risk.test, noise * (1 + _trace(n, p, noise)) + signal * max(0, 1 - n / p), rtol=1e-14)


def _trace(n: int, p: int, noise: float) -> float:
    return float(exact.least_squares(n, p, 0.0, noise).var_noise_samples / noise)


def test_bias_and_norm_against_simulation() -> None:
    """Average predictor and norm beyond the threshold; |z| <= 4.5 fails once in 150 000."""
    n, p, signal, noise, omitted, draws = 6, 14, 2.0, 0.5, 0.3, 40_000
    rng = np.random.default_rng(2)
    X = rng.standard_normal((draws, n, p))
    beta = np.sqrt(signal) * np.eye(p)[0]
    y = X @ beta + np.sqrt(noise + omitted) * rng.standard_normal((draws, n))
    fit = (X.transpose(0, 2, 1) @ np.linalg.solve(X @ X.transpose(0, 2, 1), y[..., None]))[..., 0]
    risk = exact.least_squares(n, p, signal, noise, omitted)
    for values, expected in (
        ((fit**2).sum(axis=1), risk.norm),
        (noise + omitted + ((fit - beta) ** 2).sum(axis=1), risk.test),
        (fit[:, 0], np.sqrt(signal) * n / p),  # so the bias is signal (1 - n/p)^2 + omitted
    ):
        assert abs(values.mean() - expected) <= 4.5 * values.std() / np.sqrt(draws)
    assert_allclose(risk.bias, signal * (1 - n / p) ** 2 + omitted, rtol=1e-14)


@pytest.mark.parametrize("p", [39, 40, 41])
@pytest.mark.parametrize(("noise", "omitted"), [(0.1, 0.0), (0.0, 0.1), (0.1, 0.1)])
def test_threshold(p: int, noise: float, omitted: float) -> None:
    risk = exact.least_squares(40, p, 2.0, noise, omitted)
    assert risk.test == risk.variance == risk.norm == inf
    assert (risk.var_noise_samples == inf) == (noise > 0)
    assert (risk.var_samples == inf) == (omitted > 0)
    assert_allclose(risk.train, (noise + omitted) * max(0.0, 1 - p / 40), rtol=1e-14)
    assert_allclose(risk.bias, 2 * max(0.0, 1 - 40 / p) ** 2 + omitted, rtol=1e-14)


def test_threshold_is_decided_up_to_rounding() -> None:
    assert exact.least_squares(1.1 + 2.2, 2.3, noise=0.1).test == inf  # n - p - 1 = 4e-16
    assert exact.ols_validation(1.1 + 2.2, 2.3, 0.1).test == inf


@pytest.mark.parametrize("p", [10, 38, 39, 40, 41, 42, 100])
def test_noiseless(p: int) -> None:
    risk = exact.least_squares(40, p, 2.0)
    assert_allclose(risk.test, 2 * max(0.0, 1 - 40 / p), rtol=1e-14)
    assert_allclose(risk.norm, 2 * min(1.0, 40 / p), rtol=1e-14)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_no_features(n: int) -> None:
    risk = exact.least_squares(n, 0, 3.0, 0.5, 0.25)
    assert (risk.test, risk.train, risk.bias, risk.variance) == (0.75, 0.75, 0.25, 0.0)
    assert risk.norm == risk.df == 0


def test_trace_inverse_changes_only_the_norm_of_classical_fits() -> None:
    p = [0, 10, 38, 39, 40, 41, 60]
    plain, other = (exact.least_squares(40, p, 2.0, 0.5, trace_inverse=t) for t in (None, 7.0))
    assert_allclose(other.norm, [0, 2 + 3.5 / 29, 2 + 3.5, inf, inf, inf, plain.norm[-1]], rtol=1e-14)
    for name in ("test", "train", "bias", "variance"):
        assert_allclose(getattr(other, name), getattr(plain, name), rtol=0)


def test_any_covariance_below_the_threshold() -> None:
    """Least squares commutes with a change of coordinates: only the norm knows Sigma."""
    rng = np.random.default_rng(3)
    A, draws, n = np.array([[2.0, 0.3], [0.0, 0.5]]), 50_000, 9
    X = rng.standard_normal((draws, n, 2)) @ A
    inverse = np.linalg.inv(X.transpose(0, 2, 1) @ X)
    traces = inverse.trace(axis1=1, axis2=2)
    risk = exact.least_squares(n, 2, 0.0, 1.0, trace_inverse=np.trace(np.linalg.inv(A.T @ A)))
    assert abs(traces.mean() - risk.norm) <= 4.5 * traces.std() / np.sqrt(draws)
    shifted = (A.T @ A @ inverse).trace(axis1=1, axis2=2)
    assert abs(shifted.mean() - risk.variance) <= 4.5 * shifted.std() / np.sqrt(draws)


def test_least_squares_broadcasts() -> None:
    risk = exact.least_squares(np.array([[10], [30]]), [5, 20, 50], noise=0.1, omitted=[0.0, 0.1, 0.2])
    assert {np.shape(field) for field in risk} == {(2, 3)}
    for i, j in product(range(2), range(3)):
        one = exact.least_squares([10, 30][i], [5, 20, 50][j], noise=0.1, omitted=[0.0, 0.1, 0.2][j])
        assert np.array_equal([field[i, j] for field in risk], one, equal_nan=True)
    assert all(isinstance(field, np.float64) for field in exact.least_squares(10, 5))


# -- scores of ordinary least squares --------------------------------------------------------------


@given(st.integers(4, 500), st.floats(0, 1), decades(-3, 3))
def test_scores_are_ordered(n: int, share: float, noise: float) -> None:
    p = int(share * (n - 1))
    scores = exact.ols_validation(n, p, noise)
    assert all(a <= b * (1 + 1e-14) for a, b in pairwise((scores.train, scores.gcv, scores.test, scores.loo)))
    assert_allclose(scores.train, exact.least_squares(n, p, 1.0, noise).train, rtol=1e-14)
    assert_allclose(scores.test, exact.least_squares(n, p, 1.0, noise).test, rtol=1e-14)
    assert_allclose(scores.loo, exact.least_squares(n - 1, p, 1.0, noise).test, rtol=1e-14)
    assert_allclose(scores.gcv, scores.train / (1 - p / n) ** 2, rtol=1e-12)


@pytest.mark.parametrize(
    ("n", "p", "noise", "expected"),
    [
        (12, 10, 1.0, (1 / 6, 6.0, inf, 11.0)),
        (12, 11, 1.0, (1 / 12, 12.0, inf, inf)),
        (12, 11, 0.0, (0.0, 0.0, 0.0, 0.0)),
        (2, 0, 0.5, (0.5, 0.5, 0.5, 0.5)),
        (1, 0, 0.5, (0.5, 0.5, 0.5, 0.5)),
    ],
)
def test_scores_at_the_edges(n: int, p: int, noise: float, expected: tuple[float, ...]) -> None:
    assert_allclose(exact.ols_validation(n, p, noise), expected, rtol=1e-14)


# -- ridge with one or two samples or features -----------------------------------------------------


def _one(larger: int, penalty: float, signal: float, noise: float) -> float:
    """E h(l) for l chi-square, by adaptive quadrature over log l."""
    from scipy.stats import chi2

    def integrand(s: float) -> float:
        l = np.exp(s)
        h = (signal * penalty**2 + noise * l) / (l + penalty) ** 2
        return float(h * l * chi2.pdf(l, larger))

    ends = [-80.0, *sorted({-20.0, np.log(penalty), 0.0, np.log(larger)}), 8.0]
    return sum(quad(integrand, a, b, epsabs=0, epsrel=1e-12, limit=200)[0] for a, b in pairwise(ends))


@pytest.mark.parametrize(("n", "p"), [(1, 1), (3, 1), (40, 1), (1, 2), (1, 25)])
@pytest.mark.parametrize("ridge", [1e-6, 0.03, 1.0, 50.0])
def test_one_sample_or_feature(n: int, p: int, ridge: float) -> None:
    signal, noise = 2.0, 0.7
    expected = noise + signal * (p - 1) / p + _one(max(n, p), n * ridge, signal / p, noise)
    assert_allclose(exact.ridge(n, p, ridge, signal, noise), expected, rtol=1e-10)


@pytest.mark.parametrize(("n", "p"), [(2, 2), (3, 2), (2, 6), (9, 2)])
@pytest.mark.parametrize("ridge", [0.3, 2.0])
def test_two_samples_or_features(n: int, p: int, ridge: float) -> None:
    """Wishart by its Cholesky factor: |diagonal|^2 chi-square, one Gaussian below it."""
    from numpy.polynomial.hermite_e import hermegauss
    from numpy.polynomial.legendre import leggauss

    larger, penalty, signal, noise = max(n, p), n * ridge, 2.0, 0.7
    nodes, weights = leggauss(120)
    radius, weight = (nodes + 1) * (larger**0.5 + 9) / 2, weights * (larger**0.5 + 9) / 2
    chi = [weight * radius ** (k - 1) * np.exp(-(radius**2) / 2) for k in (larger, larger - 1)]
    g, gauss = hermegauss(60)
    one, other, below = np.meshgrid(radius, radius, g, indexing="ij")
    mass = np.einsum("i,j,k->ijk", chi[0], chi[1], gauss)
    trace, root = one**2 + other**2 + below**2, one * other  # of W, and the root of its determinant
    whole = root**2 + penalty * trace + penalty**2
    # tr (W + L)^-2 and tr W (W + L)^-2 of a 2 x 2 matrix
    squared = (((trace + 2 * penalty) / whole) ** 2 - 2 / whole) * mass
    linear = (trace + 2 * penalty) / whole * mass - penalty * squared
    both = (signal / p * penalty**2 * squared + noise * linear).sum() / mass.sum()
    expected = noise + signal * (p - 2) / p + both
    assert_allclose(exact.ridge(n, p, ridge, signal, noise), expected, rtol=1e-7)


@pytest.mark.parametrize(("n", "p"), [(1, 1), (2, 1), (1, 30), (2, 2), (3, 2), (10, 2), (2, 100)])
def test_limits_of_the_ridge(n: int, p: int) -> None:
    signal, noise = 2.0, 0.7
    assert exact.ridge(n, p, 0.0, signal, noise) == exact.least_squares(n, p, signal, noise).test
    assert exact.ridge(n, p, inf, signal, noise) == signal + noise
    assert_allclose(exact.ridge(n, p, 1e12, signal, noise), signal + noise, rtol=1e-9)
    if abs(n - p) >= 4:
        least = exact.least_squares(n, p, signal, noise).test
        assert_allclose(exact.ridge(n, p, 1e-13, signal, noise), least, rtol=1e-10)
    if n == p == 1:  # noise E l/(l + L)^2 -> noise sqrt(pi/(8 L))
        assert_allclose(exact.ridge(1, 1, 1e-14, 0.0, noise), noise * (pi / 8e-14) ** 0.5, rtol=1e-6)
    assert exact.ridge(n, 0, [0.0, 1.0, inf], signal, noise).tolist() == [noise] * 3


@given(
    st.tuples(st.integers(1, 2), st.integers(1, 50)),
    st.booleans(),
    decades(-2, 2),
    decades(-2, 2),
    decades(-3, 3),
)
def test_the_best_ridge_is_that_of_the_limit(
    sizes: tuple[int, int], swap: bool, signal: float, noise: float, factor: float
) -> None:
    """p noise/(n signal) is exactly the best at finite n, for isotropic inputs."""
    n, p = sizes[::-1] if swap else sizes
    best = p * noise / (n * signal)
    least = exact.ridge(n, p, best, signal, noise)
    assert least <= exact.ridge(n, p, best * factor, signal, noise) * (1 + 1e-12)
    # stationary: half a percent to either side costs the same
    left, right = exact.ridge(n, p, best * np.array([0.995, 1.005]), signal, noise)
    assert abs(left - right) <= 1e-6 * (least - noise)


@given(st.integers(1, 2), st.integers(1, 60), decades(-2, 2))
def test_with_the_best_ridge_samples_never_hurt(p: int, n: int, noise: float) -> None:
    """[nakkiran2021, Thm 1]: the total penalty p noise/signal is kept."""
    one, other = (exact.ridge(k, p, p * noise / k, 1.0, noise) for k in (n, n + 1))
    assert other <= one * (1 + 1e-13)


@pytest.mark.parametrize("ridge", [0.3, 3.0])
def test_large_sizes_of_two_are_smooth(ridge: float) -> None:
    """Past a million samples both eigenvalues are n: noise + (signal L^2 + p noise n)/(n + L)^2."""
    n = 10**7
    expected = 0.7 + (2.0 * ridge**2 + 2 * 0.7 / n) / (1 + ridge) ** 2
    assert_allclose(exact.ridge(n, 2, ridge, 2.0, 0.7), expected, rtol=1e-6)


def test_ridge_broadcasts() -> None:
    table = exact.ridge([[1], [2], [7]], [1, 2], 0.5, signal=[1.0, 2.0], noise=0.3)
    for i, j in product(range(3), range(2)):
        assert table[i, j] == exact.ridge([1, 2, 7][i], j + 1, 0.5, j + 1.0, 0.3)


# -- arguments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (exact.least_squares, (0, 5), "n = 0"),
        (exact.least_squares, (inf, 5), "n = inf"),
        (exact.least_squares, (10, -1), "p = -1"),
        (exact.least_squares, (10, nan), "p = nan"),
        (exact.least_squares, (10, 5, -1.0), "signal = -1"),
        (exact.least_squares, (10, 5, 1.0, -0.1), r"noise = -0\.1"),
        (exact.least_squares, (10, 5, 1.0, 0.1, -2.0), "omitted = -2"),
        (exact.least_squares, (10, 5, 1.0, 0.1, 0.0, 0.0), "trace_inverse = 0"),
        (exact.least_squares, ([10, 20], [5, 6, 7]), "shapes do not broadcast"),
        (exact.ols_validation, (10, 10, 1.0), "p = 10 .*n = 10"),
        (exact.ols_validation, ([20, 10], 12, 1.0), "p = 12 .*n = 10"),
        (exact.ols_validation, (10, 5, -1.0), "noise = -1"),
        (exact.ridge, (3, 3, 0.1), r"min\(n, p\) = 3"),
        (exact.ridge, (2.5, 1, 0.1), r"n = 2\.5"),
        (exact.ridge, (0, 1, 0.1), "n = 0"),
        (exact.ridge, (2, -1, 0.1), "p = -1"),
        (exact.ridge, (2, 1, -0.1), r"ridge = -0\.1"),
        (exact.ridge, (2, 1, "much"), "ridge = 'much'"),
    ],
)
def test_bad_arguments(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        function(*arguments)
    assert "\n" not in str(raised.value)
