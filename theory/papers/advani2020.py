"""Advani, Saxe, Sompolinsky 2020: high-dimensional dynamics of generalization error.

A linear student of p inputs learns a linear teacher from n noisy examples, n/p -> alpha, by gradient
flow from small random weights. Inputs of variance 1/p and a sum over examples in place of the mean
make the paper's time t/tau = time/alpha (unit as we read it).
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines import flow_curve
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="advani2020",
    title="High-dimensional dynamics of generalization error in neural networks",
    authors=("Advani", "Saxe", "Sompolinsky"),
    error="test",
    penalty="none: stopped at time t, of the flow on half the mean squared error",
    statements={"risk": "verified by simulation"},
    topics=("early stopping", "Marchenko-Pastur"),
)

_ONE_LEVEL = Problem.isotropic(p=1)


def risk(
    alpha: ArrayLike,
    time: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 1.0,
    init: ArrayLike = 0.0,
) -> Array:
    """Test error of a linear network during training from random weights.

    noise + (signal + init) I[e^-2tx] + (noise/alpha) I[(1 - e^-tx)^2/x], I the average over the law of
    Marchenko and Pastur of ratio 1/alpha. For alpha < 1 the share 1 - alpha of the first term is frozen.

    Parameters
    ----------
    alpha : array_like > 0
        Examples per input dimension n/p; may be inf.
    time : array_like >= 0
        Time of the flow beta' = X'(y - X beta)/n with unit input variance; may be inf.
    signal, noise : array_like >= 0
        Power of the teacher and label-noise variance.
    init : array_like >= 0
        Power E |beta(0)|^2 of the initial weights.

    Returns
    -------
    array; inf at alpha = 1, time inf, noise > 0.

    Source: [advani2020, Sec. 2†].

    >>> float(risk(alpha=0.5, time=4.0, noise=0.3, init=1.0).round(6))
    1.538269
    """
    alpha, time, signal, noise, init = broadcast(
        alpha=positive("alpha", alpha),
        time=non_negative("time", time, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        init=non_negative("init", init),
    )
    # the error of the weights starts from teacher - student and shrinks by the same e^-tC
    return flow_curve.curve(_ONE_LEVEL, alpha, time, signal + init, noise).test
