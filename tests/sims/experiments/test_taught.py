"""Chains of ridge regression: what is told given all designs is the mean over label noise and targets."""

import numpy as np
import pytest

from sims.experiments import taught


@pytest.mark.parametrize("ridge", [0.0, 0.2])
def test_the_error_is_the_mean_over_noise_and_targets(ridge: float) -> None:
    problem, rng = taught.problem(8, noise=0.3), np.random.default_rng(0)
    designs = [taught.draw(problem, n, rng) for n in (9, 8)]
    model = taught.truth(12)
    for Phi, noise in zip(designs, (0.3, 0.1), strict=True):
        model = taught.taught(problem, model, Phi, ridge, noise)
    scale = np.sqrt(np.repeat(problem.power / problem.multiplicity, problem.multiplicity.astype(int)))
    errors = []
    for _ in range(4000):
        beta = scale * rng.standard_normal(12)
        coefficients = beta
        for Phi, noise in zip(designs, (0.3, 0.1), strict=True):
            labels = Phi @ coefficients + np.sqrt(noise) * rng.standard_normal(len(Phi))
            coefficients = _solved(problem.eigenvalues, Phi, labels, ridge)
        errors.append(0.3 + np.sum((coefficients - beta) ** 2))
    spread = np.std(errors) / np.sqrt(len(errors))
    assert abs(np.mean(errors) - taught.test(problem, model)) < 4.5 * spread


def _solved(eigenvalues: np.ndarray, Phi: np.ndarray, labels: np.ndarray, ridge: float) -> np.ndarray:
    """Coefficients on the eigenfunctions of a ridge fit, by the normal equations or the pseudo-inverse."""
    root = np.sqrt(np.repeat(eigenvalues, [4, 8]))
    X = Phi * root
    if ridge == 0:
        return np.asarray(root * (np.linalg.pinv(X) @ labels))
    return np.asarray(root * np.linalg.solve(X.T @ X + len(X) * ridge * np.eye(12), X.T @ labels))


def test_a_student_of_many_samples_copies_its_teacher() -> None:
    problem, rng = taught.problem(8, noise=0.3), np.random.default_rng(1)
    teacher = taught.taught(problem, taught.truth(12), taught.draw(problem, 10, rng), 0.1, 0.3)
    student = taught.taught(problem, teacher, taught.draw(problem, 40, rng), 0.0, 0.0)
    np.testing.assert_allclose(student.mean, teacher.mean, atol=1e-10)
    np.testing.assert_allclose(student.spread, teacher.spread, atol=1e-10)
