"""Double descent in epochs: the error after k steps is that of the steps taken one by one."""

import numpy as np
import pytest

from sims.experiments import epochwise

LEVELS = epochwise.TwoLevels(n=30, d=4, slow=0.1, rate=0.3, fast_power=0.5, slow_power=1.5, noise=0.7)


@pytest.mark.parametrize("equal", [False, True])
def test_steps_one_by_one(equal: bool) -> None:
    measured = epochwise.excess(LEVELS, [0, 1, 7], equal, np.random.default_rng(2))
    variance = np.repeat([1.0, LEVELS.slow], LEVELS.d)
    X = np.random.default_rng(2).standard_normal((LEVELS.n, 2 * LEVELS.d)) * np.sqrt(variance)
    power = np.repeat([LEVELS.fast_power, LEVELS.slow_power], LEVELS.d) / LEVELS.d / variance
    rate = np.repeat(LEVELS.rates(equal), LEVELS.d)[:, None]
    # columns: the fit to each coordinate's part of the labels, and to the noise of each label
    labels = np.hstack([X, np.eye(LEVELS.n)])
    W, errors = np.zeros((2 * LEVELS.d, labels.shape[1])), []
    for step in range(8):
        if step in (0, 1, 7):
            missed, noise = np.split(W, [2 * LEVELS.d], axis=1)
            missed = missed - np.eye(2 * LEVELS.d)
            errors.append(variance @ missed**2 @ power + LEVELS.noise * (variance @ noise**2).sum())
        W = W - rate / LEVELS.n * X.T @ (X @ W - labels)
    np.testing.assert_allclose(measured, errors, rtol=1e-9)


def test_equal_rates_make_both_levels_equally_fast() -> None:
    np.testing.assert_allclose(LEVELS.rates(True) * LEVELS.problem.eigenvalues, LEVELS.rate)


def test_a_network_starts_from_zero() -> None:
    setting = epochwise.TwoScaleNetwork(20, 6, 0.1, 2.0, 3.0, 0.1, width=4, activation="tanh", step=0.1)
    for seed in (0, 1):
        start, _ = epochwise.network_excess(setting, [0, 30], np.random.default_rng(seed))
        # the target's power is 5 on each draw; 400 fresh inputs know it to 5 standard errors of 0.35
        assert abs(start - 5.0) < 1.8
