"""Dobriban, Wager 2018: the companion transform, the best ridge, and edge cases."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import brentq

import theory
from tests.checks import refuses
from tests.strategies import decades
from theory import Problem
from theory.papers import dobriban2018

LEVELS = st.lists(st.tuples(decades(-3, 2), st.integers(1, 8)), min_size=1, max_size=4)


def _companion(levels: Any, weights: Any, gamma: float, signal: float, ridge: float) -> float:
    """The paper's form at noise 1, from its own equation ridge = 1/v - gamma int s dH/(1 + s v)."""

    def at(v: float) -> float:
        return float(1 / v - gamma * (weights * levels / (1 + levels * v)).sum() - ridge)

    v = brentq(at, 1e-15, 2 / ridge, xtol=1e-300, rtol=1e-15)
    slope = 1 / (1 / v**2 - gamma * (weights * (levels / (1 + levels * v)) ** 2).sum())  # dv/dz
    return 1 / (ridge * v) * (1 + (ridge * signal / gamma - 1) * (1 - ridge * slope / v))


@given(LEVELS, decades(-1, 1), decades(-2, 2), decades(-2, 2), decades(-2, 2))
def test_form_in_the_companion_transform(
    rows: list[tuple[float, int]], gamma: float, signal: float, noise: float, ridge: float
) -> None:
    levels, counts = np.array(rows).T
    weights = counts / counts.sum()
    test = dobriban2018.risk(levels, weights, gamma, signal * noise, noise, ridge)
    assert_allclose(test, noise * _companion(levels, weights, gamma, signal, ridge), rtol=1e-7)
    # and the core, with whole features
    power = signal * noise * weights * levels
    problem = Problem(levels, power, 50 * weights * gamma, noise=noise)
    assert_allclose(test, theory.ridge(problem, 50, ridge).test, rtol=1e-10)


@given(LEVELS, decades(-1, 1), decades(-2, 2), decades(-2, 2), decades(-3, 3))
def test_the_default_ridge_is_best(
    rows: list[tuple[float, int]], gamma: float, signal: float, noise: float, factor: float
) -> None:
    levels, counts = np.array(rows).T
    weights = counts / counts.sum()
    best = gamma * noise / signal
    test = dobriban2018.risk(levels, weights, gamma, signal, noise)
    assert_allclose(test, dobriban2018.risk(levels, weights, gamma, signal, noise, best), rtol=1e-13)
    assert test <= dobriban2018.risk(levels, weights, gamma, signal, noise, best * factor) * (1 + 1e-12)
    kappa = theory.ridge(Problem(levels, 0 * levels, weights), 1 / gamma, best).kappa
    assert_allclose(test, noise * kappa / best, rtol=1e-10)


def test_random_targets_at_the_edges() -> None:
    levels, weights = [2.0, 0.0, 0.5], [0.5, 0.25, 0.25]
    free = dobriban2018.risk(levels, weights, [0.5, 2.0], 1.0, 0.0)
    assert_allclose(free, dobriban2018.risk(levels, weights, [0.5, 2.0], 1.0, 0.0, 0.0), rtol=0)
    assert free[0] == 0 < free[1]
    assert dobriban2018.risk(levels, weights, 1.0, 0.0, 0.3) == 0.3  # no signal: infinite ridge
    assert dobriban2018.risk(levels, weights, 4 / 3, 1.0, 0.3, 0.0) == inf
    assert_allclose(dobriban2018.risk(levels, weights, 1.0, 1.0, 0.3, inf), 0.3 + 1.125, rtol=1e-14)
    dropped = dobriban2018.risk([*levels, 7.0], [*weights, 0.0], 0.7)
    assert_allclose(dropped, dobriban2018.risk(levels, weights, 0.7), rtol=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dobriban2018.risk([1.0, 2.0], [0.5, 0.6], 1.0), r"weights of shape \(2,\) sum to 1\.1"),
        (lambda: dobriban2018.risk([1.0, 2.0], [1.5, -0.5], 1.0), r"weights = -0\.5"),
        (lambda: dobriban2018.risk([1.0], [0.5, 0.5], 1.0), r"eigenvalues .*\(1,\)"),
        (lambda: dobriban2018.risk([1.0, -2.0], [0.5, 0.5], 1.0), "eigenvalues = -2"),
        (lambda: dobriban2018.risk([1.0], [1.0], 1.0, 1.0, 1.0, -0.1), r"ridge = -0\.1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
