"""The ridge of smallest test error at any n and p, behind simon2024.optimal and mei2022.optimal."""

from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.strategies import Point, decades, maybe, near_tie, points, problems
from theory import Problem, random_features, ridge
from theory.papers import mei2022, simon2024

TRIAL = np.concatenate([[0.0], np.geomspace(1e-30, 1e20, 300)])


@given(points(problem=problems(span=4), ridge=st.just(0.0)))
def test_no_other_ridge_is_better(point: Point) -> None:
    problem, n, p, _ = point
    best, test = simon2024.optimal(problem, n, p)
    assert test <= random_features(problem, n, p, TRIAL).test.min() * (1 + 1e-12)
    if 0 < best < inf:
        near = random_features(problem, n, p, best * np.array([0.999, 1.001])).test
        assert test <= near.min() * (1 + 1e-13)


@settings(max_examples=60)
@given(points(problem=problems(span=4), ridge=st.just(0.0)), decades(0, 2), decades(0, 2))
def test_more_samples_and_features_never_hurt(point: Point, more_n: float, more_p: float) -> None:
    problem, n, p, _ = point
    more = Point(problem, n * more_n, p * more_p, 0.0)
    assume(not near_tie(point) and not near_tie(more))
    first, second = simon2024.optimal(problem, n, p).test, simon2024.optimal(problem, more.n, more.p).test
    assert second <= first * (1 + 1e-10)


@given(decades(-3, 3), decades(-3, 3), decades(-2, 2), maybe(decades(-3, 1)), maybe(decades(-3, 1)))
def test_one_level_in_closed_form(
    lam: float, signal: float, size: float, tail: float, tail_power: float
) -> None:
    """p = inf: n ridge = (noise + unlearnable) m lambda/v^2 - tail, clipped at 0."""
    noise, m = 0.3, 20.0
    problem = Problem([lam], [signal], [m], tail=tail, tail_power=tail_power, noise=noise)
    total = (noise + tail_power) * m * lam / signal - tail
    assume(abs(total) > 1e-3 * tail)
    best = simon2024.optimal(problem, size * m, inf).ridge
    assert_allclose(best * size * m, max(0.0, total), rtol=1e-10)


@given(decades(-4, 3), decades(0.1, 2))
def test_ridge_is_accurate_however_small(noise: float, size: float) -> None:
    """Noise 1e-18 of the signal, n > rank: all digits of a ridge that the error cannot show."""
    m = 20.0
    problem = Problem([1.0], [1.0], [m], noise=noise * 1e-14)
    assert_allclose(simon2024.optimal(problem, size * m, inf).ridge, noise * 1e-14 / size, rtol=1e-10)


def test_large_p_approaches_the_kernel() -> None:
    problem = Problem([1.0, 0.05], [0.64, 0.2], [100, 500], noise=0.5)
    kernel = simon2024.optimal(problem, 100, inf)
    wide = simon2024.optimal(problem, 100, 1e9)
    assert_allclose(wide, kernel, rtol=1e-6)
    assert_allclose(ridge(problem, 100, kernel.ridge).test, kernel.test, rtol=1e-14)


@pytest.mark.parametrize(
    ("problem", "n", "p", "small"),
    [
        (Problem([1.0, 5e-6], [1.0, 2.1], [7, 2936], noise=0.0016), 202, 1702, True),
        (Problem([1.0, 2.4e-5], [1.0, 9.4], [74, 1921], noise=0.00054), 123, 3522, False),
    ],
)
def test_the_lower_of_two_minima(problem: Problem, n: float, p: float, small: bool) -> None:
    trial = np.geomspace(1e-8, 1e3, 2000)
    errors = random_features(problem, n, p, trial).test
    falls = np.diff(errors) < 0
    minima = np.flatnonzero(falls[:-1] & ~falls[1:]) + 1
    assert len(minima) == 2
    best, test = simon2024.optimal(problem, n, p)
    assert_allclose(best, trial[minima[0 if small else 1]], rtol=0.02)
    assert errors.min() * (1 - 1e-4) <= test <= errors.min()


@pytest.mark.parametrize("noise", [0.4, 0.6])
def test_full_rank_edge(noise: float) -> None:
    """At p = rank < n ridge 0 is a local minimum iff (n - r) sum v^2/lambda > 3 noise sum m/lambda."""
    n, r = 25.0, 10.0
    problem = Problem([1.0], [1.0], [r], noise=noise)
    slope = np.diff(random_features(problem, n, r, np.array([0.0, 1e-6])).test)[0]
    assert (slope > 0) == ((n - r) > 3 * noise * r)
    test = simon2024.optimal(problem, n, r).test
    assert test <= random_features(problem, n, r, TRIAL).test.min() * (1 + 1e-12)


@pytest.mark.parametrize("p", [3.0, 10.0, 30.0, inf])
@pytest.mark.parametrize("n", [5.0, 10.0, 40.0])
def test_edges(n: float, p: float) -> None:
    def best(*args: object, **kwargs: object) -> tuple[float, float]:
        return simon2024.optimal(Problem(*args, **kwargs), n, p)  # type: ignore[arg-type]

    assert best([1.0], [0.0], [10], noise=0.5) == (inf, 0.5)  # nothing to learn but noise
    assert best([1.0], [0.0], [10], tail=1.0, tail_power=2.0) == (inf, 2.0)
    assert best([0.0], [2.0], [10]) == (0.0, 2.0)  # no features: every ridge is the same
    assert best([1.0], [0.0], [10]) == (0.0, 0.0)
    if min(n, p) > 10:
        assert best([1.0, 0.2], [1.0, 2.0], [6, 4]) == (0.0, 0.0)  # noiseless and overdetermined
    assert simon2024.optimal(Problem([1.0], [1.0], [10], noise=0.5), inf, p).ridge == 0


def test_broadcasts() -> None:
    problem = Problem([1.0, 0.05], [0.64, 0.2], [100, 500], noise=0.5)
    table = simon2024.optimal(problem, [[50.0], [100.0]], [50.0, 200.0, inf])
    assert table.ridge.shape == table.test.shape == (2, 3)
    one = simon2024.optimal(problem, 100, 200)
    assert isinstance(one.test, np.float64)
    assert (table.ridge[1, 1], table.test[1, 1]) == one
    optimum = mei2022.optimal(3.0, 3.0, signal=[1.0, 2.0], noise=[[0.1], [0.2], [0.3]])
    assert optimum.ridge.shape == (3, 2)
    assert_allclose(optimum.ridge[1, 1], mei2022.optimal(3.0, 3.0, signal=2.0, noise=0.2).ridge, rtol=1e-13)
