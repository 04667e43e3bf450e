"""Ildiz et al. 2025: teachers and students, against chains, fits, and a search for better labels."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize

from tests.checks import broadcasts, refuses
from theory import Labels, Problem, other_target, ridge
from theory.papers import dohmatob2024, ildiz2025

PROBLEM = Problem([2.0, 0.5, 0.1], [1.5, 0.6, 0.2], [20, 80, 300], noise=0.3, tail_power=0.1)


@pytest.mark.parametrize("penalty", [0.0, 0.1])
def test_two_steps_are_a_chain_without_fresh_noise(penalty: float) -> None:
    found = ildiz2025.weak_to_strong(PROBLEM, 300, [50, 150, 1000, inf], 0.05, penalty)
    for i, n in enumerate((50.0, 150.0, 1000.0, inf)):
        chain = dohmatob2024.generations(PROBLEM, [300, n], [0.05, penalty], 2, fresh_noise=0.0)
        assert_allclose([found.teacher[i], found.student[i]], chain, rtol=1e-12)


def test_the_student_beats_its_teacher_and_then_copies_it() -> None:
    problem = Problem([2.0, 0.1], [1.5, 0.2], [50, 400], noise=0.5)
    n = np.array([30, 60, 100, 200, 300, 449, 600])
    taught = ildiz2025.weak_to_strong(problem, 400, n)
    assert (taught.student < taught.teacher).tolist() == [True] * 6 + [False]
    assert_allclose(taught.student[-1], taught.teacher[-1], rtol=1e-12)
    assert (taught.student > ridge(problem, n).test)[:3].all()  # true labels are better still


def test_the_truth_about_fits() -> None:
    problem = Problem([2.0, 0.5], [1.5, 1.0], [20, 80], noise=0.3)
    rng, lam = np.random.default_rng(2), np.repeat(problem.eigenvalues, [20, 80])
    beta = np.repeat(np.sqrt(problem.power / problem.multiplicity), [20, 80]) / np.sqrt(lam)
    errors = []
    for _ in range(800):
        X, Z = (rng.standard_normal((n, 100)) * np.sqrt(lam) for n in (60, 40))
        teacher = np.linalg.pinv(X) @ (X @ beta + np.sqrt(0.3) * rng.standard_normal(60))
        student = np.linalg.pinv(Z) @ (Z @ teacher)
        errors.append([0.3 + lam @ (w - beta) ** 2 for w in (teacher, student)])
    assert_allclose(np.mean(errors, axis=0), ildiz2025.weak_to_strong(problem, 60, 40), rtol=0.03)


@pytest.mark.parametrize("n", [40.0, 150.0])
@pytest.mark.parametrize("penalty", [0.0, 0.1])
def test_no_labels_are_better(n: float, penalty: float) -> None:
    """A search over the coefficients of the labels' target ends at `gain`."""
    problem = Problem([2.0, 0.5, 0.1], [1.5, 0.6, 0.2], [20, 80, 300], noise=0.3)

    def test(gain: np.ndarray) -> float:
        labels = Labels(gain**2 * problem.power, gain * problem.power, problem.noise)
        return float(other_target(problem, labels, n, ridge=penalty).test)

    best = ildiz2025.optimal_surrogate(problem, n, penalty)
    found = minimize(test, np.ones(3), method="BFGS", options={"gtol": 1e-9})
    assert_allclose(found.x, best.gain, rtol=1e-4)
    assert_allclose(test(best.gain), best.test, rtol=1e-12)
    assert best.test < found.fun + 1e-12
    masks = [np.array([a, b, c], dtype=float) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    np.testing.assert_array_equal(best.keep, min(masks, key=test).astype(bool))


def test_amplified_above_a_share_of_the_samples_and_shrunk_below() -> None:
    problem = Problem.power_law(500, 2.0, 1.5)
    risk = ridge(problem, 200)
    learnt = problem.eigenvalues / (problem.eigenvalues + risk.kappa)
    best = ildiz2025.optimal_surrogate(problem, 200)
    np.testing.assert_array_equal(best.gain > 1, learnt > risk.df2 / 200)
    assert 0 < best.keep.sum() < 500


def test_surrogates_at_the_ends() -> None:
    full = ildiz2025.optimal_surrogate(PROBLEM, [400, 1000, inf])
    np.testing.assert_array_equal(full.gain, np.ones((3, 3)))
    assert full.keep.all()
    assert_allclose(full.test, [inf, 0.3 * 1000 / 600 + 0.1, 0.4], rtol=1e-12)
    silent = ildiz2025.optimal_surrogate(Problem([1.0, 0.0], [1.0, 0.5], [30, 5]), 30)
    assert silent == (silent.gain, silent.keep, 0.5)
    np.testing.assert_array_equal(silent.gain, [1.0, 0.0])
    assert_allclose(ildiz2025.optimal_surrogate(PROBLEM, inf, 0.5).gain, 1 + 0.5 / PROBLEM.eigenvalues)


def test_a_teacher_that_diverges_teaches_nothing() -> None:
    found = ildiz2025.weak_to_strong(PROBLEM, [400, 100], 50)
    assert np.isinf([found.teacher[0], found.student[0]]).all()
    assert np.isfinite([found.teacher[1], found.student[1]]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ildiz2025.weak_to_strong(PROBLEM, 0, 5), "teacher_samples = 0 must be"),
        (lambda: ildiz2025.weak_to_strong(PROBLEM, 5, -1), "samples = -1 must be"),
        (lambda: ildiz2025.weak_to_strong(PROBLEM, 5, 5, -1), "teacher_ridge = -1 must be"),
        (lambda: ildiz2025.weak_to_strong(PROBLEM, 5, 5, 1, -2), "ridge = -2 must be"),
        (lambda: ildiz2025.optimal_surrogate(PROBLEM, 0), "n = 0 must be"),
        (lambda: ildiz2025.optimal_surrogate(PROBLEM, 5, inf), "ridge = inf must be finite"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: ildiz2025.weak_to_strong(PROBLEM, *a), [90.0, 30.0, 0.2, 0.1])
    broadcasts(lambda *a: ildiz2025.optimal_surrogate(PROBLEM, *a).test, [30.0, 0.1])
