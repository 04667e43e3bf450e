"""Saxe, McClelland, Ganguli 2014: deep linear networks learn mode by mode, the strong ones first.

Whitened inputs, gradient flow on half the squared error, weights aligned with the singular vectors of the
target: each of its singular values s is learnt by itself, by the product u of one weight a layer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, integer, non_negative, positive, show
from theory.engines import deep_linear
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="saxe2014",
    title="Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    authors=("Saxe", "McClelland", "Ganguli"),
    error="none",
    note="strengths of modes and times",
    penalty="none: stopped at time t, of the flow on half the squared error",
    statements={
        "strength": "proved: solution of the flow; integrated for three layers and more",
        "half_time": "proved: own inverse of `strength`",
    },
    topics=("deep linear networks", "implicit bias", "feature learning"),
)


def strength(
    target: ArrayLike, start: ArrayLike, time: ArrayLike, depth: int = 2, imbalance: ArrayLike = 0.0
) -> Array:
    """Strength u(t) of one mode of a deep linear network under gradient flow.

    Two layers, u = a b with a^2 - b^2 = L, which the flow keeps: u' = sqrt(L^2 + 4 u^2) (s - u). L = 0 is
    the rich regime, u = s/(1 - (1 - s/u_0) e^(-2 s t)), a step after a plateau; for large L the mode is
    learnt at the rate L from the start on, as in the lazy regime. N balanced layers, all weights u^(1/N):
    u' = N u^(2 - 2/N) (s - u).

    Parameters
    ----------
    target : array_like >= 0
        s, singular value of the target.
    start : array_like >= 0
        u_0. A balanced mode of two layers or more that starts at 0 stays there.
    time : array_like >= 0
        t; infinity passes. The flow is that of (s - u)^2/2, in the paper with t/tau.
    depth : int >= 1
        N.
    imbalance : array_like >= 0
        L, of two layers.

    Returns
    -------
    array

    Raises
    ------
    ValueError
        An imbalance of other than two layers.

    Source: [saxe2014, Eq. 8†] for two balanced layers; out of balance [kunin2024], solved here.

    >>> float(strength(target=3.0, start=0.01, time=1.0).round(6))
    1.723002
    >>> float(strength(target=3.0, start=0.01, time=0.5, imbalance=2.0).round(6))
    2.488422
    """
    depth = integer("depth", depth, low=1)
    s, u, t, L = broadcast(
        target=non_negative("target", target),
        start=non_negative("start", start),
        time=non_negative("time", time, finite=False),
        imbalance=non_negative("imbalance", imbalance),
    )
    if depth == 2:
        return deep_linear.two_layers(s, u, t, L)[()]
    if L.any():
        raise ValueError(f"imbalance = {show(imbalance)} needs depth = 2, not {depth}; leave it out")
    return np.asarray(deep_linear.layers(s, u, t, depth))[()]


def half_time(target: ArrayLike, start: ArrayLike) -> Array:
    """Time at which a mode of two balanced layers has learnt half of its target.

    t = log(s/u_0 - 1)/(2 s), so that the strong modes come first, and later by log(1/u_0) the smaller the
    start is. The step itself takes a time of about 2/s whatever the start.

    Parameters
    ----------
    target : array_like > 0
        s.
    start : array_like > 0
        u_0; from half the target on the time is 0.

    Returns
    -------
    array

    Source: [saxe2014]; own inverse of `strength`.

    >>> float(half_time(target=3.0, start=0.01).round(6))
    0.950074
    """
    s, u = broadcast(
        target=positive("target", target, finite=True), start=positive("start", start, finite=True)
    )
    below = u < s / 2
    ratio = np.where(below, (s - u) / np.where(below, u, 1.0), 1.0)
    with np.errstate(over="ignore"):
        return (np.log(ratio) / s / 2)[()]
