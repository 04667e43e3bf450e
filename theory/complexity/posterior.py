"""Bounds from a posterior over predictors: PAC-Bayes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, data, non_negative, option, positive, real, whole
from theory.complexity import _binary
from theory.complexity._checks import confidence, rate, samples
from theory.names import own_names

__dir__ = own_names(globals())


def kl_inverse(empirical: ArrayLike, epsilon: ArrayLike) -> Array:
    """Largest error rate p within epsilon of the empirical rate q in relative entropy.

    sup {p in [q, 1] : kl(q|p) <= epsilon}, kl(q|p) = q ln(q/p) + (1-q) ln((1-q)/(1-p)): 1 - exp(-epsilon) at
    q = 0, about q + sqrt(2 epsilon q (1-q)) for a small epsilon.

    Parameters
    ----------
    empirical : array_like in [0, 1]
        q.
    epsilon : array_like >= 0
        May be inf.

    Returns
    -------
    array in [empirical, 1]

    Source: [langford2001].

    >>> kl_inverse([0.0, 0.1, 1.0], 0.05).round(6)
    array([0.048771, 0.220079, 1.      ])
    """
    empirical, epsilon = broadcast(
        empirical=rate(empirical), epsilon=non_negative("epsilon", epsilon, finite=False)
    )
    return _binary.inverse(empirical, epsilon)[()]


def gaussian_kl(
    distance2: ArrayLike,
    prior_variance: ArrayLike,
    posterior_variance: ArrayLike | None = None,
    d: ArrayLike = 1,
) -> Array:
    """Relative entropy of a posterior N(w, v I_d) and a prior N(w_0, u I_d).

    (1/2) [|w - w_0|^2/u + d (v/u - 1 - ln(v/u))]; |w - w_0|^2/(2 u) at equal variances.

    Parameters
    ----------
    distance2 : array_like >= 0
        |w - w_0|^2.
    prior_variance : array_like > 0
        u.
    posterior_variance : array_like >= 0, optional
        v; that of the prior by default.
    d : array_like of whole numbers >= 1
        Dimension; it matters for unequal variances only.

    Returns
    -------
    array; inf at posterior_variance = 0

    Source: direct calculation; the complexity term of [langford2001].

    >>> float(gaussian_kl(2.0, prior_variance=1.0, posterior_variance=0.5, d=10).round(6))
    1.965736
    """
    distance2, prior, posterior, d = broadcast(
        distance2=non_negative("distance2", distance2),
        prior_variance=positive("prior_variance", prior_variance, finite=True),
        posterior_variance=non_negative(
            "posterior_variance", prior_variance if posterior_variance is None else posterior_variance
        ),
        d=whole("d", d, 1),
    )
    with np.errstate(over="ignore", divide="ignore"):
        x, ratio = (posterior - prior) / prior, posterior / prior
        far = np.abs(x) > 0.1  # there 1 + x would lose the digits of a small ratio
        inside = (ratio > 1e-300) & (ratio < np.inf)
        logarithm = np.where(inside, np.log(ratio), np.log(posterior) - np.log(prior))
        shape = np.where(far, x - logarithm, _binary.excess(np.where(far, 0.0, x)))
        return ((distance2 / prior + d * shape) / 2)[()]


def pac_bayes(
    empirical: ArrayLike, kl: ArrayLike, n: ArrayLike, delta: ArrayLike = 0.05, form: str = "maurer"
) -> Array:
    """Upper bound on the error of a randomised (Gibbs) classifier, for all posteriors at once.

    With epsilon = (kl + ln(2 sqrt(n)/delta))/n: kl_inverse(empirical, epsilon) with "maurer", or its
    relaxation empirical + sqrt(epsilon/2) with "mcallester", which may exceed 1. Use "maurer": it is never
    larger; the other is easier to read.

    Parameters
    ----------
    empirical : array_like in [0, 1]
        Mean training error over the posterior, as from `gibbs_error`.
    kl : array_like >= 0
        Relative entropy of posterior and prior, the prior fixed before the data are seen. May be inf.
    n : array_like >= 1
        Samples; the original proof has n >= 8.
    delta : array_like in (0, 1)
    form : "maurer" or "mcallester"

    Returns
    -------
    array; the bound itself, not a gap

    Source: [maurer2004, Thm 5†]; the form of [mcallester1999] by Pinsker's inequality.

    >>> float(pac_bayes(0.1, kl=3.125, n=1000).round(6))
    0.148379
    """
    empirical, kl, n, delta = broadcast(
        empirical=rate(empirical),
        kl=non_negative("kl", kl, finite=False),
        n=samples(n),
        delta=confidence(delta),
    )
    epsilon = (kl + np.log(2) - np.log(delta) + np.log(n) / 2) / n
    if option("form", form, "maurer", "mcallester") == "maurer":
        return _binary.inverse(empirical, epsilon)[()]
    return (empirical + np.sqrt(epsilon / 2))[()]


def gibbs_error(X: ArrayLike, y: ArrayLike, weights: ArrayLike, scale: ArrayLike) -> Array:
    """Mean training error of linear classifiers drawn from N(weights, scale^2 I_d), without sampling.

    (1/n) sum_i Phi(-y_i x_i.w/(scale |x_i|)).

    Parameters
    ----------
    X : (n, d) array_like
        Inputs; one at the origin counts 1/2.
    y : (n,) array_like of +-1
        Labels.
    weights : (d,) array_like
        w, the mean of the posterior.
    scale : array_like > 0
        Standard deviation of each weight. May be inf.

    Returns
    -------
    array of the shape of scale

    Source: direct calculation; the training term of [langford2001].

    >>> float(gibbs_error([[1.0, 0.0], [3.0, 4.0]], [1, -1], weights=[1.0, 0.0], scale=1.0).round(6))
    0.442201
    """
    from scipy.special import ndtr

    inputs, labels, centre = data("X", X, 2), real("y", y), data("weights", weights, 1)
    spread = positive("scale", scale)
    if labels.shape != inputs.shape[:1] or centre.shape != inputs.shape[1:]:
        raise ValueError(
            f"X has shape {inputs.shape}, y {labels.shape} and weights {centre.shape}; "
            "pass (n, d), (n,) and (d,)"
        )
    if (np.abs(labels) != 1).any():
        raise ValueError(f"y = {labels[np.abs(labels) != 1][0]:g} must be 1 or -1")
    largest = np.abs(inputs).max(axis=1, keepdims=True)
    direction = inputs / np.where(largest > 0, largest, 1.0)  # the squares of large inputs overflow
    length = np.where(largest > 0, np.linalg.norm(direction, axis=1, keepdims=True), 1.0)
    margin = labels * (direction / length @ centre)
    return np.asarray(ndtr(-margin / spread[..., None]).mean(axis=-1))[()]
