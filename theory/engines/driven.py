"""Modes that decay, each at its own rate, and are driven by their common sum and by a constant.

    q_i' = -x_i q_i + w_i (sum q + e),       q_i(0) = start_i,

in continuous time, or the same with a difference for the derivative: a matrix of rank one off a diagonal,
whose eigenvalues give any time at once. This is stochastic gradient descent, where the noise of the rows
grows with the error that they meet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory.arguments import Array
from theory.engines import rank_one
from theory.engines.curve import chosen
from theory.errors import ConvergenceError


class Modes(NamedTuple):
    """The rates, each once, with their weights, and the eigenvalues mu = rates[near] + offset."""

    rates: Array
    group: NDArray[np.intp]
    """Place in `rates` of each x."""
    weight: Array
    near: NDArray[np.int64]
    offset: Array
    strength: Array
    """Of an eigenvalue in sum q, where e drives it."""
    seen: Array
    """What the start puts into it."""
    farther: Array
    """Weight of `measure` in it."""


class Response(NamedTuple):
    """sum q and sum q_i measure_i at each time: of the start alone, and of e = 1 alone."""

    total: Array
    total_driven: Array
    measured: Array
    measured_driven: Array


def modes(x: Array, w: Array, start: Array, measure: Array) -> Modes:
    """The eigenvalues for weights w > 0; rates x may repeat."""
    rates, group = np.unique(x, return_inverse=True)  # modes of one rate decay alike
    weight, begun, far = (_by_group(group, values, rates.size) for values in (w, start, w * measure))
    near, offset = np.zeros(rates.size, dtype=np.int64), np.empty(rates.size)
    strength, seen, farther = np.empty((3, rates.size))
    failed = chosen(rank_one.eigenvalues, rates.size, 50 * rates.size**2)(rates, weight, near, offset)
    if failed >= 0:
        raise ConvergenceError(
            f"no eigenvalue {failed} of the {rates.size} modes of stochastic gradient descent; rescale the "
            "eigenvalues towards 1"
        )
    fill = chosen(rank_one.modes, rates.size, 5 * rates.size**2)
    fill(rates, weight, near, offset, begun, far / weight, strength, seen, farther)
    return Modes(rates, group, weight, near, offset, strength, seen, farther)


def response(
    x: Array, w: Array, start: Array, measure: Array, decay: Callable[[Array], tuple[Array, Array]]
) -> Response:
    """The sums at the times that `decay` knows of.

    It returns, for rates mu, what is left of a mode at each time, (times, modes), and the sum of that up to
    the time.
    """
    found = modes(x, w, start, measure)
    left, driven = decay(found.rates[found.near] + found.offset)
    # members of a group differ by what decays on its own
    begun = _by_group(found.group, start, found.rates.size)
    apart = start - w / found.weight[found.group] * begun[found.group]
    alone, _ = decay(found.rates)
    return Response(
        _sum(left, found.strength * found.seen),
        _sum(driven, found.strength),
        _sum(left, found.strength * found.seen * found.farther)
        + _sum(alone[:, found.group], apart * measure),
        _sum(driven, found.strength * found.farther),
    )


def _by_group(group: NDArray[np.intp], values: Array, size: int) -> Array:
    return np.asarray(np.bincount(group, values, size), dtype=float)


def _sum(modes: Array, factor: Array) -> Array:
    """Sum over the modes that have a factor; infinite where the first one is, which grows fastest."""
    with np.errstate(invalid="ignore", over="ignore"):
        total = np.where(factor == 0, 0.0, modes * factor).sum(axis=1)
    return np.where(np.isinf(modes[:, 0]) & (factor[0] > 0), np.inf, total)
