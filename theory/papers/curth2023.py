"""Curth, Jeffares, van der Schaar 2023: a U-turn on double descent.

A linear smoother predicts f(x) = s(x).y. Its effective parameters are n times the mean of |s(x)|^2:
over the training inputs, where they grow with p, or over fresh inputs, where they fall again beyond
n = p. (Averages without the factor n also circulate.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import exact
from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines.curve import curve
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="curth2023",
    title="A U-turn on double descent: rethinking parameter counting in statistical learning",
    authors=("Curth", "Jeffares", "van der Schaar"),
    error="none",
    note="a count of parameters",
    penalty="ridge beside the mean squared error, as everywhere in overparam",
    statements={
        "effective_parameters": "verified (simulation); limit",
        "least_squares": "proved, exact at finite n for isotropic Gaussian inputs",
    },
    topics=("double descent", "effective parameters"),
)


class EffectiveParameters(NamedTuple):
    """n times the mean of |s(x)|^2 over training inputs and over fresh ones."""

    train: Array
    test: Array


def effective_parameters(problem: Problem, n: ArrayLike, ridge: ArrayLike = 0.0) -> EffectiveParameters:
    """Effective parameters of (kernel) ridge regression, a deterministic equivalent.

    test = n V and train = E tr S S' = n [(df/n)^2 + (ridge/kappa)^2 V],  V = (df2/n)/(1 - df2/n): the
    variance that unit label noise causes at fresh and at training inputs.

    Parameters
    ----------
    problem : Problem
        Its power and noise play no role.
    n : array_like > 0, finite
        Samples.
    ridge : array_like >= 0
        Penalty beside the mean squared error; may be inf.

    Returns
    -------
    EffectiveParameters(train, test); at ridge 0 train is min(n, rank), and test is inf at n = rank.

    Source: [curth2023, Sec. 4.1†] for the definition; values by the core equation.

    >>> counts = effective_parameters(Problem.isotropic(p=50), n=100, ridge=0.3)
    >>> float(counts.train.round(6)), float(counts.test.round(6))
    (25.075641, 30.822386)
    """
    n = positive("n", n, finite=True)
    penalty = non_negative("ridge", ridge, finite=False)
    # labels of pure unit noise: test = 1 + V, train = (ridge/kappa)^2 (1 + V)
    risk = curve(problem, n, np.inf, penalty, signal=0.0, tail_power=0.0, noise=1.0)
    with np.errstate(invalid="ignore"):
        residual = np.where(risk.train > 0, risk.train * (risk.variance / risk.test), 0.0)
    return EffectiveParameters(
        train=(n * ((risk.df / n) ** 2 + residual))[()], test=(n * risk.var_noise_samples)[()]
    )


def least_squares(n: ArrayLike, p: ArrayLike) -> EffectiveParameters:
    """Effective parameters of minimum-norm least squares on isotropic Gaussian inputs, exact.

    train = min(n, p);  test = n p/(n - p - 1) for p <= n - 2, n^2/(p - n - 1) for p >= n + 2.

    Parameters
    ----------
    n, p : array_like
        Samples n > 0 and features p >= 0.

    Returns
    -------
    EffectiveParameters(train, test); test is inf for |n - p| <= 1, p > 0, and falls for p > n.

    Source: [curth2023, Sec. 4.1†] for the definition; values from
    `theory.exact.least_squares`.

    >>> float(least_squares(n=30, p=60).test.round(6))
    31.034483
    """
    n, p = broadcast(n=positive("n", n, finite=True), p=non_negative("p", p))
    risk = exact.least_squares(n, p, signal=0.0, noise=1.0)
    share = risk.var_noise_samples  # per sample; it may underflow
    finite = np.isfinite(share) & (p > 0)
    test = product((n, 1), (risk.df, 1), (np.maximum(n, p) - 1 - np.minimum(n, p), -1))
    return EffectiveParameters(train=risk.df, test=np.where(finite, test, share)[()])
