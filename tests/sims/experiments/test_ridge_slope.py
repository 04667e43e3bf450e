"""The slope of the test error in the ridge, against differences of errors of fits solved anew."""

import numpy as np
import pytest

from sims.experiments import ridge_slope


def _errors(X: np.ndarray, ridge: float, variances: np.ndarray, seed: int) -> float:
    """Mean error of the ridge fits to the same draws, by their normal equations."""
    rng, (n, p) = np.random.default_rng(seed), X.shape
    beta = rng.standard_normal((p, ridge_slope.TARGETS)) * np.sqrt(2.0 / p)
    y = X @ beta + np.sqrt(0.5) * rng.standard_normal((n, ridge_slope.TARGETS))
    fit = np.linalg.solve(X.T @ X + n * ridge * np.eye(p), X.T @ y)
    return float((variances @ (fit - beta) ** 2).mean())


@pytest.mark.parametrize("shape", [(12, 5), (12, 30)])
def test_slope_is_that_of_fits_solved_anew(shape: tuple[int, int]) -> None:
    variances = np.linspace(0.2, 3.0, shape[1])
    X = np.random.default_rng(1).standard_normal(shape) * np.sqrt(variances)
    found = ridge_slope.slopes(X, np.array([0.3]), 2.0, 0.5, np.random.default_rng(4), variances)
    step = 1e-5
    change = _errors(X, 0.3 + step, variances, 4) - _errors(X, 0.3 - step, variances, 4)
    assert found[0] == pytest.approx(change / (2 * step), rel=1e-6)


@pytest.mark.parametrize(
    ("slopes", "best"), [([-2.0, -1.0, 1.0], 2.5), ([1.0, 2.0, 3.0], 1.0), ([-3.0, -2.0, -1.0], 3.0)]
)
def test_turning_point_within_the_ridges_or_at_their_end(slopes: list[float], best: float) -> None:
    assert ridge_slope.turning_point(np.array([1.0, 2.0, 3.0]), np.array(slopes)) == best
