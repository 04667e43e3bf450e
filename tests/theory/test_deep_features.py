"""Deep random features: one layer is `random_features`, many layers in 60 digits, and draws of them."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import theory
from tests.strategies import decades
from theory import Problem, deep_features

PROBLEMS = [
    Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3),
    Problem([2.0, 0.5], [1.5, 1.0], [100, 200]),
    Problem([2.0, 0.5, 0.0], [1.5, 1.0, 0.3], [100, 200, 5], tail=0.5, noise=0.1, tail_power=0.2),
    Problem.power_law(50, 1.5, 1.2),
    Problem([1.0], [1.0], [50], noise=0.1),
    Problem([], [], tail=0.5, noise=0.2, tail_power=1.0),
    Problem([], [], noise=0.2, tail_power=1.0),
]


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("ridge", [0.0, 1e-8, 0.1, 10.0, np.inf])
def test_one_layer_is_random_features(problem: Problem, ridge: float) -> None:
    """At every order of n, p and the rank, ties among them included, with all parts of the variance."""
    sizes = np.array([1, 50, 100, 300, 1000, np.inf])
    found = deep_features(problem, sizes[:, None], [sizes], ridge)
    told = theory.random_features(problem, sizes[:, None], sizes, ridge)
    for name in theory.Risk._fields:
        np.testing.assert_allclose(
            getattr(found, name), getattr(told, name), rtol=1e-11, atol=1e-15, err_msg=name
        )


def test_without_layers_and_with_infinite_ones_it_is_ridge_regression() -> None:
    for widths in ([], [np.inf], [np.inf, np.inf]):
        found = deep_features(PROBLEMS[0], [40, 400], widths, 0.1)
        np.testing.assert_allclose(found.test, theory.ridge(PROBLEMS[0], [40, 400], 0.1).test, rtol=1e-12)


def _root(increasing: Callable[[Any], Any], low: Any, high: Any) -> Any:
    low, high = mpf(low), mpf(high)
    for _ in range(220):
        middle = (low + high) / 2
        low, high = (low, middle) if increasing(middle) > 0 else (middle, high)
    return high


def _witness(problem: Problem, n: float, widths: list[float], ridge: float) -> dict[str, float]:
    """The sheet of the equation in 60 digits, in the form that cancels."""
    with mp.workdps(60):
        lam, m, v = ([mpf(x) for x in a] for a in (problem.eigenvalues, problem.multiplicity, problem.power))
        sizes = [mpf(x) for x in (n, *widths)]

        def T(g: Any) -> Any:
            return sum(k * l / (l + g) for l, k in zip(lam, m, strict=True))

        def excess(z: Any) -> Any:
            g = mp.exp(z)
            product = g
            for size in sizes:
                product *= 1 - T(g) / size
            return product - mpf(ridge)

        least = min(sizes)
        low = _root(lambda z: least - T(mp.exp(z)), -60, 40) if sum(m) > least else mpf(-300)
        g = mp.exp(_root(excess, low, 60))
        t, d = T(g), sum(k * (l / (l + g)) ** 2 for l, k in zip(lam, m, strict=True))
        B = sum(x * g / (l + g) for l, x in zip(lam, v, strict=True)) + mpf(problem.tail_power)
        dB = sum(x * l * g / (l + g) ** 2 for l, x in zip(lam, v, strict=True))
        s = 1 + sum((t - d) / (p - t) for p in sizes[1:])
        df2 = t - (t - d) / s
        return {
            "gamma_eff": float(g),
            "df": float(t),
            "test": float((mpf(problem.noise) + B - dB / s) / (1 - df2 / sizes[0])),
        }


@given(
    st.lists(st.floats(0.3, 400.0), min_size=1, max_size=4),
    st.floats(0.3, 400.0),
    decades(-6, 2),
    st.floats(0, 1),
)
@settings(max_examples=60)
def test_many_layers_in_sixty_digits(widths: list[float], n: float, ridge: float, noise: float) -> None:
    problem = Problem([2.0, 0.5, 0.01], [1.5, 1.0, 0.4], [20, 100, 90], noise=noise, tail_power=0.1)
    found, told = deep_features(problem, n, widths, ridge), _witness(problem, n, widths, ridge)
    for name, value in told.items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-10), name
    assert found.variance == pytest.approx(found.test - found.bias - noise, rel=1e-10)
    # the objective's slope in the ridge is the squared norm
    step = 1e-3 * ridge
    high, low = (deep_features(problem, n, widths, r) for r in (ridge + step, ridge - step))
    slope = ((high.train + (ridge + step) * high.norm) - (low.train + (ridge - step) * low.norm)) / (2 * step)
    assert found.norm == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_the_order_of_layers_does_not_matter_and_the_narrowest_sets_g() -> None:
    problem = PROBLEMS[0]
    for ridge in (0.0, 0.05):
        risks = [deep_features(problem, 150, widths, ridge) for widths in permutations([80.0, 120.0, 400.0])]
        for other in risks[1:]:
            for name in theory.Risk._fields:
                assert getattr(other, name) == pytest.approx(getattr(risks[0], name), rel=1e-12), name
    narrow = deep_features(problem, 150, [80, 400]).gamma_eff
    assert narrow == deep_features(problem, 1000, [80]).gamma_eff
    assert deep_features(problem, 150, [80, 80]).test < np.inf  # noise is seen by n = 150 samples alone
    assert deep_features(problem, 80, [80, 400]).test == np.inf


@pytest.mark.parametrize("scale", [1, 2])
def test_it_is_the_mean_over_draws_of_the_layers(scale: int) -> None:
    """Given the weights it is `theory.ridge` of the conditional problem; the limit is off by about 1/n."""
    problem = Problem([2.0, 0.5], [1.5, 1.0], [20 * scale, 40 * scale], noise=0.3)
    n, widths, rng = 40 * scale, (80 * scale, 30 * scale), np.random.default_rng(1)
    drawn = []
    for _ in range(300 // scale):
        first = rng.standard_normal((widths[0], 60 * scale)) / np.sqrt(widths[0])
        second = rng.standard_normal((widths[1], widths[0])) / np.sqrt(widths[1])
        drawn.append(float(theory.ridge(problem.through(second @ first), n, 0.05).test))
    told = float(deep_features(problem, n, widths, 0.05).test)
    error = np.std(drawn) / np.sqrt(len(drawn))
    assert abs(np.mean(drawn) - told) < 5 * error + 2 * told / n


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((PROBLEMS[0], 0.0, [3]), "n = 0 must be positive"),
        ((PROBLEMS[0], 10.0, [3, -1]), r"widths\[1\] = -1 must be positive"),
        ((PROBLEMS[0], 10.0, [3], -0.1), "ridge = -0.1 must be zero or positive"),
        ((1.0, 10.0, [3]), "problem = 1.0 is not a theory.Problem"),
    ],
)
def test_errors_name_the_argument(arguments: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        deep_features(*arguments)
