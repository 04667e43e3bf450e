"""Defilippis, Loureiro, Misiakiewicz 2024: equivalents as printed and everywhere."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from mpmath import mp, mpf
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.strategies import Point, decades, near_tie, points, problems
from theory import Problem, random_features
from theory.papers import defilippis2024

moderate = points(problem=problems(span=3), ridge=decades(-6, 2), infinite=False)


@given(moderate)
def test_defilippis2024_as_printed(point: Point) -> None:
    problem, n, p, lam = point
    assume(problem.rank > 0 and n * p < 1e8)
    with mp.workdps(50):
        fit = defilippis2024.equivalents(problem, n, p, lam)
        nu1, nu2 = mpf(float(fit.nu1)), mpf(float(fit.nu2))
        keep = problem.eigenvalues > 0
        rows = list(
            zip(problem.eigenvalues[keep], problem.multiplicity[keep], problem.power[keep], strict=True)
        )
        T = sum(m / (1 + nu2 / mpf(x)) for x, m, _ in rows) + problem.tail / nu2
        q = sum(m / (1 + nu2 / mpf(x)) ** 2 for x, m, _ in rows)
        # their equation for nu2, its two sides as functions of nu2; rounding of nu2 moves them by 1e-13
        n, p, lam = mpf(n), mpf(p), n * mpf(lam)
        root = mp.sqrt((1 - n / p) ** 2 + 4 * lam / (p * nu2))
        assert_allclose(
            float(1 + n / p - root), float(2 * T / p), rtol=1e-10, atol=1e-10 * (1 + float(n / p))
        )
        upsilon = p / n * ((1 - nu1 / nu2) ** 2 + (nu1 / nu2) ** 2 * q / (p - q))
        chi = (sum(m * x / (x + nu2) ** 2 for x, m, _ in rows) + problem.tail / nu2**2) / (p - q)
        assert_allclose(float(fit.upsilon), float(upsilon), rtol=1e-9, atol=1e-12)
        assert_allclose(float(fit.chi), float(chi), rtol=1e-9)
        if upsilon < 0.999:
            unlearnable = problem.tail_power + float(problem.power[~keep].sum())
            bias = sum(v * (nu2 / (x + nu2)) ** 2 for x, _, v in rows) + unlearnable
            bias += chi * nu2 * sum(v * x * nu2 / (x + nu2) ** 2 for x, _, v in rows)
            assert_allclose(float(fit.bias), float(bias / (1 - upsilon)), rtol=1e-7)
            variance = problem.noise * upsilon / (1 - upsilon)
            assert_allclose(float(fit.variance), float(variance), rtol=1e-7, atol=1e-12 * problem.noise)


@given(points())
def test_defilippis2024_anywhere(point: Point) -> None:
    """No nan, 0 <= Upsilon <= 1, and the parts of the core's test error."""
    problem, n, p, lam = point
    fit = defilippis2024.equivalents(problem, n, p, lam)
    assert not np.isnan(fit).any()
    assert -1e-15 <= fit.upsilon <= 1 + 1e-12
    assert fit.chi >= 0
    risk = random_features(problem, n, p, lam)
    assert_allclose(problem.noise + fit.bias + fit.variance, risk.test, rtol=1e-12)
    if not near_tie(point) and fit.upsilon < 0.9 and problem.noise > 0:
        assert_allclose(fit.variance, problem.noise * fit.upsilon / (1 - fit.upsilon), rtol=1e-9)


def test_defilippis2024_edges() -> None:
    problem = Problem([1.0, 0.5], [1.0, 1.0], [10, 20], noise=0.2)
    peak = defilippis2024.equivalents(problem, 20, 20)
    assert_allclose(peak.upsilon, 1.0, rtol=1e-14)
    assert_allclose(peak.chi, 1 / peak.nu2, rtol=1e-12)
    assert peak.bias == peak.variance == inf
    assert defilippis2024.equivalents(problem, 50, inf, 0.1).chi == 0
    full = defilippis2024.equivalents(problem, [60.0, 60.0, inf], [30.0, 40.0, 40.0])
    assert_allclose(full.upsilon, [0.5, 0.5, 0.0], rtol=1e-14)
    assert_allclose(full.chi, [inf, 5.0, 5.0], rtol=1e-14)
    none = defilippis2024.equivalents(problem, 20, 30, inf)
    assert (none.upsilon, none.chi, none.bias, none.variance) == (0.0, 0.0, 2.0, 0.0)


PROBLEM = Problem([1.0, 0.1], [1.0, 0.5], [10, 100], noise=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: defilippis2024.equivalents(PROBLEM, 0, 5), "n = 0"),
        (lambda: defilippis2024.equivalents(PROBLEM, 5, -1), "p = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: defilippis2024.equivalents(PROBLEM, *a), [20.0, 30.0, 0.1])


def _power_law(a: float, b: float) -> Problem:
    """Up to i = 1e12, in groups of one per cent from 1000 on."""
    ends = np.unique(np.r_[np.arange(0.5, 1000), np.geomspace(1000.5, 1e12, 2100)])
    low, high = ends[:-1], ends[1:]

    def mass(power: float) -> Any:  # of i^-power in each group, by the middle of its integral
        return (low ** (1 - power) - high ** (1 - power)) / (power - 1)

    count = high - low
    return Problem(mass(a) / count, mass(b), count, tail=1e12 ** (1 - a) / (a - 1), noise=1.0)


@pytest.mark.parametrize(
    ("a", "b", "q", "l"),
    [
        (1.5, 6.0, 1.5, 0.6), (1.5, 6.0, 2.0, 3.0), (1.5, 6.0, 1.2, 3.0), (1.5, 6.0, 0.5, 2.0),
        (1.5, 6.0, 0.7, 0.6), (1.5, 2.0, 1.5, 0.75), (1.5, 2.0, 0.5, 3.0), (1.5, 3.0, 0.8, 1.0),
        (2.0, 4.0, 1.8, 1.2), (2.0, 4.0, 0.6, 0.8),
    ],
)  # fmt: skip
def test_rates_are_slopes_of_the_equivalents(a: float, b: float, q: float, l: float) -> None:
    """At 1e6 and 1e8 samples, in every phase; where two are near to each other the slope is between."""
    n = np.array([1e6, 1e8])
    found = defilippis2024.equivalents(_power_law(a, b), n, n**q, n**-l)
    rates = defilippis2024.rates(a, b, q, l)
    assert_allclose(-np.diff(np.log(found.bias)) / np.log(100), [rates.bias], atol=0.035)
    assert_allclose(-np.diff(np.log(found.variance)) / np.log(100), [rates.variance], atol=0.035)


def test_rates_at_the_ends() -> None:
    """Many features are a kernel machine; no ridge and many samples are a projection."""
    kernel = defilippis2024.rates(1.5, [6.0, 3.0], np.inf, np.inf)
    assert kernel.bias.tolist() == [3.0, 2.0]
    assert kernel.variance.tolist() == [0.0, 0.0]
    assert defilippis2024.rates(1.5, [6.0, 2.0], 0.4, np.inf).bias.tolist() == pytest.approx([0.6, 0.4])
    assert defilippis2024.rates(2.0, 3.0, 1.0, 0.0) == (0.0, 1.0, 0.0)
    broadcasts(defilippis2024.rates, [1.5, 3.0, 0.5, 0.5])
    refuses(lambda: defilippis2024.rates(1.0, 2.0, 1.0, 1.0), "exponent = 1 ")
    refuses(lambda: defilippis2024.rates(2.0, 0.5, 1.0, 1.0), r"target = 0\.5")
    refuses(lambda: defilippis2024.rates(2.0, 2.0, 0.0, 1.0), "features = 0")
