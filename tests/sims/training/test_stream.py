"""Stochastic gradient descent on a stream: the same steps in plain numpy, order, records, bad arguments."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sims.rules import Sgd
from sims.training import sgd
from tests.checks import refuses

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((60, 7)), RNG.standard_normal(60)


def plain(order: Any, sizes: Any, momentum: float) -> list[np.ndarray]:
    w = before = np.zeros(7)
    path = [w]
    for rows, size in zip(order, sizes, strict=True):
        pull = X[rows].T @ (Y[rows] - X[rows] @ w) / len(rows)
        w, before = w + size * pull + momentum * (w - before), w
        path.append(w)
    return path


@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize("momentum", [0.0, 0.7])
@pytest.mark.parametrize("fresh", [True, False])
def test_the_same_steps_in_numpy(batch: int, momentum: float, fresh: bool) -> None:
    steps = 15
    sizes = np.linspace(0.2, 0.01, steps)
    order = np.arange(steps * batch) if fresh else np.random.default_rng(1).integers(60, size=steps * batch)
    order = order.reshape(steps, batch)
    told = plain(order, sizes, momentum)
    rule, record = Sgd(sizes, batch, momentum), [0, 1, 7, 15]
    found = sgd(X, Y, rule, steps, None if fresh else order, record)
    assert_allclose(found, np.array(told)[record], rtol=1e-12, atol=1e-14)
    assert_allclose(sgd(X, Y, rule, steps, order), np.array(told)[[0, -1]], rtol=1e-12, atol=1e-14)


@pytest.mark.jit  # plain Python warns of the overflow of a diverging run
def test_no_step_and_views() -> None:
    assert_allclose(sgd(X, Y, Sgd(0.1), 0), np.zeros((1, 7)))
    assert_allclose(sgd(X[::2], Y[::2], Sgd(0.1), 20), sgd(X[::2].copy(), Y[::2].copy(), Sgd(0.1), 20))
    assert not np.isfinite(sgd(1e3 * X, Y, Sgd(1e3), 60)[-1]).all()


@pytest.mark.parametrize(("call", "told"), [
    (lambda: sgd(X, Y, Sgd(-0.1), 3), "step = -0.1"),
    (lambda: sgd(X, Y, Sgd([0.1, 0.2]), 3), r"step has shape \(2,\); pass one number, or one for each of 3"),
    (lambda: sgd(X, Y, Sgd(0.1, 0), 3), "batch = 0"),
    (lambda: sgd(X, Y, Sgd(0.1, 1, 1.0), 3), r"momentum = 1 must be in \[0, 1\)"),
    (lambda: sgd(X, Y, Sgd(0.1, 30), 3), "X has 60 rows for 3 steps of 30; pass 90"),
    (lambda: sgd(X, Y[:-1], Sgd(0.1), 3), "X has 60 rows and y 59"),
    (lambda: sgd(X, Y, Sgd(0.1), 3, [[0], [1]]), r"order has shape \(2, 1\); pass \(3, 1\)"),
    (lambda: sgd(X, Y, Sgd(0.1), 2, [[0], [60]]), "order must hold whole numbers from 0 to 59"),
    (lambda: sgd(X, Y, Sgd(0.1), 2, [[0], [0.5]]), "order must hold whole numbers"),
    (lambda: sgd(X, Y, Sgd(0.1), 2, record=[3]), r"record = \[3\] must be"),
])  # fmt: skip
def test_bad_arguments(call: Any, told: str) -> None:
    refuses(call, told)
