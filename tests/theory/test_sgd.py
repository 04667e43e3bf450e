"""One-pass stochastic gradient descent: the recursion in 60 digits, runs of it, limits, critical steps."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import theory
from tests.strategies import decades
from theory import Problem, sgd

PROBLEM = Problem([2.0, 0.5], [1.5, 1.0], [5, 20], noise=0.3, tail_power=0.1)
EXACT = ("test", "bias", "norm", "var_noise_samples")


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    lam = draw(st.lists(decades(-4, 1), min_size=1, max_size=5, unique=True))
    power = draw(st.lists(st.floats(0.0, 2.0), min_size=len(lam), max_size=len(lam)))
    m = draw(st.lists(st.integers(1, 30), min_size=len(lam), max_size=len(lam)))
    return Problem(lam, power, m, noise=draw(st.floats(0.0, 1.0)), tail_power=draw(st.floats(0.0, 1.0)))


def witness(problem: Problem, steps: list[float], batch: float, momentum: float = 0.0) -> dict[str, Any]:
    """The moments of w - beta level by level, step by step, in 60 digits."""
    with mp.workdps(60):
        lam, m, power = (
            [mpf(x) for x in a] for a in (problem.eigenvalues, problem.multiplicity, problem.power)
        )
        noise, lost, mu, B = mpf(problem.noise), mpf(problem.tail_power), mpf(momentum), mpf(batch)

        def run(start: list[Any], error: Any) -> list[Any]:
            now, cross, before = list(start), list(start), list(start)
            for step in map(mpf, steps):
                risk = sum(l * a for l, a in zip(lam, now, strict=True)) + error
                moved = []
                for l, k, a, b, c in zip(lam, m, now, cross, before, strict=True):
                    kept = 1 + mu - step * l
                    new = kept**2 * a - 2 * mu * kept * b + mu**2 * c
                    moved.append((new + step**2 / B * (l**2 * a + k * l * risk), kept * a - mu * b, a))
                now, cross, before = (list(x) for x in zip(*moved, strict=True))
            return now

        start = [v / l for v, l in zip(power, lam, strict=True)]
        whole, silent = run(start, noise + lost), run([mpf(0)] * len(lam), mpf(1))
        mean, last = [mpf(1)] * len(lam), [mpf(1)] * len(lam)
        for step in map(mpf, steps):
            mean, last = (
                [(1 + mu - step * l) * x - mu * y for l, x, y in zip(lam, mean, last, strict=True)],
                mean,
            )
        excess = sum(l * a for l, a in zip(lam, whole, strict=True))
        norm = sum(
            a + s * (1 - 2 * x) for a, s, x in zip(whole, start, mean, strict=True)
        )  # |w|^2 = |w - beta|^2 - |beta|^2 + 2 beta.w
        return {
            "test": float(noise + lost + excess),
            "bias": float(lost + sum(v * x**2 for v, x in zip(power, mean, strict=True))),
            "norm": float(norm),
            "var_noise_samples": float(noise * sum(l * a for l, a in zip(lam, silent, strict=True))),
        }


@given(problems(), decades(-3, 0.5), st.integers(0, 40), st.sampled_from([1, 2, 7, 100]))
@settings(max_examples=60)
def test_any_number_of_steps_is_that_many_steps(
    problem: Problem, step: float, steps: int, batch: int
) -> None:
    told = witness(problem, [step] * steps, batch)
    assume(told["test"] < 1e30)
    risk, slow = sgd.one_pass(problem, step, steps, batch), sgd.scheduled(problem, step, steps, batch)
    for name in EXACT:
        scale = told["norm"] + (problem.power / problem.eigenvalues).sum() if name == "norm" else told["test"]
        for found in (risk, slow):
            assert abs(getattr(found, name) - told[name]) <= 1e-11 * scale, name
    for name in ("train", "variance", "var_samples", "df"):
        assert getattr(risk, name) == pytest.approx(getattr(slow, name), abs=1e-11 * told["test"])
    assert risk.var_samples + risk.var_noise_samples == pytest.approx(risk.variance, abs=1e-14 * risk.test)


@given(
    problems(),
    st.lists(st.floats(0.0, 0.2), min_size=1, max_size=30),
    st.floats(0.0, 0.9),
    st.sampled_from([1, 5]),
)
@settings(max_examples=40)
def test_schedules_and_momentum(problem: Problem, steps: list[float], momentum: float, batch: int) -> None:
    told = witness(problem, steps, batch, momentum)
    assume(told["test"] < 1e12)
    risk = sgd.scheduled(problem, steps, len(steps), batch, momentum)
    for name in EXACT:
        scale = told["norm"] + (problem.power / problem.eigenvalues).sum() if name == "norm" else told["test"]
        assert abs(getattr(risk, name) - told[name]) <= 1e-11 * scale, name


def _runs(steps: np.ndarray, batch: int, momentum: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The last iterates and the mean iterates of many runs on PROBLEM, and the target."""
    rng = np.random.default_rng(3)
    m = PROBLEM.multiplicity.astype(int)
    lam = np.repeat(PROBLEM.eigenvalues, m)
    beta = np.sqrt(np.repeat(PROBLEM.power / m, m) / lam)
    w = before = total = np.zeros((count, len(lam)))
    for step in steps:
        X = rng.standard_normal((count, batch, len(lam))) * np.sqrt(lam)
        errors = X @ beta - np.einsum("rbi,ri->rb", X, w)
        errors += np.sqrt(PROBLEM.noise + PROBLEM.tail_power) * rng.standard_normal((count, batch))
        w, before = w + step * np.einsum("rb,rbi->ri", errors, X) / batch + momentum * (w - before), w
        total = total + w
    excess = [((each - beta) ** 2 @ lam) for each in (w, total / (len(steps) + 1))]
    return excess[0], excess[1]


@pytest.mark.parametrize(("batch", "momentum"), [(1, 0.0), (3, 0.0), (2, 0.5)])
def test_runs_have_the_mean_of_the_recursion(batch: int, momentum: float) -> None:
    steps = np.linspace(0.06, 0.01, 40)
    for average, excess in zip((False, True), _runs(steps, batch, momentum, 4000), strict=True):
        told = sgd.scheduled(PROBLEM, steps, 40, batch, momentum, average)
        gap = excess.mean() + PROBLEM.noise + PROBLEM.tail_power - told.test
        # 5 standard errors of 4000 runs: a false alarm in 1e6
        assert abs(gap) < 5 * excess.std() / np.sqrt(len(excess))
        assert np.isnan(told.train) == average


def test_the_steady_state_and_what_diverges() -> None:
    critical = float(sgd.critical_step(PROBLEM))
    lam, m = PROBLEM.eigenvalues, PROBLEM.multiplicity
    for share in (0.01, 0.5, 0.99):
        step = share * critical
        S = (step * m * lam / (2 - 2 * step * lam)).sum()
        end = sgd.one_pass(PROBLEM, step, np.inf)
        assert end.test == pytest.approx((PROBLEM.noise + PROBLEM.tail_power) / (1 - S), rel=1e-12)
        assert end.bias == PROBLEM.tail_power
    beyond = sgd.one_pass(PROBLEM, 1.01 * critical, [10, 1000, np.inf])
    assert (np.diff(beyond.test[:2]) > 0).all()
    assert np.isinf(beyond.test[2])
    assert not np.isnan(beyond.norm).any()


@given(problems(), st.integers(1, 1000))
def test_the_critical_step_is_where_noise_sums_to_one(problem: Problem, batch: int) -> None:
    step = mpf(float(sgd.critical_step(problem, batch)))
    with mp.workdps(40):
        S, slope = mpf(0), mpf(0)
        for l, m in zip(map(mpf, problem.eigenvalues), map(mpf, problem.multiplicity), strict=True):
            room = 2 - step * (1 + mpf(1) / batch) * l
            S += step / batch * m * l / room
            slope += 2 / mpf(batch) * m * l / room**2
        assert room > 0
        assert abs((S - 1) / slope / step) < 1e-14


@pytest.mark.parametrize("p", [1, 7, 300])
def test_isotropic_features(p: int) -> None:
    problem, batch = Problem.isotropic(p, noise=0.0), np.array([1, 10, 1000])
    np.testing.assert_allclose(sgd.critical_step(problem, batch), 2 * batch / (batch + p + 1), rtol=1e-14)
    assert sgd.critical_step(problem, np.inf) == 2.0
    assert sgd.critical_batch(problem) == pytest.approx(p + 1, rel=1e-13)
    best = batch / (batch + p + 1)  # each step takes the error times 1 - B/(B + p + 1)
    np.testing.assert_allclose(sgd.one_pass(problem, best, 3, batch).test, (1 - best) ** 3, rtol=1e-12)


@given(problems())
def test_at_the_critical_batch_the_critical_step_is_half_its_limit(problem: Problem) -> None:
    batch = sgd.critical_batch(problem)
    below, above = np.floor(batch), np.ceil(batch)
    limit = sgd.critical_step(problem, np.inf)
    assert sgd.critical_step(problem, max(below, 1)) <= limit / 2 * (1 + 1e-12)
    assert sgd.critical_step(problem, above) >= limit / 2 * (1 - 1e-12)


def test_infinite_batches_are_gradient_descent_on_the_population() -> None:
    risk = sgd.one_pass(PROBLEM, 0.7, [0, 3, 4], np.inf)
    left = (1 - 0.7 * PROBLEM.eigenvalues) ** (2 * np.array([[0], [3], [4]]))
    np.testing.assert_allclose(
        risk.test, PROBLEM.noise + PROBLEM.tail_power + left @ PROBLEM.power, rtol=1e-14
    )
    assert not risk.variance.any()
    np.testing.assert_allclose(sgd.scheduled(PROBLEM, 0.7, 4, np.inf).test, risk.test[2], rtol=1e-14)


def test_shapes_and_nothing_to_learn() -> None:
    assert sgd.one_pass(PROBLEM, [[0.01], [0.02]], [1, 2, np.inf]).test.shape == (2, 3)
    assert sgd.one_pass(PROBLEM, 0.01, 5).test.shape == ()
    for empty in (Problem([], [], noise=0.2, tail_power=0.3), Problem([0.0], [0.3], noise=0.2)):
        for risk in (sgd.one_pass(empty, 0.1, 7), sgd.scheduled(empty, 0.1, 7)):
            assert (risk.test, risk.norm, risk.variance) == (0.5, 0.0, 0.0)
        assert sgd.critical_step(empty) == np.inf
    doubled = Problem([2.0, 2.0, 0.5], [1.0, 0.5, 1.0], [2, 3, 20], noise=0.3, tail_power=0.1)
    assert sgd.one_pass(doubled, 0.03, 20) == pytest.approx(sgd.one_pass(PROBLEM, 0.03, 20), nan_ok=True)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sgd.one_pass(PROBLEM, 0.0, 3), "step = 0 must be finite and positive"),
        (lambda: sgd.one_pass(PROBLEM, 0.1, 1.5), "steps = 1.5 must be a whole number >= 0, or inf"),
        (lambda: sgd.one_pass(PROBLEM, 0.1, 3, 0), "batch = 0 must be a whole number >= 1, or inf"),
        (lambda: sgd.one_pass(Problem([1.0], [1.0], tail=0.5), 0.1, 3), "tail = 0.5 must be 0"),
        (lambda: sgd.one_pass(2.0, 0.1, 3), "problem = 2.0 is not a theory.Problem"),  # type: ignore[arg-type]
        (lambda: sgd.scheduled(PROBLEM, [0.1, 0.2], 3), r"step has shape \(2,\); pass one number, or one"),
        (lambda: sgd.scheduled(PROBLEM, 0.1, 3, momentum=1.0), r"momentum = 1 must be in \[0, 1\)"),
        (lambda: sgd.scheduled(PROBLEM, 0.1, 3, batch=[1, 2]), r"batch = array\(.*\) must be one number"),  # type: ignore[arg-type]
        (lambda: sgd.scheduled(PROBLEM, 0.1, 3, average=1), "average = 1 must be True or False"),  # type: ignore[arg-type]
        (lambda: sgd.critical_batch(Problem([], [])), "problem has no positive eigenvalue"),
    ],
)  # fmt: skip
def test_errors_name_the_argument(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_given_random_features_it_is_their_descent() -> None:
    """Any features: the conditional problem goes through the same recursion."""
    M = np.random.default_rng(0).standard_normal((12, 25)) / np.sqrt(12)
    given_features = PROBLEM.through(M)
    assert sgd.one_pass(given_features, 0.02, np.inf).test > theory.ridge(given_features, np.inf).test
