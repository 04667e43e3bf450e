"""The spectrum, target and noise of features that are given as rows, which stand for the population."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from theory.arguments import Array, array, scalar


class Seen(NamedTuple):
    """Levels of the rows' covariance, the target there and elsewhere, and the noise of the labels."""

    eigenvalues: Array
    power: Array
    lost: float
    noise: float


class _Rows(NamedTuple):
    """Rows in their principal directions."""

    eigenvalues: Array
    """lambda_i > 0 of Phi'Phi/N, descending."""
    scores: Array
    """(N, rank) orthonormal: the rows along the directions."""
    directions: Array
    """(rank, p) orthonormal."""


def of_coefficients(Phi: Any, beta: Any) -> Seen:
    """v_i^2 = lambda_i (u_i'beta)^2, without noise."""
    matrix = array("Phi", Phi, 2)
    target = _of_length("beta", beta, matrix.shape[1], "column")
    rows = _principal(matrix)
    return Seen(rows.eigenvalues, rows.eigenvalues * (rows.directions @ target) ** 2, 0.0, 0.0)


def of_labels(Phi: Any, y: Any, noise: float | None) -> Seen:
    """v_i^2 = c_i^2 - variance/N, where c_i^2 is the power of the labels along direction i.

    Each is cut at 0, and all are scaled to their sum before that, which is unbiased. The variance is what the
    fit to all rows leaves for each degree of freedom: noise, or beside a given noise what no feature learns.
    """
    matrix = array("Phi", Phi, 2)
    labels = _of_length("y", y, len(matrix), "row")
    rows = _principal(matrix)
    along = rows.scores.T @ labels
    count, freedom = len(labels), len(labels) - len(along)
    if noise is None and freedom == 0:
        raise ValueError(
            f"noise = None cannot be estimated: {count} rows of rank {len(along)} leave nothing; pass noise"
        )
    variance = float(np.sum((labels - rows.scores @ along) ** 2)) / freedom if freedom else 0.0
    known = variance if noise is None else scalar("noise", noise, low=0.0)
    raw = (along**2 - max(variance, known)) / count
    cut = np.maximum(raw, 0.0)
    total = max(float(raw.sum()), 0.0)
    power = cut * (total / cut.sum()) if total > 0 else np.zeros_like(cut)
    return Seen(rows.eigenvalues, power, max(variance - known, 0.0), known)


def _principal(Phi: Array) -> _Rows:
    """The directions of the rows that are not rounding."""
    scores, singular, directions = np.linalg.svd(Phi, full_matrices=False)
    kept = singular > max(Phi.shape) * np.finfo(float).eps * singular.max(initial=0.0)
    return _Rows(singular[kept] ** 2 / len(Phi), scores[:, kept], directions[kept])


def _of_length(name: str, values: Any, length: int, axis: str) -> Array:
    vector = array(name, values, 1)
    if len(vector) != length:
        raise ValueError(f"{name} has {len(vector)} entries; pass {length}, one for each {axis} of Phi")
    return vector
