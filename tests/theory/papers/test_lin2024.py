"""One pass on sketched features: the mean over the prior, the schedule, and what bounds the exact error."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory import sgd
from theory.papers import lin2024


def sketch(width: int, d: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((width, d)) / np.sqrt(width)


def test_risks_are_means_over_the_prior() -> None:
    """The conditional problem of each target by the normal equations, and its risk after 30 steps."""
    a, S, rng = 1.5, sketch(6, 20), np.random.default_rng(1)
    lam = np.arange(1.0, 21) ** -a
    C, told = S * lam @ S.T, lin2024.problem(a, S, noise=0.2)
    values, vectors = np.linalg.eigh(C)
    tests = []
    for _ in range(400):
        w = rng.standard_normal(20)
        along = vectors.T @ (S @ (lam * w))
        power = along**2 / values
        each = lin2024.Problem(values, power, tail_power=lam @ w**2 - power.sum(), noise=0.2)
        tests.append(sgd.one_pass(each, 0.1, 30, 2).test)
    gap = np.mean(tests) - sgd.one_pass(told, 0.1, 30, 2).test
    assert abs(gap) < 5 * np.std(tests) / np.sqrt(len(tests))
    assert_allclose(told.power.sum() + told.tail_power, lam.sum(), rtol=1e-13)
    assert_allclose(told.eigenvalues[::-1], values, rtol=1e-12)


def test_a_sketch_of_everything_loses_nothing() -> None:
    S = sketch(30, 10)
    told = lin2024.problem(2.0, S)
    assert told.tail_power == pytest.approx(0.0, abs=1e-13)
    assert told.rank == 10


def test_the_schedule_halves() -> None:
    steps = lin2024.schedule(0.7, 1024)
    assert steps[0] == 0.7
    assert set(np.diff(np.log2(steps)).round(12)) == {0.0, -1.0}
    assert_allclose(steps[-1], 0.7 / 2**9, rtol=1e-12)
    assert set(np.unique(steps, return_counts=True)[1]) == {102, 103}
    assert lin2024.schedule(0.7, 0).shape == (0,)
    assert lin2024.schedule(0.7, 1).tolist() == [0.7]


@pytest.mark.parametrize("a", [1.5, 2.5])
def test_the_terms_bound_the_exact_error(a: float) -> None:
    """Widths of 4 to 64 and 64 to 4096 rows: the ratio of exact error and sum stays within a factor of 4."""
    ratios = []
    for width in (4, 16, 64):
        problem = lin2024.problem(a, sketch(width, 2000), noise=1.0)
        step = 0.25 / problem.eigenvalues.sum()
        for N in (64, 512, 4096):
            excess = sgd.scheduled(problem, lin2024.schedule(step, N), N).test - 1.0
            ratios.append(excess / sum(lin2024.terms(a, width, N, step, 1.0)))
    assert max(ratios) / min(ratios) < 4
    assert 1 / 4 < min(ratios) < max(ratios) < 4


def test_shapes() -> None:
    broadcasts(lambda *rest: lin2024.terms(1.7, *rest).bias, [8.0, 100.0, 0.5, 0.2])
    assert not np.isnan(lin2024.terms(2.0, np.inf, 100, 1.0, 1.0)).any()


@pytest.mark.parametrize(("call", "told"), [
    (lambda: lin2024.problem(1.0, np.eye(2)), "exponent = 1 must be greater than 1"),
    (lambda: lin2024.problem(2.0, [1.0]), "S = array"),
    (lambda: lin2024.schedule(0.0, 4), "step = 0"),
    (lambda: lin2024.schedule(1.0, 1.5), "steps = 1.5"),  # type: ignore[arg-type]
    (lambda: lin2024.terms(2.0, 0.5, 10), "width = 0.5"),
    (lambda: lin2024.terms(2.0, 2, 1), "steps = 1"),
])  # fmt: skip
def test_bad_arguments(call: Any, told: str) -> None:
    refuses(call, told)
