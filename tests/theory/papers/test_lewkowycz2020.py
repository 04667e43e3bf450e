"""Lewkowycz et al. 2020: the map against gradient descent on all weights, and its three phases."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory.papers.lewkowycz2020 import catapult


def descent(u: np.ndarray, v: np.ndarray, step: float, steps: int) -> list[float]:
    root = np.sqrt(len(u))
    for _ in range(steps):
        f = u @ v / root
        u, v = u - step * f * v / root, v - step * f * u / root
    return [u @ v / root, (u @ u + v @ v) / len(u)]


@pytest.mark.parametrize("share", [0.5, 1.5, 2.5, 3.9])
@pytest.mark.parametrize("steps", [0, 1, 2, 7, 60])
def test_descent_on_all_weights(share: float, steps: int) -> None:
    rng = np.random.default_rng(steps)
    u, v = rng.standard_normal((2, 50))
    lam = (u @ u + v @ v) / 50
    step = share / lam
    found = catapult(u @ v / np.sqrt(50), lam, step, 50, steps)
    # a chaotic map would lose digits at every step: relative to the highest that the output reached
    assert_allclose(found, descent(u, v, step, steps), rtol=1e-9, atol=1e-9)


def test_phases() -> None:
    lazy, flung, lost = catapult(0.1, 2.0, [0.5, 1.5, 3.0], 100, 2000).kernel
    assert 1.99 < lazy < 2
    assert flung < 2 / 1.5
    assert lost == np.inf
    assert catapult(0.1, 2.0, 3.0, 100, 10**9).output == np.inf
    assert_allclose(catapult(0.1, 2.0, 0.25, np.inf, 3), (0.1 * 0.5**3, 2.0))
    assert catapult(0.0, 2.0, 9.0, 100, 50) == (0, 2)


def test_arguments() -> None:
    broadcasts(lambda *a: catapult(*a, 5), [0.25, 2.0, 0.5, 100.0])
    refuses(
        lambda: catapult(10.0, 1.0, 0.1, 100, 1), r"kernel = 1 is below 2 \|output\|/sqrt\(width\) = 2; no"
    )
    refuses(lambda: catapult(1.0, 1.0, 0.1, 100, 1.5), "steps = 1.5 must be a whole number >= 0")  # type: ignore[arg-type]
