"""Gradient flow: limits, laws, headline curves, and generalised cross-validation."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import theory
from tests.flows import DEFINED, PROBLEMS, close, problems, scales
from theory import Problem, validation
from theory.dynamics import gradient_flow, gradient_flow_gcv

# -- limits and edge cases -------------------------------------------------------------------------


@given(problem=problems(), n=st.floats(0.5, 2000.0))
@settings(max_examples=60)
def test_start(problem: Problem, n: float) -> None:
    risk, total = gradient_flow(problem, n, 0.0), problem.signal + problem.noise
    assert risk.test == pytest.approx(total, rel=1e-14)
    assert risk.train == pytest.approx(total, rel=1e-12)
    assert risk.bias == pytest.approx(problem.signal, rel=1e-14)
    assert risk.df == risk.variance == risk.norm == 0.0
    assert gradient_flow_gcv(problem, n, 0.0) == pytest.approx(total, rel=1e-11)


@given(problem=problems(), n=st.floats(0.5, 2000.0))
@settings(max_examples=60)
def test_end(problem: Problem, n: float) -> None:
    end, ridgeless = gradient_flow(problem, n, np.inf), theory.ridge(problem, n)
    for name in theory.Risk._fields:
        assert getattr(end, name) == getattr(ridgeless, name)
    assert gradient_flow_gcv(problem, n, np.inf) == ridgeless.test
    if abs(n / problem.rank - 1) > 1e-3:
        # 1e-8: as good as the threshold that theory.ridge finds
        close(gradient_flow(problem, n, 1e16), ridgeless, 2e-8, problem.signal + problem.noise)


@pytest.mark.parametrize("time", [0.0, 0.5, 40.0, 1e6, np.inf])
@pytest.mark.parametrize("zeros", [False, True])
def test_nothing_to_learn_from(time: float, zeros: bool) -> None:
    problem = Problem([0.0, 0.0] if zeros else [], [1.0, 0.5] if zeros else [], noise=0.2, tail_power=0.3)
    risk = gradient_flow(problem, 10, time)
    assert risk.test == pytest.approx(problem.signal + 0.2, rel=1e-14)
    assert risk.train == pytest.approx(problem.signal + 0.2, rel=1e-14)
    assert risk.bias == pytest.approx(problem.signal)
    assert risk.variance == risk.df == risk.norm == 0
    assert gradient_flow_gcv(problem, 10, time) == pytest.approx(problem.signal + 0.2, rel=1e-14)


@pytest.mark.parametrize("n", [30.0, 150.0, 400.0])
@pytest.mark.parametrize("time", [0.0, 1.0, 50.0, np.inf])
def test_power_in_zero_eigenvalues_cannot_be_learnt(n: float, time: float) -> None:
    a = Problem([2.0, 0.0, 0.5], [1.0, 0.4, 0.2], [100, 7, 50], noise=0.3, tail_power=0.1)
    b = Problem([2.0, 0.5], [1.0, 0.2], [100, 50], noise=0.3, tail_power=0.5)
    close(gradient_flow(a, n, time), gradient_flow(b, n, time), 1e-14)
    assert gradient_flow_gcv(a, n, time) == pytest.approx(gradient_flow_gcv(b, n, time), rel=1e-14)


def test_at_the_threshold() -> None:
    problem = Problem([2.0, 0.5], [1.0, 1.0], [60, 40], noise=0.3)
    risk = gradient_flow(problem, 100, [1e4, 1e6, 1e12, np.inf])
    # the density x^-1/2 of XX'/n at 0 makes the noise part grow as sqrt(t)
    assert risk.test[1] / risk.test[0] == pytest.approx(10, rel=0.05)
    assert risk.test[2] / risk.test[1] == pytest.approx(1000, rel=1e-2)
    assert np.isinf([risk.test[-1], risk.variance[-1], risk.norm[-1], risk.var_noise_samples[-1]]).all()
    assert risk.train[-1] == risk.var_samples[-1] == risk.bias[-1] == 0
    assert np.isinf(gradient_flow_gcv(problem, 100, np.inf))
    # decided at 1e-12
    for t in (5.0, 1e30):
        close(gradient_flow(problem, 100 * (1 + 1e-13), t), gradient_flow(problem, 100, t), 1e-11, 1e-6)
    clean = Problem([2.0, 0.5], [1.0, 1.0], [60, 40])
    assert gradient_flow(clean, 100, np.inf).test == 0
    assert gradient_flow_gcv(clean, 100, np.inf) == 0


def test_infinitely_many_samples() -> None:
    t = np.array([0.0, 0.1, 3.0, 40.0])
    for problem in (PROBLEMS[1], Problem([2.0], [1.5], [90], noise=0.3, tail_power=0.3)):
        risk = gradient_flow(problem, np.inf, t)
        decay = np.exp(-np.outer(t, problem.eigenvalues))
        np.testing.assert_allclose(risk.bias, 0.3 + decay**2 @ problem.power, rtol=1e-12)
        np.testing.assert_allclose(risk.test, risk.bias + problem.noise, rtol=1e-12)
        np.testing.assert_allclose(risk.train, risk.test, rtol=1e-12)
        np.testing.assert_allclose(risk.df, (1 - decay) @ problem.multiplicity, rtol=1e-12)
        norm = (1 - decay) ** 2 @ (problem.power / problem.eigenvalues)
        np.testing.assert_allclose(risk.norm, norm, rtol=1e-12)
        assert (risk.variance <= 1e-14).all()


@pytest.mark.parametrize("problem", [*PROBLEMS, Problem([2.0], [1.5], [90], noise=0.3, tail_power=0.3)])
@pytest.mark.parametrize("n", [30.0, 90.0, 1e5])
def test_early_times(problem: Problem, n: float) -> None:
    t = 1e-7 / problem.eigenvalues.max()
    risk, lam, m = gradient_flow(problem, n, t), problem.eigenvalues, problem.multiplicity
    second = t * t * (m @ lam**2) / n  # E C Sigma C = Sigma^3 + Sigma tr(Sigma^2)/n
    assert risk.df == pytest.approx(t * (m @ lam), rel=1e-5)
    assert risk.var_noise_samples == pytest.approx(problem.noise * second, rel=1e-5)
    assert risk.var_samples == pytest.approx(problem.signal * second, rel=1e-5)
    assert risk.bias == pytest.approx(problem.signal - 2 * t * (lam @ problem.power), rel=1e-12)


def test_extreme_spectra_and_times() -> None:
    lam, m = np.array([1e8, 1.0, 1e-8]), np.array([10.0, 100.0, 1000.0])
    problem = Problem(lam, [1.0, 1.0, 1.0], m, noise=0.5)
    n = np.array([1e-5, 1, 10, 10.01, 110, 1000, 1110 * (1 - 1e-9), 1110, 1e9])[:, None]
    time = np.r_[0.0, np.geomspace(1e-12, 1e20, 33), 1e100, 1e300, np.inf]
    risk, score = gradient_flow(problem, n, time), gradient_flow_gcv(problem, n, time)
    for name in DEFINED:
        assert (getattr(risk, name) >= 0).all(), name
    assert (score >= 0).all()
    assert (np.diff(risk.bias) <= 1e-12).all()
    assert (np.diff(risk.train) <= 1e-12).all()
    assert (np.diff(risk.df) >= -1e-9).all()
    far = n.ravel() != 1110
    np.testing.assert_allclose(risk.test[far, -2], risk.test[far, -1], rtol=1e-7)


def test_many_levels() -> None:
    problem = Problem.power_law(800, 1.5, 1.8, noise=0.25)
    risk = gradient_flow(problem, [100, 2000], [[10.0], [1e9]])
    np.testing.assert_allclose(risk.test[1], theory.ridge(problem, [100, 2000]).test, rtol=1e-7)
    curve = gradient_flow(problem, 100, np.geomspace(1.0, 1e4, 20)).test
    assert curve.min() < 0.95 * risk.test[1, 0]  # early stopping helps the interpolator


# -- laws ------------------------------------------------------------------------------------------


@given(problem=problems(), n=st.floats(0.5, 2000.0))
@settings(max_examples=60)
def test_laws_of_time(problem: Problem, n: float) -> None:
    t = np.r_[0.0, np.geomspace(1e-5, 1e7, 25)]
    risk, total = gradient_flow(problem, n, t), problem.signal + problem.noise
    rank = problem.rank
    parts = problem.noise + risk.bias + risk.var_samples + risk.var_noise_samples
    np.testing.assert_allclose(risk.test, parts, rtol=1e-14)
    np.testing.assert_allclose(risk.variance, risk.var_samples + risk.var_noise_samples, rtol=1e-14)
    slack = 1e-12 * total
    assert (np.diff(risk.bias) <= slack).all()
    assert (np.diff(risk.train) <= slack).all()
    assert (np.diff(risk.df) >= -1e-12 * rank).all()
    assert (np.diff(risk.norm) >= -1e-12 * risk.norm[-1]).all()
    assert (np.diff(risk.var_noise_samples) >= -1e-12 * risk.var_noise_samples[-1]).all()
    assert risk.df[-1] <= min(n, rank) * (1 + 1e-12)
    assert (risk.var_features == 0).all()
    for name in DEFINED:
        assert (getattr(risk, name) >= 0).all(), name


@given(problem=problems(), n=st.floats(0.5, 2000.0), t=scales, c=scales)
@settings(max_examples=60)
def test_scalings(problem: Problem, n: float, t: float, c: float) -> None:
    lam, power, m = problem.eigenvalues, problem.power, problem.multiplicity
    lost, noise, total = problem.tail_power, problem.noise, problem.signal + problem.noise
    risk = gradient_flow(problem, n, t)
    units = gradient_flow(Problem(c * lam, power, m, tail_power=lost, noise=noise), n, t / c)
    close(units._replace(norm=units.norm * c), risk, 1e-9, total * (1 + problem.rank))
    size = gradient_flow(Problem(lam, power, c * m, tail_power=lost, noise=noise), c * n, t)
    close(size._replace(df=size.df / c), risk, 1e-9, total * (1 + problem.rank))
    louder = gradient_flow(Problem(lam, c * power, m, tail_power=c * lost, noise=c * noise), n, t)
    close(louder._replace(df=louder.df * c), theory.Risk(*(c * np.array(risk))), 1e-9, c * total)
    flipped = gradient_flow(Problem(lam[::-1], power[::-1], m[::-1], tail_power=lost, noise=noise), n, t)
    close(flipped, risk, 1e-12)


def test_broadcast_and_types() -> None:
    problem = PROBLEMS[0]
    n, t = np.array([[40.0], [100.0], [300.0]]), np.array([0.0, 1.0, 9.0, np.inf])
    table, scores = gradient_flow(problem, n, t), gradient_flow_gcv(problem, n, t)
    for i in range(3):
        for j in range(4):
            single = gradient_flow(problem, n[i, 0], t[j])
            for name in theory.Risk._fields:
                one, entry = getattr(single, name), getattr(table, name)[i, j]
                assert isinstance(one, np.float64)
                np.testing.assert_allclose(one, entry, rtol=1e-12, err_msg=name)
            assert isinstance(gradient_flow_gcv(problem, n[i, 0], t[j]), np.float64)
            assert gradient_flow_gcv(problem, n[i, 0], t[j]) == pytest.approx(scores[i, j], rel=1e-12)
    assert table.test.dtype == scores.dtype == np.float64
    assert np.isnan(table.kappa[:, :-1]).all()
    assert not np.isnan(table.kappa[:, -1]).any()
    assert gradient_flow(problem, [], 1.0).test.shape == gradient_flow_gcv(problem, 5, []).shape == (0,)
    many = np.linspace(1, 200, 5001)  # more than a chunk
    assert (gradient_flow(Problem.isotropic(50, noise=1.0), 100, many).df[[0, -1]] < 50).all()
    assert validation.gradient_flow_gcv is gradient_flow_gcv


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gradient_flow(PROBLEMS[0], 0, 1.0), "n = 0"),
        (lambda: gradient_flow(PROBLEMS[0], -3, 1.0), "n = -3"),
        (lambda: gradient_flow(PROBLEMS[0], 10, -1.0), "time = -1"),
        (lambda: gradient_flow(PROBLEMS[0], 10, np.nan), "time"),
        (lambda: gradient_flow(PROBLEMS[0], np.nan, 1.0), "n = nan"),
        (lambda: gradient_flow(PROBLEMS[0], [1, 2], [1, 2, 3]), "do not broadcast"),
        (lambda: gradient_flow(Problem([1.0], [1.0], tail=0.1), 10, 1.0), "tail = 0.1"),
        (lambda: gradient_flow_gcv(Problem([1.0], [1.0], tail=0.1), 10, 1.0), "tail = 0.1"),
        (lambda: gradient_flow_gcv(PROBLEMS[0], 10, -1.0), "time = -1"),
        (lambda: gradient_flow_gcv(PROBLEMS[0], 0.0, 1.0), "n = 0"),
    ],
)
def test_bad_arguments(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


# -- headline curves of the sheet ------------------------------------------------------------------


def test_epoch_wise_double_descent() -> None:
    sparse = Problem([1.0, 0.01], [1.0, 1.0], [665, 35], noise=0.3)
    excess = gradient_flow(sparse, 1000, [1, 32, 128, 1024, np.inf]).test - 0.3
    np.testing.assert_allclose(excess, [1.5501, 2.7486, 1.9265, 0.7021, 0.7], atol=6e-5)
    dense = Problem([1.0, 0.01], [1.0, 1.0], [400, 400], noise=1.0)
    excess = gradient_flow(dense, 1000, [1, 16, 128, 1024, np.inf]).test - 1.0
    np.testing.assert_allclose(excess, [1.4931, 2.008, 1.5077, 2.2439, 4.0], atol=6e-5)
    for problem, turns in ((sparse, [-1, 1, -1, 1]), (dense, [-1, 1, -1, 1])):
        change = np.diff(gradient_flow(problem, 1000, np.geomspace(1e-2, 1e5, 400)).test)
        slopes = np.sign(change[np.abs(change) > 1e-9])
        assert slopes[np.r_[True, np.diff(slopes) != 0]].tolist() == turns


# -- generalised cross-validation ------------------------------------------------------------------


def test_gcv_is_inconsistent() -> None:
    problem = Problem([1.0], [2.0], [50], noise=1.0)
    assert gradient_flow_gcv(problem, 100, 4.0) == pytest.approx(1.70575, abs=6e-6)
    assert gradient_flow(problem, 100, 4.0).test == pytest.approx(1.63092, abs=6e-6)


@given(problem=problems(), n=st.floats(0.5, 2000.0), t=scales)
@settings(max_examples=60)
def test_gcv_is_the_ratio(problem: Problem, n: float, t: float) -> None:
    risk, score = gradient_flow(problem, n, t), gradient_flow_gcv(problem, n, t)
    gap = 1 - risk.df / n
    assert score >= 0
    if gap > 1e-3 and risk.train > 1e-6:
        assert score == pytest.approx(risk.train / gap**2, rel=1e-6)


@pytest.mark.parametrize("problem", [PROBLEMS[0], Problem([3.0], [2.0], [100], noise=0.5)])
def test_gcv_of_interpolants_has_no_bound(problem: Problem) -> None:
    # the upper ends of both spectra vanish as t^-3/2 e^-at: the score grows as t^3/2
    score = gradient_flow_gcv(problem, 50, [1e5, 1e7, 1e9])
    np.testing.assert_allclose(score[1:] / score[:-1], 1000.0, rtol=1e-3)
    assert np.isinf(gradient_flow_gcv(problem, 50, 1e300))
    assert gradient_flow(problem, 50, 1e9).test == pytest.approx(theory.ridge(problem, 50).test, rel=1e-7)


def test_gcv_beyond_the_threshold_is_the_test_error_in_the_end() -> None:
    assert gradient_flow_gcv(PROBLEMS[1], 400, 1e9) == pytest.approx(
        gradient_flow(PROBLEMS[1], 400, np.inf).test, rel=1e-9
    )
