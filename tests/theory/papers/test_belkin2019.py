"""Belkin et al. 2019: parameters counted, and the interpolation threshold by fitting."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.checks import broadcasts, refuses
from theory.papers import belkin2019


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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: belkin2019.network_parameters(784, 0, 10), "hidden = 0"),
        (lambda: belkin2019.network_parameters(784, 2.5, 10), "hidden = 2.5"),
        (lambda: belkin2019.interpolation_threshold(0), "n = 0"),
        (lambda: belkin2019.interpolation_threshold(10, "forest"), "model = 'forest'"),
        (lambda: belkin2019.interpolation_threshold(10, "network", 0), "classes = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (belkin2019.network_parameters, [5, 6, 7]),
        (lambda *a: belkin2019.interpolation_threshold(a[0], "network", a[1]), [5, 6]),
    ],
)
def test_every_argument_broadcasts(function: Callable[..., Any], arguments: list[float]) -> None:
    broadcasts(function, arguments)
