"""Heckel, Yilmaz 2021: the formula as printed, its edges, gradient flow, and descent itself."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.checks import refuses
from tests.flows import PROBLEMS
from theory import Problem
from theory.dynamics import gradient_flow
from theory.papers import heckel2021


def _heckel(problem: Problem, n: float, k: int, eta: Any) -> float:
    """The formula as printed."""
    e = problem.noise + problem.tail_power
    r = (1 - np.asarray(eta) * problem.eigenvalues) ** k
    return float(e + problem.power @ r**2 + e / n * (problem.multiplicity @ (1 - r) ** 2))


@pytest.mark.parametrize("eta", [0.05, 0.3, [0.1, 0.5, 1.0], [0.6, 1.9, 3.0]])
@pytest.mark.parametrize("k", [0, 1, 2, 7, 50])
def test_heckel2021_as_printed(eta: Any, k: int) -> None:
    value = heckel2021.risk(PROBLEMS[1], 3000, k, eta)
    assert value == pytest.approx(_heckel(PROBLEMS[1], 3000, k, eta), rel=1e-12)
    assert isinstance(value, np.float64)


def test_heckel2021_edges() -> None:
    problem = Problem([1.0, 0.5], [1.0, 0.5], [20, 10], noise=0.4, tail_power=0.1)
    assert heckel2021.risk(problem, 1000, 0, 0.3) == pytest.approx(2.0)
    assert heckel2021.risk(problem, 1000, np.inf, 0.3) == pytest.approx(0.5 * (1 + 30 / 1000))
    assert heckel2021.risk(problem, 1000, 5, 0.0) == pytest.approx(2.0)
    assert heckel2021.risk(problem, 1000, np.inf, 0.0) == pytest.approx(2.0)
    assert heckel2021.risk(problem, 1000, 1, 1.0) == pytest.approx(0.5 + 0.125 + 5e-4 * (20 + 2.5))
    assert heckel2021.risk(problem, np.inf, 4, 0.3) == pytest.approx(0.5 + 0.7**8 + 0.5 * 0.85**8)
    assert np.isnan(heckel2021.risk(problem, 1000, np.inf, 2.0))
    assert heckel2021.risk(problem, np.inf, np.inf, 2.0) == pytest.approx(1.5)
    assert np.isinf(heckel2021.risk(problem, 1000, np.inf, 2.5))
    assert np.isinf(heckel2021.risk(problem, 1000, 10**6, 2.5))
    assert heckel2021.risk(Problem([1.0], [0.0], [3]), 10, np.inf, 3.0) == 0
    zero = Problem([1.0, 0.5, 0.0], [1.0, 0.5, 0.1], [20, 10, 5], noise=0.4)
    assert heckel2021.risk(zero, 1000, 5, 0.3) == pytest.approx(heckel2021.risk(problem, 1000, 5, 0.3))
    per_level = heckel2021.risk(zero, 1000, 5, [0.3, 0.3, 9.0])
    assert per_level == pytest.approx(heckel2021.risk(problem, 1000, 5, 0.3))
    # slow levels: 1 - (1 - 1e-18)^k by expm1
    slow = Problem([1e-18], [0.0], [1.0], noise=1.0)
    expected = 1 + 1e12 * np.expm1(-1e-6) ** 2
    assert heckel2021.risk(slow, 1e-12, 10**12, 1.0) == pytest.approx(expected, rel=1e-13)
    shape = heckel2021.risk(problem, [[1000], [2000]], [1, 5, 9], np.full((2, 3, 2), 0.3)).shape
    assert shape == (2, 3)


def test_heckel2021_is_the_flow_of_many_samples() -> None:
    problem, t = Problem([1.0, 0.1], [1.0, 0.1], [20, 20], noise=1.0), np.array([0.5, 3.0, 40.0])
    steps, n = 10**9, np.array([[1e5], [1e7]])
    few = heckel2021.risk(problem, n, steps, (t / steps)[:, None] * np.ones(2)) - 1
    flow = gradient_flow(problem, n, t).test - 1
    gap = np.abs(few / flow - 1)
    assert (gap < 40 * 40 / n).all()  # of the order d/n


def test_heckel2021_equal_pace_descends_once() -> None:
    problem, k = Problem([1.0, 0.01], [1.0, 0.5], [30, 30], noise=3.0), np.arange(1, 4000)

    def descents(rate: Any) -> int:
        slopes = np.sign(np.diff(heckel2021.risk(problem, 300, k, rate)))
        slopes = slopes[slopes != 0]
        return int((slopes[np.r_[True, np.diff(slopes) != 0]] < 0).sum())

    assert descents(0.1) == 2
    assert descents([0.1, 10.0]) == 1


def test_heckel2021_simulated() -> None:
    """Gradient descent itself; 4 standard errors + 2 d/n of the excess."""
    rng = np.random.default_rng(3)
    problem = Problem([1.0, 0.1], [1.0, 0.4], [20, 20], noise=1.0)
    n, draws, lam = 4000, 40, np.repeat([1.0, 0.1], 20)
    size, marks = np.sqrt(np.repeat([1.0, 4.0], 20) / 20), [3, 20, 100]
    sample = np.empty((draws, len(marks)))
    for i in range(draws):
        X = rng.standard_normal((n, 40)) * np.sqrt(lam)
        target = rng.choice([-1.0, 1.0], 40) * size
        C, c = X.T @ X / n, X.T @ (X @ target + rng.standard_normal(n)) / n
        beta = np.zeros(40)
        for k in range(1, marks[-1] + 1):
            beta += 0.5 * (c - C @ beta)
            if k in marks:
                sample[i, marks.index(k)] = lam @ (beta - target) ** 2
    expected = heckel2021.risk(problem, n, marks, 0.5) - 1
    allowed = 4 * sample.std(axis=0, ddof=1) / np.sqrt(draws) + 2 * 40 / n * expected
    assert (np.abs(sample.mean(axis=0) - expected) < allowed).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: heckel2021.risk(PROBLEMS[0], 10, 1.5, 0.1), "steps = 1.5"),
        (lambda: heckel2021.risk(PROBLEMS[0], 10, -1, 0.1), "steps = -1"),
        (lambda: heckel2021.risk(PROBLEMS[0], 0, 1, 0.1), "n = 0"),
        (lambda: heckel2021.risk(PROBLEMS[0], 10, 1, -0.1), "learning_rate = -0.1"),
        (lambda: heckel2021.risk(PROBLEMS[0], 10, 1, [0.1, 0.1, 0.1]), r"learning_rate .*\("),
        (lambda: heckel2021.risk(Problem([1.0], [1.0], tail=1.0), 10, 1, 0.1), "tail = 1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
