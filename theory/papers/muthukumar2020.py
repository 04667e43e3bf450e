"""Muthukumar, Vodrahalli, Subramanian, Sahai 2020: harmless interpolation of noisy data.

What any interpolant of noisy labels must pay, and what the minimum-norm interpolant on Fourier
features loses of the signal to aliases: survival, contamination, cost of noise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import exact
from theory.arguments import Array, broadcast, non_negative, positive, whole
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="muthukumar2020",
    title="Harmless interpolation of noisy data in regression",
    authors=("Muthukumar", "Vodrahalli", "Subramanian", "Sahai"),
    error="test",
    penalty="none: minimum (weighted) norm",
    statements={
        "ideal_interpolator": "proved for Gaussian designs (the paper bounds more general ones)",
        "fourier": "proved; general weights own derivation",
    },
    topics=("benign overfitting", "harmless interpolation"),
)


class Aliasing(NamedTuple):
    """Share of the signal that survives, power of its aliases, cost of noise, and the test error."""

    survival: Array
    contamination: Array
    noise_cost: Array
    test: Array


def ideal_interpolator(n: ArrayLike, p: ArrayLike, noise: ArrayLike) -> Array:
    """Least test error of any interpolant, even one that knows the target: the price of the noise.

    noise (1 + n/(p - n - 1)), exact for Gaussian designs of any covariance.

    Parameters
    ----------
    n, p : array_like
        Samples n > 0 and features p >= n.
    noise : array_like >= 0

    Returns
    -------
    array; inf for p <= n + 1 and noise > 0.

    Raises
    ------
    ValueError
        p < n, where nothing interpolates.

    Source: [muthukumar2020, Thm 1†] for bounds; the value by direct calculation,
    that of `theory.exact.least_squares` without signal.

    >>> float(ideal_interpolator(n=30, p=60, noise=0.5).round(6))
    1.017241
    """
    samples, features = broadcast(n=positive("n", n, finite=True), p=non_negative("p", p))
    if (features < samples).any():
        i = np.flatnonzero((features < samples).ravel())[0]
        raise ValueError(
            f"p = {features.ravel()[i]:g} must be at least n = {samples.ravel()[i]:g} to interpolate"
        )
    return exact.least_squares(n, p, signal=0.0, noise=noise).test


def fourier(n: ArrayLike, weights: ArrayLike, index: ArrayLike, noise: ArrayLike) -> Aliasing:
    """Minimum weighted norm interpolation with Fourier features on an equidistant grid, exact.

    Samples j/n, features e^(2 pi i k x) for k = 0..d-1, penalty sum |a_k|^2/w_k, target = feature `index`
    of weight w. Features with equal k mod n are the same on the grid: with S_c, Q_c the sums of w_k and
    w_k^2 over the class c, and S, Q those of the target's class,
        survival = w/S,  contamination = (Q - w^2)/S^2,  noise_cost = (noise/n) sum_c Q_c/S_c^2,
        test = noise + (1 - survival)^2 + contamination + noise_cost.

    Parameters
    ----------
    n : array_like of whole numbers >= 1
        Samples.
    weights : (d,) array_like >= 0
        w_k; 0 bars the feature. For d < n the fit is least squares.
    index : array_like of whole numbers in 0..d-1
        The target's feature.
    noise : array_like >= 0
        Label-noise variance.

    Returns
    -------
    Aliasing(survival, contamination, noise_cost, test); always finite.

    Source: [muthukumar2020, Sec. 3†] for survival and contamination; exact for all
    weights by direct calculation.

    >>> float(fourier(n=8, weights=[1.0] * 32, index=2, noise=0.2).survival)
    0.25
    """
    prior = non_negative("weights", weights)
    if prior.ndim != 1 or not prior.any():
        raise ValueError(f"weights of shape {prior.shape} must be one-dimensional and not all 0")
    samples, target, noise = broadcast(
        n=whole("n", n, low=1), index=whole("index", index, low=0), noise=non_negative("noise", noise)
    )
    if (target >= prior.size).any():
        raise ValueError(f"index = {target.max():g} must be below the number of weights, {prior.size}")
    pairs = zip(samples.ravel(), target.ravel(), strict=True)
    parts = np.reshape([_aliases(int(size), prior, int(at)) for size, at in pairs], (*samples.shape, 4))
    survival, lost, contamination, gain = np.moveaxis(parts, -1, 0)
    noise_cost = noise / samples * gain
    test = noise + lost**2 + contamination + noise_cost
    return Aliasing(survival[()], contamination[()], noise_cost[()], test[()])


def _aliases(n: int, weights: Array, index: int) -> tuple[float, float, float, float]:
    """survival, 1 - survival, contamination, sum_c Q_c/S_c^2 for one grid and target."""
    k = np.arange(weights.size)
    top = np.zeros(min(n, weights.size))
    np.maximum.at(top, k % n, weights)
    scaled = np.divide(weights, top[k % n], out=np.zeros(weights.size), where=top[k % n] > 0)
    total, squares = np.bincount(k % n, scaled), np.bincount(k % n, scaled**2)
    gain = float((squares[top > 0] / total[top > 0] ** 2).sum())
    aliases = scaled[(k % n == index % n) & (k != index)]  # without the target: nothing cancels
    own, rest = float(scaled[index]), float(aliases.sum())
    if own + rest == 0.0:  # nothing can fit the target
        return 0.0, 1.0, 0.0, gain
    whole_class = own + rest
    return own / whole_class, rest / whole_class, float((aliases**2).sum()) / whole_class**2, gain
