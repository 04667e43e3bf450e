"""Levi et al. 2024: accuracy is a share, and the delay is longest at the threshold."""

import numpy as np
from numpy.testing import assert_allclose

import theory
from tests.checks import refuses
from theory import Problem
from theory.papers import levi2024

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3)


def test_accuracy_is_a_share() -> None:
    errors = np.sqrt(0.01) * np.random.default_rng(3).standard_normal(10**6)
    assert abs(np.mean(errors**2 < 0.002) - levi2024.accuracy(0.01, 0.002)) < 4 * 0.5e-3
    assert levi2024.accuracy([np.inf, 0.0], 1.0).tolist() == [0.0, 1.0]


def test_grokking_is_latest_at_the_threshold() -> None:
    delays = []
    for n in (300, 380, 500):
        found = levi2024.grokking(Problem([1.0], [1.0], [200]), n, 1e-3)
        losses = theory.dynamics.gradient_flow(Problem([1.0], [1.0], [200]), n, [found.train, found.test])
        assert_allclose(levi2024.accuracy(losses.train[0], 1e-3), 0.95, rtol=1e-9)
        assert_allclose(levi2024.accuracy(losses.test[1], 1e-3), 0.95, rtol=1e-6)
        delays.append(found.test / found.train)
    assert delays[0] > delays[1] > delays[2] > 1
    assert levi2024.grokking(Problem([1.0], [1.0], [200]), 100, 1e-3).test == np.inf
    assert levi2024.grokking(Problem([1.0], [1e-9], [200]), 100, 1e-3) == (0.0, 0.0)
    refuses(lambda: levi2024.grokking(PROBLEM, 100, 1e-3, 1.0), "level = 1 must be in")
