"""Bartlett et al. 2020: effective ranks by definition, rates, and the benign example."""

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.checks import refuses
from tests.strategies import decades
from theory import Problem
from theory.papers import bartlett2020


@given(st.lists(decades(-6, 6), min_size=1, max_size=40), st.integers(1, 30))
def test_effective_ranks_by_their_definition(values: list[float], n: int) -> None:
    lam = np.sort(values)[::-1]
    ranks = bartlett2020.effective_ranks(values, np.arange(lam.size))
    r, R = ranks.T
    assert_allclose(r, [lam[k:].sum() / lam[k] for k in range(lam.size)], rtol=1e-10)
    assert_allclose(R, [lam[k:].sum() ** 2 / (lam[k:] ** 2).sum() for k in range(lam.size)], rtol=1e-10)
    assert (r <= R * (1 + 1e-12)).all()
    assert (r**2 >= R * (1 - 1e-12)).all()
    enough = np.flatnonzero(r >= n * (1 - 1e-12))
    index = enough[0] if enough.size else inf
    assert bartlett2020.critical_index(values, n) == index
    expected = min(1.0, index / n + n / R[index]) if enough.size else 1.0
    assert_allclose(bartlett2020.variance_rate(values, n), expected, rtol=1e-10)


def test_ranks_of_flat_and_steep_spectra() -> None:
    assert bartlett2020.effective_ranks([0.3] * 50, [0, 49]).tolist() == [[50.0, 50.0], [1.0, 1.0]]
    assert bartlett2020.critical_index([0.3] * 50, [50, 51]).tolist() == [0.0, inf]  # r_0 = n counts
    assert bartlett2020.critical_index([0.1] * 30, 60, b=[0.5, 0.6]).tolist() == [0.0, inf]
    assert bartlett2020.critical_index([1.0] * 3, 0.1 * 3, b=10.0) == 0  # 3 against 3 + 4e-16
    # squares of the last eigenvalues underflow; two thirds and three are the geometric sums
    steep = 2.0 ** -np.arange(1000.0)
    assert_allclose(bartlett2020.effective_ranks(steep, [0, 900]), [[2.0, 3.0]] * 2, rtol=1e-14)
    assert np.isnan(bartlett2020.effective_ranks([1.0, 0.0], [0, 1])).tolist() == [[False] * 2, [True] * 2]
    assert bartlett2020.critical_index([0.0, 0.0], 1) == inf
    assert bartlett2020.variance_rate([0.0, 0.0], [1, 2]).tolist() == [1.0, 1.0]
    assert bartlett2020.variance_rate([[1.0] * 5 + [0.01] * 1995][0], [[100], [3000]]).shape == (2, 1)


@pytest.mark.parametrize(
    "spectrum",
    [np.r_[np.ones(5), np.full(1995, 0.01)], np.arange(1.0, 5001) ** -1.0, np.arange(1.0, 3001) ** -1.5],
)
def test_variance_of_the_core_goes_at_the_rate(spectrum: Any) -> None:
    n = np.array([30.0, 100.0, 300.0])
    V = theory.ridge(Problem(spectrum, 0 * spectrum, noise=1.0), n).var_noise_samples
    rate = bartlett2020.variance_rate(spectrum, n)
    assert ((V / rate > 0.1) & (V / rate < 10)).all()


@pytest.mark.parametrize(
    "spectrum",
    [
        np.r_[np.ones(5), np.full(1995, 0.01)],
        np.arange(1.0, 5001) ** -1.0,
        7.0 * np.arange(1.0, 3001) ** -2.0,
    ],
)
def test_bias_of_the_core_is_below_the_rate(spectrum: Any) -> None:
    """For the worst direction of a target of norm 1; without a fit it would be the largest eigenvalue."""
    n = np.array([10.0, 30.0, 100.0, 300.0])
    core = theory.ridge(Problem(spectrum, 0 * spectrum, noise=1.0), n)
    kappa, factor = core.kappa[:, None], core.test[:, None]
    worst = (factor * spectrum * (kappa / (spectrum + kappa)) ** 2).max(axis=1)
    rate = bartlett2020.bias_rate(spectrum, n)
    assert (worst <= rate).all()


def test_bias_rate_by_hand() -> None:
    assert_allclose(bartlett2020.bias_rate([0.0, 4.0, 2.0, 2.0], [1, 2, 8, 200]), [4.0, 4.0, 2.0, 0.4])
    assert bartlett2020.bias_rate([1.0], [[5.0], [20.0]]).shape == (2, 1)


def test_benign_example() -> None:
    """linear.md 6: rate 0.1001, the core 0.08797."""
    spectrum = np.r_[np.ones(5), np.full(1995, 0.01)]
    assert bartlett2020.critical_index(spectrum, 100) == 5
    assert_allclose(bartlett2020.variance_rate(spectrum, 100), 0.1001, rtol=5e-4)
    core = theory.ridge(Problem(spectrum, 0 * spectrum, noise=1.0), 100).var_noise_samples
    assert_allclose(core, 0.08797, rtol=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: bartlett2020.effective_ranks([1.0, 0.5], 2),
            "k = 2",
        ),
        (lambda: bartlett2020.effective_ranks([1.0, 0.5], 0.5), r"k = 0\.5"),
        (lambda: bartlett2020.effective_ranks([], 0), r"eigenvalues .*\(0,\)"),
        (lambda: bartlett2020.critical_index([1.0, -0.5], 3), r"eigenvalues = -0\.5"),
        (lambda: bartlett2020.critical_index([1.0], 3, 0.0), "b = 0"),
        (lambda: bartlett2020.variance_rate([1.0], 0), "n = 0"),
        (lambda: bartlett2020.bias_rate([0.0], 3), "eigenvalues are all 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
