"""Marchenko, Pastur 1967: eigenvalues of a sample covariance spread over an interval, whatever its entries.

C = X'X/n of a design X (n, p) with independent entries of mean 0 and variance 1, so that all eigenvalues are
1 in truth, as n, p -> infinity with p/n -> c. The interval touches 0 at c = 1 alone: that is the peak of
double descent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="marchenko1967",
    title="Distribution of eigenvalues for some sets of random matrices",
    authors=("Marčenko", "Pastur"),
    error="none",
    note="eigenvalues",
    penalty="none",
    statements={
        "density": "proved: from the quadratic equation of the resolvent",
        "edges": "proved: where the density ends",
    },
    topics=("Marchenko-Pastur", "interpolation threshold", "random matrices"),
)


class Edges(NamedTuple):
    """Where the eigenvalues other than 0 begin and end."""

    low: Array
    high: Array


def edges(ratio: ArrayLike) -> Edges:
    """Ends of the spectrum of a sample covariance: (1 - sqrt c)^2 and (1 + sqrt c)^2.

    Below the lower end there is a gap, in which the share 1 - 1/c of eigenvalues 0 lies alone if c > 1. The
    gap closes at c = 1, where the variance of least squares, the mean of 1/x, is infinite.

    Parameters
    ----------
    ratio : array_like > 0
        c = p/n.

    Returns
    -------
    Edges(low, high)

    Source: [marchenko1967, Sec. 1†].

    >>> edges([0.25, 1.0, 4.0])
    Edges(low=array([0.25, 0.  , 1.  ]), high=array([2.25, 4.  , 9.  ]))
    """
    c = positive("ratio", ratio, finite=True)
    root = np.sqrt(c)
    return Edges(((1 - c) / (1 + root))[()] ** 2, (1 + root)[()] ** 2)


def density(eigenvalue: ArrayLike, ratio: ArrayLike) -> Array:
    """Density of the eigenvalues of a sample covariance other than 0, per eigenvalue of all p.

    f(x) = sqrt((high - x)(x - low))/(2 pi c x) between the `edges`, and 0 elsewhere. It integrates to
    min(1, 1/c); beside it stand the eigenvalues 0, a share of max(0, 1 - 1/c).

    Parameters
    ----------
    eigenvalue : array_like >= 0
        x.
    ratio : array_like > 0
        c = p/n.

    Returns
    -------
    array; inf at x = 0 and c = 1.

    Source: [marchenko1967, Sec. 1†].

    >>> density([0.1, 1.0, 2.0], ratio=0.25).round(6)
    array([0.      , 0.616404, 0.210542])
    """
    x, c = broadcast(
        eigenvalue=non_negative("eigenvalue", eigenvalue), ratio=positive("ratio", ratio, finite=True)
    )
    low, high = edges(c)
    inside = np.sqrt(np.maximum(high - x, 0.0)) * np.sqrt(np.maximum(x - low, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = inside / x / c / (2 * np.pi)
    return np.where((x == 0) & (low == 0), np.inf, np.where(inside > 0, found, 0.0))[()]
