"""Schoenholz et al. 2017: information passes through as many layers as the depth scales of a random network.

W ~ N(0, sigma_w^2/N) and b ~ N(0, sigma_b^2) in wide layers. Networks much deeper than the depth scale of
correlations cannot be trained: their outputs, and their gradients, do not know their inputs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import ActivationLike
from theory.arguments import Array, non_negative
from theory.kernel import deep_limit, edge_of_chaos
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="schoenholz2017",
    title="Deep information propagation",
    authors=("Schoenholz", "Gilmer", "Ganguli", "Sohl-Dickstein"),
    error="none",
    note="depths and standard deviations",
    penalty="none",
    statements={
        "depth_scales": "verified against random networks by simulation",
        "critical_sigma_w": "verified against random networks by simulation",
    },
    topics=("edge of chaos", "vanishing gradients", "initialization", "depth", "wide networks"),
)


class DepthScales(NamedTuple):
    """Layers in which a network forgets, to 1/e."""

    length: Array
    """xi_q, how long an input is."""
    correlation: Array
    """xi_c, how correlated two inputs are."""


def depth_scales(
    sigma_w: ArrayLike, sigma_b: ArrayLike = 0.0, activation: ActivationLike = "tanh"
) -> DepthScales:
    """Depths in which a random network forgets lengths and correlations of its inputs.

    |q_l - q*| ~ e^(-l/xi_q) and |c_l - c*| ~ e^(-l/xi_c), with xi_c = -1/log(sigma_w^2 E s'(u) s'(v)) at c*,
    which is -1/log chi_1 in order; squared gradients change by chi_1 a layer. At the edge of chaos xi_c is
    infinite.

    Parameters
    ----------
    sigma_w, sigma_b : array_like >= 0
        Standard deviations.
    activation : str or callable

    Returns
    -------
    DepthScales
        (length, correlation), arrays; inf where nothing settles.

    Source: [schoenholz2017, Eq. 7†, 9†], `theory.kernel.deep_limit`.

    >>> [float(depth.round(4)) for depth in depth_scales([1.0, 1.2, 2.0], 0.3).correlation]
    [2.8066, 7.1814, 6.6483]
    """
    weights, biases = non_negative("sigma_w", sigma_w), non_negative("sigma_b", sigma_b)
    limit = deep_limit(weights**2, biases**2, activation)
    return DepthScales(limit.variance_depth, limit.correlation_depth)


def critical_sigma_w(sigma_b: ArrayLike = 0.0, activation: ActivationLike = "tanh") -> Array:
    """Standard deviation of the weights at the edge of chaos, chi_1 = 1.

    Parameters
    ----------
    sigma_b : array_like >= 0
    activation : str or callable
        Not "sign".

    Returns
    -------
    array

    Source: [schoenholz2017, Fig. 1†], `theory.kernel.edge_of_chaos`.

    >>> critical_sigma_w([0.0, 0.05**0.5]).round(4)
    array([1.   , 1.327])
    """
    return np.sqrt(edge_of_chaos(non_negative("sigma_b", sigma_b) ** 2, activation))[()]
