"""The problem behind a data set is found again from its kernel matrix and targets."""

import numpy as np
import pytest

from sims.sweet_spot import spectrum
from theory import Problem, random_features, tradeoff

pytestmark = pytest.mark.jit

N = 300
FAMILY = Problem(
    np.arange(1.0, 601) ** -1.2, np.arange(1.0, 601) ** -1.5 / 2.5, noise=0.2
)  # more dimensions than rows


def _sample(problem: Problem, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Gaussian eigenfunctions: kernel matrix and noisy targets of n rows."""
    rng = np.random.default_rng(seed)
    Phi = rng.standard_normal((n, len(problem.eigenvalues)))
    target = np.sqrt(problem.power) * rng.choice([-1, 1], len(problem.power))
    noise = np.sqrt(problem.noise) * rng.standard_normal(n)
    return Phi * problem.eigenvalues @ Phi.T, Phi @ target + noise


def test_the_problem_behind_gaussian_data_is_found() -> None:
    # the mean of 10 samples lies within 4 of its standard errors, a false alarm of 1e-3 at each of 4 points
    # with Student's t; beside 3 %, for a jackknifed fit is not free of bias
    n, p = np.array([75.0, 150.0, 300.0, 300.0]), np.array([100.0, 300.0, 100.0, 1200.0])
    truth = tradeoff.best_ridge(FAMILY, n, p).test
    ratios = []
    for seed in range(10):
        problem = spectrum.estimate(*_sample(FAMILY, N, seed)).problem
        ratios.append(tradeoff.best_ridge(problem, n, p).test / truth)
    mean, se = np.mean(ratios, axis=0), np.std(ratios, axis=0, ddof=1) / np.sqrt(10)
    assert (np.abs(mean - 1) < 0.03 + 4.8 * se).all()
    assert (se < 0.05).all()  # else the check could not fail


def test_without_ridge_away_from_the_threshold() -> None:
    problem = spectrum.estimate(*_sample(FAMILY, 600, 0)).problem
    n, p = 300.0, np.array([100.0, 150.0, 600.0, 1500.0])
    assert random_features(problem, n, p).test == pytest.approx(random_features(FAMILY, n, p).test, rel=0.15)
    assert random_features(problem, n, n).test == np.inf


def test_a_singular_matrix_has_its_rank_and_noise() -> None:
    levels = Problem([4.0, 1.0], [1.0, 1.0], [10, 30], noise=0.5)
    wide = Problem(np.repeat([4.0, 1.0], [10, 30]), np.repeat([0.1, 1 / 30], [10, 30]), noise=0.5)
    problem = spectrum.estimate(*_sample(wide, 400, 1)).problem
    assert problem.rank == pytest.approx(levels.rank, rel=0.02)
    assert problem.tail == 0
    assert problem.noise == pytest.approx(0.5, rel=0.2)  # 2 standard errors of a variance are 0.15
    assert problem.power.sum() == pytest.approx(2.0, rel=0.25)


def test_columns_add_up() -> None:
    K, y = _sample(FAMILY, 100, 0)
    one, two = (spectrum.estimate(K, Y) for Y in (y, np.column_stack([y, 2 * y])))
    assert two.problem.power.sum() == pytest.approx(5 * one.problem.power.sum(), rel=1e-6)
    assert two.problem.noise == pytest.approx(5 * one.problem.noise, rel=1e-6, abs=1e-9)
