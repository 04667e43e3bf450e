"""The levels of a problem on the sphere: which degrees have one of their own, and the target there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from theory.arguments import Array, non_negative


def resolved(d: int) -> int:
    """Highest degree worth a level of its own: more than 1e10 equal eigenvalues act as a tail."""
    from theory import sphere

    degree = 0
    while degree < 512 and sphere.multiplicity(degree + 1, d) <= 1e10:
        degree += 1
    return degree


def target(target_power: Sequence[float]) -> Array:
    """The argument `target_power`, the power of degree 0, 1, ..."""
    power = non_negative("target_power", target_power)
    if power.ndim != 1:
        raise ValueError(f"target_power has shape {power.shape}; pass the power of degree 0, 1, ...")
    return power


def by_degree(target_power: Array, top: int) -> tuple[Array, float]:
    """The power of degrees 0..top, and what lies beyond."""
    power = np.zeros(top + 1)
    known = target_power[: top + 1]
    power[: len(known)] = known
    return power, float(target_power[top + 1 :].sum())
