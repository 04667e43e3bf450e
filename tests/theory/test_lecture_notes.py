"""The lecture notes of the paper: the derivation of the errors, and the interactions as they are printed."""

from functools import partial

import numpy as np
import pytest
from mpmath import mp, mpf

import theory
from theory import Problem

PROBLEMS = [
    Problem([1.0], [1.0], [200], noise=0.25),
    Problem([4.0, 1.0, 0.25], [4.0, 0.5, 0.5], [100, 200, 100], noise=0.5),
    Problem([1.0, 0.01], [0.2, 1.0], [30, 300], noise=0.1, tail_power=0.2),
    Problem([1.0, 1e-3], [1.0, 1.0], [20, 400], tail=0.3, noise=0.05),
]
SIZES = [(100, 150, 1e-3), (100, 60, 1e-3), (50, 51, 0.1), (80, 400, 1.0), (300, 100, 1e-4)]


def sums(problem: Problem, gamma: mpf, n: int, p: int) -> dict[str, mpf]:
    """What the paper calls T, q, w, A, C, D and b, at this gamma."""
    levels = [
        (mpf(float(lam)), mpf(float(m)), mpf(float(v)))
        for lam, m, v in zip(problem.eigenvalues, problem.multiplicity, problem.power, strict=True)
    ]
    out_of_reach = mpf(float(problem.tail_power))
    T = sum(m * lam / (lam + gamma) for lam, m, _ in levels) + mpf(float(problem.tail)) / gamma
    q = sum(m * (lam / (lam + gamma)) ** 2 for lam, m, _ in levels)
    A = out_of_reach + sum(v * (gamma / (lam + gamma)) ** 2 for lam, _, v in levels)
    C = sum(v * lam * gamma / (lam + gamma) ** 2 for lam, _, v in levels)
    b = out_of_reach + sum(v * gamma / (lam + gamma) for lam, _, v in levels)
    return {"T": T, "q": q, "w": T - q, "A": A, "C": C, "D": (n - q) * (p - q) - (T - q) ** 2, "b": b}


def ridge_at(problem: Problem, gamma: mpf, n: int, p: int) -> mpf:
    """The ridge of which gamma is the root."""
    T = sums(problem, gamma, n, p)["T"]
    return gamma * (1 - T / p) * (1 - T / n)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize(("n", "p", "ridge"), SIZES)
def test_the_printed_interactions_are_those_of_the_core(
    problem: Problem, n: int, p: int, ridge: float
) -> None:
    risk = theory.random_features(problem, n, p, ridge)
    with mp.workdps(30):
        start = mpf(float(risk.gamma_eff))
        gamma = mp.findroot(lambda g: ridge_at(problem, g, n, p) - mpf(ridge), start)
        at = sums(problem, gamma, n, p)
        q, w, D = at["q"], at["w"], at["D"]
        both = at["A"] * n * w**2 / (D * (n - q)) + at["C"] * w * (q * (p - q) + w**2) / (D * (p - q))
        noise_both = mpf(float(problem.noise)) * n * w**2 / (D * (n - q))
    assert risk.var_samples_features == pytest.approx(float(both), rel=1e-10)
    assert risk.var_noise_samples_features == pytest.approx(float(noise_both), rel=1e-10)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize(("n", "p", "ridge"), SIZES)
def test_the_test_error_is_the_slope_of_the_least_objective(
    problem: Problem, n: int, p: int, ridge: float
) -> None:
    """test = -kappa^2 F'(ridge) with F = (noise + b)/kappa, by numerical differentiation."""
    risk = theory.random_features(problem, n, p, ridge)
    with mp.workdps(30):

        def kappa(gamma: mpf) -> mpf:
            return gamma * (1 - sums(problem, gamma, n, p)["T"] / p)

        def least(gamma: mpf) -> mpf:
            return (mpf(float(problem.noise)) + sums(problem, gamma, n, p)["b"]) / kappa(gamma)

        of_gamma = partial(ridge_at, problem, n=n, p=p)
        gamma = mp.findroot(lambda g: of_gamma(g) - mpf(ridge), mpf(float(risk.gamma_eff)))
        slope = mp.diff(least, gamma) / mp.diff(of_gamma, gamma)
        derived = -(kappa(gamma) ** 2) * slope
    assert risk.test == pytest.approx(float(derived), rel=1e-10)


def test_the_least_objective_has_the_mean_that_the_derivation_says() -> None:
    """F = y'(K + n ridge)^-1 y of random features in the mean over labels, against (noise + b)/kappa."""
    problem, n, p, ridge = PROBLEMS[1], 200, 300, 0.05
    risk = theory.random_features(problem, n, p, ridge)
    b = sums(problem, mpf(float(risk.gamma_eff)), n, p)["b"]
    rng = np.random.default_rng(0)
    scales = np.repeat(np.sqrt(problem.eigenvalues), problem.multiplicity.astype(int))
    spread = np.repeat(np.sqrt(problem.power / problem.multiplicity), problem.multiplicity.astype(int))
    found = []
    for _ in range(30):
        Phi = rng.standard_normal((n, len(scales)))
        H = (Phi * scales) @ rng.standard_normal((len(scales), p)) / np.sqrt(p)
        inverse = np.linalg.inv(H @ H.T + n * ridge * np.eye(n))
        target = np.einsum("ki,kl,li,i", Phi, inverse, Phi, spread**2, optimize=True)
        found.append(problem.noise * np.trace(inverse) + target)  # in the mean over noise and target
    error = np.std(found, ddof=1) / np.sqrt(len(found))
    said = (problem.noise + float(b)) / risk.kappa
    assert error < 0.003 * said
    assert abs(np.mean(found) - said) < 4 * error + 2 / n * said
