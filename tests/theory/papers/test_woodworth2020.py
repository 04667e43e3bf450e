"""Woodworth et al. 2020: the limit's equations, bisection, and the flow itself."""

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.samples import gaussian
from theory import ConvergenceError
from theory.papers import woodworth2020

SCALES = [1e-4, 1e-2, 0.3, 1.0, 30.0, 1e6]


@pytest.mark.parametrize("alpha", SCALES)
@pytest.mark.parametrize(("n", "p"), [(1, 1), (1, 5), (2, 3), (4, 12), (5, 5)])
def test_limit_solves_its_equations(n: int, p: int, alpha: float) -> None:
    """X beta = y, and asinh(beta/(2 alpha^2)) in the range of X'; dense, sparse and repeated rows."""
    for seed in range(4):
        X, _ = gaussian(n, p, seed)
        y = X @ (gaussian(p, 1, seed)[1] * (np.arange(p) % 3 == 0))
        if seed == 3:
            X, y = np.vstack([X, X[:1]]), np.r_[y, y[:1]]
        beta = woodworth2020.limit(X, y, alpha)
        assert np.linalg.norm(X @ beta - y) <= 1e-11 * np.linalg.norm(y)
        z = np.arcsinh(beta / (2 * alpha**2))
        assert np.linalg.norm(z - np.linalg.pinv(X, rcond=1e-12) @ (X @ z)) <= 1e-10 * np.linalg.norm(z)


@given(st.floats(-4, 6).map(lambda e: 10.0**e), st.integers(0, 99))
def test_limit_of_one_sample_by_bisection(alpha: float, seed: int) -> None:
    from scipy.optimize import brentq

    x = gaussian(4, 1, seed)[1]

    def gap(nu: float) -> float:
        return float(x @ np.sinh(x * nu)) - 1 / (2 * alpha**2)

    high = np.arcsinh(1 / (2 * alpha**2) / np.abs(x).max()) / np.abs(x).max()
    nu = brentq(gap, 0, high * (1 + 1e-12), xtol=1e-300, rtol=1e-14)
    assert_allclose(woodworth2020.limit([x], [1.0], alpha), 2 * alpha**2 * np.sinh(x * nu), rtol=1e-10)


@pytest.mark.parametrize("alpha", SCALES)
def test_limit_minimises_the_penalty(alpha: float) -> None:
    X, y = gaussian(2, 6, 1)
    beta = woodworth2020.limit(X, y, alpha)
    null = np.linalg.svd(X)[2][2:]
    moves = np.random.default_rng(26).standard_normal((50, 4)) @ null
    for size in (1e-3, 0.1, 1.0):
        others = woodworth2020.penalty(beta + size * moves, alpha)
        assert (others > woodworth2020.penalty(beta, alpha)).all()


def test_limit_at_both_ends() -> None:
    from scipy.optimize import linprog

    X, y = gaussian(2, 6, 2)
    assert_allclose(woodworth2020.limit(X, y, 1e6), np.linalg.pinv(X) @ y, rtol=1e-11)
    assert_allclose(woodworth2020.limit(X, 0 * y, 1.0), np.zeros(6), atol=0)
    norms = [np.abs(woodworth2020.limit(X, y, alpha)).sum() for alpha in (1e3, 1.0, 0.1, 1e-2, 1e-4, 1e-8)]
    least = linprog(np.ones(12), A_eq=np.hstack([X, -X]), b_eq=y).fun
    assert (np.diff(norms) < 0).all()
    assert least < norms[-1] < 1.02 * least


def test_penalty_keeps_its_digits() -> None:
    import mpmath as mp

    mp.mp.dps = 40
    for z in (1e-12, 1e-5, 0.3, 4.0, 1e6, 1e200):
        x = mp.mpf(z)
        exact = 2 - mp.sqrt(4 + x * x) + x * mp.asinh(x / 2)
        assert_allclose(woodworth2020.penalty([z], 1.0), float(exact), rtol=1e-14)
    beta = np.array([0.3, -0.7])
    assert_allclose(woodworth2020.penalty(beta, 1e5), beta @ beta / 4e10, rtol=1e-9)
    small = woodworth2020.penalty(beta, 1e-60) / (2 * log(1e60))
    assert_allclose(small, 1.0, rtol=0.01)
    assert woodworth2020.penalty(np.ones((3, 2)), np.array([1.0, 2.0, 3.0])).shape == (3,)


def test_limit_out_of_range() -> None:
    for alpha in (1e-100, 1e160, 1e-200):
        with pytest.raises(ConvergenceError, match=r"alpha = 1e.* is out of range"):
            woodworth2020.limit([[1.0, 2.0]], [1.0], alpha)


@pytest.mark.parametrize("alpha", [0.2, 1.0, 3.0])
@pytest.mark.parametrize(
    ("X", "y"), [([[1.0, 2.0]], [1.0]), ([[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]], [1.0, 0.3])]
)
def test_diagonal_network_ends_at_the_limit(X: Any, y: Any, alpha: float) -> None:
    """The flow itself, integrated to a residual of 1e-12."""
    from scipy.integrate import solve_ivp

    X, y = np.array(X), np.array(y)
    p = X.shape[1]

    def flow(t: float, w: Any) -> Any:
        pull = X.T @ (X @ (w[:p] ** 2 - w[p:] ** 2) - y)
        return np.r_[-2 * w[:p] * pull, 2 * w[p:] * pull]

    end = solve_ivp(flow, (0, 60 / alpha**2), np.full(2 * p, alpha), "LSODA", rtol=1e-11, atol=1e-13).y[:, -1]
    beta = end[:p] ** 2 - end[p:] ** 2
    assert np.abs(X @ beta - y).max() < 1e-9
    assert_allclose(beta, woodworth2020.limit(X, y, alpha), atol=1e-7)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: woodworth2020.limit([[1.0, 2.0], [2.0, 4.0]], [1.0, 1.0], 1.0),
            "X beta = y has no solution",
        ),
        (lambda: woodworth2020.limit([[0.0, 0.0]], [1.0], 1.0), "X beta = y has no solution"),
        (lambda: woodworth2020.limit([[1.0, 2.0]], [1.0], [1.0]), r"alpha .*\(1,\)"),
        (lambda: woodworth2020.penalty([1.0], 0.0), "alpha = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
