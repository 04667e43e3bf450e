"""Nakkiran 2019: more data can hurt for linear regression, sample-wise double descent.

Minimum-norm least squares on d isotropic Gaussian features, as a function of n.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import exact
from theory.arguments import Array, at_least, broadcast, non_negative, positive
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="nakkiran2019",
    title="More data can hurt for linear regression: sample-wise double descent",
    authors=("Nakkiran",),
    error="test",
    penalty="none: minimum norm",
    statements={
        "risk": "proved, exact at finite n (the paper has the limit)",
        "best_samples": "proved, exact at finite d (the paper has the limit)",
    },
    topics=("sample-wise double descent",),
)


def risk(n: ArrayLike, d: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 0.0) -> Array:
    """Test error after n samples of y = x.beta + noise, x ~ N(0, I_d), exact at finite n.

    signal (1 - n/d) + noise (1 + n/(d - n - 1)) for n <= d - 2, noise (1 + d/(n - d - 1)) for n >= d + 2:
    the test error of `theory.exact.least_squares`. It rises again from `best_samples` to n = d.

    Parameters
    ----------
    n, d : array_like
        Samples n > 0 and dimension d >= 0.
    signal, noise : array_like >= 0
        |beta|^2 and the label-noise variance.

    Returns
    -------
    array; inf for |n - d| <= 1 and noise > 0.

    Source: [nakkiran2019, Claims 1 and 2†].

    >>> risk(n=[500, 900, 998], d=1000, signal=1.0, noise=0.01).round(6)
    array([0.52002 , 0.200909, 9.992   ])
    """
    n, d, signal, noise = broadcast(
        n=positive("n", n, finite=True),
        d=non_negative("d", d),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    return exact.least_squares(n, d, signal, noise).test


def best_samples(d: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 0.0) -> Array:
    """Samples n < d after which more data hurt: the minimum of `risk` over real n below d.

    n = d - 1 - sqrt(noise d (d - 1)/signal), at least 0; n/d -> 1 - sqrt(noise/signal) in the limit.

    Parameters
    ----------
    d : array_like >= 1
        Dimension.
    signal, noise : array_like >= 0

    Returns
    -------
    array of real numbers in [0, d - 1]; 0 where noise >= signal (1 - 1/d): then no data is best.

    Source: [nakkiran2019, Sec. 3†] for the limit; finite d by direct calculation.

    >>> float(best_samples(d=1000, signal=1.0, noise=0.01).round(6))
    899.050013
    """
    d, signal, noise = broadcast(
        d=at_least("d", d, 1, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # (d - 1)(1 - r^2)/(1 + r), r^2 = noise d/(signal (d - 1)): the difference has all its digits
        gain = (signal - noise) / signal * (d - 1) - noise / signal
        r = np.sqrt(noise) / np.sqrt(signal) * np.sqrt(d / (d - 1))
        best = np.where((gain > 0) & (signal > noise), gain / (1 + r), 0.0)
    return best[()]
