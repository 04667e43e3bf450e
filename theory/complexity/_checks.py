"""Arguments that the bounds share: sample sizes, probabilities, data, options."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, positive, real


def samples(n: ArrayLike) -> Array:
    """`n` >= 1, finite; between whole numbers too, as everywhere in the package."""
    array = positive("n", n, finite=True)
    if (array < 1).any():
        raise ValueError(f"n = {array[array < 1].flat[0]:g} must be at least 1")
    return array


def confidence(delta: ArrayLike) -> Array:
    """`delta` in (0, 1): the bound fails with at most this probability."""
    array = real("delta", delta)
    outside = (array <= 0) | (array >= 1)
    if outside.any():
        raise ValueError(f"delta = {array[outside].flat[0]:g} must be in (0, 1)")
    return array


def rate(empirical: ArrayLike) -> Array:
    """`empirical` in [0, 1]."""
    array = real("empirical", empirical)
    outside = (array < 0) | (array > 1)
    if outside.any():
        raise ValueError(f"empirical = {array[outside].flat[0]:g} must be in [0, 1]")
    return array


def matrix(name: str, value: ArrayLike) -> Array:
    """A finite matrix that is not empty."""
    array = real(name, value)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; pass a matrix with one sample per row")
    if np.isinf(array).any():
        raise ValueError(f"{name} contains infinity; pass finite numbers")
    return array
