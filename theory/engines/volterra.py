"""Errors of stochastic gradient descent on fixed rows, from the Volterra equation of its training error.

With h the eigenvalues of X'X/n, steps s and psi half the mean squared residual,

    psi(t) = floor + sum start e^(-2 s h t) + int_0^t sum (s h)^2 e^(-2 s h (t-r)) psi(r) dr,

the error of gradient flow and what the noise of the steps leaves of itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from theory.arguments import Array
from theory.engines import driven

_STEP = 0.125
_LEAST = 1e-150  # of a weight, whose square must be a float


class Modes(NamedTuple):
    """The directions that learn, or nodes that stand for many of them."""

    h: Array
    """Eigenvalues of X'X/n, positive."""
    copies: Array
    """Directions that a node stands for."""
    start: Array
    """Half the mean squared residual at the start, summed over them."""
    seen: Array
    """Variance of a fresh row along the direction."""


class Noisy(NamedTuple):
    """At each time: psi, and the excess test error that the noise of the steps adds to that of the flow."""

    psi: Array
    excess: Array


def errors(modes: Modes, floor: float, step: float, time: Array) -> Noisy:
    """Half the mean squared residual and the added excess error after `time` steps, which may be inf.

    `floor` is what gradient flow leaves for ever.
    """
    if modes.h.size == 0:
        return Noisy(np.full(time.size, floor), np.zeros(time.size))
    top = modes.h.max()
    share = modes.h / top
    with np.errstate(over="ignore"):
        moment = top * (step * time)
        w = np.minimum(modes.copies * top * step * share**2, 1 / _LEAST)  # beyond, all is inf at once
    sees = w > _LEAST  # a mode that hardly sees the noise decays on its own
    alone = floor + _decay(2 * share[~sees], moment)[0] @ modes.start[~sees]
    if not sees.any():
        return Noisy(alone, np.zeros(time.size))
    x, w, start, ratio = (part[sees] for part in (2 * share, w, modes.start, 2 * modes.seen / modes.h))
    found = driven.response(x, w, start, ratio, lambda mu: _decay(mu, moment))
    psi, excess = alone + found.total, _added(x, w, start, ratio, moment)
    if floor > 0:
        psi, excess = psi + floor * found.total_driven, excess + floor * found.measured_driven
    return Noisy(psi, excess)


def _added(x: Array, w: Array, start: Array, ratio: Array, time: Array) -> Array:
    """sum ratio w int e^(-x (t-r)) psi(r) dr without a floor, from the modes of psi: nothing cancels."""
    found = driven.modes(x, w, start, ratio)
    target = np.bincount(found.group, w * ratio, found.rates.size)
    mu = found.rates[found.near] + found.offset
    apart = found.rates - found.rates[found.near][:, None] - found.offset[:, None]  # x - mu, to all digits
    slower, gap = np.minimum(mu[:, None], found.rates), np.abs(apart)
    amplitude, added = found.strength * found.seen, np.empty(time.size)
    with np.errstate(over="ignore", invalid="ignore"):
        for i, t in enumerate(time):
            both = np.exp(-slower * t) * -np.expm1(-gap * t) / gap
            added[i] = np.where(amplitude == 0, 0.0, amplitude * (both @ target)).sum()
    return np.maximum(added, 0.0)


def _decay(mu: Array, time: Array) -> tuple[Array, Array]:
    """e^(-mu t), and its integral from 0 to t."""
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        exponent = np.where((time[:, None] == 0) | (mu == 0), 0.0, -mu * time[:, None])
        return np.exp(exponent), np.where(mu == 0, time[:, None], -np.expm1(exponent) / mu)


def marchenko_pastur(ratio: float) -> tuple[Array, Array]:
    """Nodes and weights of the law of Marchenko and Pastur without its atom, good at any scale near 0.

    x = (1 - sqrt c)^2 + 4 sqrt c sin^2(phi/2) and phi = pi/(1 + e^-s) with equal steps in s: every function
    that varies on a logarithmic scale of x is smooth in s, and the sum exact to 13 digits. The weights sum to
    min(1, 1/c).

    >>> x, weight = marchenko_pastur(0.5)
    >>> float(weight.sum().round(12)), float((weight @ x).round(12)), float((weight / x).sum().round(12))
    (1.0, 1.0, 2.0)
    """
    s = np.arange(-38.0, 15.0, _STEP)
    share = 1 / (1 + np.exp(-s))
    phi, root = np.pi * share, np.sqrt(ratio)
    x = (1 - root) ** 2 + 4 * root * np.sin(phi / 2) ** 2
    return x, 2 * np.sin(phi) ** 2 / x * share * (1 - share) * _STEP
