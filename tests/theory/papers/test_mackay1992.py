"""MacKay 1992: both equations of the largest evidence, in the limit and on data."""

import numpy as np
import pytest
from scipy.optimize import minimize

import theory
from tests.checks import refuses
from theory import Problem
from theory.papers import mackay1992

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3)


@pytest.mark.parametrize("n", [25.0, 60.0, 200.0])
def test_both_equations_hold_in_the_limit(n: float) -> None:
    chosen = theory.empirical_bayes(PROBLEM, n)
    risk = theory.ridge(PROBLEM, n, chosen.ridge)
    count = mackay1992.well_determined(PROBLEM, n)
    assert n * chosen.ridge * risk.norm == pytest.approx(count * chosen.model_noise, rel=1e-9)
    assert n * risk.train == pytest.approx((n - count) * chosen.model_noise, rel=1e-9)


def test_data_have_about_as_many() -> None:
    """The evidence of drawn data maximised by a simplex; mean trace of the hat matrix, within 3/n."""
    rng, n, found = np.random.default_rng(0), 60, []
    lam, power = np.repeat([2.0, 0.5], [20, 40]), np.repeat([1.5 / 20, 1.0 / 40], [20, 40])
    for _ in range(60):
        X = rng.standard_normal((n, 60)) * np.sqrt(lam)
        y = X @ (np.sqrt(power / lam) * rng.standard_normal(60)) + np.sqrt(0.3) * rng.standard_normal(n)
        values, vectors = np.linalg.eigh(X @ X.T / n)
        seen = (vectors.T @ y) ** 2

        def cost(x: np.ndarray, values: np.ndarray = values, seen: np.ndarray = seen) -> float:
            variance = np.exp(x[1]) * (values / np.exp(x[0]) + 1)
            return float((np.log(variance) + seen / variance).sum())

        ridge = np.exp(minimize(cost, [-2.0, -1.0], method="Nelder-Mead").x[0])
        found.append((values / (values + ridge)).sum())
    expected = mackay1992.well_determined(PROBLEM, n)
    assert abs(np.mean(found) - expected) < 3 * np.std(found) / np.sqrt(60) + expected * 3 / n


def test_limits() -> None:
    assert mackay1992.well_determined(Problem.isotropic(10, 0.0, 1.0), 20) == 0
    assert mackay1992.well_determined(PROBLEM, [30.0, 60.0]).shape == (2,)
    refuses(lambda: mackay1992.well_determined(PROBLEM, 0.0), "n = 0 must be finite and positive")
