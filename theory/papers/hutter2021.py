"""Hutter 2021: learning curve theory, the shortest scaling law there is.

Tokens come one by one from a Zipf law, each has one label, and the learner remembers: it errs on a fresh
token that it has not seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive, whole_or_inf
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="hutter2021",
    title="Learning curve theory",
    authors=("Hutter",),
    error="test",
    note="probability of a wrong label",
    penalty="none: the learner remembers",
    statements={"error": "proved"},
    checked={"error": "text"},
    topics=("scaling laws", "power law", "memorization"),
)

_DIRECT = 4000
"""Tokens that are summed one by one; the others are an integral over the logarithm of their rank."""
_OFTEN, _NEVER = 745.0, 1e-17
"""A token of more expected sightings is always seen, and one of fewer never, to the last digit."""


def error(exponent: ArrayLike, n: ArrayLike, size: ArrayLike) -> Array:
    """Probability that a fresh token was not among n samples of a Zipf law.

    E_n = sum theta_i (1 - theta_i)^n,  theta_i = i^-(1 + a)/Z,  i = 1 ... size. With b = a/(1 + a),
        E_n ~ theta_1^(1 - b) Gamma(b)/(1 + a) n^-b     for 1 << n << 1/theta_size,
    since the sum over i is an integral over theta of theta^-b (1 - theta)^n: a power law for every a > 0.

    Parameters
    ----------
    exponent : array_like > 0, finite
        a.
    n : array_like >= 0
        Samples; may be inf.
    size : array_like of whole numbers >= 1
        Tokens; may be inf.

    Returns
    -------
    array in [0, 1]; 1 at n = 0, 0 at n = inf.

    Raises
    ------
    ValueError
        An argument out of its range.

    Source: [hutter2021]; the power b is in its abstract, the constant derived here.

    >>> error(exponent=1.0, n=[0, 10, 100], size=1e6).round(6)
    array([1.      , 0.210968, 0.06884 ])
    """
    points = broadcast(
        exponent=positive("exponent", exponent, finite=True),
        n=non_negative("n", n, finite=False),
        size=whole_or_inf("size", size, low=1),
    )
    found = [_unseen(*point) for point in zip(*(a.ravel().tolist() for a in points), strict=True)]
    return np.reshape(found, points[0].shape)[()]


def _unseen(a: float, n: float, size: float) -> float:
    """`error` at one point: tokens one by one, and from N + 1/2 on by Euler and Maclaurin."""
    from scipy.special import xlog1py, xlogy

    if np.isinf(n):
        return 0.0
    i = np.arange(1.0, min(size, _DIRECT) + 1)
    start, end = float(np.log(i[-1] + 0.5)), float(np.log(size + 0.5))
    weight = i ** -(1 + a)
    others = weight[1:].sum()
    if size > i[-1]:
        others += _rare(a, start, end) + _edge(a, 0.0, 0.0, start) - _edge(a, 0.0, 0.0, end)
    missed = np.exp(np.append(xlogy(n, others / (1 + others)), xlog1py(n, -weight[1:] / (1 + others))))
    total = float(weight @ missed) / (1 + others)
    if size == i[-1]:
        return total
    scale = float(np.log1p(others))  # log Z
    # u = log i at which so many sightings are expected
    often, never = ((_log(n) - scale - np.log(sightings)) / (1 + a) for sightings in (_OFTEN, _NEVER))
    often, never = (max(start, min(u, end)) for u in (often, never))
    total += _between(a, n, scale, often, never) + _rare(a, never, end) / (1 + others)
    return min(total + _edge(a, n, scale, start) - _edge(a, n, scale, end), 1.0)


def _rare(a: float, start: float, end: float) -> float:
    """Integral of x^-(1 + a) from e^start to e^end."""
    return float(np.exp(-a * start) * -np.expm1(-a * (end - start)) / a) if end > start else 0.0


def _between(a: float, n: float, scale: float, start: float, end: float) -> float:
    """Integral of theta (1 - theta)^n over x from e^start to e^end, theta = x^-(1 + a) e^-scale."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(start, end, 65)
    half = (end - start) / 128
    u = ((edges[:-1] + edges[1:]) / 2 + half * nodes[:, None]).ravel()
    seen = n * np.log1p(-np.exp(-(1 + a) * u - scale))
    return float(half * np.repeat(weights, 64) @ np.exp(seen - a * u - scale))


def _edge(a: float, n: float, scale: float, u: float) -> float:
    """A 24th of the derivative of theta (1 - theta)^n in x, at x = e^u."""
    theta = np.exp(-(1 + a) * u - scale)
    slope = -(1 + a) * theta * np.exp(-u + (n - 1) * np.log1p(-theta))
    return float(slope * (1 - (n + 1) * theta) / 24)


def _log(n: float) -> float:
    return float(np.log(n)) if n > 0 else -np.inf
