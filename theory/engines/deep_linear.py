"""One mode of a deep linear network under gradient flow, u' = N u^(2 - 2/N) (s - u).

Two layers may be out of balance. All sums are of terms that are not negative, so that small strengths keep
their digits.
"""

from __future__ import annotations

import numpy as np

from theory.arguments import Array
from theory.errors import ConvergenceError


def two_layers(s: Array, u: Array, t: Array, imbalance: Array) -> Array:
    """u(t) of u' = sqrt(L^2 + 4 u^2) (s - u), all arguments >= 0 and of one shape.

    y = u + sqrt(u^2 + L^2/4) obeys y' = 2 s y - y^2 + L^2/4, which has constant coefficients: with
    q = sqrt(s^2 + L^2/4), E = e^(-2 q t), h = (1 - E)/(2 q) it is N/D,
    N = y (E + (q + s) h) + (L^2/4) h, D = E + (q - s + y) h, and u = (N - D L/2)(N + D L/2)/(2 N D).
    """
    half = imbalance / 2
    q, root = np.hypot(s, half), np.hypot(u, half)
    y = u + root
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        passed = np.where(q > 0, q * t, 0.0)
        left = np.exp(-2 * passed)
        h = np.where(q > 0, -np.expm1(-2 * passed) / (2 * q), t)
        tiny = np.where(q + half > 0, s * (s / (q + half)), 0.0)  # q - L/2
        slow = np.where(q + s > 0, half * (half / (q + s)), 0.0)  # q - s
        above = np.where(root + half > 0, u * (u / (root + half)), 0.0) + u  # y - L/2
        grown = y * (left + (q + s) * h) + half**2 * h
        size = left + (slow + y) * h
        risen = above * left + h * (y * (s + tiny) + half * (s - tiny))
        value = risen / (2 * grown) * (grown / size + half)
    still = (y == 0) | (t == 0)  # a mode without any weight never starts
    value = np.where(np.isinf(t) & ~still, s, value)
    return np.where(still, u, value)


def layers(s: Array, u: Array, t: Array, depth: int) -> Array:
    """u(t) of u' = N u^(2 - 2/N) (s - u) for N = `depth` balanced layers, N = 1 or N >= 3."""
    if depth == 1:
        with np.errstate(over="ignore"):
            left = np.exp(-t)
        return s * -np.expm1(-t) + u * left
    return np.vectorize(_integrated, otypes=[float])(s, u, t, depth)


def _integrated(s: float, u: float, t: float, depth: int) -> float:
    """log u integrated: it moves by little on the plateau, where u gains most of its decades."""
    from scipy.integrate import solve_ivp

    if u == 0 or t == 0 or u == s:
        return u
    if np.isinf(t):
        return s
    power = 1 - 2 / depth
    run = solve_ivp(
        lambda _, log: depth * np.exp(power * log) * (s - np.exp(log)),
        (0.0, t), [np.log(u)], method="LSODA", rtol=1e-12, atol=1e-13,
    )  # fmt: skip
    if not run.success:
        raise ConvergenceError(
            f"time = {t:g} is out of range for target = {s:g}, start = {u:g}: {run.message}; shorten it"
        )
    return float(np.exp(run.y[0, -1]))
