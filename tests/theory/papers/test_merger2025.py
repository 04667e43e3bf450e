"""Merger and Goldt 2025: denoisers of drawn samples, and of all data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import mean_is_near
from theory import Problem
from theory.papers import merger2025

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3)


@pytest.mark.parametrize(("n", "corruption"), [(30, 0.3), (120, 0.3), (40, 0.0)])
def test_linear_denoiser(n: int, corruption: float) -> None:
    levels = np.repeat(PROBLEM.eigenvalues, PROBLEM.multiplicity.astype(int))
    found = merger2025.denoiser(PROBLEM, n, corruption)

    def losses(rng: np.random.Generator) -> tuple[float, float]:
        X = rng.standard_normal((n, levels.size)) * np.sqrt(levels)
        S = X.T @ X / n
        A = S @ (np.linalg.inv(S + corruption * np.eye(len(S))) if corruption else np.linalg.pinv(S))
        left, spread = np.eye(len(S)) - A, corruption * np.trace(A @ A.T)
        return float((left**2 * levels).sum()) + spread, float(np.trace(left @ S @ left.T)) + spread

    mean_is_near(lambda rng: losses(rng)[0], float(found.test), 40, 1 / n)
    mean_is_near(lambda rng: losses(rng)[1], float(found.train), 40, 1 / n)


@given(st.floats(0.5, 3), st.floats(-12, 12))
def test_a_denoiser_of_all_data_is_the_best(size: float, power: float) -> None:
    found = merger2025.denoiser(PROBLEM, [10**size, np.inf], 10.0**power)
    assert found.train[0] <= found.best[0] * (1 + 1e-9)
    assert found.best[0] <= found.test[0] * (1 + 1e-9)
    assert_allclose([found.test[1], found.train[1]], found.best[1], rtol=1e-9)
