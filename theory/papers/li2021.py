"""Li, Sompolinsky 2021: deep linear networks after learning have the kernel of the start, times a number.

The back-propagating renormalisation of the kernel, in the limit of many samples and wide layers.
"""

from __future__ import annotations

from math import exp, log, log1p

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, whole
from theory.engines import monotone
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="li2021",
    title="Statistical mechanics of deep linear neural networks: the backpropagating kernel renormalization",
    authors=("Li", "Sompolinsky"),
    error="none",
    note="a factor of the kernel",
    penalty="none: a Gaussian prior, whose weights have the variance 1 over the inputs of their layer",
    statements={"renormalisation": "verified: the limit of theory.papers.hanin2023.scale, and by sampling"},
    topics=("Bayesian neural networks", "deep linear networks", "statistical mechanics"),
)


def renormalisation(share: ArrayLike, r: ArrayLike, depth: ArrayLike = 1) -> Array:
    """Factor u of each hidden layer, by whose power u^depth the kernel is multiplied given the labels.

    1 - u = share (1 - r/u^depth): above 1 where the labels are larger than the kernel expects, r > 1, below
    1 where they are smaller, and 1 in networks much wider than their data. For one hidden layer
    u = [(1 - e) + sqrt((1 - e)^2 + 4 e r)]/2 with e = share.

    Parameters
    ----------
    share : array_like >= 0
        Samples over the width of each hidden layer.
    r : array_like >= 0
        y'K^-1 y/n, the size of the noiseless labels against the kernel.
    depth : array_like of whole numbers >= 1
        Hidden layers.

    Returns
    -------
    array; 0 where r = 0 and share >= 1.

    Source: [li2021, Eq. 13†]; re-derived as the saddle point over the layers' chi-squares.

    >>> renormalisation(0.5, r=[0.5, 1.0, 2.0], depth=[[1], [3]]).round(4)
    array([[0.809 , 1.    , 1.2808],
           [0.8742, 1.    , 1.1528]])
    """
    share, r, depth = broadcast(
        share=non_negative("share", share), r=non_negative("r", r), depth=whole("depth", depth, low=1)
    )
    found = [_root(*point) for point in zip(*(a.ravel().tolist() for a in (share, r, depth)), strict=True)]
    return np.array(found, dtype=float).reshape(share.shape)[()]


def _root(share: float, r: float, depth: float) -> float:
    """The u > 0 of u + share = 1 + share r/u^depth: the left side rises in u, the right one falls."""
    if share == 0:
        return 1.0
    if r == 0:
        return max(1 - share, 0.0)
    pull = log(share) + log(r)

    def gap(log_u: float) -> float:
        return exp(log_u) + (share - 1) - exp(min(pull - depth * log_u, 700.0))

    high = max(log(2), (pull + log(2)) / (depth + 1))  # 2^depth >= 2: u is at least twice the right side
    low = min(0.0, (pull - log1p(share)) / depth) - 1
    return exp(monotone.root(gap, low, high))
