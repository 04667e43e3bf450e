"""Linear classifiers on a mixture of two Gaussians.

x = y mu + z with z ~ N(0, I_p) and labels y = +-1 of equal weight; no intercept; n, p -> infinity with
p/n -> gamma at fixed |mu| = `mean_norm` = r. A classifier w errs with probability Phi(-r rho), where
rho is the cosine of w and mu; each function finds the rho of one way to learn w from n samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, inf, log, nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines.normal import partial_moments, tail_ratio
from theory.engines.state_evolution import mixture
from theory.names import own_names

__dir__ = own_names(globals())


class SVM(NamedTuple):
    """The hard-margin support vector machine."""

    margin: Array
    """min_i y_i x_i.w/|w|; 0 where the samples are not separable."""
    overlap: Array
    """Cosine of w and mu."""
    error: Array
    """Probability of a wrong label on a fresh sample."""


class Logistic(NamedTuple):
    """The fitted vector of (regularised) logistic regression."""

    alignment: Array
    """Component of w along mu."""
    orthogonal: Array
    """Norm of the component of w orthogonal to mu."""
    prox: Array
    """Proximal constant: how far a sample's own label moves its margin, per unit slope of the loss."""
    error: Array
    """Probability of a wrong label on a fresh sample."""


def least_squares_error(gamma: ArrayLike, mean_norm: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """Test error of ridge(less) least squares on the labels +-1.

        error = Phi(-r^2 sqrt(Delta)/sqrt(r^2 + gamma)),   Delta = 1 - gamma/(1 + kappa)^2,

    at the kappa of ridge regression on isotropic features, kappa (1 - gamma/(1 + kappa)) = ridge. Delta is 1
    - gamma or 1 - 1/gamma without ridge, and 1 at ridge = inf: the averaging rule w = mean of y x, the best.

    The cheapest of the classifiers, in closed form; use `svm` for networks or logistic regression trained to
    the end on separable samples, and `logistic` for a finite penalty.

    Parameters
    ----------
    gamma : array_like > 0
        p/n.
    mean_norm : array_like >= 0
        r = |mu|.
    ridge : array_like >= 0
        Penalty on |w|^2 beside the mean squared error; 0 is the minimum norm, inf the averaging rule.

    Returns
    -------
    array; 1/2 at mean_norm = 0, and at gamma = 1 without ridge.

    Source: [kini2020] for ridge 0, [mignacco2020] with ridge.

    >>> least_squares_error([0.5, 1.0, 2.0, 20.0], mean_norm=1.5).round(4)
    array([0.1687, 0.5   , 0.2201, 0.321 ])
    """
    from scipy.special import ndtr

    gamma, r, ridge = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        mean_norm=non_negative("mean_norm", mean_norm),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    ridge = np.minimum(ridge, 1e150)  # inf, for all that follows
    # kappa - ridge = kappa gamma/(1 + kappa), the roots of the quadratic as sums of positive terms
    c = ridge - (1 - gamma)
    d = np.hypot(c, 2 * np.sqrt(ridge))
    larger = np.abs(c) / 2 + d / 2
    smaller = ridge / np.maximum(larger, np.finfo(float).tiny)  # 0 where both are
    kappa, ridge_over_kappa = np.where(c > 0, (larger, smaller), (smaller, larger))
    delta = ridge_over_kappa + gamma / (1 + kappa) * (kappa / (1 + kappa))
    return ndtr(-r * (r / np.hypot(r, np.sqrt(gamma))) * np.sqrt(delta))[()]


def separability_threshold(mean_norm: ArrayLike) -> Array:
    """gamma* above which the two classes of the training set can be separated by a hyperplane.

        gamma* = min_{0 <= rho < 1} E(G - r rho)_+^2/(1 - rho^2).

    At the minimum x = r rho solves
    x Phi(-x) = r^2 E(G - x)_+, whose sides rise and fall, and there gamma* = Phi(-x): at the
    threshold a fraction gamma* of new samples is classified wrongly.

    Parameters
    ----------
    mean_norm : array_like >= 0
        r = |mu|.

    Returns
    -------
    array in [0, 1/2]; 1/2 at mean_norm = 0 (Cover); below the smallest float beyond 38.5.

    Source: [deng2022]; Phi(-x) own derivation.

    >>> separability_threshold([0.0, 1.0, 2.0]).round(6)
    array([0.5     , 0.270268, 0.048256])
    """
    from scipy.special import ndtr

    r = non_negative("mean_norm", mean_norm)
    return ndtr([-_contact(float(each)) for each in r.ravel()]).reshape(r.shape)[()]


def svm(gamma: ArrayLike, mean_norm: ArrayLike) -> SVM:
    """Hard-margin support vector machine: the limit of gradient descent on separable samples.

    One monotone equation for c: E(c + G)_+^2 + (r E(c + G)_+)^2/gamma = gamma; then
    overlap = r E(c + G)_+/gamma and margin = c + r overlap. Use it above `separability_threshold`, where
    logistic regression without a penalty ends here too.

    Parameters
    ----------
    gamma : array_like > 0
        p/n.
    mean_norm : array_like >= 0
        r = |mu|.

    Returns
    -------
    SVM(margin, overlap, error); where the samples are not separable, gamma <= gamma*, no such
    classifier exists: margin 0, overlap and error nan (also at mean_norm = 0, where every
    classifier has error 1/2). Wide models, gamma -> inf, approach the averaging rule.

    Source: [deng2022].

    >>> svm(gamma=[0.1, 2.0], mean_norm=1.0).error.round(6)
    array([     nan, 0.319861])
    """
    gamma, r = broadcast(
        gamma=positive("gamma", gamma, finite=True), mean_norm=non_negative("mean_norm", mean_norm)
    )
    points = (gamma.ravel(), r.ravel(), np.ravel(separability_threshold(r)))
    rows = [
        _max_margin(float(g), float(m)) if g > threshold else (0.0, nan, nan)
        for g, m, threshold in zip(*points, strict=True)
    ]
    return SVM(*_columns(rows, gamma.shape, 3))


def logistic(gamma: ArrayLike, mean_norm: ArrayLike, ridge: ArrayLike = 0.0) -> Logistic:
    """Logistic regression: the minimum of (1/n) sum log(1 + exp(-y x.w)) + ridge |w|^2.

    With m = alignment, a = orthogonal, L = prox, s^2 = m^2 + a^2, l(u) = log(1 + e^-u) and u the
    proximal point of L l at r m + s G:
        gamma m = -r L E l'(u),   gamma a^2 = L^2 E l'(u)^2,
        gamma = E [L l''(u)/(1 + L l''(u))] + 2 ridge L,   error = Phi(-r m/s).
    It covers both sides of the threshold; other covariances and teachers are in `theory.papers.loureiro2021`.

    Parameters
    ----------
    gamma : array_like > 0
        p/n.
    mean_norm : array_like >= 0
        r = |mu|.
    ridge : array_like >= 0
        Half the usual mu of mu |w|^2/2; may be inf.

    Returns
    -------
    Logistic(alignment, orthogonal, prox, error). Without ridge on separable samples, gamma >= gamma*,
    the norm is infinite (alignment 0 if mean_norm is) and the error that of the `svm` that w points
    to; just below gamma* the norm grows as 1/(gamma* - gamma) and loses as many digits (the error
    does not). At ridge = inf w is 0 and the error that of its direction, the averaging rule.

    Raises
    ------
    ConvergenceError
        No root found: seen only without ridge, at mean_norm > 4 and gamma within 1e-11 of gamma*.

    Source: [deng2022] without ridge, [mignacco2020] with.

    >>> fit = logistic(gamma=0.1, mean_norm=1.0)
    >>> [float(field.round(5)) for field in fit]
    [2.42407, 1.24697, 1.28978, 0.18694]
    """
    gamma, r, ridge = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        mean_norm=non_negative("mean_norm", mean_norm),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    points = (gamma.ravel(), r.ravel(), ridge.ravel(), np.ravel(separability_threshold(r)))
    rows = [_logistic(*map(float, point)) for point in zip(*points, strict=True)]
    return Logistic(*_columns(rows, gamma.shape, 4))


def _columns(rows: Sequence[tuple[float, ...]], shape: tuple[int, ...], fields: int) -> list[Array]:
    return [column.reshape(shape)[()] for column in np.array(rows).reshape(-1, fields).T]


def _contact(r: float) -> float:
    """x = r rho at the threshold: x (x + E(G - x)_+^2/E(G - x)_+) = r^2."""
    from scipy.optimize import brentq

    # the ratio falls from sqrt(pi/2) at x = 0 to 0
    low = r * (r / (r + np.sqrt(np.pi / 2)))
    if r < 1e-20:  # x = low to rounding, and the equation underflows from r = 1e-158 on
        return float(low)

    def excess(x: float) -> float:
        if x > 3:
            ratio = tail_ratio(x)
        else:
            first, second = partial_moments(-x)
            ratio = float(second / first)
        return x / r * (x + ratio) - r

    return brentq(excess, low * (1 - 1e-12), r * (1 + 1e-12), xtol=1e-300, rtol=1e-15)


def _max_margin(gamma: float, r: float) -> tuple[float, float, float]:
    """Margin, overlap and error for gamma >= gamma*."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    def excess(c: float) -> float:
        first, second = map(float, partial_moments(c))
        learnt = r * first / gamma
        return min(second / gamma + learnt * learnt - 1, 1e300)  # brentq takes no inf

    # E(c + G)_+^k is below e^(-c^2/2) for c < 0 and above c^k for c > 0
    low = -sqrt(2 * max(0.0, log(2) + log(max(1.0, r)) - log(gamma)))
    high = gamma / hypot(r, sqrt(gamma)) * (1 + 1e-12)
    c = brentq(excess, low, high, xtol=1e-16, rtol=1e-15, maxiter=2000)
    overlap = float(r * partial_moments(c)[0] / gamma)
    return max(c + r * overlap, 0.0), overlap, float(ndtr(-r * overlap))


def _logistic(gamma: float, r: float, ridge: float, threshold: float) -> tuple[float, float, float, float]:
    from scipy.special import ndtr

    if ridge == 0.0 and gamma >= (1 - 1e-12) * threshold:
        _, _, error = _max_margin(max(gamma, threshold), r)
        return (inf if r > 0 else 0.0), inf, inf, error
    if ridge == inf or ridge > 1e17 * (1 + r * r + gamma):  # l'(u) = -1/2 and l''(u) = 1/4 to rounding
        prox = gamma / 2 / ridge
        along, across = 1 / (2 * gamma), 1 / (2 * np.sqrt(gamma))
    else:
        along, across, prox = mixture(gamma, r, ridge)
    error = float(ndtr(-r * (r * along / np.hypot(r * along, across))))
    return r * along * prox, across * prox, prox, error
