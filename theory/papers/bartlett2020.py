"""Bartlett, Long, Lugosi, Tsigler 2020: benign overfitting in linear regression.

The minimum-norm interpolant of n noisy samples is harmless when the covariance has many small
eigenvalues beyond the first k* << n: two effective ranks of the tail decide. The paper bounds the
excess test - noise up to universal constants that it does not specify; only rates are given here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, broadcast, non_negative, positive, whole
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="bartlett2020",
    title="Benign overfitting in linear regression",
    authors=("Bartlett", "Long", "Lugosi", "Tsigler"),
    error="excess",
    note="up to a universal constant",
    penalty="none: minimum norm",
    statements={
        "effective_ranks": "definition",
        "critical_index": "definition; the constant b is universal and unspecified, 1 by default",
        "variance_rate": "verified by simulation, up to the constants that the paper leaves open",
        "bias_rate": "verified by simulation, up to the constants that the paper leaves open",
    },
    topics=("benign overfitting",),
)


def effective_ranks(eigenvalues: ArrayLike, k: ArrayLike) -> Array:
    """Effective ranks of the spectrum without its k largest eigenvalues.

    r_k = sum_{i>k} lambda_i/lambda_{k+1},  R_k = (sum_{i>k} lambda_i)^2/sum_{i>k} lambda_i^2;
    r_k <= R_k <= r_k^2.

    Parameters
    ----------
    eigenvalues : (p,) array_like >= 0
        Eigenvalues of the covariance in any order; k counts from the largest.
    k : array_like of whole numbers in 0..p-1

    Returns
    -------
    array [r_k, R_k] along the last axis; nan where lambda_{k+1} = 0.

    Source: [bartlett2020, Def. 3†].

    >>> effective_ranks([1.0, 0.5, 0.5], k=[0, 1])
    array([[2.        , 2.66666667],
           [2.        , 2.        ]])
    """
    values = _decreasing(eigenvalues)
    index = whole("k", k, low=0)
    if (index >= values.size).any():
        raise ValueError(f"k = {index.max():g} must be below the number of eigenvalues, {values.size}")
    return np.stack(_ranks(values), axis=-1)[index.astype(int)]


def critical_index(eigenvalues: ArrayLike, n: ArrayLike, b: ArrayLike = 1.0) -> Array:
    """Number k* of large eigenvalues after which the tail looks flat to n samples.

    k* = min{k >= 0: r_k >= b n}.

    Parameters
    ----------
    eigenvalues : (p,) array_like >= 0
        Eigenvalues of the covariance in any order.
    n : array_like > 0
        Samples.
    b : array_like > 0
        The paper's universal constant, which it does not specify.

    Returns
    -------
    array of whole numbers; inf where no k qualifies.

    Source: [bartlett2020, Thm 4† of the preprint].

    >>> float(critical_index([1.0] * 5 + [0.01] * 1995, n=100))
    5.0
    """
    samples, factor = broadcast(n=positive("n", n, finite=True), b=positive("b", b, finite=True))
    values = _decreasing(eigenvalues)
    r, _ = _ranks(values[values > 0])
    # the running maximum first reaches a level where r itself does
    first = np.searchsorted(np.maximum.accumulate(r), factor * samples * (1 - SAME))
    return np.where(first < r.size, first, np.inf)[()]


def variance_rate(eigenvalues: ArrayLike, n: ArrayLike, b: ArrayLike = 1.0) -> Array:
    """Rate of the variance of the minimum-norm interpolant, per unit of noise.

    min(1, k*/n + n/R_{k*}) with k* = `critical_index`: the excess due to noise lies between constant
    multiples of noise times this rate. Overfitting is benign where it tends to 0.

    Parameters
    ----------
    eigenvalues : (p,) array_like >= 0
        Eigenvalues of the covariance in any order.
    n : array_like > 0
        Samples.
    b : array_like > 0
        The paper's universal constant, which it does not specify.

    Returns
    -------
    array in (0, 1]; 1 where there is no k*.

    Source: [bartlett2020, Thm 4† of the preprint].

    >>> float(variance_rate([1.0] * 5 + [0.01] * 1995, n=100).round(6))
    0.100125
    """
    samples = positive("n", n, finite=True)
    index = np.asarray(critical_index(eigenvalues, samples, b))
    values = _decreasing(eigenvalues)
    exists = np.isfinite(index)
    k = np.where(exists, index, 0.0)
    if not exists.any():
        return np.ones(index.shape)[()]
    rate = k / samples + samples / effective_ranks(values, k)[..., 1]
    return np.where(exists, np.minimum(1.0, rate), 1.0)[()]


def bias_rate(eigenvalues: ArrayLike, n: ArrayLike) -> Array:
    """Rate of the bias of the minimum-norm interpolant, per unit of |beta|^2.

    lambda_1 min(1, max(sqrt(r_0/n), r_0/n)) = lambda_1 min(1, sqrt(r_0/n)) with r_0 = sum lambda/lambda_1:
    without noise the excess error of any target is at most a constant multiple of |beta|^2 times this rate.
    It is an upper bound alone; targets in the leading directions have far less.

    Add it to noise times `variance_rate` for the rate of the whole excess error: overfitting is benign where
    both tend to 0, which needs a trace that is small beside n lambda_1.

    Parameters
    ----------
    eigenvalues : (p,) array_like >= 0
        Eigenvalues of the covariance in any order; at least one is positive.
    n : array_like > 0
        Samples.

    Returns
    -------
    array in (0, lambda_1]; the bound is lambda_1, that of no fit at all, where r_0 >= n.

    Raises
    ------
    ValueError
        Where no eigenvalue is positive.

    Source: [bartlett2020, Thm 4†], without the terms of its confidence
    level, which are smaller. In simulations of four spectra the worst target's bias is below the rate, and
    falls faster.

    >>> float(bias_rate([1.0] * 5 + [0.01] * 1995, n=100).round(6))
    0.4995
    """
    samples, values = positive("n", n, finite=True), _decreasing(eigenvalues)
    if values[0] == 0:
        raise ValueError("eigenvalues are all 0; pass at least one that is positive")
    whole_rank = effective_ranks(values, 0)[0]
    return (values[0] * np.sqrt(np.minimum(1.0, whole_rank / samples)))[()]


def _decreasing(eigenvalues: ArrayLike) -> Array:
    values = non_negative("eigenvalues", eigenvalues)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"eigenvalues has shape {values.shape}; pass a one-dimensional array")
    return np.sort(values)[::-1]


def _ranks(values: Array) -> tuple[Array, Array]:
    """r_k and R_k for every k, from the small end in units of lambda_{k+1}: no square underflows."""
    r, R = np.full(values.size, np.nan), np.full(values.size, np.nan)
    first = second = 0.0
    below = 0.0
    positive_values = values[values > 0].tolist()
    for k in reversed(range(len(positive_values))):
        ratio = below / positive_values[k]
        below = positive_values[k]
        first, second = 1 + ratio * first, 1 + ratio**2 * second
        r[k], R[k] = first, first**2 / second
    return r, R
