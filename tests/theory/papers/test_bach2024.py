"""Bach 2024: closed forms of minimum-norm regression on random projections."""

from collections.abc import Callable
from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.strategies import Point, near_tie, points
from theory import Problem, random_features
from theory.papers import bach2024


@given(points(ridge=st.just(0.0)))
def test_bach2024_closed_forms(point: Point) -> None:
    problem, n, p, _ = point
    assume(not near_tie(point) and n != p and min(n, p) < problem.rank and n < inf)
    found = bach2024.minimum_norm(problem, n, p)
    risk = random_features(problem, n, p)
    A, q, w = risk.bias, risk.df2, min(n, p) - risk.df2
    lam = problem.eigenvalues
    C = (problem.power * lam * risk.gamma_eff / (lam + risk.gamma_eff) ** 2).sum()
    assume(w > 1e-4 * min(n, p))  # n - q is w, which the core sums and this test subtracts
    if p < n:
        noiseless, noise_part = n / (n - p) * (A + C), problem.noise * p / (n - p)
    else:
        noiseless = n / (n - q) * A + (n / (p - n) * (A + C) if p < inf else 0.0)
        noise_part = problem.noise * (q / (n - q) + (n / (p - n) if p < inf else 0.0))
    assert_allclose(found.noiseless, noiseless, rtol=1e-9)
    assert_allclose(found.noise_part, noise_part, rtol=1e-9)
    assert_allclose(found.test, problem.noise + noiseless + noise_part, rtol=1e-9)


def test_bach2024_edges() -> None:
    problem = Problem([1.0, 0.5], [1.0, 1.0], [10, 20], tail_power=0.4, noise=0.2)
    peak = bach2024.minimum_norm(problem, 20, 20)
    assert peak == (inf, inf, inf)
    assert bach2024.minimum_norm(Problem([1.0], [1.0], [30]), 20, 20) == (inf, inf, 0.0)
    full = bach2024.minimum_norm(problem, 60, [30, 31, 60, 500, inf])  # no peak at n = p
    assert_allclose(full.noiseless, 0.8, rtol=1e-12)
    assert_allclose(full.noise_part, 0.2, rtol=1e-12)
    assert bach2024.minimum_norm(problem, inf, 50) == (0.2 + 0.4, 0.4, 0.0)


PROBLEM = Problem([1.0, 0.1], [1.0, 0.5], [10, 100], noise=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bach2024.minimum_norm(PROBLEM, 5, "x"), "p = 'x'"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: bach2024.minimum_norm(PROBLEM, *a), [20.0, 30.0])
