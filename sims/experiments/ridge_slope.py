"""The best ridge by experiment: where the slope of the mean test error in the ridge changes its sign.

Targets with independent coefficients and their noisy labels are drawn and fitted at many ridges; the slope
of the error is exact given all draws. Its mean over designs crosses zero at the best ridge, so that no
minimum of a flat curve has to be found. Used by the claims of hastie2022, dobriban2018 and kobak2020.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

TARGETS = 64
"""Targets that are drawn for each design."""


def slopes(
    X: Array,
    ridges: Array,
    signal: float,
    noise: float,
    rng: np.random.Generator,
    variances: ArrayLike = 1.0,
) -> Array:
    """Slope in the ridge of the mean test error of 64 drawn targets and label noises, at each ridge.

    Coefficients are independent, N(0, signal/p); labels have Gaussian noise of variance `noise`.

    Parameters
    ----------
    X : array (n, p)
        The design.
    ridges : array (k,) > 0
        Penalties beside the mean squared error.
    signal, noise : float >= 0
    rng : Generator
    variances : float or array (p,)
        Variance of each coordinate of a fresh input.

    Returns
    -------
    array (k,)

    >>> slopes(np.eye(2), np.array([1e-3, 10.0]), 1.0, 0.5, np.random.default_rng(0)) > 0
    array([False,  True])
    """
    n, p = X.shape
    beta = rng.standard_normal((p, TARGETS)) * np.sqrt(signal / p)
    y = X @ beta + np.sqrt(noise) * rng.standard_normal((n, TARGETS))
    left, scale, right = np.linalg.svd(X, full_matrices=False)
    seen = scale[:, None] * (left.T @ y)
    weighted = right * np.broadcast_to(variances, p)
    # the fit at a ridge is right' (gain seen), gain = 1/(scale^2 + n ridge);
    # its slope is -n right' (gain^2 seen)
    hit = ((weighted @ beta) * seen).sum(axis=1)
    square = (weighted @ right.T) * (seen @ seen.T)
    gain = 1 / (scale**2 + n * ridges[:, None])
    result: Array = 2 * n * (gain**2 @ hit - ((gain @ square) * gain**2).sum(axis=1)) / TARGETS
    return result


def turning_point(ridges: Array, slopes: Array) -> float:
    """Ridge at which the slope turns from negative to positive, linear between the two ridges beside it.

    The first ridge if the slope is positive everywhere, the last one if nowhere.

    >>> turning_point(np.array([1.0, 2.0, 4.0]), np.array([-3.0, -1.0, 1.0]))
    3.0
    """
    positive = np.flatnonzero(slopes > 0)
    if not len(positive) or positive[0] == 0:
        return float(ridges[0] if len(positive) else ridges[-1])
    at = positive[0]
    share = slopes[at - 1] / (slopes[at - 1] - slopes[at])
    return float(ridges[at - 1] + share * (ridges[at] - ridges[at - 1]))
