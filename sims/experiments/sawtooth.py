"""A target that depth fits with few units: the tent map applied again and again. Used by oguntayo2023."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sawtooth(x: Array, layers: int) -> Array:
    """A network of `layers` layers of two ReLU units: 2^(layers - 1) teeth of height 1 on [0, 1].

    Each layer is the tent map 2 relu(x) - 4 relu(x - 1/2).

    >>> sawtooth(np.array([0.0, 0.25, 0.5, 0.75, 1.0]), 2)
    array([0., 1., 0., 1., 0.])
    """
    for _ in range(layers):
        x = 2 * np.maximum(x, 0.0) - 4 * np.maximum(x - 0.5, 0.0)
    return x


def unexplained(kinks: Array, layers: int, points: int = 2**12) -> float:
    """Share of the sawtooth's variance, 1/12, that one layer of ReLU units with these kinks leaves.

    Least squares of a constant, a slope and the units at so many points of [0, 1].

    >>> round(unexplained(np.array([0.5]), 1), 6)
    0.0
    """
    x = (np.arange(points) + 0.5) / points
    y = sawtooth(x, layers)
    H = np.column_stack([np.ones_like(x), x, np.maximum(x[:, None] - kinks, 0.0)])
    return float(12 * np.mean((y - H @ np.linalg.lstsq(H, y, rcond=None)[0]) ** 2))


def least_unexplained(units: int, layers: int) -> float:
    """What one layer of `units` units leaves of the variance at least, wherever its kinks are.

    A tooth without a kink inside is fitted by a constant at best, and of 2^(layers - 1) teeth at most `units`
    have one.

    >>> least_unexplained(12, 6)
    0.625
    """
    return max(0.0, 1 - units / 2 ** (layers - 1))
