"""Training of a linearised network in the eigenbasis of its tangent kernel."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, between, data, real, scalar, symmetric
from theory.engines import heavy_ball, singular
from theory.engines.modes import moved
from theory.engines.spectral import rounding


class Modes(NamedTuple):
    """Eigenvalues of a Gram matrix (rounding of 0 is 0) and its eigenvectors."""

    values: Array
    vectors: Array


def modes(name: str, gram: ArrayLike, time: Array | float = 0.0, distinct: int | None = None) -> Modes:
    """The modes of a symmetric positive semi-definite matrix.

    Warns where a mode that counts as 0 would learn by the latest `time` of the flow on half the mean squared
    error, unless the rank is plain, or with `distinct` inputs as large as their number.
    """
    matrix = data(name, gram, 2)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"{name} has shape {matrix.shape}; pass (n, n) with n > 0")
    scale = np.abs(matrix).max()
    symmetric(name, matrix, 1e-12 * scale)
    values, vectors = np.linalg.eigh(matrix)
    slack = rounding(values)
    if values[0] < -1e-9 * scale:
        raise ValueError(f"{name} has the eigenvalue {values[0]:g}; it must be positive semi-definite")
    learnt = float(np.max(time, initial=0.0)) / len(values)
    if distinct is None:
        singular.check(name, matrix, values, slack, learnt)
    elif (values > slack).sum() < distinct and slack * learnt > singular.MATTERS:
        singular.warn(name, values, slack, singular.LATE)
    return Modes(np.where(values <= slack, 0.0, values), vectors)


def labels(y: ArrayLike, n: int, outputs: bool = False) -> Array:
    """`y` (n,), finite; or (n, k) for k `outputs`."""
    values = real("y", y)
    shape = values.shape[:1] if outputs and values.ndim == 2 else values.shape
    if shape != (n,) or not np.isfinite(values).all():
        raise ValueError(f"y has shape {values.shape}; pass {n} finite numbers, one per sample")
    return values


def left(values: Array, time: Array) -> Array:
    """e^-lambda t for every time (last axis: modes); modes of eigenvalue 0 never move."""
    with np.errstate(invalid="ignore"):
        exponent = np.where(values == 0, 0.0, values * time[..., None])
    return np.exp(-exponent)


def gained(values: Array, time: Array, step: float | None = None, momentum: float = 0.0) -> Array:
    """(1 - e^-lambda t)/lambda, or what t/step steps of descent with momentum have in its place.

    0 for eigenvalue 0, whose modes no other input sees either.
    """
    positive = np.where(values > 0, values, 1.0)
    ball = float(between("momentum", scalar("momentum", momentum), 0, 1, "[)"))
    if step is None:
        if ball > 0:
            raise ValueError(f"momentum = {ball:g} needs a step; pass one, or momentum 0 for the flow")
        learnt = -np.expm1(-positive * time[..., None]) / positive
        return np.where(values > 0, learnt, 0.0)
    size, top = scalar("step", step), float(values.max())
    critical = 2 * (1 + ball) / top if top > 0 else np.inf
    if not 0 < size < critical:
        raise ValueError(f"step = {size:g} must be positive and below the critical step {critical:g}")
    steps = np.round(time / size)
    with np.errstate(invalid="ignore"):
        off = np.abs(time - steps * size) > 1e-9 * time
    if (off & np.isfinite(time)).any():
        raise ValueError(f"time = {time[off].flat[0]:g} must be a multiple of step = {size:g}")
    if ball > 0:
        learnt = size * heavy_ball.gained(size * positive, steps[..., None], ball)
    else:
        learnt = moved(size * positive, steps[..., None]) / positive
    return np.where(values > 0, learnt, 0.0)
