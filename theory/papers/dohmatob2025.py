"""Dohmatob, Feng, Subramonian, Kempe 2025: strong model collapse.

A share of the training labels comes from another target, as of an older model; the test is on the true one.
The paper's errors are excess errors, test - noise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import Array, between, broadcast, non_negative, positive
from theory.engines.spectral import spectral
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="dohmatob2025",
    title="Strong model collapse",
    authors=("Dohmatob", "Feng", "Subramonian", "Kempe"),
    error="test",
    penalty="ridge beside the mean squared error, as everywhere in overparam",
    statements={"mixture": "verified (simulation); own derivation"},
    topics=("model collapse", "synthetic data", "scaling laws"),
)


def mixture(
    problem: Problem, shift_power: ArrayLike, share: ArrayLike, n: ArrayLike, ridge: ArrayLike = 0.0
) -> Array:
    """Test error where a share of the labels comes from a shifted target.

    With labels of beta + delta for a random share q, tau^2 the power of delta in a level (delta at a right
    angle to beta), L = lam/(lam + kappa) and amp = df2/(n - df2):
        test = e + sum v^2 (1 - L)^2 + q^2 sum tau^2 L^2
               + amp [e + sum v^2 (1 - L)^2 + q (1 - q) sum tau^2 + q^2 sum tau^2 (1 - L)^2],
    e = noise + unlearnable. The fit learns beta + q delta; which labels are shifted is noise to it. As n
    grows at a fixed ridge-free fit, q^2 sum tau^2 is left: no amount of data cures a fixed share.

    Parameters
    ----------
    problem : Problem
        Spectrum and true target.
    shift_power : (L,) array_like >= 0
        tau^2, one value per level.
    share : array_like in [0, 1]
        q.
    n : array_like > 0
        Samples, true and shifted; may be inf.
    ridge : array_like >= 0
        May be inf.

    Returns
    -------
    array; inf where the fit diverges.

    Raises
    ------
    ValueError
        Another number of levels, an argument out of its range.

    Source: [dohmatob2025]; own derivation, above.

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> mixture(problem, shift_power=[0.3, 0.4], share=[0.0, 0.5], n=200, ridge=0.2).round(4)
    array([1.3415, 1.5454])
    """
    tau2 = non_negative("shift_power", shift_power)
    if tau2.shape != spectral(problem).eigenvalues.shape:
        levels = problem.eigenvalues.shape
        raise ValueError(f"shift_power has shape {tau2.shape}; pass one value per level, {levels}")
    q, n, ridge = broadcast(
        share=between("share", share, 0, 1),
        n=positive("n", n),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    true = equivalent.ridge(problem, n, ridge)
    shift = equivalent.ridge(replace(problem, power=tau2, tail_power=0.0, noise=0.0), n, ridge)
    which = equivalent.ridge(
        replace(problem, power=0 * tau2, tail_power=0.0, noise=float(tau2.sum())), n, ridge
    )
    lam, kappa = problem.eigenvalues, np.asarray(true.kappa)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        learnt = (tau2 * np.where(lam > 0, 1 / (1 + kappa / lam), 0.0) ** 2).sum(axis=-1)
    return (true.test + _times(q**2, learnt + shift.variance) + _times(q * (1 - q), which.variance))[()]


def _times(weight: Array, value: Array) -> Array:
    """weight value; 0 where the weight is 0, of an infinite value too."""
    with np.errstate(invalid="ignore"):
        return np.where(weight > 0, weight * value, 0.0)
