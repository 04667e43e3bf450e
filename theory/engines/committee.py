"""Online descent of a two-layer network on a teacher, by its overlaps.

The activation is g(x) = erf(x/sqrt 2). Fields x = (student's K, teacher's M) are Gaussian of covariance C;
the error is delta = sum_j c_j g(x_j). g'(x) = sqrt(2/pi) e^(-x^2/2): a factor g'(x_i) is a Gaussian factor.
It multiplies a mean by sqrt(2/pi) (1 + C_ii)^(-1/2) and leaves the covariance W = C - C_.i C_i./(1 + C_ii).
With E g(x_a) g(x_b) = (2/pi) asin(C_ab/sqrt((1 + C_aa)(1 + C_bb))) and E x_a g(x_b) = sqrt(2/pi)
C_ab/sqrt(1 + C_bb) every mean that the dynamics need is closed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from theory.arguments import Array
from theory.engines.jit import njit

_DIGITS = 1e-10  # of the integration: what it leaves is far below 1/d of a network
_UNSEEN = 1e-14  # of the squared sum of the weights: rounding, which a solver would follow for ever


class Overlaps(NamedTuple):
    """The state of a student."""

    Q: Array
    """(K, K) of its units with one another."""
    R: Array
    """(K, M) with those of the teacher."""
    v: Array
    """(K,) second layer."""


@njit
def error(C, c):
    """E delta^2."""
    total = 0.0
    for a in range(len(c)):
        for b in range(len(c)):
            total += c[a] * c[b] * math.asin(C[a, b] / math.sqrt((1 + C[a, a]) * (1 + C[b, b])))
    return 2 / math.pi * total


@njit
def tilt(C, i, W):
    """W = C - C_.i C_i./(1 + C_ii): the covariance that a factor g'(x_i) leaves."""
    for a in range(len(C)):
        for b in range(len(C)):
            W[a, b] = C[a, b] - C[a, i] * C[i, b] / (1 + C[i, i])
    for a in range(len(C)):  # without the difference, which a long vector of weights would cancel
        W[a, i] = W[i, a] = C[a, i] / (1 + C[i, i])


@njit
def velocity(C, c, K, step, noise, first, second, dC, dv):
    """d/dt of the rows of C that belong to the student and of its second layer; t = steps/d."""
    S = len(c)
    W, V = np.empty((S, S)), np.empty((S, S))
    pull = np.zeros((K, S))
    for i in range(K):
        tilt(C, i, W)
        for b in range(S):
            mean = 0.0
            for j in range(S):
                mean += c[j] * W[b, j] / math.sqrt(1 + W[j, j])
            pull[i, b] = -first * step * c[i] * 2 / math.pi * mean / math.sqrt(1 + C[i, i])
        mean = 0.0
        for j in range(S):
            mean += c[j] * math.asin(C[i, j] / math.sqrt((1 + C[i, i]) * (1 + C[j, j])))
        dv[i] = -second * step * 2 / math.pi * mean
        for k in range(i + 1):
            tilt(W, k, V)
            factor = 2 / math.pi / math.sqrt((1 + C[i, i]) * (1 + W[k, k]))
            spread = first * step**2 * c[i] * c[k] * factor * (noise + error(V, c))
            dC[i, k] = spread
            dC[k, i] = spread
    for i in range(K):
        for b in range(K, S):
            dC[i, b] = pull[i, b]
            dC[b, i] = pull[i, b]
        for k in range(K):
            dC[i, k] += pull[i, k] + pull[k, i]


def run(
    start: Overlaps,
    T: Array,
    teacher: Array,
    step: float,
    noise: float,
    times: Array,
    trained: tuple[bool, bool],
) -> list[tuple[Overlaps, float]]:
    """The overlaps and the excess error at each time; `trained` says which layers are.

    A student that has learnt all but rounding stays as it is.
    """
    from scipy.integrate import solve_ivp

    K, S = len(start.v), len(start.v) + len(teacher)
    lower = np.tril_indices(K)

    def unpacked(state: Array) -> tuple[Array, Array]:
        C, c = np.empty((S, S)), np.concatenate([state[-K:], -teacher])
        C[lower] = state[: len(lower[0])]
        C[lower[::-1]] = C[lower]
        C[:K, K:] = state[len(lower[0]) : -K].reshape(K, -1)
        C[K:, :K], C[K:, K:] = C[:K, K:].T, T
        return C, c

    def moved(_: float, state: Array) -> Array:
        C, c = unpacked(state)
        dC, dv = np.zeros((S, S)), np.zeros(K)
        velocity(C, c, K, step, noise, float(trained[0]), float(trained[1]), dC, dv)
        return np.concatenate([dC[lower], dC[:K, K:].ravel(), dv])

    def missed(_: float, state: Array) -> float:
        C, c = unpacked(state)
        return float(error(C, c) - _UNSEEN * np.abs(c).sum() ** 2)

    missed.terminal, missed.direction = True, -1  # type: ignore[attr-defined]
    first = np.concatenate([start.Q[lower], start.R.ravel(), start.v])
    distinct, places = np.unique([0.0, *times], return_inverse=True)
    states = np.tile(first, (len(distinct), 1))
    if len(distinct) > 1:
        solved = solve_ivp(
            moved,
            (0.0, distinct[-1]),
            first,
            method="LSODA",
            t_eval=distinct,
            events=missed,
            rtol=_DIGITS,
            atol=_DIGITS / 100,
        )
        learnt = solved.status == 1
        states[:] = solved.y_events[0][0] if learnt else np.inf  # beyond what it reached it has diverged
        states[: len(solved.t)] = solved.y.T
    return [_read(*unpacked(state), K) for state in states[places[1:]]]


def _read(C: Array, c: Array, K: int) -> tuple[Overlaps, float]:
    found = Overlaps(C[:K, :K], C[:K, K:], c[:K])
    finite = np.isfinite(C).all() and np.isfinite(c).all()
    return found, max(float(error(C, c)), 0.0) if finite else math.inf
