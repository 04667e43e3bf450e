"""The spectrum that given features see: least squares on M x + noise instead of x."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from theory.arguments import Array


class Seen(NamedTuple):
    """Levels of the features' covariance, and the power that lies outside of them."""

    eigenvalues: Array
    power: Array
    multiplicity: Array
    lost: float


def coordinates(eigenvalues: Array, power: Array, multiplicity: Array) -> tuple[Array, Array]:
    """Eigenvalue and power of each eigenfunction, level by level; multiplicities are whole."""
    count = multiplicity.astype(int)
    return np.repeat(eigenvalues, count), np.repeat(power / multiplicity, count)


def seen(eigenvalues: Array, power: Array, multiplicity: Array, M: Array, extra: float) -> Seen:
    """What features M x + sqrt(extra) g see of levels with whole multiplicities.

    With A = M Lambda^(1/2) = U S V' and s = Lambda^(1/2) beta, the power of direction j is
    (V_j's)^2 S_j^2/(S_j^2 + extra): all that is left of |s|^2 is a sum of squares too.
    """
    variance, evenly = coordinates(eigenvalues, power, multiplicity)
    spread = np.sqrt(variance)
    target = np.sqrt(evenly) * (spread > 0)
    _, singular, directions = np.linalg.svd(M * spread, full_matrices=False)
    least = 1e-15 * max(M.shape) * singular.max(initial=0.0)  # what is below is rounding
    square = np.where(singular > least, singular, 0.0) ** 2
    along = directions @ target
    share = np.divide(square, square + extra, out=np.zeros_like(square), where=square > 0)
    outside = target - directions.T @ along
    lost = float(along**2 @ (1 - share) + outside @ outside) + float(power[eigenvalues == 0].sum())
    levels, counts = square + extra, np.ones_like(square)
    if extra > 0 and len(M) > len(square):
        levels, share, along, counts = (
            np.append(old, new)
            for old, new in ((levels, extra), (share, 0.0), (along, 0.0), (counts, len(M) - len(square)))
        )
    return Seen(levels, along**2 * share, counts, lost)
