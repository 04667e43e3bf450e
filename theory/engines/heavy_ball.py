"""Descent with momentum on a quadratic, mode by mode.

r_(k+1) = (1 + mu - e) r_k - mu r_(k-1) from r_0 = r_(-1) = 1: the first step has no momentum. With
e = step lambda, the share learnt over e, g_k = (1 - r_k)/e, and its last move d_k = g_k - g_(k-1),

    z <- z + A z + c,    z = (g, d) from 0,    A = [[-e, mu], [-e, mu - 1]],    c = (1, 1).

Steps are doubled by A <- 2 A + A^2, c <- 2 c + A c, which keeps the digits of small e for any number of
steps. Beyond e = 1 + mu modes change their sign at every step, and doubling would lose digits: there
(-1)^k r_k = 1 - e' g_k + 2 mu d_k, with g and d of e' = 2 (1 + mu) - e.
"""

from __future__ import annotations

import numpy as np

from theory.arguments import Array


def gained(e: Array, steps: Array, mu: float) -> Array:
    """(1 - r_k)/e for 0 < e < 2 (1 + mu) and k = steps, whole or inf; they broadcast."""
    swinging, ended = e > 1 + mu, np.isinf(steps)
    slow, k = np.where(swinging, 2 * (1 + mu) - e, e), np.where(ended, 0.0, steps)
    share, last = _iterated(slow, k, mu)
    sign = np.where(np.fmod(k, 2) == 1, -1.0, 1.0)
    swung = (1 - sign * (1 - slow * share + 2 * mu * last)) / e
    return np.where(ended, 1 / e, np.where(swinging, swung, share))


def _iterated(e: Array, steps: Array, mu: float) -> tuple[Array, Array]:
    """g and d after so many steps."""
    row = np.stack([-e, np.full_like(e, mu)], axis=-1)
    A, c = np.stack([row, row - [0, 1]], axis=-2), np.ones((*e.shape, 2))
    z = np.zeros((*np.broadcast_shapes(e.shape, steps.shape), 2))
    while steps.any():
        odd = np.fmod(steps, 2) == 1
        z = np.where(odd[..., None], z + c + _times(A, z), z)
        c, A = 2 * c + _times(A, c), 2 * A + A @ A
        steps = np.floor(steps / 2)
    return z[..., 0], z[..., 1]


def _times(A: Array, z: Array) -> Array:
    result: Array = (A @ z[..., None])[..., 0]
    return result
