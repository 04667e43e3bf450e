"""Poole et al. 2016: deep random networks are ordered or chaotic, by the variances of weights and biases.

W ~ N(0, sigma_w^2/N) and b ~ N(0, sigma_b^2) in wide layers; the variance of the preactivations has settled.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import ActivationLike, dual
from theory.arguments import Array, between, integer, non_negative, scalar
from theory.kernel import deep_limit
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="poole2016",
    title="Exponential expressivity in deep neural networks through transient chaos",
    authors=("Poole", "Lahiri", "Raghu", "Sohl-Dickstein", "Ganguli"),
    error="none",
    note="correlations and factors per layer",
    penalty="none",
    statements={
        "chi_1": "verified against random networks by simulation",
        "correlation": "verified against random networks by simulation",
    },
    topics=("edge of chaos", "order and chaos", "depth", "expressivity", "wide networks"),
)


def chi_1(sigma_w: ArrayLike, sigma_b: ArrayLike = 0.0, activation: ActivationLike = "tanh") -> Array:
    """Factor by which a layer stretches a small squared distance: sigma_w^2 E s'(u)^2, u of variance q*.

    Below 1 the network is ordered and inputs become one, above it is chaotic and they part.

    Parameters
    ----------
    sigma_w, sigma_b : array_like >= 0
        Standard deviations.
    activation : str or callable

    Returns
    -------
    array

    Source: [poole2016, Eq. 6†], `theory.kernel.deep_limit`.

    >>> float(chi_1(2.0, 0.3).round(6))
    1.32707
    """
    weights, biases = non_negative("sigma_w", sigma_w), non_negative("sigma_b", sigma_b)
    return deep_limit(weights**2, biases**2, activation).chi_1


def correlation(
    start: ArrayLike,
    depth: int,
    sigma_w: float,
    sigma_b: float = 0.0,
    activation: ActivationLike = "tanh",
) -> Array:
    """Correlation of the preactivations of two inputs after some layers, infinitely wide ones.

    c <- [sigma_w^2 E s(u) s(v) + sigma_b^2]/q*, (u, v) of variances q* and correlation c; it tends to
    c* = 1 in order and to c* < 1 in chaos, wherever it starts.

    Parameters
    ----------
    start : array_like in [-1, 1]
        Correlation in the first layer.
    depth : int >= 0
        Layers after the first.
    sigma_w, sigma_b : float >= 0
    activation : str or callable

    Returns
    -------
    array

    Raises
    ------
    ValueError
        A variance that dies out or explodes, an argument out of its range.

    Source: [poole2016, Eq. 5†].

    >>> correlation([0.99, 0.0], 10, 2.5, 0.3).round(4)
    array([0.6575, 0.1052])
    """
    c = between("start", start, -1, 1)
    depth = integer("depth", depth, low=0)
    w2, b2 = scalar("sigma_w", sigma_w, low=0.0) ** 2, scalar("sigma_b", sigma_b, low=0.0) ** 2
    q = float(deep_limit(w2, b2, activation).variance)
    if not 0 < q < np.inf:
        raise ValueError(
            f"sigma_w = {sigma_w:g} and sigma_b = {sigma_b:g} make the variance tend to {q:g}; "
            "take others, or theory.kernel.nngp at a depth"
        )
    for _ in range(depth):
        c = np.clip((w2 * dual(activation, c * q, q, q) + b2) / q, -1.0, 1.0)
    return np.asarray(c)[()]
