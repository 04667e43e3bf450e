"""Gidel, Bach, Lacoste-Julien 2019: from a small start a two-layer linear network climbs through the ranks.

Gradient flow on half the squared error, whitened inputs. The product of the layers starts at u_0 in each
mode; on the scale log(1/u_0)/2 of time the flow stands still at every best approximation of low rank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, real
from theory.engines import deep_linear
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="gidel2019",
    title="Implicit regularization of discrete gradient dynamics in linear neural networks",
    authors=("Gidel", "Bach", "Lacoste-Julien"),
    error="excess",
    penalty="none: stopped at time t, of the flow on half the squared error",
    statements={
        "limit": "proved: limit of saxe2014.strength",
        "error": "proved: sum over the modes",
    },
    topics=("deep linear networks", "implicit bias", "low rank"),
)


def limit(target: ArrayLike, time: ArrayLike) -> Array:
    """Strength of a mode in the limit of a small start: 0 before the time 1/s, and s after it.

    Time is in units of log(1/u_0)/2, u_0 the strength at the start. At time 1/s itself the strength is
    s/(1 + s).

    Parameters
    ----------
    target : array_like >= 0
        s, singular value of the target.
    time : array_like >= 0

    Returns
    -------
    array

    Source: [gidel2019, Thm 1†].

    >>> limit([3.0, 1.0, 0.5], time=1.5)
    array([3., 1., 0.])
    """
    s, t = broadcast(target=non_negative("target", target), time=non_negative("time", time, finite=False))
    with np.errstate(invalid="ignore"):
        phase = np.where(s > 0, s * t, 0.0)
    return np.where(phase > 1, s, np.where(phase == 1, s / (1 + s), 0.0))[()]


def error(targets: ArrayLike, start: ArrayLike, time: ArrayLike) -> Array:
    """Squared error of the product of two layers: sum (s_i - u_i(t))^2, every mode from u_0.

    For a small start it is a staircase; the step of mode i is at log(s_i/u_0)/(2 s_i) and its height s_i^2.

    Parameters
    ----------
    targets : (k,) array_like >= 0
        Singular values of the target.
    start : array_like >= 0
        u_0.
    time : array_like >= 0

    Returns
    -------
    array
        Squared error on whitened inputs, of which it is the excess error.

    Source: [gidel2019]; [saxe2014] for the modes.

    >>> error([3.0, 1.0], start=1e-6, time=[0.0, 5.0, 10.0]).round(4)
    array([10.    ,  0.9574,  0.    ])
    """
    s = real("targets", targets)
    if s.ndim != 1:
        raise ValueError(f"targets has shape {s.shape}; pass the singular values as one row")
    u, t = broadcast(start=non_negative("start", start), time=non_negative("time", time, finite=False))
    goal, first, when = broadcast(targets=non_negative("targets", s), start=u[..., None], time=t[..., None])
    reached = deep_linear.two_layers(goal, first, when, np.zeros(()))
    return ((goal - reached) ** 2).sum(axis=-1)[()]
