"""Donoho, Maleki and Montanari 2009: when the smallest sum of absolute coefficients finds a sparse target."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, between
from theory.engines.normal import partial_moments
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="donoho2009",
    title="Message-passing algorithms for compressed sensing",
    authors=("Donoho", "Maleki", "Montanari"),
    error="none",
    note="samples per feature",
    penalty="none: basis pursuit, the limit of the Lasso",
    statements={
        "transition": "verified by linear programs, and by the end of `bayati2012.lasso` without noise"
    },
    topics=("compressed sensing", "basis pursuit", "phase transition", "sparsity"),
)


def transition(sparsity: ArrayLike) -> Array:
    """Samples per feature, n/p, beyond which basis pursuit finds a noiseless target with k of p coefficients.

    min over t of e (1 + t^2) + (1 - e) [2 (1 + t^2) Phi(-t) - 2 t phi(t)], e = k/p: the risk of the best soft
    threshold for the worst target. Gaussian inputs and p -> infinity; at finite p the passage from never to
    always is about p^(-2/3) wide [donoho2009†].

    Parameters
    ----------
    sparsity : array_like in [0, 1]
        e = k/p.

    Returns
    -------
    array in [0, 1], at least e.

    Source: [donoho2009, Eq. 2†].

    >>> transition([0.0, 0.1, 1.0]).round(6)
    array([0.      , 0.328794, 1.      ])
    """
    e = between("sparsity", sparsity, 0, 1)
    # at the minimum e t = 2 (1 - e) E(G - t)_+; the right side over t falls with t
    low, high = np.full(e.shape, -800.0), np.full(e.shape, 4.0)  # of log t
    for _ in range(70):
        middle = (low + high) / 2
        t = np.exp(middle)
        right = 2 * (1 - e) * partial_moments(-t)[0] > e * t
        low, high = np.where(right, middle, low), np.where(right, high, middle)
    t = np.exp((low + high) / 2)
    value = e * (1 + t**2) + 2 * (1 - e) * partial_moments(-t)[1]
    found: Array = np.where(e == 0, 0.0, np.where(e == 1, 1.0, value))
    return found[()]
