"""Errors do not depend on the unit of the eigenvalues, up to the ends of the range of floats."""

import numpy as np
import pytest

import theory
from theory import Problem
from theory.papers import ali2019, mei2022, montanari2019, nakkiran2019, nakkiran2021

EXPONENTS = [-1020, -1000, -700, -520, -401, 401, 520, 700, 1000, 1020]


def _problem(scale: float, tail: float = 0.0) -> Problem:
    power = 0.1 if tail else 0.0
    return Problem([scale, scale / 8], [1.0, 2.0], [10, 20], tail=tail * scale, tail_power=power, noise=0.1)


@pytest.mark.parametrize("exponent", EXPONENTS)
@pytest.mark.parametrize("tail", [0.0, 0.3])
def test_risk_in_another_unit(exponent: int, tail: float) -> None:
    """Powers of two change no digit: the same risk, with norm and kappa in their units."""
    scale = 2.0**exponent
    n, p = np.array([5.0, 30.0, 60.0, np.inf])[:, None], np.array([12.0, 30.0, np.inf])
    for ridge in (0.0, 0.3):
        expected = theory.random_features(_problem(1.0, tail), n, p, ridge)
        risk = theory.random_features(_problem(scale, tail), n, p, ridge * scale)
        for name in theory.Risk._fields:
            unit = {"norm": 1 / scale, "kappa": scale, "gamma_eff": scale}.get(name, 1.0)
            with np.errstate(over="ignore"):
                truth = getattr(expected, name) * unit
            np.testing.assert_allclose(getattr(risk, name), truth, rtol=1e-12, atol=1e-310, err_msg=name)


@pytest.mark.parametrize(("n", "ridge"), [(1e-60, 1e300), (1e-150, 1e170), (1e-150, 1e300), (1.0, 1e300)])
def test_a_ridge_far_above_every_level(n: float, ridge: float) -> None:
    """Nothing is learnt: one point warned of an invalid division, and the training error was 0."""
    problem = Problem([1.0, 0.5], [1.0, 2.0], [1.0, 1.0], noise=0.5)
    for size in (n, np.full(3000, n)):
        risk = theory.ridge(problem, size, ridge)
        np.testing.assert_allclose([risk.test, risk.train], 3.5, rtol=1e-12)
        np.testing.assert_allclose(risk.kappa, ridge, rtol=1e-15)
    with_tail = Problem([1.0, 0.5], [1.0, 2.0], [1.0, 1.0], noise=0.5, tail=0.3)
    np.testing.assert_allclose(theory.ridge(with_tail, n, ridge).train, 3.5, rtol=1e-12)
    assert theory.random_features(with_tail, 1.0, n, ridge).kappa == pytest.approx(ridge, rel=1e-12)
    told = nakkiran2021.model_wise_risk(n=1.0, p=1e60, d=1e60, signal=0.01, noise=1e300, ridge=1e300)
    np.testing.assert_allclose([told.test, told.train], 1e300, rtol=1e-12)


def test_the_smallest_normal_eigenvalue() -> None:
    """It was nan."""
    risk = theory.ridge(Problem([1e-308], [1.0], [10], noise=0.1), 5, 0)
    assert risk.test == pytest.approx(
        theory.ridge(Problem([1.0], [1.0], [10], noise=0.1), 5, 0).test, rel=1e-12
    )
    assert risk.test == pytest.approx(0.1 + 0.5 + 0.1, rel=1e-12)  # noise + (1 - n/p) + noise n/(p - n)


@pytest.mark.parametrize("exponent", EXPONENTS)
@pytest.mark.parametrize("negative", [False, True])
def test_best_ridge_in_another_unit(exponent: int, negative: bool) -> None:
    aligned = {"power": [1.0, 0.0], "multiplicity": [1, 100], "noise": 0.0}  # a negative ridge wins
    for spectrum, others in (
        ([1.0, 0.1], {"power": [1.0, 2.0], "multiplicity": [10, 20], "noise": 0.1}),
        ([1.0, 0.01], aligned),
    ):
        one = theory.optimal_ridge(Problem(spectrum, **others), 8, negative)
        scaled = theory.optimal_ridge(Problem(np.multiply(spectrum, 2.0**exponent), **others), 8, negative)
        assert scaled / 2.0**exponent == pytest.approx(one, rel=1e-9)


@pytest.mark.parametrize("gap", [0.0, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 2e-12, 1e-11, 1e-9])
def test_best_ridge_of_any_sign_at_the_rank(gap: float) -> None:
    """n = rank but for rounding: the search for the last ridge has no end there (or no bracket)."""
    for problem in (
        Problem([1.0], [1.0], [50], noise=0.5),
        Problem([1.0, 0.3, 0.1], [1.0, 1.0, 1.0], [16.7, 16.7, 16.6], noise=0.5),
        Problem([1.0], [1.0], [50], tail=0.1, noise=0.5),
    ):
        best = theory.optimal_ridge(problem, 50 * (1 - gap), negative=True)
        assert best == pytest.approx(float(theory.optimal_ridge(problem, 50 * (1 - gap))), rel=1e-9)


def test_inverse_questions_end() -> None:
    problem = Problem.isotropic(50, noise=0.5)
    lowest = float(theory.ridge(problem, np.inf).test)
    assert theory.tradeoff.smallest_samples(problem, 0.5) == np.inf
    assert lowest == 0.5
    best = float(theory.tradeoff.best_ridge(problem, 100).test)
    assert theory.tradeoff.smallest_width(problem, 100, best) == np.inf
    assert theory.tradeoff.width_within(problem, 100, 2e-16) == np.inf
    enough = theory.tradeoff.smallest_samples(problem, 0.5 + 1e-9)
    assert np.isfinite(enough)
    assert theory.tradeoff.best_ridge(problem, enough).test <= 0.5 + 1e-9
    assert theory.tradeoff.best_ridge(problem, enough * (1 - 1e-4)).test > 0.5 + 1e-9


@pytest.mark.parametrize("psi", [1e-300, 1e-100, 1e-15, 1e15, 1e100, 1e300])
def test_margins_at_the_ends(psi: float) -> None:
    """error ~ 0.5005 psi for a small psi; overlap ~ sqrt(2/(pi psi)) for a large one."""
    solution = montanari2019.max_margin(psi)
    if psi < 1:
        assert solution.error / psi == pytest.approx(0.5004889, rel=1e-6)
    else:
        assert solution.overlap * np.sqrt(psi) == pytest.approx(np.sqrt(2 / np.pi), rel=1e-5)


def test_values_at_ends_of_papers() -> None:
    assert mei2022.norm(np.inf, 1.0, 0, (1.0, 0.0), noise=1) == 0.0
    assert nakkiran2019.best_samples(10, 0, 0) == 0.0
    assert ali2019.risk(1e-320, 1).test == pytest.approx(1 + np.exp(-2), rel=1e-9)
