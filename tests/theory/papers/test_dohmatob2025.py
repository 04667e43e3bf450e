"""Dohmatob et al. 2025: a share of shifted labels, against other targets and fits."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory import Labels, Problem, other_target, ridge
from theory.papers import dohmatob2025

PROBLEM = Problem([2.0, 0.0, 0.5], [1.5, 0.2, 1.0], [100, 7, 200], noise=0.3, tail_power=0.1)
SHIFT = np.array([0.3, 0.1, 0.4])


@pytest.mark.parametrize("n", [50.0, 200.0, 400.0, inf])
@pytest.mark.parametrize("penalty", [0.0, 0.2])
@pytest.mark.parametrize("q", [0.0, 0.1, 0.5, 1.0])
def test_the_mean_of_the_labels_and_the_noise_of_their_origin(n: float, penalty: float, q: float) -> None:
    """Labels of beta + q delta whose noise has q (1 - q) times the power of delta more."""
    noise = PROBLEM.noise + PROBLEM.tail_power + q * (1 - q) * SHIFT.sum()
    labels = Labels(PROBLEM.power + q**2 * SHIFT, PROBLEM.power, noise)
    told = other_target(PROBLEM, labels, n, ridge=penalty).test
    assert_allclose(dohmatob2025.mixture(PROBLEM, SHIFT, q, n, penalty), told, rtol=1e-12)


def test_no_amount_of_data_cures_a_fixed_share() -> None:
    problem, shift, q = Problem.power_law(300, 1.5, 1.8, noise=0.1), np.arange(1.0, 301) ** -1.8, 0.05
    assert_allclose(dohmatob2025.mixture(problem, shift, q, inf), 0.1 + q**2 * shift.sum(), rtol=1e-12)
    rest = dohmatob2025.mixture(problem, shift, q, [1e5, 1e6]) - 0.1 - q**2 * shift.sum()
    assert rest[0] / rest[1] == pytest.approx(10, rel=0.01)  # and what is cured falls like 1/n
    assert_allclose(dohmatob2025.mixture(problem, shift, 0.0, 50), ridge(problem, 50).test, rtol=1e-15)


def test_the_truth_about_fits() -> None:
    problem = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3)
    n, penalty, q, rng = 40, 0.2, 0.5, np.random.default_rng(3)
    lam = np.repeat(problem.eigenvalues, [20, 40])
    beta, delta = (
        np.repeat(np.sqrt(np.asarray(a) / problem.multiplicity), [20, 40]) / np.sqrt(lam)
        for a in (problem.power, [0.3, 0.4])
    )
    delta = delta * np.where(np.arange(60) % 2 == 0, 1.0, -1.0)
    errors = []
    for _ in range(2000):
        X = rng.standard_normal((n, 60)) * np.sqrt(lam)
        y = X @ beta + (rng.random(n) < q) * (X @ delta) + np.sqrt(0.3) * rng.standard_normal(n)
        fit = np.linalg.solve(X.T @ X + n * penalty * np.eye(60), X.T @ y)
        errors.append(0.3 + lam @ (fit - beta) ** 2)
    told = float(dohmatob2025.mixture(problem, [0.3, 0.4], q, n, penalty))
    allowed = 5 * np.std(errors) / np.sqrt(2000) + told / n
    assert abs(np.mean(errors) - told) < allowed
    clean = float(dohmatob2025.mixture(problem, [0.3, 0.4], 0.0, n, penalty))
    assert abs(np.mean(errors) - clean) > allowed


def test_the_threshold() -> None:
    """n = rank without a ridge: inf wherever there is noise, and which labels are shifted is noise."""
    problem = Problem([1.0], [1.0], [30])
    assert_allclose(dohmatob2025.mixture(problem, [0.5], [0.0, 0.5, 1.0], 30), [0.0, inf, 0.5], atol=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dohmatob2025.mixture(PROBLEM, [0.1], 0.5, 5), r"shift_power has shape \(1,\); pass one"),
        (lambda: dohmatob2025.mixture(PROBLEM, [0.1, -0.1, 0.1], 0.5, 5), "shift_power = -0.1 must be"),
        (lambda: dohmatob2025.mixture(PROBLEM, SHIFT, 1.5, 5), "share = 1.5 must be in"),
        (lambda: dohmatob2025.mixture(PROBLEM, SHIFT, 0.5, 0), "n = 0 must be positive"),
        (lambda: dohmatob2025.mixture(PROBLEM, SHIFT, 0.5, 5, -1), "ridge = -1 must be"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: dohmatob2025.mixture(PROBLEM, SHIFT, *a), [0.5, 30.0, 0.1])
