"""Heckel, Yilmaz 2021: early stopping in deep networks, double descent and how to eliminate it.

Gradient descent with one step size per feature on linear regression with many more samples than
features: every level has its own trade-off between bias and variance, their sum descends twice, and
step sizes that make all levels equally fast leave one descent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive, whole_or_inf
from theory.engines.spectral import no_tail, unlearnable
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="heckel2021",
    title="Early stopping in deep networks: double descent and how to eliminate it",
    authors=("Heckel", "Yilmaz"),
    error="test",
    penalty="none: stopped after k steps on half the mean squared error",
    statements={"risk": "verified by simulation to first order in d/n"},
    topics=("epoch-wise double descent", "early stopping"),
)


def risk(problem: Problem, n: ArrayLike, steps: ArrayLike, learning_rate: ArrayLike) -> Array:
    """Test error of gradient descent for n much larger than the number d of features.

    With e = noise + u, u the power in eigenvalues 0 and in `tail_power`, and r_i = (1 - eta_i lambda_i)^k:
    e + sum v^2 r^2 + (e/n) sum m (1 - r)^2. The error is of the order d/n of the excess.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    n : array_like > 0
        Samples; may be inf.
    steps : array_like of whole numbers >= 0
        k; may be inf.
    learning_rate : scalar or (..., L) array_like >= 0
        eta for all levels or one per level of the problem, along the last axis; leading axes
        broadcast with n and steps.

    Returns
    -------
    array; after infinitely many steps inf where some eta lambda > 2 diverges, nan where one is 2 and
    the noise goes to and fro for ever.

    Source: [heckel2021, Thm 1†].

    >>> problem = Problem([1.0, 0.1], [1.0, 0.1], [20, 20], noise=1.0)
    >>> risk(problem, n=4000, steps=[3, 20, 200], learning_rate=0.5).round(6)
    array([1.093064, 1.019909, 1.01    ])
    """
    no_tail(problem, "gradient flow")
    k = whole_or_inf("steps", steps)
    rate = non_negative("learning_rate", learning_rate)
    shape = problem.eigenvalues.shape
    if rate.ndim and rate.shape[-1:] != shape:
        raise ValueError(f"learning_rate has shape {rate.shape}; pass one number, or one per level, {shape}")
    n, k = positive("n", n)[..., None], k[..., None]
    n, k, rate = broadcast(n=n, steps=k, learning_rate=rate * np.ones(shape))

    learnable = problem.eigenvalues > 0
    lost = unlearnable(problem)
    power, m = problem.power[learnable], problem.multiplicity[learnable]
    pace = rate[..., learnable] * problem.eigenvalues[learnable]
    left, learnt = _powers(pace, k[..., learnable])
    share = (problem.noise + lost) / n[..., learnable] * m
    with np.errstate(invalid="ignore", over="ignore"):
        bias = np.where(power > 0, power * left**2, 0.0).sum(axis=-1)
        variance = np.where(share > 0, share * learnt**2, 0.0).sum(axis=-1)
    return (problem.noise + lost + bias + variance)[()]


def _powers(pace: Array, k: Array) -> tuple[Array, Array]:
    """(1 - pace)^k and 1 - (1 - pace)^k, both without cancellation where pace is small."""
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        slow = np.where(pace > 0, k * np.log1p(-np.minimum(pace, 1.0)), 0.0)
        fast = (1 - np.maximum(pace, 1.0)) ** k
        swing = np.where(np.isinf(k) & (pace == 2), np.nan, 1 - fast)
    left = np.where(pace < 1, np.exp(slow), fast)
    return left, np.where(pace < 1, -np.expm1(slow), swing)
