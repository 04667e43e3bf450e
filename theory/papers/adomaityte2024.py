"""Adomaityte, Defilippis, Loureiro and Sicuro 2024: rows of random length, where Gaussian universality fails.

Rows are x = sqrt(s) z with z ~ N(0, Sigma) and a random scale s of each row, labels y = x.beta + noise. Two
laws of s with the same mean give the same covariance and different errors [elkaroui2018†].
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, array, broadcast, non_negative, positive
from theory.engines import monotone
from theory.engines.spectral import no_tail
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="adomaityte2024",
    title="High-dimensional robust regression under heavy-tailed data: Asymptotics and Universality",
    authors=("Adomaityte", "Defilippis", "Loureiro", "Sicuro"),
    error="test",
    penalty="ridge on the mean squared error",
    statements={"risk": "verified by simulation; own derivation for any covariance"},
    topics=("elliptical data", "heavy tails", "Gaussian universality", "ridge regression"),
)


class Elliptical(NamedTuple):
    """Test error of ridge regression on rows of random scale."""

    test: Array
    """Loss on a fresh noisy row of scale 1."""
    kappa: Array
    """The ridge that the population sees."""


def risk(
    problem: Problem, n: ArrayLike, ridge: ArrayLike, scale: ArrayLike, probability: ArrayLike
) -> Elliptical:
    """Test error of ridge regression on n rows sqrt(s) z whose scale s is random.

    T and D as in the core equation; c from E[s c/(1 + s c)] = T(kappa)/n, w = E[s/(1 + s c)], and
        ridge = kappa w,   amp = D/(n w^2),
        excess = [sum v^2 (kappa/(lambda + kappa))^2 + amp noise E s/(1 + s c)^2]/[1 - amp E s^2/(1 + s c)^2].
    One scale of 1 is `theory.ridge`. Scales of mean 1 give Gaussian rows and these the same covariance:
    long rows count more, so that n rows teach less than they seem to.

    Parameters
    ----------
    problem : Problem
        Without a tail. Unlearnable power grows with the row's scale like the rest of the target.
    n : array_like > 0
    ridge : array_like >= 0
        0 is the fit of minimum norm.
    scale : (k,) array_like > 0
        Values of s.
    probability : (k,) array_like > 0
        Their probabilities, of sum 1.

    Returns
    -------
    Elliptical(test, kappa); test is inf at ridge 0 and n = rank.

    Source: [adomaityte2024]; [elkaroui2018†].

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> round(float(risk(problem, 450, 0.02, [0.1, 10.0], [10 / 11, 1 / 11]).test), 4)
    1.7595
    >>> round(float(risk(problem, 450, 0.02, [1.0], [1.0]).test), 4)
    0.7295
    """
    no_tail(problem, "rows of random length")
    scales = positive("scale", array("scale", scale, 1))
    chances = positive("probability", array("probability", probability, 1))
    if scales.shape != chances.shape:
        raise ValueError(f"probability has shape {chances.shape}; pass one for each scale, {scales.shape}")
    if abs(chances.sum() - 1) > 1e-9:
        raise ValueError(f"probability has the sum {chances.sum():g}; divide by it")
    samples, penalty = broadcast(
        n=positive("n", n, finite=True), ridge=non_negative("ridge", ridge, finite=True)
    )
    found = [
        _risk(problem, float(size), float(each), scales, chances / chances.sum())
        for size, each in zip(samples.ravel(), penalty.ravel(), strict=True)
    ]
    test, kappa = np.reshape(found, (*samples.shape, 2)).T
    return Elliptical(test.T[()], kappa.T[()])


def _risk(problem: Problem, n: float, ridge: float, s: Array, chance: Array) -> tuple[float, float]:
    kappa, c = _root(problem, n, ridge, s, chance)
    level, count = problem.eigenvalues, problem.multiplicity
    seen = np.divide(level, level + kappa, out=np.zeros(level.size), where=level + kappa > 0)
    bias = float((problem.power * (1 - seen) ** 2).sum()) + problem.tail_power
    # with r = 1/c and h = s/(r + s): w = r E h, and of amp = D/(n w^2) the r^2 cancel
    h = s / (1 / c + s) if np.isfinite(c) else np.ones(s.size)
    amp = float((count * seen**2).sum()) / (n * float(chance @ h) ** 2) if c > 0 else 0.0
    noise = problem.noise * amp * float(chance @ (h**2 / s)) if c > 0 else 0.0
    rest = 1 - amp * float(chance @ h**2)
    excess = (bias + noise) / rest if rest > 1e-13 else (np.inf if bias + noise > 0 else 0.0)
    return problem.noise + excess, kappa


def _root(problem: Problem, n: float, ridge: float, s: Array, chance: Array) -> tuple[float, float]:
    """kappa and c; c is inf where the labels are interpolated without a ridge."""
    level, count = (each[problem.eigenvalues > 0] for each in (problem.eigenvalues, problem.multiplicity))
    if level.size == 0:
        return ridge / float(chance @ s), 0.0

    def degrees(kappa: float) -> float:
        return float((count * (level / (level + kappa))).sum())

    def balanced(kappa: float) -> float:
        """c at this kappa, with E[s c/(1 + s c)] = T/n < 1."""
        target = degrees(kappa) / n

        def balance(log_c: float) -> float:
            sc = s * np.exp(log_c)
            return float(chance @ (sc / (1 + sc))) - target

        low, high = np.log(target / (1 - target)) - np.log([s.max(), s.min()])
        if s.min() == s.max():
            return float(np.exp(low))
        return float(np.exp(monotone.root(balance, low - 1e-9, high + 1e-9)))

    least = 0.0
    if problem.rank >= n:  # below this kappa there are more degrees of freedom than samples
        top = np.log(2 * level.max() * problem.rank / n)
        bottom = np.log(level.min() * 1e-18)
        if problem.rank > n:
            least = float(np.exp(monotone.root(lambda x: n - degrees(np.exp(x)), bottom, top)))
    if ridge == 0:
        return least, (np.inf if problem.rank >= n else balanced(0.0))

    def excess(log_above: float) -> float:
        kappa = least + np.exp(log_above)
        if degrees(kappa) >= n:
            return -ridge
        return kappa * float(chance @ (s / (1 + s * balanced(kappa)))) - ridge

    low, high = np.log(ridge / s.max()) - 50, np.log(ridge / s.min() + problem.rank * level.max()) + 50
    kappa = least + float(np.exp(monotone.root(excess, low, high)))
    return kappa, balanced(kappa)
