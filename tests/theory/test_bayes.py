"""Evidence and calibration: 80 digits, data, the theorem of empirical Bayes, and what a grid finds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import theory
from tests import witness
from tests.strategies import Point, decades
from theory import Problem, empirical_bayes, evidence

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(1, 5))
    lists = [
        draw(st.lists(each, min_size=count, max_size=count)) for each in (decades(-2, 1), st.floats(0.0, 2.0))
    ]
    m = draw(st.lists(st.integers(5, 300), min_size=count, max_size=count))
    return Problem(*lists, m, tail=draw(st.sampled_from([0.0, 0.5])), noise=draw(st.floats(0.05, 1.0)))


def told(problem: Problem, n: float, ridge: float, noise: float) -> dict[str, float]:
    """The formulas of the module as they stand, in 80 digits."""
    with mp.workdps(witness.DIGITS):
        risk = witness.risk(Point(problem, n, np.inf, ridge))
        kappa, test, s2 = risk["kappa"], risk["test"], mpf(noise)
        lam, m, v = ([mpf(x) for x in a] for a in (problem.eigenvalues, problem.multiplicity, problem.power))
        logs = sum(k * mp.log1p(l / kappa) for l, k in zip(lam, m, strict=True)) + mpf(problem.tail) / kappa
        left = mpf(problem.noise) + sum(x * kappa / (l + kappa) for l, x in zip(lam, v, strict=True))
        volume, variance = mp.log(kappa) + (logs - risk["df"]) / mpf(n), s2 * kappa / mpf(ridge)
        evidence = mp.log(2 * mp.pi * s2 / mpf(ridge)) + volume + mpf(ridge) / s2 * left / kappa
        score = mp.log(2 * mp.pi * variance) + test / variance
        return {
            "log_evidence": float(-evidence / 2),
            "predictive_variance": float(variance),
            "calibration": float(test / variance),
            "log_score": float(-score / 2),
        }


@given(problems(), decades(-2, 8), decades(-12, 6), decades(-6, 6))
@settings(max_examples=40)
def test_eighty_digits(problem: Problem, n: float, ridge: float, noise: float) -> None:
    found = evidence(problem, n, ridge, noise)
    for name, value in told(problem, n, ridge, noise).items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-11, abs=1e-13), name


@given(problems(), st.floats(3.0, 500.0))
@example(Problem([1.0], [5e-324], [5], noise=1.0), 3.0)
@example(Problem([1.0], [1e-100], [5], noise=1.0), 3.0)
@settings(max_examples=60)
def test_empirical_bayes_is_calibrated_on_average(problem: Problem, n: float) -> None:
    """Predictive variance and test error are equal, whatever the target; they come from different sums."""
    chosen = empirical_bayes(problem, n)
    if not 0 < chosen.ridge < np.inf:
        assert chosen.predictive_variance >= chosen.test * (1 - 1e-12)
        return
    assert chosen.predictive_variance == pytest.approx(chosen.test, rel=1e-9)
    told = evidence(problem, n, chosen.ridge, chosen.model_noise)
    assert told.calibration == pytest.approx(1.0, rel=1e-9)
    assert told.log_evidence == pytest.approx(chosen.log_evidence, rel=1e-10, abs=1e-12)
    assert told.predictive_variance == pytest.approx(chosen.predictive_variance, rel=1e-10)


@given(problems(), st.floats(3.0, 500.0))
@settings(max_examples=30)
def test_no_other_ridge_and_noise_have_more_evidence(problem: Problem, n: float) -> None:
    chosen = empirical_bayes(problem, n)
    ridges, noises = np.geomspace(1e-6, 1e4, 60)[:, None], np.geomspace(1e-6, 1e3, 60)
    assert evidence(problem, n, ridges, noises).log_evidence.max() <= chosen.log_evidence + 1e-12


@given(st.floats(0.05, 2.0), st.floats(0.05, 2.0), st.floats(10.0, 500.0))
def test_a_true_prior_is_calibrated_and_chosen(tau2: float, noise: float, n: float) -> None:
    lam, m = np.array([2.0, 0.5]), np.array([30.0, 80.0])
    problem = Problem(lam, lam * m * tau2, m, noise=noise)
    told = evidence(problem, n, noise / (n * tau2), noise)
    assert told.calibration == pytest.approx(1.0, rel=1e-12)
    assert told.log_score == pytest.approx(
        -0.5 * (np.log(2 * np.pi * told.predictive_variance) + 1), rel=1e-12
    )
    chosen = empirical_bayes(problem, n)
    assert chosen.ridge == pytest.approx(noise / (n * tau2), rel=1e-5)
    assert chosen.model_noise == pytest.approx(noise, rel=1e-5)


@pytest.mark.parametrize(("ridge", "noise"), [(0.1, 0.3), (0.02, 0.6)])
def test_data_have_this_evidence_and_variance(ridge: float, noise: float) -> None:
    """Exact Gaussian processes on drawn data, n = 60 and 120: the gap of the limit is about 1/n."""
    for scale, count in ((1, 400), (2, 150)):
        m = np.array([20, 40]) * scale
        problem, n, rng = Problem([2.0, 0.5], [1.5, 1.0], m, noise=0.3), 60 * scale, np.random.default_rng(7)
        lam, power = np.repeat([2.0, 0.5], m), np.repeat(problem.power / m, m)
        drawn = []
        for _ in range(count):
            X = rng.standard_normal((n, len(lam))) * np.sqrt(lam)
            K = X @ X.T / (n * ridge) + np.eye(n)  # covariance of the labels over the model's noise
            labels = X * (power / lam) @ X.T + problem.noise * np.eye(n)  # the truth, target at random
            log = np.linalg.slogdet(K).logabsdet
            log_evidence = -0.5 * (
                np.log(2 * np.pi * noise) + (log + np.trace(np.linalg.solve(K, labels)) / noise) / n
            )
            lifted = np.linalg.solve(K, X) / (n * ridge)
            variance = noise * (
                1 + (lam / (n * ridge)).sum() - np.einsum("ij,ij,j->", lifted, X, lam) / (n * ridge)
            )
            drawn.append((log_evidence, variance))
        told = evidence(problem, n, ridge, noise)
        error = np.std(drawn, axis=0) / np.sqrt(count)
        expected = np.array([told.log_evidence, told.predictive_variance])
        assert (np.abs(np.mean(drawn, axis=0) - expected) < 5 * error + np.abs(expected) / n).all()


def test_the_ends() -> None:
    nothing = empirical_bayes(Problem([2.0, 0.5], [0.0, 0.0], [100, 200], noise=0.1), [20, 400])
    assert np.isinf(nothing.ridge).all()
    np.testing.assert_array_equal(nothing.test, 0.1)
    np.testing.assert_array_equal(nothing.predictive_variance, 0.1)
    clean = empirical_bayes(Problem([2.0, 0.5], [1.5, 1.0], [100, 200]), 400)
    assert (clean.ridge, clean.model_noise, clean.test, clean.log_evidence) == (0.0, 0.0, 0.0, np.inf)
    assert empirical_bayes(PROBLEM, [[20, 50, 100]]).ridge.shape == (1, 3)
    assert evidence(PROBLEM, [20, 50], [[0.1], [0.2]], 0.3).calibration.shape == (2, 2)


def test_the_best_ridge_is_another_one() -> None:
    problem = Problem([2.0, 0.5], [0.1, 2.4], [100, 200], noise=0.3)
    chosen, best = empirical_bayes(problem, 150), theory.optimal_ridge(problem, 150)
    assert chosen.ridge == pytest.approx(1.7229, rel=1e-4)
    assert best == pytest.approx(0.597, rel=1e-3)
    assert theory.ridge(problem, 150, best).test == pytest.approx(2.38221, rel=1e-5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: evidence(PROBLEM, 0.0, 0.1, 0.3), "n = 0 must be finite and positive"),
        (lambda: evidence(PROBLEM, 10, 0.0, 0.3), "ridge = 0 must be finite and positive"),
        (lambda: evidence(PROBLEM, 10, 0.1, np.inf), "model_noise = inf must be finite and positive"),
        (lambda: empirical_bayes(PROBLEM, np.inf), "n = inf must be finite and positive"),
        (lambda: empirical_bayes(1.0, 10), "problem = 1.0 is not a theory.Problem"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_errors_name_the_argument(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
