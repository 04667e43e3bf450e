"""The problem as given features see it: least squares on M x + noise instead of x."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import array, scalar
from theory.problem import Problem


def through(problem: Problem, features: ArrayLike, extra: float) -> Problem:
    """`Problem.through`.

    With A = M Lambda^(1/2) = U S V' and s = Lambda^(1/2) beta, the power of direction j is
    (V_j's)^2 S_j^2/(S_j^2 + extra): all that is left of |s|^2 is a sum of squares too.
    """
    M, variance = array("features", features, 2), scalar("extra", extra, low=0.0)
    if problem.tail > 0:
        raise ValueError(
            f"tail = {problem.tail:g} must be 0 to pass through features; give its trace to levels"
        )
    counts = problem.multiplicity
    if (counts != np.floor(counts)).any():
        culprit = counts[counts != np.floor(counts)][0]
        raise ValueError(f"multiplicity = {culprit:g} must be whole to pass through features; round it")
    size = int(counts.sum())
    if M.shape[1] != size:
        raise ValueError(
            f"features has shape {M.shape}; pass {size} columns, one for each eigenfunction of the problem"
        )
    whole = counts.astype(int)
    spread = np.repeat(np.sqrt(problem.eigenvalues), whole)
    target = np.repeat(np.sqrt(problem.power / counts), whole) * (spread > 0)
    _, singular, directions = np.linalg.svd(M * spread, full_matrices=False)
    square = np.where(singular > singular.max(initial=0.0) * 1e-15 * max(M.shape), singular, 0.0) ** 2
    along = (directions @ target) ** 2
    seen = np.divide(square, square + variance, out=np.zeros_like(square), where=square > 0)
    outside = target - directions.T @ (directions @ target)
    eigenvalues, power, multiplicity = square + variance, along * seen, np.ones_like(square)
    if variance > 0 and len(M) > len(square):
        eigenvalues, power = np.append(eigenvalues, variance), np.append(power, 0.0)
        multiplicity = np.append(multiplicity, len(M) - len(square))
    lost = float((along * (1 - seen)).sum() + outside @ outside)
    kernel = float(problem.power[problem.eigenvalues == 0].sum())
    return Problem(eigenvalues, power, multiplicity, 0.0, problem.tail_power + kernel + lost, problem.noise)
