"""Training of a linearised network in the eigenbasis of its tangent kernel."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory._arguments import Array, real


class Modes(NamedTuple):
    """Eigenvalues of a Gram matrix (rounding of 0 is 0) and its eigenvectors."""

    values: Array
    vectors: Array


def modes(name: str, gram: ArrayLike) -> Modes:
    """Of a symmetric positive semi-definite matrix."""
    matrix = real(name, gram)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"{name} has shape {matrix.shape}; pass (n, n) with n > 0")
    scale = np.abs(matrix).max()
    if not np.isfinite(scale):
        raise ValueError(f"{name} contains infinity; pass finite numbers")
    if np.abs(matrix - matrix.T).max() > 1e-12 * scale:
        raise ValueError(f"{name} is not symmetric; pass ({name} + {name}.T) / 2")
    values, vectors = np.linalg.eigh(matrix)
    slack = len(values) * np.finfo(float).eps * max(values[-1], 0.0)
    if values[0] < -1e-9 * scale:
        raise ValueError(f"{name} has the eigenvalue {values[0]:g}; it must be positive semi-definite")
    return Modes(np.where(values <= slack, 0.0, values), vectors)


def labels(y: ArrayLike, n: int) -> Array:
    """`y` (n,), finite."""
    values = real("y", y)
    if values.shape != (n,) or not np.isfinite(values).all():
        raise ValueError(f"y has shape {values.shape}; pass {n} finite numbers, one per sample")
    return values


def left(values: Array, time: Array) -> Array:
    """e^-lambda t for every time (last axis: modes); modes of eigenvalue 0 never move."""
    with np.errstate(invalid="ignore"):
        exponent = np.where(values == 0, 0.0, values * time[..., None])
    return np.exp(-exponent)


def gained(values: Array, time: Array) -> Array:
    """(1 - e^-lambda t)/lambda; 0 for eigenvalue 0, whose modes no other input sees either."""
    positive = np.where(values > 0, values, 1.0)
    return np.where(values > 0, -np.expm1(-positive * time[..., None]) / positive, 0.0)
