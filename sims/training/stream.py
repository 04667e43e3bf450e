"""Stochastic gradient descent of a linear model on a stream of rows, one pass or many, jitted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.rules import Sgd
from sims.training.schedule import steps_to_record
from theory.arguments import array, integer, pair
from theory.engines.jit import njit, njit_elementwise, njit_sums

Array = NDArray[np.float64]


def sgd(
    X: ArrayLike,
    y: ArrayLike,
    rule: Sgd,
    steps: int,
    order: ArrayLike | None = None,
    record: Sequence[int] | None = None,
) -> Array:
    """Coefficients along stochastic gradient descent from 0.

    Parameters
    ----------
    X : (rows, d) array_like
        Rows of any law.
    y : (rows,) array_like
    rule : Sgd
        Sizes of the steps, rows in each, momentum.
    steps : int >= 0
    order : (steps, batch) array_like of whole numbers, optional
        Which rows each step sees: `rng.integers(n, size=(steps, batch))` draws them anew from n fixed rows.
        By default each row is seen once, in the order of X.
    record : increasing ints, optional
        Steps after which coefficients are recorded, (0, steps) by default.

    Returns
    -------
    (len(record), d) array; not finite after a divergence.

    Raises
    ------
    ValueError
        An argument out of its range, too few rows for one pass.

    >>> X = np.array([[1.0, 0.0], [0.0, 2.0]])
    >>> sgd(X, [1.0, 2.0], Sgd(step=0.25), steps=2, record=[1, 2])
    array([[0.25, 0.  ],
           [0.25, 1.  ]])
    """
    rows, labels = pair("X", X, "y", y)
    steps = integer("steps", steps, low=0)
    sizes, recorded = rule.sizes(steps), steps_to_record(record, steps)
    found = np.zeros((len(recorded), rows.shape[1]))
    seen = _in_turn(len(rows), steps, rule.batch) if order is None else _given(order, len(rows), steps, rule)
    _descend(np.ascontiguousarray(rows), labels, seen, sizes, float(rule.momentum), recorded, found)
    return found


def _in_turn(rows: int, steps: int, batch: int) -> NDArray[np.int64]:
    if rows < steps * batch:
        raise ValueError(
            f"X has {rows} rows for {steps} steps of {batch}; pass {steps * batch}, or an order of these"
        )
    return np.arange(steps * batch).reshape(steps, batch)


def _given(order: ArrayLike, rows: int, steps: int, rule: Sgd) -> NDArray[np.int64]:
    seen = array("order", order, 2) if steps else np.empty((0, rule.batch))
    if seen.shape != (steps, rule.batch):
        raise ValueError(f"order has shape {seen.shape}; pass ({steps}, {rule.batch}), a batch for each step")
    whole = seen.astype(np.int64)
    if (whole != seen).any() or (whole < 0).any() or (whole >= rows).any():
        raise ValueError(f"order must hold whole numbers from 0 to {rows - 1}, the rows of X")
    return whole


@njit
def _descend(
    X: Array,
    y: Array,
    order: NDArray[np.int64],
    sizes: Array,
    momentum: float,
    record: NDArray[np.int64],
    found: Array,
) -> None:
    """Fill the rows of `found`; they hold 0 before."""
    d = X.shape[1]
    w, before, pull = np.zeros(d), np.zeros(d), np.zeros(d)
    place = 0
    if place < record.size and record[place] == 0:
        place += 1
    for t in range(sizes.size):
        for b in range(order.shape[1]):
            row = X[order[t, b]]
            _add(pull, row, y[order[t, b]] - _dot(row, w))
        _move(w, before, pull, sizes[t] / order.shape[1], momentum)
        if place < record.size and record[place] == t + 1:
            for i in range(d):
                found[place, i] = w[i]
            place += 1


@njit_sums
def _dot(a: Array, b: Array) -> float:
    total = 0.0
    for i in range(a.size):
        total += float(a[i] * b[i])
    return total


@njit_elementwise
def _add(total: Array, row: Array, factor: float) -> None:
    for i in range(total.size):
        total[i] += factor * row[i]


@njit_elementwise
def _move(w: Array, before: Array, pull: Array, size: float, momentum: float) -> None:
    """One step along `pull`, which is left at 0."""
    for i in range(w.size):
        now = w[i]
        w[i] = now + size * pull[i] + momentum * (now - before[i])
        before[i], pull[i] = now, 0.0
