"""Partial moments of a standard normal G, to their relative precision far in the tail."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array


def partial_moments(c: ArrayLike) -> tuple[Array, Array]:
    """E(c + G)_+ = c Phi(c) + phi(c) and E(c + G)_+^2 = (1 + c^2) Phi(c) + c phi(c).

    Below c = -3, where these sums cancel, products of ratios of tail moments.
    """
    from scipy.special import ndtr

    c = np.asarray(c, dtype=float)
    x = np.maximum(-c, 3.0)
    second_ratio = tail_ratio(x)
    mass = ndtr(c)
    far = mass / (x + second_ratio)
    near = np.maximum(c, -3.0)
    density = np.exp(-(near**2) / 2) / np.sqrt(2 * np.pi)
    first = np.where(c > -3, near * mass + density, far)
    return first, np.where(c > -3, (1 + near**2) * mass + near * density, far * second_ratio)


def tail_ratio(x: Any) -> Any:
    """R_2 for x >= 3, where R_k = E(G - x)_+^k/E(G - x)_+^(k-1) = k/(x + R_(k+1))."""
    ratio = (np.hypot(x, np.sqrt(160.0)) - x) / 2  # R_k = R_(k+1) at k = 40
    for k in range(40, 1, -1):
        ratio = k / (x + ratio)
    return ratio
