"""Zavatone-Veth, Pehlevan 2023: exact at finite sizes by simulation, the equation in the limit, ties."""

from itertools import permutations
from math import inf
from typing import Any

import numpy as np
import pytest

from tests.checks import broadcasts, refuses
from theory import Problem, deep_features, exact
from theory.papers import zavatone2023


def _errors(n: int, widths: list[int], d: int, noise: float, rng: Any) -> float:
    """Test error given design and weights, averaged over target and noise."""
    X, F = rng.standard_normal((n, d)), np.eye(d)
    for width in widths:
        F = F @ rng.standard_normal((F.shape[1], width)) / np.sqrt(F.shape[1])
    fit = F @ np.linalg.pinv(X @ F, rcond=1e-11)
    return float(noise + ((fit @ X - np.eye(d)) ** 2).sum() / d + noise * (fit**2).sum())


@pytest.mark.parametrize(
    ("n", "widths", "d"),
    [
        (10, [20], 24), (10, [24, 18], 20), (10, [18, 24], 20),
        (12, [30, 22, 40], 26), (10, [30, 5], 24), (24, [40, 30], 10),
    ],
)  # fmt: skip
def test_networks_that_were_drawn(n: int, widths: list[int], d: int) -> None:
    rng = np.random.default_rng(n + d)
    drawn = [_errors(n, widths, d, 0.3, rng) for _ in range(3000)]
    error = np.std(drawn) / np.sqrt(len(drawn))
    assert abs(np.mean(drawn) - zavatone2023.isotropic(n, widths, d, 1.0, 0.3)) < 4 * error
    assert error < 0.04


@pytest.mark.parametrize("widths", [[3.0, 1.7], [1.2], [0.7, 2.0], [5.0, 0.4], []])
@pytest.mark.parametrize("d", [0.5, 2.5])
def test_the_limit_is_the_equation(widths: list[float], d: float) -> None:
    """The gap falls like 1/n."""
    gaps = []
    for n in (1e4, 2e4):
        sizes = [n * width for width in widths]
        limit = deep_features(Problem.isotropic(n * d, 1.5, 0.4), n, sizes).test
        gaps.append(zavatone2023.isotropic(n, sizes, n * d, 1.5, 0.4) / limit - 1)
    assert abs(gaps[0]) < 1e-2
    assert gaps[0] / gaps[1] == pytest.approx(2.0, rel=0.02)


def test_without_layers_it_is_least_squares() -> None:
    n = np.array([5.0, 17.0, 19.0, 20.0, 21.0, 23.0, 60.0])
    told = exact.least_squares(n, 20, 1.5, 0.2).test
    np.testing.assert_allclose(zavatone2023.isotropic(n, [], 20, 1.5, 0.2), told, rtol=1e-13)
    np.testing.assert_allclose(zavatone2023.isotropic(n, [1e15], 20, 1.5, 0.2), told, rtol=1e-9)


def test_ties_and_nothing_to_learn() -> None:
    for n, widths, d in (
        (20, [20], 30),
        (20, [21], 30),
        (21, [20], 30),
        (20, [40, 21], 30),
        (20, [19.5], 30),
    ):
        assert zavatone2023.isotropic(n, widths, d, 1.0, 0.0) == inf, (n, widths)
    assert zavatone2023.isotropic(20, [25, 40], 20, 1.0, 0.0) == 0  # n = d without noise: the target itself
    assert zavatone2023.isotropic(30, [25, 40], 20, 1.0, 0.0) == 0
    assert zavatone2023.isotropic(20, [25, 40], 20, 1.0, 1e-9) == inf
    assert zavatone2023.isotropic(20, [20], 30, 0.0, 0.0) == 0


def test_the_order_of_layers_does_not_matter() -> None:
    """The sum over layers, one after the other, as they were derived."""
    for widths in permutations([20.0, 27.0, 31.0]):
        told, grown, before = 0.0, 1.0, 26.0
        for width in widths:
            grown *= (before - 10) / (width - 10 - 1)
            told, before = told + grown, width
        spread = 0.3 * 10 / (26 - 10 - 1)
        told = 0.3 + 1 - 10 / 26 + spread + (10 / 26 + spread) * told
        assert zavatone2023.isotropic(10, widths, 26, 1.0, 0.3) == pytest.approx(told, rel=1e-13)


def test_bad_arguments() -> None:
    refuses(lambda: zavatone2023.isotropic(0, [5], 5), "n = 0 must be finite and positive")
    refuses(lambda: zavatone2023.isotropic(5, [5, -1], 5), r"widths\[1\] = -1 must be finite and positive")
    refuses(lambda: zavatone2023.isotropic(5, [5], inf), "d = inf")
    refuses(lambda: zavatone2023.isotropic(5, [5], 5, -1.0), "signal = -1")


def test_every_argument_broadcasts() -> None:
    broadcasts(
        lambda n, p, q, d, signal, noise: zavatone2023.isotropic(n, [p, q], d, signal, noise),
        [10.0, 15.0, 18.0, 25.0, 1.5, 0.3],
    )
