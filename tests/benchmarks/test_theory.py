"""Speed of the theory, each beside a calibration in the same run: python -m pytest tests/benchmarks.

Never pass or fail on seconds; compare medians with the calibration's.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import theory
from theory.papers import loureiro2021, mei2022

Benchmark = Callable[..., Any]


def test_calibration_matrix_product(benchmark: Benchmark) -> None:
    a = np.random.default_rng(0).standard_normal((1000, 1000))
    with threadpool_limits(1):
        benchmark(lambda: a @ a)


@pytest.mark.parametrize("ridge", [0.0, 1e-8, 1e-3, 1.0])
def test_mei2022_million_points(benchmark: Benchmark, ridge: float) -> None:
    """Wanted: under 0.5 s on one core."""
    psi1 = np.geomspace(0.01, 100, 10**6)
    mei2022.risk(psi1[:2], 3.0, ridge)
    benchmark(mei2022.risk, psi1, 3.0, ridge, noise=0.1)


@pytest.mark.parametrize("p", [None, 300])
def test_thousand_eigenvalues_thousand_ridges(benchmark: Benchmark, p: int | None) -> None:
    """Wanted: under 10 microseconds a point, so 10 ms."""
    problem = theory.Problem.power_law(1000, 1.5, 2.0)
    ridges = np.geomspace(1e-8, 1, 1000)
    if p is None:
        benchmark(theory.ridge, problem, 100, ridges)
    else:
        benchmark(theory.random_features, problem, 100, p, ridges)


@pytest.mark.parametrize("penalty", [1e-3, 1.0])
def test_logistic_state_evolution(benchmark: Benchmark, penalty: float) -> None:
    """Wanted: under 50 ms a point."""
    omega = np.linspace(0.1, 2.0, 50)
    benchmark(loureiro2021.logistic, omega, omega**2, 2.0, 2.0, penalty)


@pytest.mark.parametrize(("gamma", "ridge"), [(0.1, 0.0), (2.0, 1e-2)])
def test_logistic_mixture(benchmark: Benchmark, gamma: float, ridge: float) -> None:
    """Wanted: under 50 ms a point."""
    benchmark(theory.classification.logistic, gamma, 1.0, ridge)
