"""Ali, Kolter, Tibshirani 2019: gradient flow against ridge regression."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import minimize_scalar

import theory
from tests.checks import refuses
from tests.flows import close, powers, scales
from theory import Problem
from theory.dynamics import gradient_flow
from theory.papers import ali2019, hastie2022


@pytest.mark.parametrize(
    ("gamma", "time", "stopped", "ridge"),
    # the sheet's optimum is that of a grid of halves in time
    [(0.5, 5.0, 0.77074, 0.74166), (1, 3.0, 1.83772, 1.79129), (2, 1.5, 3.13218, 3.10850)],
)
def test_early_stopping_against_ridge(gamma: float, time: float, stopped: float, ridge: float) -> None:
    halves = np.arange(1, 200) / 2
    curve = ali2019.risk(gamma, halves, signal=5.0).test - 1
    assert halves[curve.argmin()] == time
    assert curve.min() == pytest.approx(stopped, abs=6e-6)
    optimal = hastie2022.isotropic(gamma, 5.0, 1.0, hastie2022.optimal_ridge(gamma, 5.0, 1.0)).test - 1
    assert optimal == pytest.approx(ridge, abs=6e-6)
    best = minimize_scalar(
        lambda t: float(ali2019.risk(gamma, t, signal=5.0).test) - 1, bounds=(0.1, 50), method="bounded"
    ).fun
    assert best <= curve.min()
    assert 1 < best / optimal < ali2019.bounds()[1]


@given(gamma=scales, t=scales, signal=powers, noise=powers)
@settings(max_examples=60)
def test_ali2019_is_gradient_flow(gamma: float, t: float, signal: float, noise: float) -> None:
    paper = ali2019.risk(gamma, t, signal, noise)
    core = gradient_flow(Problem.isotropic(300 * gamma, signal, noise), 300.0, t)
    close(paper._replace(df=300 * paper.df), core, 1e-9, signal + noise)
    # the same as two levels that are all but equal: the contour integrals
    near = Problem([1.0, 1 + 1e-13], np.array([0.5, 0.5]) * signal, [150 * gamma, 150 * gamma], noise=noise)
    close(paper._replace(df=300 * paper.df), gradient_flow(near, 300.0, t), 1e-7, signal + noise)


def test_ali2019_ends_where_ridge_does() -> None:
    gamma = np.array([0.3, 1.0, 2.0])
    end, ridgeless = ali2019.risk(gamma, np.inf, 2.0, 0.5), hastie2022.isotropic(gamma, 2.0, 0.5)
    for name in theory.Risk._fields:
        np.testing.assert_array_equal(getattr(end, name), getattr(ridgeless, name))
    assert np.isinf(end.test[1])


def test_ali2019_broadcasts() -> None:
    risk = ali2019.risk([[0.5], [2.0]], [0.0, 1.0, np.inf], signal=[1.0, 2.0, 3.0], noise=0.5)
    assert risk.test.shape == (2, 3)
    assert risk.test[1, 1] == pytest.approx(ali2019.risk(2.0, 1.0, 2.0, 0.5).test, rel=1e-14)
    assert isinstance(ali2019.risk(0.5, 1.0).test, np.float64)


@given(gamma=scales, t=scales, signal=powers, noise=powers)
@settings(max_examples=60)
def test_ali2019_bound_holds_along_the_path(gamma: float, t: float, signal: float, noise: float) -> None:
    flow = ali2019.risk(gamma, t, signal, noise).test - noise
    ridge = hastie2022.isotropic(gamma, signal, noise, 1 / t).test - noise
    assert flow <= ali2019.bounds()[0] * ridge + 1e-12


def test_ali2019_ratio() -> None:
    x = np.r_[0.0, 1e-320, np.geomspace(1e-12, 1e12, 2001), 1e308, np.inf]
    ratio, top = ali2019.risk_ratio(x), ali2019.bounds()
    assert ratio[0] == ratio[1] == ratio[-1] == ratio[-2] == 1
    assert (ratio >= 1 - 1e-15).all()
    assert (ratio <= top[0]).all()
    # stationary where x (1 + x) = e^x - 1
    best = minimize_scalar(lambda x: abs(x * (1 + x) - np.expm1(x)), bounds=(1, 3), method="bounded").x
    assert ali2019.risk_ratio(best) == pytest.approx(top[0], rel=1e-10)
    y = np.geomspace(1e-3, 1e3, 4001)
    tuned = (1 + y) * (np.exp(-2 * y) + (1 - np.exp(-y)) ** 2 / y)
    assert tuned.max() == pytest.approx(top[1], rel=1e-6)
    assert tuned.max() <= top[1]
    assert isinstance(ali2019.risk_ratio(1.0), np.float64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ali2019.risk(0.0, 1.0), "gamma = 0"),
        (lambda: ali2019.risk(np.inf, 1.0), "gamma = inf"),
        (lambda: ali2019.risk(1.0, -1.0), "time = -1"),
        (lambda: ali2019.risk(1.0, 1.0, signal=-1.0), "signal = -1"),
        (lambda: ali2019.risk(1.0, 1.0, noise=-1.0), "noise = -1"),
        (lambda: ali2019.risk_ratio(-0.1), "x = -0.1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
