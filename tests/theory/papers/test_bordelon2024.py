"""Gradient flow on random features: known means, exponents of exact errors."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import theory
from tests.checks import refuses
from theory import Problem
from theory.papers import bordelon2024

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)


def test_random_features_by_their_mean() -> None:
    """Simulation of runs on 150 features and 200 rows: 2.228(6), 2.588(15), 3.81(4)."""
    found = []
    for seed in range(16):
        M = np.random.default_rng(seed).standard_normal((150, 300)) / np.sqrt(150)
        found.append(bordelon2024.risk(PROBLEM, M, 200, [0.5, 3.0, 20.0]).test)
    errors = np.std(found, axis=0) / 4
    assert (errors < [0.03, 0.05, 0.09]).all()
    assert (np.abs(np.mean(found, axis=0) - [2.2315, 2.5882, 3.786]) < 5 * errors).all()
    end = bordelon2024.risk(PROBLEM, M, 200, np.inf).test
    assert_allclose(end, theory.ridge(PROBLEM.through(M), 200).test, rtol=1e-12)


@pytest.mark.parametrize(("alpha", "beta"), [(1.5, 2.0), (1.2, 4.0), (2.0, 2.5)])
def test_exponents_are_slopes(alpha: float, beta: float) -> None:
    """Of the flow on the population, of random features on the population, of interpolation."""
    problem, told = Problem.power_law(20_000, alpha, beta), bordelon2024.exponents(alpha, beta)
    sizes, times = np.array([40.0, 160.0]), np.array([100.0, 10_000.0])
    for expected, scale, error in (
        (told.time, times, theory.dynamics.gradient_flow(problem, np.inf, times).test),
        (told.width, sizes, theory.random_features(problem, np.inf, sizes).test),
        (told.samples, sizes, theory.ridge(problem, sizes).test),
    ):
        # what lies beyond the last eigenvalue is missing
        slope = -np.diff(np.log(error + 20_000 ** (1 - beta) / (beta - 1))) / np.diff(np.log(scale))
        assert slope[0] == pytest.approx(expected, rel=0.1)


def test_the_best_width_balances() -> None:
    for alpha, beta in ((1.5, 2.0), (1.2, 2.1)):
        told = bordelon2024.exponents(alpha, beta)
        assert told.width * told.best_width == pytest.approx(told.error)
        assert told.time * (1 - told.best_width) == pytest.approx(told.error)
        assert told.best_width < 0.5


@pytest.mark.parametrize(("call", "told"), [
    (lambda: bordelon2024.exponents(1.0, 2.0), "eigenvalue_exponent = 1 must"),
    (lambda: bordelon2024.exponents(2.0, 0.5), "power_exponent = 0.5 must"),
    (lambda: bordelon2024.risk(PROBLEM, np.ones((2, 3)), 10, 1.0), "features has shape"),
    (lambda: bordelon2024.risk(PROBLEM, np.ones((2, 300)), 10, -1.0), "time = -1"),
])  # fmt: skip
def test_bad_arguments(call: Any, told: str) -> None:
    refuses(call, told)
