"""Kobak, Lomond, Sanchez 2020: the optimal ridge can be zero or negative.

Many features of small variance act on a fit as a ridge that nobody asked for. Where it is more than the noise
asks for, the best explicit ridge takes some of it away: it is negative.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="kobak2020",
    title="The optimal ridge penalty for real-world high-dimensional data can be zero or negative due to the"
    " implicit ridge regularization",
    authors=("Kobak", "Lomond", "Sanchez"),
    error="none",
    penalty="ridge beside the mean squared error, on all features, strong and weak",
    statements={
        "implicit_ridge": "proved: the law of large numbers",
        "optimal_ridge": "proved for random targets, many weak features",
    },
    topics=("implicit regularization", "negative ridge", "optimal regularization"),
)


def implicit_ridge(n: ArrayLike, tail: ArrayLike) -> Array:
    """Ridge that many weak features add to a fit on strong ones.

    q independent features of variance tail/q add W W' tail/q -> tail I to the Gram matrix of n samples as
    q -> infinity, as n ridge does: ridge = tail/n. What the fit gives them predicts nothing.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    tail : array_like >= 0
        Sum of the variances of the weak features; see `tail` of `Problem`.

    Returns
    -------
    array

    Source: [kobak2020] (the theorem on augmented predictors†); own proof, above.

    >>> float(implicit_ridge(n=50, tail=2.0))
    0.04
    """
    samples, trace = broadcast(n=positive("n", n), tail=non_negative("tail", tail))
    return product((trace, 1), (samples, -1))[()]


def optimal_ridge(
    n: ArrayLike, p: ArrayLike, tail: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 0.0
) -> Array:
    """Best explicit ridge for p strong features of variance 1 beside many weak ones.

        ridge = p noise/(n signal) - tail/n,

    negative where tail > p noise/signal: the weak features are more ridge than the noise asks for. The
    strong coefficients have random directions; the best sum of both ridges is then p noise/(n signal) for
    every design, because it makes the fit the posterior mean.

    Use it to see when a negative ridge pays; `theory.optimal_ridge(problem, n, negative=True)` takes any
    spectrum and target, and finitely many weak features.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    p : array_like > 0
        Strong features; they carry the target.
    tail : array_like >= 0
        Sum of the variances of the weak features.
    signal : array_like > 0
        Target power |beta|^2.
    noise : array_like >= 0
        Label-noise variance; without noise the best ridge is the last at which the fit exists, -tail/n.

    Returns
    -------
    array >= -tail/n

    Source: [kobak2020] argues by spiked covariances; this formula is our own derivation, above.

    >>> optimal_ridge(n=40, p=10, tail=[0.0, 1.0, 2.0], noise=0.1)
    array([ 0.025,  0.   , -0.025])
    """
    samples, strong, trace, power, variance = broadcast(
        n=positive("n", n, finite=True),
        p=positive("p", p, finite=True),
        tail=non_negative("tail", tail),
        signal=positive("signal", signal, finite=True),
        noise=non_negative("noise", noise),
    )
    asked = product((strong, 1), (variance, 1), (power, -1), (samples, -1))
    spread = product((trace, 1), (samples, -1))
    with np.errstate(invalid="ignore"):
        return np.where(asked == spread, 0.0, asked - spread)[()]
