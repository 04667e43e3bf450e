"""Adomaityte et al. 2024: one scale is ridge regression; fits to rows of random length."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.checks import mean_is_near, refuses
from theory import Problem
from theory.papers import adomaityte2024

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3)


@given(st.floats(1, 300), st.floats(-6, 3), st.floats(0.1, 10))
def test_one_scale_is_ridge_regression(n: float, log_ridge: float, scale: float) -> None:
    """Of another size: covariance scale Sigma, whose fresh rows have the scale 1."""
    found = adomaityte2024.risk(PROBLEM, n, 10.0**log_ridge, [scale, scale], [0.5, 0.5])
    large = Problem(PROBLEM.eigenvalues * scale, PROBLEM.power * scale, PROBLEM.multiplicity, noise=0.3)
    plain = theory.ridge(large, n, 10.0**log_ridge)
    assert_allclose((found.test - 0.3) * scale, plain.test - 0.3, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("n", "ridge"), [(40, 0.1), (40, 0.0), (150, 0.0), (90, 0.02)])
def test_rows_of_random_length(n: int, ridge: float) -> None:
    scales, chances = np.array([0.25, 2.5]), np.array([2 / 3, 1 / 3])
    levels = np.repeat(PROBLEM.eigenvalues, PROBLEM.multiplicity.astype(int))
    beta = np.sqrt(np.repeat(PROBLEM.power / (PROBLEM.eigenvalues * PROBLEM.multiplicity), [20, 40]))

    def trial(rng: np.random.Generator) -> float:
        X = rng.standard_normal((n, levels.size)) * np.sqrt(levels)
        X *= np.sqrt(rng.choice(scales, n, p=chances))[:, None]
        y = X @ beta + np.sqrt(0.3) * rng.standard_normal(n)
        H = X.T @ X / n + ridge * np.eye(levels.size)
        w = np.linalg.solve(H, X.T @ y / n) if ridge else np.linalg.lstsq(X, y, rcond=None)[0]
        return 0.3 + float(levels @ (w - beta) ** 2)

    mean_is_near(trial, float(adomaityte2024.risk(PROBLEM, n, ridge, scales, chances).test), 300, 2 / n)


def test_elliptical_arguments() -> None:
    assert adomaityte2024.risk(PROBLEM, 60, 0.0, [0.5, 1.5], [0.5, 0.5]).test == np.inf
    refuses(lambda: adomaityte2024.risk(PROBLEM, 60, 0.1, [0.5, 1.5], [0.5, 0.4]), "probability has the sum")
    refuses(lambda: adomaityte2024.risk(PROBLEM, 60, 0.1, [0.5, 1.5], [1.0]), "one for each scale")
    tailed = Problem([1.0], [1.0], [5], tail=1.0)
    refuses(lambda: adomaityte2024.risk(tailed, 60, 0.1, [1.0], [1.0]), "tail = 1 must be 0")
