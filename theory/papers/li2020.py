"""Li, Soltanolkotabi, Oymak 2020: early stopping is robust to label noise on clustered data.

K unit-norm centres, m inputs at each, a share of the labels +-1 flipped. If the inputs of a cluster are
equal the kernel has rank K: descent fits the average label of the cluster, whose sign is the clean one as
long as fewer than half are flipped, and it never fits the flipped ones. A spread of the inputs adds small
eigenvalues: the network memorises after a time of one over the largest of them. The theorem's constants
(width, step, time) are left out, because they could not be checked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import kernel
from theory.arguments import Array, between, integer, non_negative, pair, scalar
from theory.engines import singular
from theory.engines.spectral import rounding
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="li2020",
    title="Gradient descent with early stopping is provably robust to label noise "
    "for overparameterized neural networks",
    authors=("Li", "Soltanolkotabi", "Oymak"),
    error="none",
    note="the predictions at the centres",
    penalty="none: stopped at time t of the flow on the summed loss",
    statements={"cluster_fit": "proved"},
    topics=("early stopping", "label noise"),
)


def cluster_fit(
    centers: ArrayLike, labels: ArrayLike, copies: int, corruption: float, time: ArrayLike
) -> Array:
    """Predictions at the centres after gradient flow with the relu kernel of the first layer.

    f_t = V (1 - exp(-m e t)) V' (1 - 2 rho) labels, with H(centers) = V diag(e) V': exact for m equal
    inputs per cluster, of which a share rho has the wrong label.

    Parameters
    ----------
    centers : (K, d) array_like
        Inputs; the paper's have norm 1.
    labels : (K,) array_like
        Clean labels, +-1.
    copies : int >= 1
        m.
    corruption : float in [0, 1]
        rho; the signs come out right below 1/2.
    time : array_like >= 0
        t, of the flow on the summed loss; inf is the limit.

    Returns
    -------
    array of shape time.shape + (K,)

    Warns
    -----
    SingularKernelWarning
        Modes below rounding count as 0 and stay, though by the time asked for they would have moved.

    Source: [li2020], its cluster model with equal inputs; direct calculation.

    >>> cluster_fit([[1.0, 0.0], [0.0, 1.0]], [1, -1], copies=10, corruption=0.2, time=[0.1, np.inf]).round(4)
    array([[ 0.2361, -0.2361],
           [ 0.6   , -0.6   ]])
    """
    C, clean = pair("centers", centers, "labels", labels)
    m, t = integer("copies", copies, low=1), non_negative("time", time, finite=False)
    rho = between("corruption", scalar("corruption", corruption), 0, 1)
    H = kernel.first_layer(C)
    e, V = np.linalg.eigh(H)
    cut = rounding(e)
    singular.check("the kernel of the centers", H, e, cut, m * float(t.max(initial=0.0)))
    e = np.where(e > cut, e, 0.0)
    with np.errstate(invalid="ignore"):
        exponent = np.where(e == 0, 0.0, m * e * t[..., None])
    return (-np.expm1(-exponent) * (V.T @ clean)) @ V.T * (1 - 2 * float(rho))
