"""Two-layer students that learn a two-layer teacher online; for saad1995 and goldt2019."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from theory.papers import goldt2019

Array = NDArray[np.float64]


def trained(
    W: Array,
    v: Array,
    B: Array,
    step: float,
    noise: float,
    time: float,
    second: bool,
    rng: np.random.Generator,
) -> float:
    """Excess error of one student, over all inputs, after time * d steps; arguments as for `path`."""
    return float(path(W, v, B, step, noise, [time], second, rng)[0])


def path(
    W: Array,
    v: Array,
    B: Array,
    step: float,
    noise: float,
    times: Sequence[float],
    second: bool,
    rng: np.random.Generator,
) -> Array:
    """Excess errors, over all inputs, after each time * d steps of size step/d, each on a new sample.

    Units are erf(x/sqrt 2). W (..., K, d) and B (M, d) are the first layers, v (..., K) the second one of the
    students; the teacher's is 1. Every student has samples of its own. The errors are (times, ...).

    >>> W, v, B = np.full((4, 3, 20), 0.1), np.ones((4, 3)), np.eye(2, 20)
    >>> path(W, v, B, 0.5, 0.0, [0.0, 1.0], True, np.random.default_rng(0)).shape
    (2, 4)
    """
    from scipy.special import erf

    (*many, _, d), root = W.shape, np.sqrt(2.0)
    W, v, done, found = W.copy(), v.copy(), 0, []
    for time in times:
        X = rng.standard_normal((round(time * d) - done, *many, d))
        labels = erf(X @ B.T / root).sum(axis=-1) + np.sqrt(noise) * rng.standard_normal(X.shape[:-1])
        for x, label in zip(X, labels, strict=True):
            h = (W @ x[..., None])[..., 0]
            values = erf(h / root)
            pull = step / d * ((v * values).sum(axis=-1) - label)[..., None]
            W -= (np.sqrt(2 / np.pi) * pull * v * np.exp(-(h**2) / 2))[..., None] * x[..., None, :]
            if second:
                v -= pull * values
        done = round(time * d)
        found.append(_errors(W, v, B))
    return np.array(found)


def _errors(W: Array, v: Array, B: Array) -> Array:
    """Excess error of each student."""
    found = np.empty(v.shape[:-1])
    for i in np.ndindex(found.shape):
        overlaps = W[i] @ W[i].T, W[i] @ B.T, B @ B.T
        found[i] = goldt2019.excess(*overlaps, v[i], np.ones(len(B)), step=0.0, noise=0.0, time=0.0)
    return found
