"""Advani, Saxe, Sompolinsky 2020: gradient flow of isotropic problems, and a simulation of it."""

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings

from tests.checks import refuses
from tests.flows import powers, scales
from theory.papers import advani2020, ali2019


@given(alpha=scales, t=scales, init=powers)
@settings(max_examples=40)
def test_advani2020_is_gradient_flow(alpha: float, t: float, init: float) -> None:
    paper = advani2020.risk(alpha, t, signal=0.7, noise=0.3, init=init)
    assert paper == pytest.approx(ali2019.risk(1 / alpha, t, 0.7 + init, 0.3).test, rel=1e-9)


def test_advani2020_edges() -> None:
    alpha = np.array([0.25, 1.0, 4.0])
    start = advani2020.risk(alpha, 0.0, signal=1.0, noise=0.3, init=0.5)
    np.testing.assert_allclose(start, 1.8, rtol=1e-14)
    end = advani2020.risk(alpha, np.inf, signal=1.0, noise=0.3, init=0.5)
    # the frozen subspace keeps its initial error
    np.testing.assert_allclose(end, [0.3 + 1.5 * 0.75 + 0.3 / 3, np.inf, 0.3 + 0.3 / 3], rtol=1e-12)
    assert advani2020.risk(1.0, np.inf, noise=0.0) == 0
    assert advani2020.risk(np.inf, 1.0, noise=0.3) == pytest.approx(0.3 + np.exp(-2), rel=1e-12)
    assert advani2020.risk([[0.5], [2.0]], [1.0, np.inf], init=[0.0, 1.0]).shape == (2, 2)


def test_advani2020_simulated() -> None:
    """Weights drawn at random, given the design in closed form: 4 standard errors + 3/n."""
    rng = np.random.default_rng(11)
    n, p, t, signal, noise, init, draws = 80, 160, 4.0, 1.0, 0.3, 1.0, 60
    sample = []
    for _ in range(draws):
        X, teacher = rng.standard_normal((n, p)), rng.standard_normal(p) * np.sqrt(signal / p)
        beta = rng.standard_normal(p) * np.sqrt(init / p)
        y = X @ teacher + np.sqrt(noise) * rng.standard_normal(n)
        values, vectors = np.linalg.eigh(X @ X.T / n)
        rest = vectors @ (-np.expm1(-t * values) / (n * values) * (vectors.T @ (y - X @ beta)))
        sample.append(noise + ((beta + X.T @ rest - teacher) ** 2).sum())
    expected = advani2020.risk(n / p, t, signal, noise, init)
    allowed = 4 * np.std(sample, ddof=1) / np.sqrt(draws) + 3 / n * expected
    assert abs(np.mean(sample) - expected) < allowed


@pytest.mark.parametrize("t", [0.0, 0.5, 4.0, np.inf])
@pytest.mark.parametrize(("n", "p"), [(80, 160), (160, 80)])
def test_training_error_simulated(n: int, p: int, t: float) -> None:
    """Residuals of descent from random weights: 4 standard errors + 3/n."""
    rng = np.random.default_rng(7)
    signal, noise, init, draws = 1.0, 0.4, 0.5, 60
    sample = []
    for _ in range(draws):
        X = rng.standard_normal((n, p))
        start = rng.standard_normal(p) * np.sqrt(init / p) - rng.standard_normal(p) * np.sqrt(signal / p)
        values, vectors = np.linalg.eigh(X @ X.T / n)
        values = np.where(values > 1e-9, values, 0.0)
        first = vectors.T @ (np.sqrt(noise) * rng.standard_normal(n) - X @ start)
        left = np.where(values > 0, np.exp(-np.where(values > 0, t, 0.0) * values), 1.0)
        sample.append(np.mean((left * first) ** 2))
    expected = advani2020.train_error(n / p, t, signal, noise, init)
    allowed = 4 * np.std(sample, ddof=1) / np.sqrt(draws) + 3 / n * expected
    assert abs(np.mean(sample) - expected) <= allowed + 1e-15


def test_training_error_at_the_edges() -> None:
    alpha = np.array([0.25, 1.0, 4.0])
    np.testing.assert_allclose(advani2020.train_error(alpha, 0.0, 1.0, 0.3, 0.5), 1.8, rtol=1e-14)
    np.testing.assert_allclose(
        advani2020.train_error(alpha, np.inf, noise=0.3), [0.0, 0.0, 0.3 * 0.75], atol=1e-15
    )
    falling = advani2020.train_error(0.5, np.geomspace(0.01, 100, 50), noise=0.3)
    assert (np.diff(falling) < 0).all()


@given(alpha=scales, noise=powers, init=powers)
@settings(max_examples=25, deadline=None)
def test_no_other_time_is_better(alpha: float, noise: float, init: float) -> None:
    best = advani2020.stopping_time(alpha, 1.0, noise, init)
    if not 0 < best < np.inf:
        assert noise == 0
        return
    least = advani2020.risk(alpha, best, 1.0, noise, init)
    others = advani2020.risk(alpha, best * np.geomspace(1e-3, 1e3, 61), 1.0, noise, init)
    assert (others >= least * (1 - 1e-12)).all()
    near = advani2020.risk(alpha, best * np.array([0.9, 1.1]), 1.0, noise, init)
    assert (near >= least).all()


def test_best_time_against_thirty_digits() -> None:
    """The root of the derivative, with the law's density integrated by mpmath."""
    mp.mp.dps = 30
    for alpha, noise in ((0.5, 0.5), (1.0, 0.1), (3.0, 2.0)):
        r = 1 / mp.sqrt(alpha)
        low, high = (1 - r) ** 2, (1 + r) ** 2

        def slope(t: Any, low: Any = low, high: Any = high, c: float = alpha / noise) -> Any:
            def of(x: Any) -> Any:
                weight = mp.sqrt((high - x) * (x - low)) / x
                return weight * mp.exp(-t * x) * (c * x * mp.exp(-t * x) - 1 + mp.exp(-t * x))

            return mp.quad(of, [low, (low + high) / 2, high])

        found = advani2020.stopping_time(alpha, noise=noise)
        root = mp.findroot(slope, (found * 0.9, found * 1.1), solver="anderson", tol=1e-25)
        assert found == pytest.approx(float(root), rel=1e-13)


def test_best_time_at_the_edges() -> None:
    stop = advani2020.stopping_time
    assert stop(np.inf) == stop(2.0, noise=0.0) == np.inf
    assert stop(2.0, signal=0.0) == 0
    assert np.isnan(stop(2.0, signal=0.0, noise=0.0))
    assert stop(1e8, noise=3.0) == pytest.approx(np.log1p(1e8 / 3), rel=1e-6)
    assert stop(1e-300) == pytest.approx(1e-300 * np.log(2), rel=1e-12)
    # a lower edge of 0 has no unit of its own
    assert stop(1.0, noise=1e-300) == pytest.approx(1e280 * stop(1.0, noise=1e-20), rel=1e-12)
    assert stop([[0.5], [2.0]], [1.0, 0.0, 2.0], 0.3, 0.1).shape == (2, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: advani2020.risk(0.0, 1.0), "alpha = 0"),
        (lambda: advani2020.risk(1.0, -2.0), "time = -2"),
        (lambda: advani2020.risk(1.0, 2.0, init=-1.0), "init = -1"),
        (lambda: advani2020.risk(1.0, 2.0, noise=-1.0), "noise = -1"),
        (lambda: advani2020.train_error(1.0, -2.0), "time = -2"),
        (lambda: advani2020.stopping_time(0.0), "alpha = 0"),
        (lambda: advani2020.stopping_time(1.0, init=-1.0), "init = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


@pytest.mark.parametrize("alpha", [5e-324, 1e-308, 1e-300, 1e-155])
@pytest.mark.parametrize("time", [1e-100, 1.0, 1e100])
def test_advani2020_of_nearly_no_samples(alpha: float, time: float) -> None:
    """It warned of an overflow, for 1/alpha beyond the range too: nothing is learnt, all is fitted.

    The one eigenvalue of each sample is 1/alpha, so that e^(-2 time/alpha) is left of the training error.
    """
    np.testing.assert_allclose(advani2020.risk(alpha, time, 1.0, 0.3, 2.0), 3.3, rtol=1e-12)
    if time >= 1:
        assert advani2020.train_error(alpha, time) == 0.0


def test_advani2020_of_powers_at_the_end_of_the_range() -> None:
    """inf without a warning."""
    assert advani2020.risk(1.0, 1e300, 1e300, 1e300, 1e300) == np.inf
    assert advani2020.train_error(0.5, 1.0, 1e308, 1e308, 0.0) < np.inf
