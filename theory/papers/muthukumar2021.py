"""Muthukumar, Narang, Subramanian, Belkin, Hsu and Sahai 2021: when every sample is a support vector.

The hard-margin support vector machine is the minimum-norm fit of the labels +-1 if and only if the dual of
that fit has the sign of the labels in every sample, y_i (K^-1 y)_i > 0: all samples are support vectors.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, whole
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="muthukumar2021",
    title="Classification vs regression in overparameterized regimes: Does the loss function matter?",
    authors=("Muthukumar", "Narang", "Subramanian", "Belkin", "Hsu", "Sahai"),
    error="none",
    note="shares of support vectors",
    penalty="none: the hard-margin machine and the minimum-norm fit",
    statements={"positive_share": "proved for `share` (own derivation); `all` takes samples for independent"},
    topics=("max margin", "support vectors", "interpolation", "implicit bias"),
)


class SupportVectors(NamedTuple):
    """How many samples have a positive dual of the minimum-norm fit of their labels."""

    share: Array
    """Mean share of the samples."""
    all: Array
    """Chance that it is all of them, were they independent: then machine and fit are one."""


def positive_share(n: ArrayLike, d: ArrayLike) -> SupportVectors:
    """How many of n samples x ~ N(0, I_d) with any labels +-1 have y_i (K^-1 y)_i > 0, K = X X'.

    share = P(t_k < sqrt(k/(n - 1))), Student's t of k = d - n + 2 degrees of freedom, exact at every size;
    all = share^n, which is 2 to 7 % too high near 1/2 and too low by up to a factor of 2 where it is rare.
    All samples become support vectors near d = 2 n log n [hsu2021†].

    Parameters
    ----------
    n : array_like of whole numbers >= 1
        Samples.
    d : array_like of whole numbers >= n
        Dimensions of the inputs.

    Returns
    -------
    SupportVectors(share, all), each in (1/2, 1].

    Raises
    ------
    ValueError
        d < n, where the labels have no fit.

    Source: own derivation; the question is that of [muthukumar2021, Thm 1†].

    >>> round(float(positive_share(30, 60).share), 6)
    0.84931
    """
    samples, dimensions = broadcast(n=whole("n", n, low=1), d=whole("d", d, low=1))
    if (dimensions < samples).any():
        i = np.flatnonzero((dimensions < samples).ravel())[0]
        raise ValueError(
            f"d = {dimensions.ravel()[i]:g} must be at least n = {samples.ravel()[i]:g}, to fit the labels"
        )
    from scipy.special import stdtr

    degrees = dimensions - samples + 2
    with np.errstate(divide="ignore"):
        missing = stdtr(degrees, -np.sqrt(degrees / (samples - 1)))
    return SupportVectors((1 - missing)[()], np.exp(samples * np.log1p(-missing))[()])
