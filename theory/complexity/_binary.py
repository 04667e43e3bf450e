"""Relative entropy of coins, kl(q|p) = q ln(q/p) + (1 - q) ln((1 - q)/(1 - p)), and its inverse.

With x - ln(1 + x) = e(x) >= 0 it is a sum of positive terms, kl(q|q + t) = q e(t/q) + (1 - q) e(-t/(1 - q)):
nothing cancels for p near q.
"""

from __future__ import annotations

import numpy as np

from theory.arguments import Array


def excess(x: Array) -> Array:
    """x - ln(1 + x) for x >= -1, to its relative precision."""
    s = x / (2 + x)  # ln(1 + x) = 2 (s + s^3/3 + s^5/5 + ...), and x - 2 s = x s
    s2 = s**2
    series = x * s - 2 * s * s2 * (1 / 3 + s2 * (1 / 5 + s2 * (1 / 7 + s2 * (1 / 9 + s2 / 11))))
    with np.errstate(divide="ignore"):
        return np.where(np.abs(x) < 0.1, series, x - np.log1p(x))


def inverse(q: Array, epsilon: Array) -> Array:
    """The largest p in [q, 1] with kl(q|p) <= epsilon, by bisection of t = p - q.

    kl(q|p) >= t^2/(2 p) gives the upper end epsilon + sqrt(epsilon (2 q + epsilon)), which is within a
    constant factor of the root relative to p: 60 halvings leave nothing.
    """
    epsilon = np.minimum(epsilon, 1e3)  # p = 1 in float64 long before
    inside = (q > 1e-300) & (q < 1)
    coin = np.where(inside, q, 0.5)
    low = np.zeros(coin.shape)
    high = np.minimum(1 - coin, epsilon + np.sqrt(epsilon) * np.sqrt(2 * coin + epsilon))
    for _ in range(60):
        t = (low + high) / 2
        kl = coin * excess(t / coin) + (1 - coin) * excess(-t / (1 - coin))
        low, high = np.where(kl <= epsilon, t, low), np.where(kl <= epsilon, high, t)
    return np.where(inside, np.minimum(coin + high, 1.0), np.maximum(q, -np.expm1(-epsilon)))
