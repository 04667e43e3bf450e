"""Kunin et al. 2024: the imbalance of the layers at the start decides between the lazy and the rich regime.

Two layers, f = a b x: the flow keeps a^2 - b^2 = L, and the tangent kernel is a^2 + b^2 = sqrt(L^2 + 4 u^2),
u = a b. A kernel that stays is lazy; one that grows with what is learnt is rich.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative
from theory.engines import deep_linear
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="kunin2024",
    title="Get rich quick: exact solutions reveal how unbalanced initializations "
    "promote rapid feature learning",
    authors=("Kunin", "Raventós", "Dominé", "Chen", "Klindt", "Saxe", "Ganguli"),
    error="none",
    note="the tangent kernel of a mode",
    penalty="none: stopped at time t, of the flow on half the squared error",
    statements={"kernel": "proved: own solution of the flow of one mode"},
    topics=("lazy training", "feature learning", "deep linear networks", "neural tangent kernel"),
)


def kernel(target: ArrayLike, start: ArrayLike, time: ArrayLike, imbalance: ArrayLike = 0.0) -> Array:
    """Tangent kernel of one mode along its training, sqrt(L^2 + 4 u(t)^2).

    u(t) is `saxe2014.strength` of two layers. The kernel grows from about L to sqrt(L^2 + 4 s^2): L >> 2 s
    is lazy, L << 2 s is rich, and the rate at which the error falls is the kernel.

    Parameters
    ----------
    target : array_like >= 0
        s, singular value of the target.
    start : array_like >= 0
        u_0.
    time : array_like >= 0
        t; infinity passes.
    imbalance : array_like >= 0
        L = a^2 - b^2, the same at all times.

    Returns
    -------
    array

    Source: [kunin2024]; own solution, see `saxe2014.strength`.

    >>> kernel(target=1.0, start=0.001, time=[0.0, 10.0], imbalance=0.1).round(4)
    array([0.1   , 2.0025])
    """
    s, u, t, L = broadcast(
        target=non_negative("target", target),
        start=non_negative("start", start),
        time=non_negative("time", time, finite=False),
        imbalance=non_negative("imbalance", imbalance),
    )
    return np.hypot(L, 2 * deep_linear.two_layers(s, u, t, L))[()]
