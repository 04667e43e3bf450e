"""Advani, Saxe, Sompolinsky 2020: high-dimensional dynamics of generalization error.

A linear student of p inputs learns a linear teacher from n noisy examples, n/p -> alpha, by gradient
flow from small random weights. Inputs of variance 1/p and a sum over examples in place of the mean
make the paper's time t/tau = time/alpha (unit as we read it).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines import flow_curve
from theory.engines.flow import half_circle
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())

PAPER = Paper(
    key="advani2020",
    title="High-dimensional dynamics of generalization error in neural networks",
    authors=("Advani", "Saxe", "Sompolinsky"),
    error="test",
    penalty="none: stopped at time t, of the flow on half the mean squared error",
    statements={
        "risk": "verified by simulation",
        "train_error": "verified by simulation",
        "stopping_time": "verified: own derivative of the risk, against its minimum and limits",
    },
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
    return _curve(alpha, time, signal, noise, init).test


def train_error(
    alpha: ArrayLike,
    time: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 1.0,
    init: ArrayLike = 0.0,
) -> Array:
    """Training error of a linear network during training from random weights.

    (signal + init) I[x e^-2tx] + noise (1 - 1/alpha + I[e^-2tx]/alpha), I the average over the law of
    Marchenko and Pastur of ratio 1/alpha, its atom at 0 included. It only falls, while the test error rises
    again after `stopping_time`; with fewer examples than weights it ends at 0.

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
    array; noise (1 - 1/alpha) at the end for alpha >= 1.

    Source: own derivation and simulation; the quantity is of [advani2020, Sec. 2†].

    >>> train_error(alpha=2.0, time=[0.0, 1.0, 4.0, float("inf")], noise=0.3, init=1.0).round(6)
    array([2.3     , 0.428602, 0.17772 , 0.15    ])
    """
    return _curve(alpha, time, signal, noise, init).train


def stopping_time(
    alpha: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 1.0, init: ArrayLike = 0.0
) -> Array:
    """Best time to stop: where the test error of `risk` is least.

    The root t of I[e^-tx {c x e^-tx - (1 - e^-tx)}] = 0, c = alpha (signal + init)/noise, I the average over
    the law of Marchenko and Pastur of ratio 1/alpha. A direction of eigenvalue x alone is best stopped at
    log(1 + c x)/x, so that t lies between these times of the two edges (1 +- alpha^-1/2)^2, and close to
    log(1 + c) for many samples.

    Parameters
    ----------
    alpha : array_like > 0
        Examples per input dimension n/p; may be inf, where one never stops.
    signal, noise, init : array_like >= 0
        Powers of teacher and initial weights, label-noise variance.

    Returns
    -------
    array; inf without noise and 0 without signal and init (nan without either, where no time errs).

    Source: own derivation and simulation; a best time by the ratio of signal to noise is of
    [advani2020, Sec. 2†].

    >>> stopping_time(alpha=[0.5, 1.0, 2.0, 100.0], noise=0.5).round(6)
    array([0.618524, 1.268585, 2.237156, 5.616081])
    """
    alpha, signal, noise, init = broadcast(
        alpha=positive("alpha", alpha),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        init=non_negative("init", init),
    )
    # time and eigenvalue in the unit of the upper edge, which is (1 + 1/q)^2
    q = np.sqrt(alpha)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        gain = np.where(signal + init > 0, (1 + q) ** 2 * ((signal + init) / noise), 0 / noise)
        gain = np.where(np.isinf(q) & (signal + init > 0), np.inf, gain)
        unit = np.where(np.isinf(q), 1.0, q / (1 + q)) ** 2
    best = [_best(*point) for point in zip(q.ravel(), gain.ravel(), strict=True)]
    return (np.reshape(best, q.shape) * unit)[()]


def _curve(alpha: ArrayLike, time: ArrayLike, signal: ArrayLike, noise: ArrayLike, init: ArrayLike) -> Risk:
    alpha, time, signal, noise, init = broadcast(
        alpha=positive("alpha", alpha),
        time=non_negative("time", time, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        init=non_negative("init", init),
    )
    # the error of the weights starts from teacher - student and shrinks by the same e^-tC
    return flow_curve.curve(_ONE_LEVEL, alpha, time, signal + init, noise)


def _best(q: float, gain: float) -> float:
    """The best time, by bisection of its logarithm between those of the two edges alone."""
    if not 0 < gain < np.inf:
        return gain
    edge = ((1 - q) / (1 + q)) ** 2
    low, high = np.log1p(gain), np.log1p(gain * edge) / edge if gain * edge > 1e-300 else gain
    # panels that halve down to where e^-tx is 1 near a lower edge of 0
    theta, weights = half_circle(25 + int(np.log2(1 + high) / 2))
    above = 4 * q / (1 + q) ** 2 * np.sin(theta / 2) ** 2
    x = edge + above
    log_density = np.log(weights) + 2 * np.log(np.sin(theta))  # of the law, times x
    while high - low > 4e-16 * high:
        middle = np.sqrt(low) * np.sqrt(high)
        if not low < middle < high:
            break
        rate = gain * np.exp(-middle * x) + np.expm1(-middle * x) / x
        exponent = log_density - middle * above  # only the sign counts: its scale is free of underflow
        falls = (np.exp(exponent - exponent.max()) * rate).sum() > 0
        low, high = (middle, high) if falls else (low, middle)
    return float(high)
