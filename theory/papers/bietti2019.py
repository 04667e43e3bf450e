"""Bietti, Mairal 2019: the tangent kernel of a two-layer relu network on the sphere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import sphere
from theory.arguments import Array, integer
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="bietti2019",
    title="On the inductive bias of neural tangent kernels",
    authors=("Bietti", "Mairal"),
    error="none",
    note="eigenvalues of a kernel",
    penalty="none",
    statements={
        "eigenvalue": "proved",
        "decay_constant": "proved as the limit of `eigenvalue`; the paper gives the rate",
    },
    topics=("neural tangent kernel", "spectral bias"),
)


def eigenvalue(degree: ArrayLike, d: int) -> Array:
    """Eigenvalue mu_k of t kappa0(t) + kappa1(t) on the sphere of R^d; 0 for odd k >= 3.

    Parameters
    ----------
    degree : array_like of int >= 0
    d : int >= 2

    Returns
    -------
    array of the shape of `degree`

    Source: [bietti2019, Prop. 5†].

    >>> eigenvalue([0, 1, 2, 3], d=3)
    array([0.5       , 0.33333333, 0.078125  , 0.        ])
    """
    return sphere.eigenvalues("ntk", degree, d)


def decay_constant(d: int) -> float:
    """Limit of k^d mu_k over even k: 2^(d-1) Gamma(d/2)^2/pi^2.

    The relative correction is -d(d - 2)/(2k).

    Parameters
    ----------
    d : int >= 2

    Returns
    -------
    float

    Source: [bietti2019, Prop. 5†] for the rate k^-d; the constant from `eigenvalue` by Stirling's formula.

    >>> round(decay_constant(3), 12)
    0.318309886184
    """
    from scipy.special import gammaln

    d = integer("d", d, low=2)
    return float(np.exp((d - 1) * np.log(2) + 2 * gammaln(d / 2)) / np.pi**2)
