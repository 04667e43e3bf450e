"""Labels of another target: the same one is ridge regression, others against fits given the design."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import theory
from tests import witness
from tests.strategies import Point, decades
from theory import Labels, Problem, other_target
from theory.labels import fitted, own

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3, tail_power=0.1)


@pytest.mark.parametrize("p", [30.0, 60.0, np.inf])
@pytest.mark.parametrize("ridge", [0.0, 0.05, 3.0])
def test_its_own_labels_are_ridge_regression(p: float, ridge: float) -> None:
    for problem in (PROBLEM, Problem([2.0, 0.0, 0.5], [1.5, 0.3, 1.0], [20, 3, 40], tail=0.2, noise=0.3)):
        lost = float(problem.power[problem.eigenvalues == 0].sum()) + problem.tail_power
        seen = np.where(problem.eigenvalues > 0, problem.power, 0.0)
        own = Labels(seen, seen, problem.noise + lost)
        found, told = (
            other_target(problem, own, [15, 100], p, ridge),
            theory.random_features(problem, [15, 100], p, ridge),
        )
        for name in ("test", "train", "bias", "variance", "norm", "df", "kappa", "gamma_eff", "var_features"):
            # what no feature can learn counts as noise of the labels, and else as a variance of samples
            np.testing.assert_allclose(getattr(found, name), getattr(told, name), rtol=1e-12, err_msg=name)


@given(decades(-1, 5), decades(-1, 5) | st.just(np.inf), decades(-9, 5), st.floats(-1, 1), st.floats(0, 2))
@settings(max_examples=40)
def test_eighty_digits(n: float, p: float, ridge: float, cosine: float, noise: float) -> None:
    power, along = [1.2, 0.8], [cosine, 1 - abs(cosine)]
    cross = [c * float(np.sqrt(a * b)) for c, a, b in zip(along, power, PROBLEM.power, strict=True)]
    found = other_target(PROBLEM, Labels(power, cross, noise), n, p, ridge)
    labelled = replace(PROBLEM, power=np.array(power), tail_power=0.0, noise=noise)
    with mp.workdps(witness.DIGITS):
        risk = witness.risk(Point(labelled, n, p, ridge))
        bias = mpf(PROBLEM.tail_power)
        for lam, v, c, s in zip(PROBLEM.eigenvalues, PROBLEM.power, cross, power, strict=True):
            kept = mpf(lam) / (mpf(lam) + risk["gamma_eff"])
            bias += mpf(v) - 2 * kept * mpf(c) + kept**2 * mpf(s)
        test = float(mpf(PROBLEM.noise) + bias + risk["variance"])
    assert found.test == pytest.approx(test, rel=1e-11)
    assert found.bias == pytest.approx(float(bias), rel=1e-11)
    assert found.train == pytest.approx(float(risk["train"]), rel=1e-10)


def test_labels_that_have_nothing_to_do_with_the_target() -> None:
    """Pure noise of variance s^2 in all: the fit adds its variance to what was there."""
    risk = other_target(PROBLEM, Labels([0.0, 0.0], [0.0, 0.0], 2.0), 50, ridge=0.1)
    alone = theory.ridge(Problem([2.0, 0.5], [0.0, 0.0], [20, 40], noise=2.0), 50, 0.1)
    assert risk.test == pytest.approx(PROBLEM.noise + PROBLEM.signal + alone.variance, rel=1e-12)


def test_a_ridgeless_student_with_enough_samples_copies_its_teacher() -> None:
    teacher = Labels([1.2, 0.8], [0.9, 0.5])
    risk = other_target(PROBLEM, teacher, [80, 1000])
    copied = PROBLEM.noise + PROBLEM.signal - 2 * 1.4 + 2.0
    np.testing.assert_allclose(risk.test, copied, rtol=1e-12)


@pytest.mark.parametrize("ridge", [0.05, 0.5])
def test_fits_given_the_design_have_this_mean(ridge: float) -> None:
    """n = 40 and 80: the mean over designs approaches the limit like 1/n."""
    gaps = []
    for scale, count in ((1, 1500), (2, 500)):
        m = np.array([20, 40]) * scale
        problem = Problem([2.0, 0.5], [1.5, 1.0], m, noise=0.3)
        labels, n, rng = Labels([1.2, 0.8], [0.9, 0.5], 0.1), 40 * scale, np.random.default_rng(2)
        lam = np.repeat(problem.eigenvalues, m)
        # coefficients of target and labels, as two directions of every level at the right angle
        beta, other = (
            np.repeat(np.sqrt(np.asarray(a) / m), m) / np.sqrt(lam) for a in (problem.power, labels.power)
        )
        cosine = np.repeat(np.asarray(labels.cross) / np.sqrt(problem.power * labels.power), m)
        turned = np.where(np.arange(len(lam)) % 2 == 0, 1.0, -1.0)
        other = other * (cosine + np.sqrt(1 - cosine**2) * turned)
        drawn = []
        for _ in range(count):
            X = rng.standard_normal((n, len(lam))) * np.sqrt(lam)
            A = np.linalg.solve(X.T @ X + n * ridge * np.eye(len(lam)), X.T)
            drawn.append(
                problem.noise + lam @ (beta - A @ X @ other) ** 2 + labels.noise * np.sum(lam[:, None] * A**2)
            )
        told = float(other_target(problem, labels, n, ridge=ridge).test)
        error = np.std(drawn) / np.sqrt(count)
        gaps.append(abs(np.mean(drawn) - told))
        assert gaps[-1] < 5 * error + told / n
        wrong = float(other_target(problem, labels._replace(cross=[1.0, 0.6]), n, ridge=ridge).test)
        assert abs(np.mean(drawn) - wrong) > 5 * error + told / n


@pytest.mark.parametrize("ridge", [0.0, 0.05, 3.0])
def test_the_labels_of_a_problem_are_its_own(ridge: float) -> None:
    for problem in (PROBLEM, Problem([2.0, 0.0, 0.5], [1.5, 0.3, 1.0], [20, 3, 40], tail=0.2, noise=0.3)):
        found = other_target(problem, own(problem), [15, 100], [30, np.inf], ridge)
        told = theory.random_features(problem, [15, 100], [30, np.inf], ridge)
        np.testing.assert_allclose(found.test, told.test, rtol=1e-12)


@pytest.mark.parametrize("n", [30.0, 60.0, 200.0])
def test_a_fit_loses_its_error_as_ridge_regression_says(n: float) -> None:
    """v^2 - 2 c + s^2 of the fit's labels is the excess error of the fit, whatever it was trained on."""
    problem = Problem([2.0, 0.0, 0.5], [1.5, 0.3, 1.0], [20, 3, 80], tail_power=0.1, noise=0.3)
    labels = Labels([1.2, 0.2, 0.8], [0.9, 0.1, 0.5], 0.4)
    fit = fitted(problem, labels, n, 0.1)
    lost = problem.noise + problem.signal + np.sum(np.asarray(fit.power) - 2 * np.asarray(fit.cross))
    assert lost == pytest.approx(float(other_target(problem, labels, n, ridge=0.1).test), rel=1e-12)
    assert fit.noise == 0.0


def test_the_power_of_a_fit_in_each_level() -> None:
    """Fits to drawn designs have this power and this product with the target, level by level."""
    problem, n, ridge = Problem([2.0, 0.5], [1.5, 1.0], [20, 40], noise=0.3), 40, 0.1
    rng, lam = np.random.default_rng(0), np.repeat(problem.eigenvalues, [20, 40])
    beta = np.repeat(np.sqrt(problem.power / problem.multiplicity), [20, 40]) / np.sqrt(lam)
    found = []
    for _ in range(2000):
        X = rng.standard_normal((n, 60)) * np.sqrt(lam)
        A = np.linalg.solve(X.T @ X + n * ridge * np.eye(60), X.T)
        mean, spread = A @ X @ beta, problem.noise * np.sum(A**2, axis=1)
        found.append(np.ravel([np.add.reduceat(lam * (mean**2 + spread), [0, 20]),
                               np.add.reduceat(lam * mean * beta, [0, 20])]))  # fmt: skip
    told = np.ravel(fitted(problem, own(problem), n, ridge)[:2])
    np.testing.assert_allclose(np.mean(found, axis=0), told, rtol=1.5 / n)


def test_labels_at_the_ends() -> None:
    assert np.isinf(fitted(PROBLEM, own(PROBLEM), 60).power).all()  # n = rank, no ridge, noise
    nothing = fitted(PROBLEM, own(PROBLEM), 30, np.inf)
    np.testing.assert_array_equal([nothing.power, nothing.cross], np.zeros((2, 2)))
    whole = fitted(PROBLEM, own(PROBLEM), np.inf)
    np.testing.assert_array_equal([whole.power, whole.cross], [PROBLEM.power] * 2)
    tail = Problem([2.0], [1.5], [20], tail=0.5, tail_power=0.2)
    assert fitted(tail, own(tail), 10).power[0] < 1.5


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (Labels([1.0], [0.5]), r"power of labels has shape \(1,\); pass one value per level, \(2,\)"),
        (Labels([1.0, 1.0], [0.5]), r"cross of labels has shape \(1,\)"),
        (Labels([1.0, 1.0], [0.5, 1.1]), "cross of labels = 1.1 in level 1 must not exceed .* 1, in size"),
        (Labels([1.0, -1.0], [0.5, 0.1]), "power of labels = -1 must be"),
        (Labels([1.0, 1.0], [0.5, 0.1], -0.1), "noise of labels = -0.1 must be"),
    ],
)
def test_errors_name_the_argument(labels: Labels, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        other_target(PROBLEM, labels, 50)
    with pytest.raises(ValueError, match=words):
        fitted(PROBLEM, labels, 50)


@pytest.mark.parametrize("wrong", [{"n": 0.0}, {"n": [3.0, 4.0]}, {"ridge": -0.1}, {"ridge": [0.1, 0.2]}])
def test_a_teacher_has_one_size_and_one_ridge(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        fitted(PROBLEM, own(PROBLEM), **{"n": 50.0, **wrong})


@pytest.mark.parametrize("wrong", [{"n": 0.0}, {"p": -1.0}, {"ridge": -0.1}])
def test_sizes_out_of_their_range(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        other_target(PROBLEM, Labels([1.0, 1.0], [0.5, 0.1]), **{"n": 50.0, **wrong})
