"""Lu, Letey, Zavatone-Veth, Maiti, Pehlevan 2025: in-context learning of regression by linear attention.

A prompt holds l = alpha d pairs of a task w and a fresh input x, tokens of dimension d. Linear attention
predicts x'Gamma h with h = (1/l) sum y_i x_i, and Gamma, d^2 numbers, is fitted by ridge regression on
n = tau d^2 prompts, whose tasks are drawn from k = kappa d that stay the same. In the limit d -> infinity
that is the core equation on the features x (x) h: with r distributed as an eigenvalue of the covariance of
the tasks (Marchenko-Pastur, of ratio 1/kappa) and q = (1 + noise)/alpha,

    eigenvalue r + q,   power r^2/(r + q),   unlearnable power r q/(r + q),   tau samples per feature.
"""

from __future__ import annotations

from math import exp, hypot, inf, isinf, log, log1p, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, broadcast, non_negative, positive
from theory.engines import monotone
from theory.engines.layers import ratio
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="lu2025",
    title="Asymptotic theory of in-context learning by linear attention",
    authors=("Lu", "Letey", "Zavatone-Veth", "Maiti", "Pehlevan"),
    error="test",
    penalty="in units of the eigenvalues r + q: d times that of overparam on the features x (x) h",
    statements={"risk": "verified against the core equation, and by simulation extrapolated in 1/d"},
    topics=("in-context learning", "double descent", "transformers"),
)


class Risk(NamedTuple):
    """Errors on fresh prompts, label noise included."""

    known_tasks: Array
    """Of the tasks that training was on."""
    fresh_tasks: Array
    """Of new tasks w ~ N(0, I/d): learning in context; 1 + noise is what predicting 0 costs."""


class _Means(NamedTuple):
    """Means over r at z = q + K, written in positive terms; L = (r + q)/(r + z)."""

    slope: float
    """E L (1 - L)"""
    weak: float
    """E L^2/(r + q)"""
    biased: float
    """E r^2/(r + q) (1 - L)^2"""
    lost: float
    """E (z/(r + z))^2"""
    spread: float
    """E (r/(r + z))^2"""


def risk(
    tau: ArrayLike, alpha: ArrayLike, kappa: ArrayLike, noise: ArrayLike, ridge: ArrayLike = 0.0
) -> Risk:
    """Errors of linear attention on known and on fresh tasks.

    K (1 - E L/tau) = ridge,  L = (r + q)/(r + q + K),
    known = [noise + E r q/(r + q) + E r^2/(r + q) (1 - L)^2]/(1 - E L^2/tau),
    fresh = noise + E (1 - L r/(r + q))^2 + q E (L r/(r + q))^2 + (1 + q) E L^2/(r + q) known/tau.
    Gaps to finite d are large, of the order of 4/d.

    Parameters
    ----------
    tau : array_like > 0
        Prompts over d^2; may be inf.
    alpha : array_like > 0
        Length of the context over d; may be inf.
    kappa : array_like > 0
        Tasks in training over d; may be inf, and below 1 they span a part of the space alone.
    noise : array_like >= 0
        Variance of the labels' noise in context and at the query; a task has signal 1.
    ridge : array_like >= 0
        0 is the minimum-norm fit; may be inf.

    Returns
    -------
    Risk(known_tasks, fresh_tasks); inf at tau = 1 without a ridge: double descent in prompts.

    Raises
    ------
    ValueError
        An argument out of its range.

    Source: [lu2025, Result 1†] and its risks on both kinds of tasks, in the variables of the core equation by
    own derivation; means over the Marchenko-Pastur law in closed form.

    >>> found = risk(tau=[0.5, 1.0, 2.0], alpha=1.0, kappa=0.5, noise=0.01)
    >>> found.known_tasks.round(4), found.fresh_tasks.round(4)
    (array([0.8018,    inf, 0.6096]), array([1.2611,    inf, 1.234 ]))
    """
    points = broadcast(
        tau=positive("tau", tau),
        alpha=positive("alpha", alpha),
        kappa=positive("kappa", kappa),
        noise=non_negative("noise", noise),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    errors = [_errors(*point) for point in zip(*(a.ravel().tolist() for a in points), strict=True)]
    columns = np.array(errors, dtype=float).reshape(-1, 2).T
    return Risk(*(column.reshape(points[0].shape)[()] for column in columns))


_LARGEST = 1e250
"""Ratios beyond it count as it: no error changes any more."""
_END = 690.0  # of the logarithm of K


def _errors(tau: float, alpha: float, kappa: float, noise: float, ridge: float) -> tuple[float, float]:
    """The errors at one point."""
    if isinf(ridge):
        return 1 + noise, 1 + noise
    c, q = min(1 / kappa, _LARGEST), min((1 + noise) / alpha, _LARGEST)
    rank = 1.0 if q > 0 else min(1.0, kappa)
    if ridge == 0 and abs(tau - rank) <= SAME * rank:
        tau = rank
    K = _shrinkage(tau, c, q, ridge) if ridge > 0 or tau < rank else 0.0
    means = _means(c, q, K)
    unexplained = noise + q * _transform(c, q) + means.biased
    # 1 - E L^2/tau: the equation makes tau - E L a product
    left = ridge / K + means.slope / tau if K > 0 else ((tau - rank) / tau if tau < inf else 1.0)
    known = ratio(unexplained, left)
    through = (1 + q) * means.weak / tau
    fresh = noise + means.lost + q * means.spread + (through * known if through > 0 and known > 0 else 0.0)
    return known, fresh


def _shrinkage(tau: float, c: float, q: float, ridge: float) -> float:
    """K > 0."""
    if ridge == 0:  # K = (1 - tau) k,  tau k^2 + (c tau - 1 - q) k = c q
        b = c * tau - 1 - q
        root = hypot(b, 2 * sqrt(tau * c) * sqrt(q))
        k = 2 * c * q / (b + root) if b > 0 else (root - b) / 2 / tau
        return min((1 - tau) * k, _LARGEST)

    def excess(log_K: float) -> float:
        K = exp(log_K)
        z = q + K
        learnt, missing = _transform(c, z) + q / z * _missing(c, z), K / z * _missing(c, z)
        gap = tau - learnt if tau < 0.5 else tau - 1 + missing
        return (gap / tau if tau < inf else 1.0) - ridge / K

    low = log(ridge) - 1e-12
    high = min(float(np.logaddexp(log(ridge), log1p(q) - log(tau))) + 1e-12, _END)
    if not low < high or excess(high) < 0:  # nothing is learnt that a float can hold
        return exp(low)
    return exp(monotone.root(excess, low, high))


def _means(c: float, q: float, K: float) -> _Means:
    z = q + K
    W, S, short = _transform(c, z), _root(c, z), _short(c, z)
    missing = _missing(c, z)
    lost = ratio(missing * (z + c * missing), S)
    per_z2 = lost / z / z if z > 0 else 0.0
    weight = ratio(W, S)  # E r/(r + z)^2
    width = (_root(c, q) + q + short) / 2  # (W(q) - W(z))/K = W(z)/width
    inner = (_short(c, q) + short) / 2 - ratio(c * q * W, width)
    return _Means(
        slope=K * (weight + q * per_z2) if K > 0 else 0.0,
        weak=weight + q * per_z2,
        biased=K * weight * (K / width) * inner if K > 0 else 0.0,
        lost=lost,
        spread=weight * short if S > 0 else W,
    )


def _transform(c: float, z: float) -> float:
    """W = E r/(r + z) for r of the Marchenko-Pastur law: c W^2 - (1 + c + z) W + 1 = 0."""
    return 2 / (1 + c + z + _root(c, z))


def _root(c: float, z: float) -> float:
    """S, the root of the discriminant; E r/(r + z)^2 = W/S."""
    return sqrt((1 - sqrt(c)) ** 2 + z) * sqrt((1 + sqrt(c)) ** 2 + z)


def _short(c: float, z: float) -> float:
    """S - z."""
    total = _root(c, z) + z
    return (1 - c) / total * (1 - c) + 2 * z / total * (1 + c) if total > 0 else 0.0


def _missing(c: float, z: float) -> float:
    """1 - W = z W/(1 - c W)."""
    half = z + _root(c, z)
    if c < 1:
        return 2 * z / (1 - c + half)
    return (c - 1 + half) / (1 + c + half)
