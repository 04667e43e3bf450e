"""The problem that given features see, against covariances written out, and known random features."""

import numpy as np
import pytest

import theory
from theory import Problem

PROBLEM = Problem([2.0, 0.5, 0.0], [1.5, 1.0, 0.2], [3, 4, 2], noise=0.3, tail_power=0.1)


def test_all_features_are_the_problem_itself() -> None:
    seen = PROBLEM.through(np.eye(9))
    for n in (4, 20, np.inf):
        for name in ("test", "bias", "norm", "train"):
            told = getattr(theory.ridge(PROBLEM, n, 0.1), name)
            assert getattr(theory.ridge(seen, n, 0.1), name) == pytest.approx(told, rel=1e-13)


@pytest.mark.parametrize("p", [4, 7, 12])
@pytest.mark.parametrize("extra", [0.0, 0.3])
def test_it_is_the_covariance_of_the_features(p: int, extra: float) -> None:
    """C = M Lambda M' + extra, b = C^-1 M Lambda beta, and what b leaves of the target's power."""
    M = np.random.default_rng(p).standard_normal((p, 9))
    lam = np.repeat(PROBLEM.eigenvalues, [3, 4, 2])
    beta = np.sqrt(
        np.divide(np.repeat(PROBLEM.power / [3, 4, 2], [3, 4, 2]), lam, where=lam > 0, out=np.zeros(9))
    )
    C = M * lam @ M.T + extra * np.eye(p)
    b = np.linalg.pinv(C, rcond=1e-12) @ (M * lam @ beta)
    seen = PROBLEM.through(M, extra)
    values = np.sort(np.repeat(seen.eigenvalues, seen.multiplicity.astype(int)))
    np.testing.assert_allclose(values[-min(p, 9) :], np.linalg.eigvalsh(C)[-min(p, 9) :], atol=1e-12)
    lost = PROBLEM.signal - b @ C @ b
    assert seen.tail_power == pytest.approx(lost, rel=1e-11)
    assert seen.signal == pytest.approx(PROBLEM.signal, rel=1e-13)
    full = Problem.from_covariance(C, b, noise=0.3 + lost) if extra else None
    if full is not None:
        for n in (3, 8, 30):
            assert theory.ridge(seen, n, 0.05).test == pytest.approx(
                theory.ridge(full, n, 0.05).test, rel=1e-10
            )


def test_the_mean_over_projections_is_the_theory_of_random_features() -> None:
    problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    rng, risks, flows = np.random.default_rng(5), [], []
    for _ in range(12):
        given = problem.through(rng.standard_normal((150, 300)) / np.sqrt(150))
        risks.append(float(theory.ridge(given, 200, 0.05).test))
        flows.append(theory.dynamics.gradient_flow(given, 200, [0.5, 3.0, 20.0]).test)
    told = float(theory.random_features(problem, 200, 150, 0.05).test)
    assert abs(np.mean(risks) - told) < 5 * np.std(risks) / np.sqrt(12) + told / 100
    # simulation of gradient flow on random features, 2.228(6), 2.588(15) and 3.81(4)
    gap = np.mean(flows, axis=0) - [2.228, 2.588, 3.81]
    assert (np.abs(gap) < 5 * np.hypot(np.std(flows, axis=0) / np.sqrt(12), [0.006, 0.015, 0.04])).all()


@pytest.mark.parametrize(
    ("problem", "features", "words"),
    [
        (PROBLEM, np.eye(8), r"features has shape \(8, 8\); pass 9 columns"),
        (PROBLEM, np.full((2, 9), np.nan), r"features\[0, 0\] = nan must be finite"),
        (Problem([1.0], [1.0], [1.5]), np.eye(1), "multiplicity = 1.5 must be whole"),
        (Problem([1.0], [1.0], tail=0.2), np.eye(1), "tail = 0.2 must be 0"),
    ],
)
def test_errors_name_the_argument(problem: Problem, features: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        problem.through(features)


def test_a_negative_extra_is_refused() -> None:
    with pytest.raises(ValueError, match="extra = -1"):
        PROBLEM.through(np.eye(9), -1.0)
