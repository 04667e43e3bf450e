"""Eigenvalues of a diagonal matrix minus one of rank one, jitted: diag(x) - a a', from its secular equation.

The eigenvalues mu solve sum_g a_g^2/(x_g - mu) = 1, one below each x_g and above the x before it. Each is
kept as its distance from the nearer of its two neighbours, so that no difference x_g - mu loses digits.
"""

from math import exp, log

import numpy as np

from theory.engines.jit import njit, njit_sums


@njit
def eigenvalues(x, weight, near, offset):
    """Fill `near` and `offset` with mu_k = x[near_k] + offset_k; return the index of a failure or -1.

    x is ascending without repetition, weight = a^2 > 0.
    """
    total = weight.sum()
    for k in range(x.size):
        pole, side, from_pole = k, -1.0, x - x[k]
        if k == 0:
            low, high = weight[0], total
        else:
            half = -from_pole[k - 1] / 2
            above, below, _, _ = _sides(from_pole, weight, k, -half)
            if above > 1 + below:
                pole, side, from_pole = k - 1, 1.0, x - x[k - 1]
            low, high = weight[pole] / (1 + total / half), half
        distance = _distance(from_pole, weight, k, side, log(low), log(high))
        if np.isnan(distance):
            return k
        near[k], offset[k] = pole, side * distance
    return -1


@njit_sums
def _sides(from_pole, weight, k, offset):
    """Sums of a^2/|x - mu| over places from k on and over those before, and their slopes in mu.

    `from_pole` = x - x[pole] and mu = x[pole] + offset; an array, lest the compiler adds x[pole] and offset.
    """
    above = below = rising = falling = 0.0
    for g in range(k):
        inverse = 1 / (offset - from_pole[g])
        below += weight[g] * inverse
        falling += weight[g] * inverse * inverse
    for g in range(k, from_pole.size):
        inverse = 1 / (from_pole[g] - offset)
        above += weight[g] * inverse
        rising += weight[g] * inverse * inverse
    return above, below, rising, falling


@njit
def _distance(from_pole, weight, k, side, low, high):
    """|mu - x[pole]| by Newton's method in its logarithm, kept between low and high; nan where it fails.

    It solves log(sum above) = log(1 + sum below), in which nothing cancels.
    """
    z = (low + high) / 2
    for _ in range(200):
        distance = exp(z)
        above, below, rising, falling = _sides(from_pole, weight, k, side * distance)
        excess = log(above / (1 + below))
        if side * excess > 0:  # mu is too large
            high = z
        else:
            low = z
        new = z - side * excess / (distance * (rising / above + falling / (1 + below)))
        newton = low <= new <= high
        if not newton:
            new = (low + high) / 2
        step = abs(new - z)
        z = new
        # Newton is quadratic: after a step of 1e-8 the next would be below rounding
        if (newton and step <= 1e-8) or high - low <= 4e-16 * max(abs(z), 1.0):
            return exp(z)
    return np.nan


@njit
def modes(x, weight, near, offset, start, measure, strength, seen, measured):
    """For every eigenvalue 1/sum a^2/(x - mu)^2, and sums of start/(x - mu) and measure a^2/(x - mu)."""
    for k in range(x.size):
        strength[k], seen[k], measured[k] = _mode(x - x[near[k]], weight, offset[k], start, measure)


@njit_sums
def _mode(from_pole, weight, offset, start, measure):
    norm = seen = measured = 0.0
    for g in range(from_pole.size):
        inverse = 1 / (from_pole[g] - offset)
        share = weight[g] * inverse
        norm += share * inverse
        seen += start[g] * inverse
        measured += measure[g] * share
    return 1 / norm, seen, measured
