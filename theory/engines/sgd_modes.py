"""Moments of one-pass stochastic gradient descent: any number of equal steps at once, or step by step.

lam holds the positive eigenvalues, ascending and each once, with their m and power; `lost` is the power that
no feature can learn. See `theory.sgd` for the recursion.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from theory.arguments import Array
from theory.engines import driven
from theory.engines.curve import in_training
from theory.risk import Risk


class Moments(NamedTuple):
    """What the fields of `Risk` are made of."""

    mean: Array
    """Share of beta that the mean iterate lacks, level by level (last axis)."""
    excess: Array
    """sum u of the signal alone."""
    excess_noise: Array
    """The same for a unit of noise in the labels."""
    distance: Array
    """sum u/lam, which is E |w - beta|^2, of the signal alone."""
    distance_noise: Array


def risk(lam: Array, power: Array, lost: float, noise: float, moments: Moments) -> Risk:
    """All fields; rows are predicted before they are used, so that train = test."""
    bias = moments.mean**2 @ power
    from_inputs = np.maximum(moments.excess - bias, 0.0) + lost * moments.excess_noise
    from_noise = noise * moments.excess_noise
    spread = np.maximum(moments.distance - moments.mean**2 @ (power / lam), 0.0)
    norm = (1 - moments.mean) ** 2 @ (power / lam) + spread + (noise + lost) * moments.distance_noise
    test = noise + lost + bias + from_inputs + from_noise
    return in_training(test, test, lost + bias, from_inputs, from_noise, norm, np.zeros_like(test))


def equal_steps(lam: Array, m: Array, power: Array, step: float, batch: float, steps: Array) -> Moments:
    """Moments after each number of `steps` with one step and one batch."""
    with np.errstate(divide="ignore"):  # a level that one step learns whole
        decay = np.log(np.abs(1 - step * lam))
    odd = np.fmod(np.where(np.isinf(steps), 0.0, steps), 2) == 1
    mean = np.where((step * lam > 1) & odd[:, None], -1.0, 1.0) * _power(decay, steps)
    excess, distance = mean**2 @ power, mean**2 @ (power / lam)  # of levels that see no noise
    weight = m * (step * lam) ** 2 / batch
    noisy = weight > 0
    if not noisy.any():
        return Moments(mean, excess, np.zeros(steps.size), distance, np.zeros(steps.size))
    # a level too slow for its weight to be a float stands still beside the others, as noise does
    still = mean[:, ~noisy] ** 2 @ power[~noisy]
    still_distance = mean[:, ~noisy] ** 2 @ (power / lam)[~noisy]
    own = _modes(lam[noisy], weight[noisy], power[noisy], step, batch, steps)._replace(mean=mean)
    if noisy.all():
        return own
    return own._replace(
        excess=still + own.excess + still * own.excess_noise,
        distance=still_distance + own.distance + still * own.distance_noise,
    )


def _modes(lam: Array, weight: Array, power: Array, step: float, batch: float, steps: Array) -> Moments:
    """By the eigenvalues 1 - mu of the recursion; its field `mean` is empty."""
    x = step * lam * (2 - (1 + 1 / batch) * step * lam)  # 1 minus the diagonal
    found = driven.response(x, weight, power, 1 / lam, lambda mu: _decay(mu, steps))
    return Moments(np.empty(0), found.total, found.total_driven, found.measured, found.measured_driven)


def _decay(mu: Array, steps: Array) -> tuple[Array, Array]:
    """(1 - mu)^steps, and its sum over all steps before."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log = np.log1p(-np.minimum(mu, 1.0))  # no more than all decays at once
        exponent = np.where((steps[:, None] == 0) | (log == 0), 0.0, steps[:, None] * log)
        return np.exp(exponent), np.where(mu == 0, steps[:, None], -np.expm1(exponent) / np.minimum(mu, 1.0))


def _power(log: Array, steps: Array) -> Array:
    """exp(steps log) with 0 times infinity as 0."""
    times = steps[:, None]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        result: Array = np.exp(np.where((times == 0) | (log == 0), 0.0, times * log))
    return result


def recursion(
    lam: Array, m: Array, power: Array, steps: Array, batch: float, momentum: float, average: bool
) -> Moments:
    """Moments after one step for each entry of `steps`, with a heavy ball; of the mean iterate if `average`.

    Of D = w - beta in each level: now = E |D_t|^2, cross = E D_t.D_(t-1), before = E |D_(t-1)|^2, and of the
    sum of all D so far: square = E |sum D|^2, reach = E (sum D).D_t. First rows: the signal alone, second
    rows: a unit of noise in the labels.
    """
    now = np.stack([power / lam, np.zeros_like(lam)])
    cross = before = square = reach = now
    reach_before = np.zeros_like(now)
    mean = mean_before = whole = np.ones_like(lam)
    unit = np.array([0.0, 1.0])
    with np.errstate(over="ignore", invalid="ignore"):
        for step in steps:
            kept = 1 + momentum - step * lam
            noise = step * step / batch * (lam**2 * now + np.multiply.outer(now @ lam + unit, m * lam))
            if average:
                onward = kept * reach - momentum * (reach_before + cross)
            now, cross, before = (
                kept**2 * now - 2 * momentum * kept * cross + momentum**2 * before + noise,
                kept * now - momentum * cross,
                now,
            )
            mean, mean_before = kept * mean - momentum * mean_before, mean
            if average:
                square, reach, reach_before = square + 2 * onward + now, onward + now, reach
                whole = whole + mean
    if average:
        count = len(steps) + 1
        now, mean = square / count**2, whole / count
    excess, distance = now @ lam, now.sum(axis=1)
    return Moments(mean, excess[0], excess[1], distance[0], distance[1])
