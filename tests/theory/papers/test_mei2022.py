"""Mei, Montanari 2022: polynomials as printed, the core per dimension, and the best ridge."""

from collections.abc import Callable
from math import inf, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests import witness
from tests.checks import refuses
from tests.strategies import Point, decades, maybe, pairs
from theory import Problem, random_features
from theory.activation import moments
from theory.arguments import Array
from theory.papers import mei2022


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


def test_activations_without_a_linear_part_learn_nothing_linear() -> None:
    """[mei2022] with moments by quadrature: as with the exact moments, nothing is left of rounding."""

    def constant(x: Array) -> Array:
        return np.full_like(x, 2.0)

    assert mei2022.risk(2.0, 3.0, 0.0, constant, noise=0.1).test == 1.1
    assert mei2022.risk(2.0, 3.0, 0.0, constant, noise=0.1) == mei2022.risk(2.0, 3.0, 0.0, (0, 0), noise=0.1)
    assert mei2022.optimal(2.0, 3.0, np.abs, noise=0.1).ridge == inf


@pytest.mark.parametrize(
    ("call", "message"),
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
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


@pytest.mark.parametrize("mu1", [1e-60, 1e-77, 1e-150])
def test_a_linear_part_far_below_the_nonlinear_one(mu1: float) -> None:
    """The levels of the spectrum 1e-120 to 1e-300 below its tail, against many digits.

    For mu1 = 1e-77 df was 0.25 and the test error 1.25: the square of the root left the range of floats.
    """
    found = mei2022.risk(1.0, 0.5, 1.0, (mu1, 1.0))
    truth = witness.risk(Point(Problem([mu1**2], [1.0], tail=1.0), 0.5, 1.0, 1.0), 700)
    assert_allclose(found.df, 1 / (2 + sqrt(2)), rtol=1e-12)  # T = 1/g with 1/2 = (g - 1)(1/2 - 1/g)
    for name in ("test", "bias", "df"):
        assert_allclose(getattr(found, name), float(truth[name]), rtol=1e-12)
