"""Rahimi, Recht 2007: random Fourier features for the Gaussian kernel exp(-distance^2/(2 bandwidth^2)).

D features in total, in two variants: "paired", sine and cosine of D/2 frequencies, and "phase", sqrt(2)
times the cosine of D frequencies with random phases.

Random binning, for the Laplace kernel exp(-|x - y|_1/bandwidth), has P grids instead. Each coordinate of a
grid has a pitch s of density s e^(-s/bandwidth)/bandwidth^2 (in general s k''(s), for a product of convex
functions k of the distances in each coordinate) and a shift that is uniform on [0, s]. The estimate is the
share of grids where both points lie in one cell; in one coordinate the chance is E max(0, 1 - |x - y|/s).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, option, positive
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="rahimi2007",
    title="Random features for large-scale kernel machines",
    authors=("Rahimi", "Recht"),
    error="none",
    note="variance of a kernel estimate and bounds on its error",
    penalty="none",
    statements={
        "feature_variance": "proved",
        "pointwise_bound": "proved",
        "binning_variance": "proved",
        "binning_bound": "proved",
        "uniform_bound": "verified as a bound by simulation; the constant 2^8 at second hand",
    },
    topics=("random features",),
)

# Hoeffding: D/2 terms in [-1, 1], or D terms in [-2, 2]
_RANGE = {"paired": 4.0, "phase": 8.0}


def feature_variance(
    distance: ArrayLike, features: ArrayLike, variant: str = "paired", bandwidth: ArrayLike = 1.0
) -> Array:
    """Variance of the kernel estimate z(x).z(y) at |x - y| = distance.

    With x = distance/bandwidth: paired (1 - e^(-x^2))^2/D, phase (1 - e^(-x^2) + e^(-2 x^2)/2)/D.

    Parameters
    ----------
    distance : array_like >= 0
        May be inf.
    features : array_like > 0
        D, all features: paired uses D/2 frequencies. May be inf.
    variant : "paired" or "phase"
    bandwidth : array_like > 0

    Returns
    -------
    array

    Source: moments of the features of [rahimi2007]; first given by [sutherland2015, Sec. 2†].

    >>> feature_variance([0.0, 1.0], 100, "paired").round(8)
    array([0.        , 0.00399576])
    """
    option("variant", variant, *_RANGE)
    distance, features, bandwidth = broadcast(
        distance=non_negative("distance", distance, finite=False),
        features=positive("features", features),
        bandwidth=positive("bandwidth", bandwidth, finite=True),
    )
    x2 = product((distance, 2), (bandwidth, -2))
    lost = -np.expm1(-x2)
    if variant == "paired":
        return product((lost, 2), (features, -1))[()]
    with np.errstate(over="ignore"):
        return ((lost + np.exp(-2 * x2) / 2) / features)[()]


def pointwise_bound(epsilon: ArrayLike, features: ArrayLike, variant: str = "paired") -> Array:
    """Bound on the probability that the kernel estimate of one pair is wrong by epsilon or more.

    2 exp(-D epsilon^2/4) for paired, 2 exp(-D epsilon^2/8) for phase features, clipped to 1.

    Parameters
    ----------
    epsilon : array_like > 0
    features : array_like > 0
        D, all features.
    variant : "paired" or "phase"
        The bound with 4 is often quoted for phase, whose products lie in [-2, 2]: there it is 8.

    Returns
    -------
    array in [0, 1]

    Source: [rahimi2007, Sec. 3†] by Hoeffding's inequality.

    >>> pointwise_bound(0.1, [100, 5000]).round(9)
    array([1.000e+00, 7.453e-06])
    """
    option("variant", variant, *_RANGE)
    epsilon, features = broadcast(
        epsilon=positive("epsilon", epsilon), features=positive("features", features)
    )
    return np.minimum(1.0, 2 * np.exp(-product((features, 1), (epsilon, 2)) / _RANGE[variant]))[()]


def uniform_bound(
    epsilon: ArrayLike,
    features: ArrayLike,
    d: ArrayLike,
    diameter: ArrayLike,
    bandwidth: ArrayLike = 1.0,
) -> Array:
    """Bound on the probability that the estimate is wrong by epsilon somewhere on a set.

    2^8 (s diameter/epsilon)^2 exp(-D epsilon^2/(8 (d + 2))), s^2 = d/bandwidth^2, clipped to 1: the paper's
    bound with D/2 frequencies, each of which gives two of the D features. It holds for the paired variant;
    the constant 2^8 is known from texts that quote the paper.

    Parameters
    ----------
    epsilon : array_like > 0
    features : array_like > 0
        D, all features; the paper's bound counts frequencies, D/2.
    d : array_like > 0
        Dimension of the inputs.
    diameter : array_like >= 0
        Diameter of the set in R^d.
    bandwidth : array_like > 0

    Returns
    -------
    array in [0, 1]

    Source: [rahimi2007, Claim 1†]; [sutherland2015] discuss the variants.

    >>> float(uniform_bound(0.3, 10000, d=5, diameter=1.0, bandwidth=2.0))
    0.000372...
    """
    epsilon, features, d, diameter, bandwidth = broadcast(
        epsilon=positive("epsilon", epsilon),
        features=positive("features", features),
        d=positive("d", d, finite=True),
        diameter=non_negative("diameter", diameter),
        bandwidth=positive("bandwidth", bandwidth, finite=True),
    )
    with np.errstate(divide="ignore"):  # a single point has diameter 0: no error
        size = np.log(diameter) - np.log(bandwidth) - np.log(epsilon)
        size = 8 * np.log(2) + 2 * size + np.log(d)
    exponent = product((features, 1), (epsilon, 2), (d + 2, -1)) / 8
    return np.exp(np.minimum(0.0, size - exponent))[()]


def binning_variance(distance: ArrayLike, grids: ArrayLike, bandwidth: ArrayLike = 1.0) -> Array:
    """Variance of the estimate of the Laplace kernel by random binning.

    k (1 - k)/P with k = exp(-distance/bandwidth), the chance that both points lie in one cell of a grid.

    Parameters
    ----------
    distance : array_like >= 0
        |x - y|_1, the sum over the coordinates; may be inf.
    grids : array_like > 0
        P; may be inf.
    bandwidth : array_like > 0

    Returns
    -------
    array

    Source: own derivation and simulation; random binning is of [rahimi2007, Sec. 4†].

    >>> binning_variance([0.0, 1.0], 100).round(8)
    array([0.        , 0.00232544])
    """
    distance, grids, bandwidth = broadcast(
        distance=non_negative("distance", distance, finite=False),
        grids=positive("grids", grids),
        bandwidth=positive("bandwidth", bandwidth, finite=True),
    )
    exponent = product((distance, 1), (bandwidth, -1))
    return product((np.exp(-exponent), 1), (-np.expm1(-exponent), 1), (grids, -1))[()]


def binning_bound(epsilon: ArrayLike, grids: ArrayLike) -> Array:
    """Bound on the probability that random binning is wrong by epsilon or more at one pair of points.

    2 exp(-2 P epsilon^2), clipped to 1, whatever the kernel and the dimension.

    Parameters
    ----------
    epsilon : array_like > 0
    grids : array_like > 0
        P.

    Returns
    -------
    array in [0, 1]

    Source: Hoeffding's inequality for P terms in [0, 1]; random binning is of [rahimi2007, Sec. 4†].

    >>> binning_bound(0.1, [100, 1000]).round(9)
    array([2.70670566e-01, 4.00000000e-09])
    """
    epsilon, grids = broadcast(epsilon=positive("epsilon", epsilon), grids=positive("grids", grids))
    return np.minimum(1.0, 2 * np.exp(-2 * product((grids, 1), (epsilon, 2))))[()]
