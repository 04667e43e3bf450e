"""Liao, Couillet, Mahoney 2020: plain iteration, sampled features, and the transition."""

from collections.abc import Callable
from math import inf, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from tests.samples import mean_agrees
from theory import ConvergenceError
from theory.papers import liao2020


def liao_data(n: int, d: int, seed: int = 0) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d)) / sqrt(d)
    return x, np.sign(x[:, 0]) + 0.3 * rng.standard_normal(n)


def liao_plain(x: Any, N: float, lam: float) -> tuple[Any, Any]:
    """delta by the plain monotone iteration from 0, and Q."""
    n, squares = len(x), (x**2).sum(axis=1)
    size = np.exp(-(squares[:, None] + squares) / 2)
    K = np.stack([size * np.cosh(x @ x.T), size * np.sinh(x @ x.T)])
    delta = np.zeros(2)
    for _ in range(3000):
        Q = np.linalg.inv(N / n * (K / (1 + delta)[:, None, None]).sum(axis=0) + lam * np.eye(n))
        delta = np.trace(K @ Q, axis1=1, axis2=2) / n
    return delta, Q


@pytest.mark.parametrize(("N", "lam"), [(4, 0.1), (10, 0.01), (10, 3.0), (40, 1e-3)])
def test_liao2020_by_plain_iteration(N: float, lam: float) -> None:
    """The same fixed point, and train = ridge^2 y'(-dQ/d ridge)y/n by differences."""
    x, y = liao_data(20, 3)
    found = liao2020.train_error(x, y, N, lam)
    delta, _ = liao_plain(x, N, lam)
    assert_allclose([found.delta_cos, found.delta_sin], delta, rtol=1e-9)
    h = 1e-3 * lam
    Q = [y @ liao_plain(x, N, lam + step * h)[1] @ y for step in (-2, -1, 1, 2)]
    slope = (8 * (Q[2] - Q[1]) - (Q[3] - Q[0])) / (12 * h)
    assert_allclose(found.train, -(lam**2) * slope / len(y), rtol=1e-7)


@pytest.mark.parametrize("ratio", [0.3, 1.5])
def test_liao2020_by_sampling(ratio: float) -> None:
    """Fits on random frequencies; the equivalent is off by O(1/n), more beyond the transition."""
    n, lam = 200, 0.05
    x, y = liao_data(n, 20)
    N = int(ratio * n)
    rng = np.random.default_rng(2020)
    errors = []
    for _ in range(40):
        h = x @ rng.standard_normal((20, N))
        S = np.hstack([np.cos(h), np.sin(h)])
        resolvent = np.linalg.inv(S @ S.T / n + lam * np.eye(n))
        errors.append(lam**2 * np.sum((resolvent @ y) ** 2) / n)
    train = liao2020.train_error(x, y, N, lam).train
    mean_agrees(errors, train, (0.03 if ratio < 0.5 else 0.12) * train, resolution=0.25)


def test_liao2020_transition() -> None:
    """Interpolation from 2N = n on, not from N = n; cos and sin scale as kernel parts do."""
    x, y = liao_data(40, 5)
    few, many = liao2020.train_error(x, y, [18.0, 22.0], 1e-12).train
    assert few > 1e-3
    assert many < 1e-12
    many = liao2020.train_error(x, y, 1e9, 0.1)  # a kernel fit with vanishing error
    assert max(many) < 1e-6


def test_liao2020_edges() -> None:
    zero = liao2020.train_error(np.zeros((4, 2)), [1.0, 2.0, 3.0, 4.0], 3.0, [[0.1], [1e9]])
    assert (zero.delta_sin == 0).all()
    assert_allclose(zero.train[1], 7.5, rtol=1e-6)  # nothing is fitted
    assert zero.train.shape == (2, 1)
    far = liao2020.train_error([[1e3], [-2e3]], [1.0, 2.0], 2.0, 0.1)  # cosh(2e6) overflows
    assert np.isfinite(far).all()
    with pytest.raises(ConvergenceError, match="use a larger ridge"):
        liao2020.train_error(*liao_data(10, 2), 3.0, 1e-300)


X, Y = [[0.3, -0.5], [1.0, 0.2]], [1.0, -1.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: liao2020.train_error(X, Y, 3, 0.0), "ridge = 0"),
        (lambda: liao2020.train_error(X, Y, inf, 0.1), "frequencies = inf"),
        (lambda: liao2020.train_error(X, [1.0], 3, 0.1), r"\bx\b.*2.*\by\b.*1"),
        (lambda: liao2020.train_error([[inf, 0.0], [1.0, 2.0]], Y, 3, 0.1), r"x\b.*inf"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda *a: liao2020.train_error(X, Y, *a), [3.0, 0.1])
