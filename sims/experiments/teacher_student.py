"""A two-layer student that learns a two-layer teacher online; for saad1995 and goldt2019."""

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
    """Excess error, over all inputs, after time * d steps of size step/d, each on a new sample.

    Units are erf(x/sqrt 2). W (K, d) and B (M, d) are the first layers, v the student's second one; the
    teacher's is 1.
    """
    from scipy.special import erf

    d, root = W.shape[1], np.sqrt(2.0)
    W, v = W.copy(), v.copy()
    X = rng.standard_normal((round(time * d), d))
    labels = erf(X @ B.T / root).sum(axis=1) + np.sqrt(noise) * rng.standard_normal(len(X))
    for x, label in zip(X, labels, strict=True):
        h = W @ x
        values = erf(h / root)
        error = v @ values - label
        W -= (step / d * error * np.sqrt(2 / np.pi)) * (v * np.exp(-(h**2) / 2))[:, None] * x
        if second:
            v -= step / d * error * values
    return float(
        goldt2019.excess(W @ W.T, W @ B.T, B @ B.T, v, np.ones(len(B)), step=step, noise=noise, time=0.0)
    )
