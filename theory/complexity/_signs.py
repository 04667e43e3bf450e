"""E |sum_i s_i x_i| over independent random signs s_i, by enumeration."""

from __future__ import annotations

import numpy as np

from theory.arguments import Array, symmetric

LIMIT = 22  # samples: 2^21 patterns, 16 MB
_BLOCK = 2**15  # patterns per pass: they stay in the cache


def mean_norm(rows: Array, norm: str) -> float:
    """E |sum_i s_i rows_i|, Euclidean for "l2", the largest coordinate for "sup".

    The first sign is fixed, for s and -s agree. The others are halved: each coordinate of a pattern's sum is
    one entry of an outer sum, so that nothing is squared or multiplied before the signs are summed.
    """
    scale = np.abs(rows).max()
    if scale == 0:
        return 0.0
    rows = rows / scale
    if norm == "l2" and rows.shape[1] > len(rows):
        rows = np.asarray(np.linalg.qr(rows.T, mode="r")).T  # coordinates in the span of the rows
    half = len(rows) // 2 + 1
    patterns = np.zeros((2 ** (half - 1), 2 ** (len(rows) - half)))
    step = max(1, _BLOCK // patterns.shape[1])
    for column in rows.T:
        left, right = column[0] + _sums(column[1:half]), _sums(column[half:])
        for start in range(0, len(left), step):
            total = np.add.outer(left[start : start + step], right)
            block = patterns[start : start + step]
            if norm == "l2":
                block += np.square(total, out=total)
            else:
                np.maximum(block, np.abs(total, out=total), out=block)
    if norm == "l2":
        np.sqrt(patterns, out=patterns)
    return float(scale * patterns.mean())


def _sums(values: Array) -> Array:
    """sum_i s_i values_i for all 2^k signs."""
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums + value, sums - value])
    return sums


def factor(name: str, gram: Array, precision: float) -> Array:
    """Rows with the given Gram matrix, which must be symmetric and positive semi-definite.

    The matrix of correlations is factored, so that a short row beside long ones keeps its digits; what
    rounding leaves of its zero eigenvalues is set to zero, or a square root would make 1e-8 of 1e-16.
    """
    length2 = np.diag(gram)
    if (length2 < 0).any():
        raise ValueError(f"{name} has {length2.min():g} on its diagonal; it must be positive semi-definite")
    slack = max(1e-12, len(gram) * precision)
    symmetric(name, gram, slack * length2.max())
    length = np.sqrt(np.where(length2 > 0, length2, 1.0))
    values, vectors = np.linalg.eigh(gram / length[:, None] / length)
    if values[0] < -slack * values[-1]:
        raise ValueError(f"{name} is not positive semi-definite: its correlations have {values[0]:g}")
    values = np.where(values > len(gram) * precision * values[-1], values, 0.0)
    return np.where(length2 > 0, length, 0.0)[:, None] * vectors * np.sqrt(values)
