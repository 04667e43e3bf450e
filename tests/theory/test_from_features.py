"""Problem.from_features: a population of rows, against draws from it and against the covariance."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory import Problem, ridge

RNG = np.random.default_rng(5)
SCALES = np.array([3.0, 2.0] + [1.0] * 10 + [0.3] * 28)
PHI = RNG.standard_normal((20_000, 40)) * SCALES
BETA = RNG.standard_normal(40) / 6


def test_coefficients_are_those_of_the_covariance() -> None:
    ours = Problem.from_features(PHI, beta=BETA, noise=0.2)
    theirs = Problem.from_covariance(PHI.T @ PHI / len(PHI), BETA, noise=0.2)
    assert_allclose(ours.eigenvalues, theirs.eigenvalues, rtol=1e-10)
    assert_allclose(ours.power, theirs.power, rtol=1e-6, atol=1e-12)
    assert Problem.from_features(PHI, beta=BETA).noise == 0


@pytest.mark.parametrize("given", [None, 0.3])
def test_labels_predict_fits_to_few_of_the_rows(given: float | None) -> None:
    """Least squares with a ridge on n rows drawn from the population, its error measured on all rows."""
    y = PHI @ BETA + 0.7 * RNG.standard_normal(len(PHI))
    problem = Problem.from_features(PHI, y, noise=given)
    assert problem.noise + problem.tail_power == pytest.approx(0.49, rel=0.03)
    assert problem.signal - problem.tail_power == pytest.approx(np.mean((PHI @ BETA) ** 2), rel=0.05)
    n, penalty, errors = 100, 0.05, []
    for _ in range(200):
        chosen = RNG.choice(len(PHI), n, replace=False)
        X = PHI[chosen]
        a = np.linalg.solve(X.T @ X + n * penalty * np.eye(40), X.T @ y[chosen])
        errors.append(np.mean((y - PHI @ a) ** 2))
    se = np.std(errors, ddof=1) / np.sqrt(len(errors))
    assert ridge(problem, n, penalty).test == pytest.approx(np.mean(errors), abs=4 * se, rel=0.01)


def test_power_of_labels_is_not_that_of_their_noise() -> None:
    """Labels without any target: the power is what is left of 40 shares of noise/N."""
    y = RNG.standard_normal(len(PHI))
    assert Problem.from_features(PHI, y).power.sum() < 40 / len(PHI)


def test_repeated_columns_lower_the_rank() -> None:
    doubled = np.hstack([PHI, PHI])
    assert Problem.from_features(doubled, beta=np.ones(80)).rank == 40
    assert Problem.from_features(np.zeros((3, 2)), y=np.ones(3)).tail_power == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "y and beta"),
        ({"y": np.ones(3), "beta": np.ones(2)}, "y and beta"),
        ({"y": np.ones(2)}, "y has 2 entries; pass 3, one for each row"),
        ({"beta": np.ones(3)}, "beta has 3 entries; pass 2, one for each column"),
        ({"y": np.ones(3), "noise": -1.0}, "noise = -1"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Problem.from_features(np.arange(6.0).reshape(3, 2), **arguments)  # type: ignore[arg-type]


def test_noise_that_cannot_be_estimated_is_asked_for() -> None:
    with pytest.raises(ValueError, match="noise = None cannot be estimated: 2 rows of rank 2"):
        Problem.from_features(np.eye(2), y=[1.0, 2.0])
    assert Problem.from_features(np.eye(2), y=[1.0, 2.0], noise=0.5).noise == 0.5
