"""Chang et al. 2021: pruning and retraining of over-parameterized linear models.

y = x.beta + noise with Gaussian inputs of covariance diag(lambda), minimum-norm least squares on n < p
samples. With kappa and G = `test` of `theory.ridge` at ridge 0,

    beta_hat_i ~ lambda_i beta_i/(lambda_i + kappa) + sqrt(G lambda_i/n)/(lambda_i + kappa) N(0, 1),

in the limit n, p -> infinity (1 to 2 % off at n = 100). Pruning sets coordinates to zero.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, inf, log, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from theory import equivalent
from theory.arguments import Array, broadcast, data, non_negative, option, positive, real, whole
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="chang2021",
    title="Provable benefits of overparameterization in model compression: from double descent to pruning "
    "neural networks",
    authors=("Chang", "Li", "Oymak", "Thrampoulidis"),
    error="test",
    penalty="none: minimum norm",
    statements={
        "pruned_risk": "verified in the limit of large n and p",
        "retrained_risk": "proved, exact for Gaussian inputs",
    },
    topics=("pruning", "double descent"),
)

_METHODS = ("known", "magnitude", "hessian")


def pruned_risk(
    eigenvalues: ArrayLike,
    coefficients: ArrayLike,
    n: ArrayLike,
    keep: ArrayLike,
    noise: ArrayLike = 0.0,
    method: str = "known",
) -> Array:
    """Test error after pruning the minimum-norm fit, without retraining.

    noise + sum_i lambda_i E (beta_hat_i 1[kept] - beta_i)^2.

    Parameters
    ----------
    eigenvalues : (p,) array_like >= 0
        lambda, one per coordinate.
    coefficients : (p,) array_like
        beta.
    n : array_like > 0
        Samples, fewer than there are positive eigenvalues.
    keep : array_like of whole numbers in [0, p], or (p,) bool
        How many coordinates are kept: the leading ones with "known", else those of largest score, by a
        threshold that keeps so many on average. With "known" also a mask of those kept.
    noise : array_like >= 0
        Label-noise variance.
    method : "known", "magnitude" or "hessian"
        Score: none, |beta_hat|, or sqrt(lambda) |beta_hat|.

    Returns
    -------
    array of the broadcast shape of n, keep and noise.

    Source: [chang2021]; the law of beta_hat by direct calculation.

    >>> eigenvalues, coefficients = [10.0] * 20 + [1.0] * 180, [0.5] * 20 + [0.05] * 180
    >>> pruned_risk(eigenvalues, coefficients, n=100, keep=[0, 20, 200], noise=0.25).round(4)
    array([50.7   ,  1.5927,  2.0402])
    """
    lam, beta = _spectrum(eigenvalues, coefficients)
    option("method", method, *_METHODS)
    real("keep", keep)
    if np.asarray(keep).dtype == bool and method != "known":
        raise ValueError(f"keep is a mask, which method = {method!r} does not take; pass a number")
    masks, n, keep, noise = _points(len(lam), n, keep, noise)
    if (n >= (lam > 0).sum()).any():
        raise ValueError(
            f"n = {n.max():g} must be smaller than the {(lam > 0).sum()} positive eigenvalues; "
            "below them use theory.ridge"
        )
    risk = np.empty(n.size)
    for i, (size, count, sigma2) in enumerate(zip(n.ravel(), keep.ravel(), noise.ravel(), strict=True)):
        fit = equivalent.ridge(Problem(lam, lam * beta**2, noise=float(sigma2)), size)
        mean = lam * beta / (lam + fit.kappa)
        sd = np.sqrt(fit.test * lam / size) / (lam + fit.kappa)
        if method == "known":
            error = np.where(masks(count), (mean - beta) ** 2 + sd**2, beta**2)
        else:
            score = np.ones_like(lam) if method == "magnitude" else np.sqrt(lam)
            error = _thresholded(mean, sd, beta, score, count)
        risk[i] = sigma2 + lam @ error
    return risk.reshape(n.shape)[()]


def retrained_risk(
    eigenvalues: ArrayLike,
    coefficients: ArrayLike,
    n: ArrayLike,
    keep: ArrayLike,
    noise: ArrayLike = 0.0,
) -> Array:
    """Test error of least squares on the kept coordinates alone, exact for Gaussian inputs.

    (noise + sum_dropped lambda beta^2) (n - 1)/(n - k - 1), k kept.

    Parameters
    ----------
    eigenvalues : (p,) array_like >= 0
        lambda, one per coordinate.
    coefficients : (p,) array_like
        beta.
    n : array_like > 0
        Samples; may be inf.
    keep : array_like of whole numbers in [0, p], or (p,) bool
        How many leading coordinates are kept, or which.
    noise : array_like >= 0
        Label-noise variance.

    Returns
    -------
    array of the broadcast shape of n, keep and noise; inf at k >= n - 1, where least squares stops (the
    minimum-norm fit at k > n + 1 is another function: `theory.ridge`).

    Source: [chang2021] for the question; [belkin2020, Thm 2.2†] for least squares.

    >>> eigenvalues, coefficients = [10.0] * 20 + [1.0] * 180, [0.5] * 20 + [0.05] * 180
    >>> float(retrained_risk(eigenvalues, coefficients, n=100, keep=20, noise=0.25).round(6))
    0.877215
    """
    lam, beta = _spectrum(eigenvalues, coefficients)
    masks, n, keep, noise = _points(len(lam), n, keep, noise)
    dropped = np.reshape([(lam * beta**2)[~masks(count)].sum() for count in keep.ravel()], keep.shape)
    room = n - keep - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(room > 0, 1 + keep / room, inf)  # (n - 1)/room
    return ((noise + dropped) * np.where(keep == 0, 1.0, factor))[()]


def _spectrum(eigenvalues: ArrayLike, coefficients: ArrayLike) -> tuple[Array, Array]:
    lam, beta = non_negative("eigenvalues", eigenvalues), data("coefficients", coefficients, 1)
    if lam.shape != beta.shape:
        raise ValueError(f"eigenvalues has shape {lam.shape} and coefficients {beta.shape}; pass (p,) twice")
    return lam, beta


def _points(
    p: int, n: ArrayLike, keep: ArrayLike, noise: ArrayLike
) -> tuple[Callable[[float], NDArray[np.bool_]], Array, Array, Array]:
    """Which coordinates a count keeps, and n, counts and noise at their common shape."""
    real("keep", keep)  # refuses a ragged list
    mask = np.asarray(keep)
    if mask.dtype == bool:
        if mask.shape != (p,):
            raise ValueError(f"keep is a mask of shape {mask.shape}; pass ({p},), one entry per coordinate")
        count = np.asarray(float(mask.sum()))
    else:
        count = whole("keep", keep, low=0)
        if (count > p).any():
            raise ValueError(f"keep = {count.max():g} must not exceed the number of coordinates, {p}")
    n, count, noise = broadcast(n=positive("n", n), keep=count, noise=non_negative("noise", noise))

    def kept(size: float) -> NDArray[np.bool_]:
        return mask if mask.dtype == bool else np.arange(p) < size

    return kept, n, count, noise


def _thresholded(mean: Array, sd: Array, beta: Array, score: Array, keep: float) -> Array:
    """E (beta_hat 1[score |beta_hat| > T] - beta)^2 with the T that keeps `keep` coordinates on average."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    error, live = beta**2, sd > 0
    if keep == 0:
        return error
    m, v, b, scale = mean[live], sd[live], beta[live], score[live]

    def tails(T: float) -> tuple[Array, Array]:
        return (T / scale - m) / v, (-T / scale - m) / v

    def surplus(log: float) -> float:
        A, B = tails(exp(log))
        return float((ndtr(-A) + ndtr(B)).sum()) - keep

    if keep >= live.sum():
        T = 0.0
    else:
        # |beta_hat| <= T has the probability 0.8 T/(scale v) at most
        low, high = log((scale * v).min() / (2 * v.size)), log((scale * (np.abs(m) + 40 * v)).max())
        T = exp(brentq(surplus, low, high, xtol=1e-14, rtol=1e-15))
    A, B = tails(T)
    P, phi_A, phi_B = ndtr(-A) + ndtr(B), np.exp(-(A**2) / 2), np.exp(-(B**2) / 2)
    shift, first = m - b, v * (phi_A - phi_B) / sqrt(2 * pi)
    second = v**2 * (P + (A * phi_A - B * phi_B) / sqrt(2 * pi))
    error[live] = shift**2 * P + 2 * shift * first + second + b**2 * (ndtr(A) - ndtr(B))
    return error
