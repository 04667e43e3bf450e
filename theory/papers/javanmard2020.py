"""Javanmard, Soltanolkotabi and Hassani 2020: adversarial training of linear regression.

The fit minimises mean (|y - x.w| + epsilon |w|)^2, the squared loss when an adversary may move each input by
epsilon; n samples x ~ N(0, I_p), gamma = p/n.
"""

from __future__ import annotations

from math import erfc, exp, inf, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines import monotone
from theory.names import own_names
from theory.papers import Paper, hastie2022

__dir__ = own_names(globals())

PAPER = Paper(
    key="javanmard2020",
    title="Precise tradeoffs in adversarial training for linear regression",
    authors=("Javanmard", "Soltanolkotabi", "Hassani"),
    error="test",
    note="the loss under attack as well",
    penalty="none: the adversary's epsilon",
    statements={"risk": "verified by simulation; own solution of the equations"},
    topics=("adversarial training", "robustness", "trade-off"),
)

_NONE = -40.0
"""Logarithm of epsilon |w|/sqrt(test) below which w is 0 to the accuracy of floats."""


class Robust(NamedTuple):
    """Losses of a linear model that was trained adversarially."""

    test: Array
    """Squared loss on a fresh noisy sample."""
    adversarial: Array
    """The same when an adversary moves the input by epsilon."""
    train: Array
    """The adversarial loss on the training set, which training minimises."""


class _Point(NamedTuple):
    """At rho = epsilon |w|/sqrt(test): what the equations say of the weights."""

    signal_part: float
    """a, the weight along the target, over the target's own."""
    error: float
    """test; inf beyond the range of rho."""
    square: float
    """|w|^2/test."""
    train: float
    """Adversarial loss on the training set over test."""


def risk(gamma: ArrayLike, epsilon: ArrayLike, noise: ArrayLike, signal: ArrayLike = 1.0) -> Robust:
    """Losses of the adversarially trained linear model in the limit of large n.

    w = a beta/|beta| + b (a random direction), test = noise + (|beta| - a)^2 + b^2, c = epsilon |w|. With the
    proximal step t of (|x| + c)^2 at x = sqrt(test) G, whose value is u,
        E (x - u)^2 = gamma b^2,
    and (a, b) minimises E [(|u| + c)^2 + (x - u)^2/(2 t)] - gamma b^2/(2 t). Off by 1/n or less.

    Parameters
    ----------
    gamma : array_like > 0
        Features per sample.
    epsilon : array_like >= 0
        How far each input may be moved; 0 is least squares of minimum norm.
    noise : array_like > 0
        Label-noise variance.
    signal : array_like >= 0
        |beta|^2.

    Returns
    -------
    Robust(test, adversarial, train); the first two are inf at epsilon 0 and gamma 1. With a strong adversary,
    epsilon^2 >= (pi/2) (signal/(signal + noise) + gamma), w = 0 is best and all three are noise + signal.

    Source: [javanmard2020, Thm 3.2†].

    >>> found = risk(gamma=0.5, epsilon=[0.0, 0.3], noise=0.25)
    >>> found.test.round(4), found.adversarial.round(4), found.train.round(4)
    (array([0.5   , 0.4318]), array([0.5   , 0.7988]), array([0.125 , 0.3804]))
    """
    ratio, reach, sigma2, power = broadcast(
        gamma=positive("gamma", gamma, finite=True), epsilon=non_negative("epsilon", epsilon),
        noise=positive("noise", noise, finite=True), signal=non_negative("signal", signal),
    )  # fmt: skip
    rows = zip(*(each.ravel().tolist() for each in (ratio, reach, sigma2, power)), strict=True)
    columns = np.reshape([_losses(*row) for row in rows], (*ratio.shape, 3))
    return Robust(*(columns[..., j][()] for j in range(3)))


def _losses(gamma: float, epsilon: float, noise: float, signal: float) -> tuple[float, float, float]:
    if epsilon == 0:
        plain = hastie2022.isotropic(gamma, signal, noise)
        return float(plain.test), float(plain.test), float(plain.train)
    if epsilon**2 >= pi / 2 * (signal / (signal + noise) + gamma):
        return noise + signal, noise + signal, noise + signal

    def balance(log_rho: float) -> float:
        rho = exp(log_rho)
        return 1 - (epsilon / rho) ** 2 * _point(rho, gamma, epsilon, noise, signal).square

    if balance(_NONE) >= 0:  # the adversary is just not strong enough for w = 0
        return noise + signal, noise + signal, noise + signal
    rho = exp(monotone.root(balance, *monotone.bracket(balance, step=2.0)))
    at = _point(rho, gamma, epsilon, noise, signal)
    attacked = 1 + 2 * sqrt(2 / pi) * rho + rho**2
    return at.error, at.error * attacked, at.error * at.train


def _point(rho: float, gamma: float, epsilon: float, noise: float, signal: float) -> _Point:
    """In units of sqrt(test): the step t solves a scalar equation, and the rest follows from it.

    E [(|u| + c)^2 + (x - u)^2/(2 t)] is the value of the proximal step; `_slopes` are its derivatives.
    """

    def excess(log_t: float) -> float:
        t = exp(log_t)
        slope, pull = _slopes(t, rho)
        return t * (slope + pull * epsilon**2 / rho) / gamma - 1

    t = exp(monotone.root(excess, *monotone.bracket(excess, step=2.0)))
    slope, _ = _slopes(t, rho)
    mass, first, second = _beyond(2 * t * rho)
    shrink = 2 * t / (1 + 2 * t)
    outside = second + 2 * rho * first + rho**2 * mass
    moved = shrink**2 * outside + (1 - second)
    part = t * slope / gamma
    left = 1 - moved / gamma
    error = (noise + signal * (1 - part) ** 2) / left if left > 0 else inf
    aligned = signal * part**2 / error
    value = outside / (1 + 2 * t) + rho**2 * (1 - mass) + (1 - second) / (2 * t)
    return _Point(part, error, aligned + moved / gamma, value - moved / (2 * t))


def _slopes(t: float, rho: float) -> tuple[float, float]:
    mass, first, second = _beyond(2 * t * rho)
    slope = 2 * (second + rho * first) / (1 + 2 * t) + (1 - second) / t
    pull = 2 * (first + rho * mass) / (1 + 2 * t) + 2 * rho * (1 - mass)
    return slope, pull


def _beyond(k: float) -> tuple[float, float, float]:
    """E[|G|^j; |G| > k] for j = 0, 1, 2."""
    density = sqrt(2 / pi) * exp(-k * k / 2) if k < 40 else 0.0
    mass = erfc(k / sqrt(2))
    return mass, density, mass + k * density
