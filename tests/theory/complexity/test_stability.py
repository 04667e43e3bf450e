"""Uniform stability: against refits, where it is attained, and at its edges."""

from math import inf
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.samples import inputs
from tests.strategies import decades
from theory import complexity as c


@given(st.integers(2, 12), st.integers(0, 99), decades(-2, 1))
def test_uniform_stability_bounds_what_one_sample_moves(n: int, seed: int, ridge: float) -> None:
    """Refits of kernel ridge regression without one sample, the others' penalty kept."""
    X = inputs(n, 3, seed)
    y = X[:, 0] + inputs(n, 1, seed + 1000)[:, 0]
    grid = np.concatenate([X, inputs(20, 3, seed + 2000)])
    labels = np.concatenate([y, np.zeros(20)])

    def kernel(a: Any, b: Any) -> Any:
        return np.exp(-((a[:, None] - b[None]) ** 2).sum(axis=-1) / 2)

    def predict(rest: Any) -> Any:
        K = kernel(X[rest], X[rest])
        return kernel(grid, X[rest]) @ np.linalg.solve(K + n * ridge * np.eye(len(K)), y[rest])

    whole = predict(np.arange(n))
    for i in range(n):
        other = predict(np.delete(np.arange(n), i))
        lipschitz = 2 * max(np.abs(whole - labels).max(), np.abs(other - labels).max())
        moved = np.abs((whole - labels) ** 2 - (other - labels) ** 2).max()
        assert moved <= c.uniform_stability(ridge, n, 1.0, lipschitz) * (1 + 1e-9)


def test_uniform_stability_is_attained() -> None:
    """One input, repeated, with K = 1 and the loss |f - 1|: sum of slopes n/n = 2 ridge f, or (n - 1)/n."""
    n, ridge = 10, 10.0
    whole, other = n / n / (2 * ridge), (n - 1) / n / (2 * ridge)
    assert_allclose(whole - other, c.uniform_stability(ridge, n), rtol=1e-12)


def test_stability_at_the_edges() -> None:
    assert c.uniform_stability(0.0, 10) == inf
    assert c.uniform_stability(inf, 10) == 0
    assert c.stability_gap(inf, 10) == inf
    # the dependence of one loss on one sample only: Hoeffding's inequality
    assert_allclose(c.stability_gap(0.0, 50, 1.0, 0.1), c.occam_gap(0, 50, 0.1), rtol=1e-15)
    # twice the stability plus bounded differences 4 stability + loss_bound/n
    n, stability, loss, delta = 40.0, 0.01, 3.0, 0.2
    rest = c.stability_gap(stability, n, loss, delta) - 2 * stability
    assert_allclose(np.exp(-2 * rest**2 / (n * (4 * stability + loss / n) ** 2)), delta, rtol=1e-12)
