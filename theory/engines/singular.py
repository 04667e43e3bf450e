"""Kernel matrices that are singular to rounding: what was left out is said."""

import sys
import warnings

import numpy as np

from theory.arguments import Array
from theory.errors import SingularKernelWarning

MATTERS = 1e-3  # share of a mode at the cut-off that is learnt, from which on leaving it out is said

LATE = "stop earlier, or drop near copies among the inputs"


def is_plain(kernel: Array, values: Array, cut: float) -> bool:
    """Whether a kernel of this rank is what its caller means, so that no warning is due.

    That is so where equal rows explain the rank, or where no eigenvalue lies near the cut-off, as for XX'
    of more samples than dimensions: those that count have half of the digits above it.
    """
    counted = values[values > cut]
    if not counted.size or counted[0] > np.sqrt(cut * counted[-1]):
        return True
    distinct = np.unique(kernel, axis=0)
    return len(counted) >= distinct.any(axis=1).sum()


def check(name: str, kernel: Array, values: Array, cut: float, learnt: float, advice: str = LATE) -> None:
    """Warn where a mode at the cut-off would have learnt: `learnt` is rate times time per unit eigenvalue."""
    if values[0] <= cut and cut > 0 and cut * learnt > MATTERS and not is_plain(kernel, values, cut):
        warn(name, values, cut, advice)


def check_jacobian(name: str, jacobian: Array, values: Array, cut: float, learnt: float) -> None:
    """As `check`, of JJ', by the singular values of J (descending) and the cut-off of these."""
    values = values[::-1]
    matters = values[0] <= cut and cut > 0 and cut * (cut * learnt) > MATTERS
    if matters and not is_plain(jacobian, values, cut):
        warn(name, values, cut, "drop near copies among its rows", "singular values")


def warn(name: str, values: Array, cut: float, advice: str, kind: str = "eigenvalues") -> None:
    """Warn that eigenvalues (ascending), or values of another kind, up to the cut-off count as 0."""
    n, rank, least = len(values), int((values > cut).sum()), float(np.abs(values).min())
    condition = float(values[-1]) / least if least > 0 else np.inf
    message = (
        f"{name} is singular to rounding: rank {rank} of {n}, condition number {condition:.1e}; {kind} "
        f"up to {cut:.1e} count as 0, and the exact answer may differ by far; {advice}"
    )
    warnings.warn(SingularKernelWarning(message, rank, n, condition), stacklevel=_caller())


def _caller() -> int:
    """Stack level, seen from `warn`, of the first caller outside of this package."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith("theory."):
        frame, level = frame.f_back, level + 1
    return level
