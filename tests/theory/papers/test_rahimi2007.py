"""Rahimi, Recht 2007: variances and bounds against sampled features."""

from collections.abc import Callable
from math import e, inf, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose
from scipy.integrate import quad

from tests.checks import broadcasts, refuses
from tests.strategies import decades
from theory.papers import rahimi2007


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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rahimi2007.feature_variance(-1.0, 10), "distance = -1"),
        (lambda: rahimi2007.feature_variance(1.0, 0), "features = 0"),
        (lambda: rahimi2007.feature_variance(1.0, 10, "sine"), "variant = 'sine'"),
        (lambda: rahimi2007.pointwise_bound(0.0, 10), "epsilon = 0"),
        (lambda: rahimi2007.pointwise_bound(0.1, 10, "sine"), "variant = 'sine'"),
        (lambda: rahimi2007.uniform_bound(0.1, 10, d=0, diameter=1.0), "d = 0"),
        (lambda: rahimi2007.uniform_bound(0.1, 10, d=1, diameter=-1.0), "diameter = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (lambda *a: rahimi2007.feature_variance(*a[:2], "phase", a[2]), [0.5, 10.0, 1.5]),
        (rahimi2007.pointwise_bound, [0.5, 20.0]),
        (rahimi2007.uniform_bound, [0.5, 1000.0, 3.0, 0.2, 1.0]),
    ],
)
def test_every_argument_broadcasts(function: Callable[..., Any], arguments: list[float]) -> None:
    broadcasts(function, arguments)


def test_the_pitch_of_random_grids_makes_the_laplace_kernel() -> None:
    """Density s k''(s) of the pitch, and the share of shifts that part two numbers."""
    for x in (0.1, 1.0, 4.0):
        found, _ = quad(lambda s, x=x: s * np.exp(-s) * (1 - x / s), x, np.inf)
        assert_allclose(found, np.exp(-x), rtol=1e-9)


def test_binning_variance_simulated() -> None:
    rng, grids, repeats = np.random.default_rng(3), 10, 40_000
    x = np.array([0.3, -0.2, 0.4])
    pitch = rng.gamma(2.0, 0.5, (repeats, grids, 3))
    shift = rng.uniform(size=pitch.shape) * pitch
    same = (np.floor(-shift / pitch) == np.floor((x - shift) / pitch)).all(axis=2).mean(axis=1)
    variance = rahimi2007.binning_variance(0.9, grids, bandwidth=0.5)
    assert same.mean() == pytest.approx(np.exp(-1.8), abs=4 * np.sqrt(variance / repeats))
    assert same.var() == pytest.approx(variance, rel=4 * np.sqrt(3 / repeats))
    for epsilon in (0.2, 0.3, 0.45):
        assert np.mean(np.abs(same - np.exp(-1.8)) >= epsilon) < rahimi2007.binning_bound(epsilon, grids)


def test_binning_at_the_edges() -> None:
    assert rahimi2007.binning_variance([0.0, np.inf], 5).tolist() == [0, 0]
    assert rahimi2007.binning_variance(1.0, np.inf) == 0
    assert_allclose(rahimi2007.binning_variance(1e-12, 1), 1e-12, rtol=1e-10)
    assert rahimi2007.binning_bound(0.01, 5) == 1
    refuses(lambda: rahimi2007.binning_variance(-1.0, 5), "distance = -1")
    refuses(lambda: rahimi2007.binning_variance(1.0, 0), "grids = 0")
    refuses(lambda: rahimi2007.binning_bound(0.0, 5), "epsilon = 0")
    broadcasts(rahimi2007.binning_variance, [0.7, 20.0, 1.5])
    broadcasts(rahimi2007.binning_bound, [0.3, 20.0])
