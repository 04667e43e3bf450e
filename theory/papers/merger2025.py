"""Merger and Goldt 2025: linear denoisers, the simplest generative models, learnt from n samples.

A = S (S + corruption)^-1 with the empirical covariance S minimises the mean of |x - A (x + noise)|^2 over the
samples and over Gaussian noise of variance `corruption`. On fresh samples it is worse than on those it has
seen: what it has memorised shows as the gap between the two losses.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import Array, broadcast, non_negative, positive
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="merger2025",
    title="Generalization Dynamics of Linear Diffusion Models",
    authors=("Merger", "Goldt"),
    error="none",
    note="squared distance between a sample and its denoised copy, summed over the coordinates",
    penalty="none: the corruption of the inputs acts as the ridge",
    statements={"denoiser": "verified by simulation; own form without cancellation"},
    topics=("diffusion models", "denoising", "memorization", "generative models"),
)


class Denoiser(NamedTuple):
    """Losses of a linear denoiser, summed over the coordinates."""

    test: Array
    """On fresh samples."""
    train: Array
    """On the samples it was made of, with fresh noise."""
    best: Array
    """Of the denoiser that knows the covariance: what test and train tend to as n grows."""


def denoiser(problem: Problem, n: ArrayLike, corruption: ArrayLike) -> Denoiser:
    """Losses of the linear denoiser that is best on n samples.

    With the ridge r = corruption of the core equation, kappa (1 - T/n) = r, u = 1 - D/n and h = (T - D)/n,
        test = kappa T (u + h (1 - h)/u),   train = r T,   best = r T(r).

    Parameters
    ----------
    problem : Problem
        Eigenvalues, multiplicities and tail of the covariance of the data; target and noise do not matter.
    n : array_like > 0
        Samples; may be inf.
    corruption : array_like >= 0
        Variance of the noise on each coordinate; 0 projects on the span of the samples.

    Returns
    -------
    Denoiser(test, train, best); always finite.

    Source: [merger2025]; own derivation.

    >>> found = denoiser(Problem([2.0, 0.3], [0.0, 0.0], [60, 140]), n=[100, 400], corruption=0.2)
    >>> found.test.round(3), found.train.round(3), found.best.round(3)
    (array([68.302, 32.655]), array([15.454, 24.732]), array([27.709, 27.709]))
    """
    noise = non_negative("corruption", corruption, finite=True)
    samples, variance = broadcast(n=positive("n", n), corruption=noise)
    at = equivalent.ridge(problem, samples, variance)
    spread = 1 - at.df2 / samples
    mixed = (at.df - at.df2) / samples
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(mixed > 0, spread + mixed * (1 - mixed) / spread, spread)
    ideal = equivalent.ridge(problem, np.inf, noise)  # the same for all n
    return Denoiser(at.kappa * at.df * factor, variance * at.df, variance * ideal.df)
