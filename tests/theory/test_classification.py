"""Classifiers on a Gaussian mixture: definitions by brute force, and limits."""

from collections.abc import Callable
from math import inf, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar
from scipy.special import expit, ndtr

import theory
from tests.strategies import decades, maybe
from theory import ConvergenceError, Problem
from theory.classification import least_squares_error, logistic, separability_threshold, svm
from theory.engines import proximal, state_evolution

norms = st.floats(0.0, 4.0)
ratios = decades(-2, 2)


def moments(c: float) -> tuple[mpf, mpf]:
    """E(c + G)_+ and E(c + G)_+^2 as printed, with digits to spare."""
    mass, density = mp.erfc(-mpf(c) / mp.sqrt(2)) / 2, mp.npdf(mpf(c))
    return c * mass + density, (1 + mpf(c) ** 2) * mass + c * density


def constraint(k: float, r: float) -> tuple[float, float]:
    """min over rho of E(k - r rho + G)_+^2/(1 - rho^2), and where: a margin k needs gamma above it."""

    def log_ratio(rho: float) -> float:
        with mp.workdps(40):
            return float(mp.log(moments(k - r * rho)[1] / (1 - mpf(rho) ** 2)))

    found = minimize_scalar(log_ratio, bounds=(0.0, 1.0), method="bounded", options={"xatol": 1e-9})
    return float(np.exp(found.fun)), float(found.x)


# -- least squares ---------------------------------------------------------------------------------


@given(ratios, norms)
def test_least_squares_by_cases(gamma: float, r: float) -> None:
    averaging = ndtr(-(r**2) / sqrt(r**2 + gamma))
    if gamma < 1:
        ridgeless = ndtr(-(r**2) * sqrt((1 - gamma) / (r**2 + gamma)))
    else:
        ridgeless = ndtr(-(r**2) * sqrt((gamma - 1) / (gamma * (gamma + r**2))))
    assert_allclose(least_squares_error(gamma, r), ridgeless, rtol=1e-12)
    assert_allclose(least_squares_error(gamma, r, inf), averaging, rtol=1e-12)


@given(ratios, norms, maybe(decades(-12, 12)))
def test_least_squares_shrinks_the_averaging_rule_by_what_noise_costs(
    gamma: float, r: float, ridge: float
) -> None:
    """The core: noise 1 without a signal gives the test error 1/Delta."""
    assume(gamma == 1 or abs(gamma - 1) > 1e-6)
    amplified = theory.ridge(Problem.isotropic(p=gamma, signal=0.0, noise=1.0), n=1.0, ridge=ridge).test
    expected = ndtr(-(r**2) / sqrt(r**2 + gamma) / np.sqrt(amplified))
    assert_allclose(least_squares_error(gamma, r, ridge), expected, rtol=1e-9)


def test_least_squares_edges() -> None:
    assert_allclose(least_squares_error([0.3, 1.0, 7.0], 0.0, [[0.0], [0.1], [inf]]), 0.5)
    assert least_squares_error(1.0, 2.0) == 0.5
    assert_allclose(least_squares_error(1.0, 2.0, 1e-12), 0.5, atol=1e-2)
    assert_allclose(least_squares_error([1e-300, 1e300], 1.0), [ndtr(-1.0), 0.5], rtol=1e-12)
    assert least_squares_error(1.0, 1e300, 1.0) == 0.0


@given(ratios, norms, maybe(decades(-6, 6)))
def test_averaging_is_best(gamma: float, r: float, ridge: float) -> None:
    best = least_squares_error(gamma, r, inf) * (1 - 1e-12)
    assert least_squares_error(gamma, r, ridge) >= best
    assert logistic(gamma, r, ridge).error >= best
    wide = svm(gamma, r)
    assert wide.margin == 0 or wide.error >= best


# -- the threshold and the maximum margin ----------------------------------------------------------


@given(st.floats(-36.0, 20.0), st.floats(0.1, 1.0))
def test_margins_keep_their_digits(c: float, beyond: float) -> None:
    """gamma = E(c + G)_+^2 + (r E(c + G)_+)^2/gamma has the margin c + r overlap, from 1e-286 to 400."""
    r = 1.1 * max(0.0, -c) + beyond
    with mp.workdps(400):
        first, second = moments(c)
        gamma = (second + mp.sqrt(second**2 + 4 * (r * first) ** 2)) / 2
        overlap = r * first / gamma
        margin, gamma = float(c + r * overlap), float(gamma)
        error = float(mp.ncdf(-r * overlap))
    assume(margin > 1e-3)
    fit = svm(gamma, r)
    # c is found to 1e-15 of itself, and gamma, the margin and the error pass it on, each times about |c|
    assert_allclose(fit.margin, margin, rtol=0, atol=1e-15 * (10 + c**2) * (1 + abs(c)))
    assert_allclose(fit.error, error, rtol=1e-15 * (10 + c**2) ** 2, atol=1e-300)


@settings(max_examples=30)
@given(st.floats(0.01, 8.0))
def test_threshold_is_the_minimum(r: float) -> None:
    gamma_star, rho = constraint(0.0, r)
    assert_allclose(separability_threshold(r), gamma_star, rtol=1e-10)
    # where a fresh sample is wrong as often as a training sample is fitted
    assert_allclose(ndtr(-r * rho), gamma_star, rtol=1e-5)


def test_threshold_edges() -> None:
    assert_allclose(separability_threshold([0.0, 1e-300, 1e-12]), 0.5)
    # r^2 = x Phi(-x)/E(G - x)_+ = x^2 + 2 + O(x^-2)
    assert_allclose(separability_threshold(30.0), ndtr(-sqrt(898.0)), rtol=0.01)
    assert_allclose(separability_threshold([50.0, 1e300]), 0.0)
    assert np.all(np.diff(separability_threshold(np.linspace(0, 30, 200))) < 0)


@settings(max_examples=30)
@given(st.floats(0.01, 4.0), decades(-0.5, 3))
def test_svm_has_the_largest_margin_the_ratio_allows(r: float, above: float) -> None:
    gamma = separability_threshold(r) + above
    fit = svm(gamma, r)
    allowed, overlap = constraint(float(fit.margin), r)
    assert_allclose(allowed, gamma, rtol=1e-9)
    assert_allclose(fit.overlap, overlap, atol=1e-5)
    assert_allclose(fit.error, ndtr(-r * fit.overlap), rtol=1e-13)


def test_svm_edges() -> None:
    gamma_star = separability_threshold(1.3)
    below = svm([0.5 * gamma_star, gamma_star], 1.3)
    assert_allclose(below.margin, 0.0)
    assert np.isnan(below.overlap).all()
    assert np.isnan(below.error).all()
    just_above = svm(gamma_star * (1 + 1e-9), 1.3)
    assert 0 < just_above.margin < 1e-8
    assert_allclose(just_above.error, gamma_star, rtol=1e-8)
    blind = svm([0.3, 0.6, 5.0], 0.0)
    assert_allclose(blind.error, [np.nan, 0.5, 0.5])
    assert_allclose(blind.overlap, [np.nan, 0.0, 0.0])
    assert_allclose(svm(1e10, 3.0).error, least_squares_error(1e10, 3.0, inf), rtol=1e-9)
    assert_allclose(svm(1e10, 3.0).overlap, 3.0 / sqrt(9.0 + 1e10), rtol=1e-9)
    strong = svm(0.5, 1e5)
    assert_allclose([strong.margin / 1e5, strong.overlap, strong.error], [1.0, 1.0, 0.0], rtol=1e-4)
    assert np.all(np.diff(svm(np.geomspace(0.6, 1e3, 50), 1.0).margin) > 0)


# -- logistic regression ---------------------------------------------------------------------------


def by_bisection(v: np.ndarray[Any, Any], prox: float) -> np.ndarray[Any, Any]:
    """The proximal point, from its definition."""
    low, high = v.copy(), v + prox
    for _ in range(100):
        middle = (low + high) / 2
        left = middle - prox * expit(-middle) < v
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return (low + high) / 2


@given(st.floats(-1e4, 1e4), decades(-12, 12))
def test_proximal_point(v: float, prox: float) -> None:
    u = proximal.proximal(np.array([v]), prox)
    assert_allclose(u, by_bisection(np.array([v]), prox), rtol=1e-8, atol=1e-8)


def solves_the_equations(gamma: float, r: float, ridge: float, reach: float = 13.0) -> None:
    """The three equations of the sheet on the trapezoid rule, with E [l' G] as it stands."""
    fit = logistic(gamma, r, ridge)
    m, a, prox = fit.alignment, fit.orthogonal, fit.prox
    s = np.hypot(m, a)
    g, step = np.linspace(-reach, reach, 6001 if s < 20 else 60001, retstep=True)
    weight = np.exp(-(g**2) / 2) / sqrt(2 * np.pi) * step
    slope = -expit(-by_bisection(r * m + s * g, prox))
    mean, tilt = weight @ slope, weight @ (slope * g)
    assert_allclose(prox**2 * (weight @ slope**2) / a**2, gamma, rtol=1e-8)
    assert_allclose(r * mean + m / s * tilt + 2 * ridge * m, 0.0, atol=1e-8 * abs(r * mean))
    assert_allclose(tilt / s + 2 * ridge, gamma / prox, rtol=1e-8)
    assert_allclose(fit.error, ndtr(-r * m / s), rtol=1e-12)


@settings(max_examples=40)
@given(ratios, norms, maybe(decades(-4, 3)))
def test_logistic_solves_the_equations_as_printed(gamma: float, r: float, ridge: float) -> None:
    assume(ridge > 0 or gamma < 0.9 * separability_threshold(r))
    solves_the_equations(gamma, r, ridge)


@pytest.mark.parametrize("r", [6.0, 9.0, 12.0])
def test_logistic_where_the_loss_lives_far_in_the_tail(r: float) -> None:
    solves_the_equations(0.5 * separability_threshold(r), r, 0.0, reach=30.0)


@settings(max_examples=20)
@given(st.floats(0.1, 3.0), st.sampled_from([0.5, 0.1, 1e-3, 1e-6, 1e-9]))
def test_logistic_up_to_the_threshold(r: float, gap: float) -> None:
    gamma_star = separability_threshold(r)
    fit = logistic(gamma_star * (1 - gap), r)
    assert np.isfinite(fit).all()
    assert fit.error < gamma_star
    assert_allclose(fit.error, gamma_star, rtol=100 * gap)


@settings(max_examples=20)
@given(st.floats(0.1, 3.0), decades(-1, 2))
def test_logistic_with_a_vanishing_ridge_is_the_svm(r: float, above: float) -> None:
    """u ~ log(1/ridge) on the margin: w = (log(1/ridge)/margin) times the direction of the SVM."""
    gamma = separability_threshold(r) + above
    wide, fit = svm(gamma, r), logistic(gamma, r, 1e-250)
    length = np.hypot(fit.alignment, fit.orthogonal)
    assert_allclose(fit.error, wide.error, rtol=0.02)
    assert_allclose(fit.alignment / length, wide.overlap, rtol=0.01)
    assert_allclose(length * wide.margin, 250 * np.log(10), rtol=0.05)
    ridgeless = logistic(gamma, r)
    assert ridgeless.error == wide.error
    assert ridgeless[:3] == (inf, inf, inf)


@given(st.floats(0.1, 3.0), st.floats(0.05, 0.9))
def test_logistic_is_continuous_at_ridge_0(r: float, part: float) -> None:
    gamma = part * separability_threshold(r)
    assert_allclose(logistic(gamma, r, 1e-14), logistic(gamma, r), rtol=1e-7)


@given(ratios, norms)
def test_logistic_with_a_large_ridge(gamma: float, r: float) -> None:
    """l' = -1/2, l'' = 1/4; the ridges straddle the change to the closed form."""
    for ridge in np.array([1e6, 1e12, 0.9e17, 1.1e17, 1e100]) * (1 + r**2 + gamma):
        expected = [r / (4 * ridge), sqrt(gamma) / (4 * ridge), gamma / (2 * ridge)]
        fit = logistic(gamma, r, ridge)
        assert_allclose(fit[:3], expected, rtol=1e-5)
        assert_allclose(fit.error, least_squares_error(gamma, r, inf), rtol=1e-4)
    fit = logistic(gamma, r, inf)
    assert fit[:3] == (0.0, 0.0, 0.0)
    assert_allclose(fit.error, least_squares_error(gamma, r, inf), rtol=1e-13)


def test_logistic_edges() -> None:
    # many samples: the log-odds of the model are 2 mu.x
    many = logistic(1e-10, 1.7)
    assert_allclose([many.alignment, many.orthogonal, many.error], [3.4, 0.0, ndtr(-1.7)], atol=1e-4)
    blind = logistic([0.1, 0.5, 3.0, 3.0], 0.0, [0.0, 0.0, 0.0, 0.1])
    assert_allclose(blind.error, 0.5)
    assert_allclose(blind.alignment, 0.0)
    assert_allclose(np.isinf(blind.orthogonal), [False, True, True, False])
    gamma_star = separability_threshold(1.3)
    at = logistic(gamma_star, 1.3)
    assert at[:3] == (inf, inf, inf)
    assert_allclose(at.error, gamma_star, rtol=1e-12)
    assert np.isfinite(logistic([1e-4, 1e4], [[1e-6], [30.0]], 1e-3)).all()


def test_a_system_without_a_root_says_what_to_do() -> None:
    def rootless(x: Any, ridge: float) -> tuple[Any, Any]:
        return np.exp(x) + 1, np.diag(np.exp(x))

    with pytest.raises(ConvergenceError, match=r"no root .* ridge 0\.5 .* raise the ridge"):
        state_evolution.solve(rootless, lambda _: np.zeros(3), 0.5, large=1.0)


@given(st.lists(st.floats(-2.0, 2.0), min_size=3, max_size=3), st.floats(0.1, 3.0), maybe(decades(-2, 1)))
def test_mixture_jacobian(x: list[float], r: float, ridge: float) -> None:
    """A wrong Jacobian would only be slow, and fail in hard cases."""

    def residual(x: Any) -> Any:
        return state_evolution.mixture_equations(x, 0.7, r, ridge)[0]

    _, jacobian = state_evolution.mixture_equations(np.array(x), 0.7, r, ridge)
    steps = 1e-5 * np.eye(3)
    numerical = np.transpose([(residual(x + h) - residual(x - h)) / 2e-5 for h in steps])
    assert_allclose(jacobian, numerical, atol=1e-7, rtol=1e-7)


# -- arguments -------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [least_squares_error, svm, logistic])
def test_broadcasting(function: Callable[..., Any]) -> None:
    arguments = [
        np.array([[0.2], [1.5]])[:, None],
        np.array([[0.5], [1.0], [2.0]]),
        np.array([0.01, 1.0, inf]),
    ]
    arguments = arguments[: 2 if function is svm else 3]
    together = np.array(function(*arguments))
    shape = np.broadcast_shapes(*(a.shape for a in arguments))
    assert together.shape[-3:] == shape
    for index in np.ndindex(shape):
        one = function(*(np.broadcast_to(a, shape)[index] for a in arguments))
        assert_allclose(together[..., *index], one)


def test_shapes_and_types() -> None:
    assert separability_threshold([[0.0, 1.0]]).shape == (1, 2)
    for value in (least_squares_error(1, 1), separability_threshold(1), *svm(2, 1), *logistic(1, 1, 1)):
        assert isinstance(value, np.float64)
    assert logistic(np.ones((0, 2)), 1.0).error.shape == (0, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: least_squares_error(0.0, 1.0), "gamma = 0"),
        (lambda: least_squares_error(inf, 1.0), "gamma = inf"),
        (lambda: least_squares_error(1.0, -1.0), "mean_norm = -1"),
        (lambda: least_squares_error(1.0, 1.0, -0.1), "ridge = -0.1"),
        (lambda: least_squares_error(1.0, 1.0, np.nan), "ridge = nan"),
        (lambda: separability_threshold([1.0, -2.0]), "mean_norm = -2"),
        (lambda: separability_threshold(inf), "mean_norm = inf"),
        (lambda: svm(-1.0, 1.0), "gamma = -1"),
        (lambda: svm(1.0, "x"), "mean_norm = 'x'"),
        (lambda: logistic(0.0, 1.0), "gamma = 0"),
        (lambda: logistic(1.0, 1.0, -1.0), "ridge = -1"),
        (lambda: logistic([1.0, 2.0], [1.0, 2.0, 3.0]), r"shapes do not broadcast: gamma \(2,\)"),
    ],
)
def test_bad_arguments(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
