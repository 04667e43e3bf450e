"""Stochastic gradient descent on fixed rows: the equation step by step, runs, limits, bad arguments."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import theory
from tests.checks import broadcasts, refuses
from theory.engines import volterra
from theory.papers import hastie2022, paquette2021


def stepped(c: float, r: float, u: float, signal: float, noise: float, count: int) -> Any:
    """Train and test error by the trapezoid rule in time, with error O(1/count^2)."""
    theta = (np.arange(4000) + 0.5) * np.pi / 4000
    x = 1 + c + 2 * np.sqrt(c) * np.cos(theta)
    law = 2 * np.sin(theta) ** 2 / x / 4000  # without its atom at 0

    def mean(values: Any) -> Any:
        return values @ law

    grid = np.linspace(0, u, count)
    left = np.exp(-2 * r * np.outer(grid, x))
    flow = signal * mean(left * x) / 2 + noise * (1 - c * mean(1 - left)) / 2
    K, K1 = r**2 * mean(left * x**2), 2 * r**2 * mean(left * x)
    h, psi = grid[1], np.empty(count)
    psi[0] = flow[0]
    for i in range(1, count):
        past = K[i] * psi[0] / 2 + K[i - 1 : 0 : -1] @ psi[1:i]
        psi[i] = (flow[i] + h * past) / (1 - h * K[0] / 2)
    weights = np.full(count, h)
    weights[[0, -1]] = h / 2
    test = noise + signal * (1 - mean(1 - left[-1])) + noise * c * mean((1 - np.sqrt(left[-1])) ** 2 / x)
    return np.array([2 * psi[-1], test + (weights * K1[::-1]) @ psi])


@pytest.mark.parametrize(
    ("c", "r", "u", "signal", "noise"),
    [(0.75, 0.6, 6.0, 1.0, 0.25), (2.0, 1.0, 4.0, 1.0, 0.1), (1.0, 1.9, 5.0, 0.5, 1.0),
     (0.3, 2.5, 3.0, 1.0, 0.5), (4.0, 0.2, 2.0, 2.0, 0.0)],
)  # fmt: skip
def test_the_equation_step_by_step(c: float, r: float, u: float, signal: float, noise: float) -> None:
    found = paquette2021.multi_pass(c, r, u, signal, noise)
    coarse, fine = (stepped(c, r, u, signal, noise, count) for count in (1001, 2001))
    assert_allclose(found, (4 * fine - coarse) / 3, rtol=1e-6)


@pytest.mark.parametrize("c", [0.3, 1.0, 3.0])
def test_small_rates_are_gradient_flow_and_the_start_is_known(c: float) -> None:
    flow = theory.papers.ali2019.risk(c, 2.0, 1.0, 0.3)
    slow = paquette2021.multi_pass(c, 1e-9, 2e9, 1.0, 0.3)
    assert_allclose(slow, (flow.train, flow.test), rtol=1e-8)
    assert_allclose(paquette2021.multi_pass(c, 1.3, 0.0, 1.0, 0.3), (1.3, 1.3), rtol=1e-12)


def test_the_end() -> None:
    """Of the noise that no w fits 1/(1 - r/2) is left; beyond the threshold it is least squares."""
    few = paquette2021.multi_pass(0.5, 1.0, [1e4, np.inf], 1.0, 0.2)
    assert_allclose(few.train, 0.2 * 0.5 / (1 - 0.5), rtol=1e-9)
    assert_allclose(few.test, hastie2022.isotropic(0.5, 1.0, 0.2).test + 1.0 * 0.2 * 0.5, rtol=1e-9)
    many = paquette2021.multi_pass(3.0, 1.0, [1e4, np.inf], 1.0, 0.2)
    assert_allclose(many.train, 0.0, atol=1e-12)
    assert_allclose(many.test, hastie2022.isotropic(3.0, 1.0, 0.2).test, rtol=1e-9)


@pytest.mark.parametrize("c", [0.4, 1.0, 2.5])
def test_around_the_critical_rate(c: float) -> None:
    below, at, above = paquette2021.multi_pass(c, [2 - 3e-6, 2.0, 2 + 3e-6], 10.0, 1.0, 0.3).test
    assert_allclose([below, above], at, rtol=1e-4)  # 3e-6 times the time, and some
    assert below < at < above
    errors = paquette2021.multi_pass(c, [1.9, 2.0, 2.1], [[100.0], [1000.0], [np.inf]], 1.0, 0.0).train
    assert (np.diff(errors[:, 0]) < 0).all()
    assert_allclose(errors[:, 1], 1.0, rtol=5e-5)  # interpolated
    assert (np.diff(errors[:, 2]) > 0).all()
    assert np.isinf(errors[2, 2])


@pytest.mark.parametrize("c", [0.1, 0.999, 1.0, 8.0])
def test_moments_of_the_law(c: float) -> None:
    x, weight = volterra.marchenko_pastur(c)
    known = [min(1, 1 / c), 1.0, 1 + c, 1 + 3 * c + c**2]
    assert_allclose([weight @ x**k for k in range(4)], known, rtol=1e-13)


def test_a_large_design_has_the_limit() -> None:
    for n in (400, 90):
        X = np.random.default_rng(n).standard_normal((n, 200))
        steps = np.array([0, 100, 600, 3000, np.inf])
        found = paquette2021.given_design(X, np.full(200, 200**-0.5), 1.2 / 200, steps, 0.25)
        limit = paquette2021.multi_pass(200 / n, 1.2, steps / 200, 1.0, 0.25)
        assert_allclose(found.test, limit.test, rtol=0.1)
        assert_allclose(found.train, limit.train, rtol=0.15, atol=0.01)
        assert_allclose(found.test[-1] - limit.test[-1], 0.0, atol=0.1)


def test_runs_on_a_design() -> None:
    """Rows with a covariance, labels drawn anew in each run: 5 standard errors and 2/n for the limit."""
    rng, n, d, runs, noise = np.random.default_rng(4), 120, 40, 400, 0.3
    spread = np.repeat([1.5, 0.5], 20)
    X, beta = rng.standard_normal((n, d)) * spread, rng.standard_normal(d) / np.sqrt(d)
    step = 0.4 * paquette2021.critical_step(X)
    W = np.zeros((runs, d))
    Y = X @ beta + np.sqrt(noise) * rng.standard_normal((runs, n))
    for _ in range(300):
        i = rng.integers(n, size=runs)
        W += step * (Y[np.arange(runs), i] - (X[i] * W).sum(axis=1))[:, None] * X[i]
    train = ((Y - W @ X.T) ** 2).mean(axis=1)
    test = noise + ((W - beta) ** 2 @ spread**2)
    told = paquette2021.given_design(X, beta, step, 300, noise, np.diag(spread**2))
    flow = paquette2021.given_design(X, beta, step / 1e6, 300e6, noise, np.diag(spread**2))
    for observed, expected, without in ((train, told.train, flow.train), (test, told.test, flow.test)):
        allowed = 5 * observed.std() / np.sqrt(runs) + 2 / n * expected
        assert abs(observed.mean() - expected) < allowed < abs(without - expected)


def test_the_critical_step_of_a_design() -> None:
    X = np.random.default_rng(0).standard_normal((30, 50))
    critical = paquette2021.critical_step(X)
    assert critical == pytest.approx(2 / np.trace(X.T @ X / 30), rel=1e-14)
    for share, grows in ((0.999, False), (1.001, True)):
        late = paquette2021.given_design(X, np.ones(50), share * critical, [1e6, 2e6])
        assert (late.train[1] > late.train[0]) == grows
    assert paquette2021.critical_step(np.zeros((2, 2))) == np.inf


def test_shapes_and_ends_of_the_range() -> None:
    broadcasts(lambda *a: paquette2021.multi_pass(*a).test, [0.7, 0.9, 3.0, 1.5, 0.4])
    wild = [1e-300, 1e-9, 1.0, 1e9, 1e300]
    for c in wild:
        for r in wild:
            errors = paquette2021.multi_pass(c, r, [0.0, 1e-300, 1.0, 1e300, np.inf], 1.0, 0.5)
            assert not np.isnan(errors).any(), (c, r)
    nothing = paquette2021.given_design(np.zeros((3, 2)), [1.0, 1.0], 0.1, [0, 5, np.inf], 0.5)
    assert_allclose(nothing.test, 2.5)
    assert_allclose(nothing.train, 0.5)


@pytest.mark.parametrize(("call", "told"), [
    (lambda: paquette2021.multi_pass(0.0, 1.0, 1.0), "ratio = 0"),
    (lambda: paquette2021.multi_pass(1.0, -1.0, 1.0), "rate = -1"),
    (lambda: paquette2021.multi_pass(1.0, 1.0, -1.0), "time = -1"),
    (lambda: paquette2021.multi_pass(1.0, 1.0, 1.0, -2.0), "signal = -2"),
    (lambda: paquette2021.given_design(np.ones((3, 2)), np.ones(3), 0.1, 1), "beta has shape"),
    (lambda: paquette2021.given_design(np.ones((3, 2)), np.ones(2), 0.0, 1), "step = 0"),
    (lambda: paquette2021.given_design(np.ones((3, 2)), np.ones(2), 0.1, -1), "steps = -1"),
    (lambda: paquette2021.given_design(np.ones((3, 2)), np.ones(2), 0.1, 1, -0.1), "noise = -0.1"),
    (lambda: paquette2021.given_design(np.ones((3, 2)), np.ones(2), 0.1, 1, 0.1, np.eye(3)), "covariance"),
    (lambda: paquette2021.critical_step([1.0]), "X = array"),
])  # fmt: skip
def test_bad_arguments(call: Any, told: str) -> None:
    refuses(call, told)
