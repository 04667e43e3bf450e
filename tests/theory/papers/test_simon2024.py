"""Simon et al. 2024: equations as printed; tests/theory/engines/test_search.py holds the optimum."""

from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.testing import assert_allclose
from scipy.special import zeta

from tests.checks import broadcasts, refuses
from tests.strategies import Point, decades, maybe, points, problems
from theory import Problem, random_features, ridge
from theory.papers import simon2024


@given(points(problem=problems(span=3, tails=False), ridge=decades(-6, 2), infinite=False))
def test_simon2024_equations_as_printed(point: Point) -> None:
    problem, n, p, lam = point
    with mp.workdps(50):
        fit = random_features(problem, n, p, lam)
        g, kappa = mpf(float(fit.gamma_eff)), mpf(float(fit.kappa))
        rows = list(zip(problem.eigenvalues, problem.multiplicity, problem.power, strict=True))
        rows = [(mpf(x), m, v) for x, m, v in rows]
        z = sum(m * x / (x + g) for x, m, _ in rows)
        q = sum(m * (x / (x + g)) ** 2 for x, m, _ in rows)
        assert_allclose(float(z + n * lam / kappa), n, rtol=1e-8)
        assert_allclose(float(z + p * kappa / g), p, rtol=1e-8)
        shrink = 1 - (q * (p - 2 * z) + z**2) / (n * (p - q))
        if shrink < 1e-4:
            return
        missed = sum((g / (x + g) - kappa * x / (x + g) ** 2 * p / (p - q)) * v for x, _, v in rows)
        assert_allclose(float((missed + problem.noise) / shrink), float(fit.test), rtol=1e-6)


def test_simon2024_optimal_is_the_search() -> None:
    problem = Problem([1.0], [1.0], [10], noise=0.5)
    assert_allclose(simon2024.optimal(problem, 5.0, inf).ridge, 1.0, rtol=1e-12)  # m noise/(n v^2)


PROBLEM = Problem([1.0, 0.1], [1.0, 0.5], [10, 100], noise=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: simon2024.optimal(PROBLEM, 5, 0), "p = 0"),
        (lambda: simon2024.optimal(PROBLEM, [5, 6], [1, 2, 3]), r"n \(2,\), p \(3,\)"),
        (lambda: simon2024.train_ratio(1.0, 1.5), "exponent = 1 "),
        (lambda: simon2024.train_ratio(2.0, 5.0), "target = 5 "),
        (lambda: simon2024.obligatory_noise(2.0, [2.0, 1.0]), "target = 1 "),
        (lambda: simon2024.train_ratio(2.0, 3.0, -1.0), "relative_noise = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: simon2024.optimal(PROBLEM, *a), [20.0, 30.0])
    broadcasts(simon2024.train_ratio, [3.0, 2.5, 3.0])
    broadcasts(simon2024.obligatory_noise, [3.0, 2.5])


EXPONENTS = st.tuples(st.floats(1.05, 4), st.floats(0.02, 0.98)).map(lambda x: (x[0], 1 + 2 * x[0] * x[1]))


@given(EXPONENTS, maybe(decades(-2, 2)))
def test_the_best_ratio_minimises_the_risk(exponents: tuple[float, float], s: float) -> None:
    """On a fine grid of t = 1 - sqrt(ratio): the risk of two power laws in units of that at the best."""
    a, b = exponents

    def log_risk(t: Any) -> Any:
        return np.log(t ** (1 - b) + a * s) - np.log1p(-t * (a - 1) / a)

    best = 1 - np.sqrt(simon2024.train_ratio(a, b, s))
    grid = np.concatenate([np.linspace(1e-3, 1, 2000), best * (1 + np.array([-0.01, 0.01]))])
    assert log_risk(grid[grid <= 1]).min() >= log_risk(best) - 1e-12
    limit = simon2024.obligatory_noise(a, b)
    if abs(s - limit) > 1e-9 * limit:
        assert (best == 1) == (s < limit)


@pytest.mark.parametrize(
    ("a", "b", "s"), [(2.0, 1.5, 0.0), (1.5, 2.0, 3.0), (2.0, 3.0, 2.0), (3.0, 5.0, 0.1)]
)
def test_the_best_ratio_is_that_of_the_core(a: float, b: float, s: float) -> None:
    """At n = 400 of an infinite power law, up to 1/n."""
    n, i = 400, np.arange(1.0, 20001)
    clean = Problem(i**-a, i**-b, tail=float(zeta(a, 20001)), tail_power=float(zeta(b, 20001)))
    noisy = replace(clean, noise=s * float(ridge(clean, n, 0.0).test))
    risk = ridge(noisy, n, simon2024.optimal(noisy, n, inf).ridge)
    assert_allclose(risk.train / risk.test, simon2024.train_ratio(a, b, s), rtol=4 / n, atol=1e-12)


@pytest.mark.parametrize("share", [0.9, 1.1])
def test_up_to_the_obligatory_noise_no_ridge_helps(share: float) -> None:
    n, i = 400, np.arange(1.0, 20001)
    clean = Problem(i**-1.5, i**-2.5, tail=float(zeta(1.5, 20001)), tail_power=float(zeta(2.5, 20001)))
    limit = simon2024.obligatory_noise(1.5, 2.5) * float(ridge(clean, n, 0.0).test)
    best = simon2024.optimal(replace(clean, noise=share * limit), n, inf).ridge
    assert (best == 0) == (share < 1)
