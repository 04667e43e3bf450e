"""Hanin, Zlokapa 2023: Bayesian interpolation with deep linear networks, at every width.

A network a'W x/sqrt(width) with Gaussian weights is, given Q = |a|^2/width, a Gaussian process with the
covariance Q K: Q is a chi-square of `width` degrees of freedom over their number, and the posterior is a
mixture over Q alone. Without noise the mean is the kernel's at every width; only the variance depends on it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, array, at_least, broadcast, non_negative, pair, scalar, show, symmetric
from theory.engines.scale_mixture import mean_scale, posterior
from theory.engines.spectral import rounding
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="hanin2023",
    title="Bayesian interpolation with deep linear networks",
    authors=("Hanin", "Zlokapa"),
    error="none",
    note="a posterior: its mean, variance and scale",
    penalty="none: a Gaussian prior, whose weights have the variance 1 over the inputs of their layer",
    statements={
        "scale": "proved for one hidden layer, as a mixture over Q; Bessel functions for Meijer's G",
        "predict": "proved for one hidden layer; verified by Hamiltonian Monte Carlo over all weights",
    },
    topics=("Bayesian neural networks", "deep linear networks", "Gaussian processes"),
)


class Posterior(NamedTuple):
    """The network's output at test inputs, without label noise, given the labels."""

    mean: Array
    variance: Array
    scale: float
    """Posterior mean of Q, by which the kernel is multiplied; 1 before the labels and at infinite width."""


def scale(n: ArrayLike, width: ArrayLike, r: ArrayLike) -> Array:
    """Posterior mean of Q without noise: sqrt(r n/N) K_(v+1)(s)/K_v(s), v = (N - n)/2, s = sqrt(N r n).

    Q given the labels is generalised inverse Gaussian, with density Q^(v - 1) e^-(N Q + r n/Q)/2; N is the
    width and r = y'K^-1 y/n the size of the labels against the kernel. The variance of the outputs is Q
    times that of the kernel.

    Parameters
    ----------
    n : array_like >= 1
        Samples.
    width : array_like >= 1
        N, of the one hidden layer; may be inf.
    r : array_like >= 0

    Returns
    -------
    array; near 1 where r = 1, and (1 - n/N)_+ where r = 0.

    Source: [hanin2023, Thm 1†] for one hidden layer; the limit of large n and N is `theory.papers.li2021`.

    >>> scale(50, [100, 1000, np.inf], r=2.0).round(4)
    array([1.2855, 1.0458, 1.    ])
    """
    n, width, r = broadcast(
        n=at_least("n", n, 1, finite=True), width=at_least("width", width, 1), r=non_negative("r", r)
    )
    found = [mean_scale(*point) for point in zip(*(a.ravel().tolist() for a in (n, width, r)), strict=True)]
    return np.array(found, dtype=float).reshape(n.shape)[()]


def predict(
    K: ArrayLike, Ks: ArrayLike, Kss: ArrayLike, y: ArrayLike, noise: float, width: float
) -> Posterior:
    """Posterior of a linear network with one hidden layer: a mixture of Gaussian processes over Q.

    Given Q the mean is Q k'(Q K + noise I)^-1 y and the variance Q k_** - Q^2 k'(Q K + noise I)^-1 k; both
    are integrated over p(Q | y), in one dimension.

    Parameters
    ----------
    K : (n, n) array_like
        Kernel of the inputs, XX'/d for weights of variance 1/d; positive semi-definite.
    Ks : (n,) or (m, n) array_like
        Kernel of test and training inputs.
    Kss : float or (m,) array_like
        Kernel of each test input with itself.
    y : (n,) array_like
    noise : float >= 0
        Variance of the labels' noise; 0 needs a K that can be inverted.
    width : float >= 1
        Of the hidden layer; inf is the Gaussian process.

    Returns
    -------
    Posterior(mean, variance, scale), the first two of shape () or (m,)

    Raises
    ------
    ValueError
        Shapes that do not fit, a K that is not symmetric or, without noise, singular.

    Source: [hanin2023, Thm 1†], with noise own derivation; the kernel's renormalisation as in [li2021†].

    >>> found = predict([[1.0, 0.5], [0.5, 1.0]], [1.0, 0.5], 1.0, y=[2.0, -1.0], noise=0.0, width=3)
    >>> float(found.mean.round(4)), float(found.variance.round(4)), round(found.scale, 4)
    (2.0, 0.0, 2.0972)
    """
    variance, size = scalar("noise", noise, low=0.0), at_least("width", width, 1)
    if size.ndim:
        raise ValueError(f"width = {show(width)} must be one number >= 1, or inf")
    gram, labels = pair("K", K, "y", y)
    n = len(labels)
    if gram.shape != (n, n):
        raise ValueError(f"K has shape {gram.shape}; pass (n, n), n the number of labels, {n}")
    symmetric("K", gram, 1e-12 * float(np.abs(gram).max()))
    cross, own = array("Ks", Ks, 1, 2), array("Kss", Kss, 0, 1)
    if cross.shape != (*own.shape, n):
        raise ValueError(
            f"Ks has shape {cross.shape} and Kss {own.shape}; pass (n,) and a number, or (m, n) and (m,)"
        )
    values, vectors = np.linalg.eigh(gram)
    slack = rounding(values)
    if values[0] < -1e-9 * np.abs(values).max():
        raise ValueError(f"K has the eigenvalue {values[0]:g}; it must be positive semi-definite")
    if variance == 0 and values[0] <= slack:
        raise ValueError("K is singular and noise = 0; pass a noise > 0")
    values = np.where(values > slack, values, 0.0)
    seen, along = labels @ vectors, cross @ vectors
    if variance == 0:
        mean = along @ (seen / values)
        mixed = mean_scale(n, float(size), float(seen**2 @ (1 / values)) / n)
        return Posterior(mean[()], mixed * np.maximum(own - along**2 @ (1 / values), 0.0)[()], mixed)
    Q, weight = posterior(values, seen**2, variance, float(size))
    gain = Q[:, None] / (Q[:, None] * values + variance)
    means = (gain * seen) @ along.T  # (points of Q, ...)
    mean = weight @ means
    within = weight @ np.maximum(np.multiply.outer(Q, own) - (Q[:, None] * gain) @ (along**2).T, 0.0)
    return Posterior(mean[()], (within + weight @ (means - mean) ** 2)[()], float(weight @ Q))
