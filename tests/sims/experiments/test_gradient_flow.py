"""Gradient flow that is run is the one of the closed form."""

import numpy as np
import pytest

from sims.experiments import gradient_flow


@pytest.mark.parametrize("shape", [(12, 5), (5, 12), (8, 8)])
def test_the_flow_is_its_closed_form(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    X, Y, start = rng.standard_normal(shape), rng.standard_normal((shape[0], 3)), np.ones((shape[1], 3))
    left, s, right = np.linalg.svd(X, full_matrices=False)
    times = np.array([0.0, 0.3, 2.0, 20.0])
    run = gradient_flow.run(X, Y, times, start)
    for time, found in zip(times, run, strict=True):
        moved = -np.expm1(-time * s**2 / shape[0])[:, None]
        expected = start + right.T @ (moved * (left.T @ Y / s[:, None] - right @ start))
        assert found == pytest.approx(expected, abs=1e-4 * np.abs(run).max())


def test_it_starts_at_zero_and_ends_at_the_minimum_norm_fit() -> None:
    rng = np.random.default_rng(1)
    X, Y = rng.standard_normal((4, 9)), rng.standard_normal((4, 2))
    first, last = gradient_flow.run(X, Y, [0.0, 300.0])
    assert not first.any()
    assert last == pytest.approx(np.linalg.pinv(X) @ Y, abs=1e-4)
