"""Bounds from the number of predictors: VC dimension, and description length (Occam)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.complexity._checks import confidence, samples
from theory.names import own_names

__dir__ = own_names(globals())


def vc_gap(vc_dimension: ArrayLike, n: ArrayLike, delta: ArrayLike = 0.05) -> Array:
    """Gap between true and empirical error by the VC dimension D of a class of classifiers.

    sqrt((8/n) (D ln(2 e n/D) + ln(4/delta))), with D capped at n: it stays constant once D >= n and cannot
    show a second descent. The formula is taken from the literature; its constants are not checked here.

    Parameters
    ----------
    vc_dimension : array_like >= 0
        D; d + 1 for affine classifiers in d dimensions. May be inf.
    n : array_like >= 1
        Samples.
    delta : array_like in (0, 1)

    Returns
    -------
    array

    Source: [vapnik1998].

    >>> vc_gap([21, 1000, 5000], n=1000).round(3)
    array([0.984, 3.685, 3.685])
    """
    dimension, n, delta = broadcast(
        vc_dimension=non_negative("vc_dimension", vc_dimension, finite=False),
        n=samples(n),
        delta=confidence(delta),
    )
    share = np.minimum(dimension / n, 1.0)
    entropy = share * (1 + np.log(2) - np.log(np.where(share > 0, share, 1.0)))
    return np.sqrt(8 * (entropy + (np.log(4) - np.log(delta)) / n))[()]


def norm_vc_dimension(data_radius: ArrayLike, margin: ArrayLike, features: ArrayLike) -> Array:
    """VC dimension of hyperplanes that keep a distance, the margin, from every input of bounded length.

    With r = (data_radius/margin)^2 it is the largest k <= features + 1 with
        r >= k - 1 for even k,   r >= (k - 1)^2 (k + 1)/k^2 for odd k:
    with enough margin the number of features drops out. These are the margins at which every split of a
    regular simplex of k inputs is separated, the most even split worst; no other k inputs do better.

    Parameters
    ----------
    data_radius : array_like >= 0
        Bound on |x|.
    margin : array_like > 0
    features : array_like >= 0
        May be inf.

    Returns
    -------
    array of whole numbers; a ratio within 1e-12 of a whole number counts as that.

    Source: own derivation; [vapnik1998] has floor(r) + 1, which an equilateral triangle at
    r = 16/9 exceeds.

    >>> float(norm_vc_dimension(data_radius=1.0, margin=0.3, features=100))
    12.0
    >>> float(norm_vc_dimension(data_radius=1.0, margin=0.75, features=2))
    3.0
    """
    data_radius, margin, features = broadcast(
        data_radius=non_negative("data_radius", data_radius),
        margin=positive("margin", margin),
        features=non_negative("features", features, finite=False),
    )
    with np.errstate(over="ignore"):
        ratio2 = (data_radius / margin) ** 2
    ratio2 = ratio2 * (1 + 1e-12)
    even = 2 * np.floor((np.floor(ratio2) + 1) / 2)  # the largest even k with k - 1 <= r
    odd = even + 1  # reached a little before r = k - 1
    with np.errstate(over="ignore", invalid="ignore"):
        reached = ratio2 >= (odd - 1) * ((odd - 1) / odd) * ((odd + 1) / odd)
    return np.minimum(np.where(reached, odd, even), np.floor(features) + 1)[()]


def occam_gap(bits: ArrayLike, n: ArrayLike, delta: ArrayLike = 0.05) -> Array:
    """Gap of a classifier that takes a number of bits in a code fixed in advance.

    sqrt((bits ln 2 + ln(1/delta))/(2 n)).

    Parameters
    ----------
    bits : array_like >= 0
        Length in a prefix-free code. May be inf.
    n : array_like >= 1
        Samples.
    delta : array_like in (0, 1)

    Returns
    -------
    array

    Source: Hoeffding's inequality and a union over the code words, as in [mcallester1999].

    >>> float(occam_gap(64, n=1000).round(6))
    0.153878
    """
    bits, n, delta = broadcast(
        bits=non_negative("bits", bits, finite=False), n=samples(n), delta=confidence(delta)
    )
    return np.sqrt((bits * np.log(2) - np.log(delta)) / (2 * n))[()]
