"""Bounds from the norm of the predictor: Rademacher averages of linear and kernel classes, and margins."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, data, non_negative, option, positive, whole
from theory.complexity import _signs
from theory.complexity._checks import confidence, samples
from theory.engines.products import product
from theory.names import own_names

__dir__ = own_names(globals())

_DUAL = {"l2": "l2", "l1": "sup"}


def rademacher(X: ArrayLike, radius: ArrayLike = 1.0, norm: str = "l2") -> Array:
    """Empirical Rademacher complexity of the linear functionals w.x with |w| <= radius, exactly.

    (radius/n) E |sum_i s_i x_i|_*, signs s_i = +-1, by enumeration of the 2^(n-1) patterns.
    Use it for up to 22 samples; `rademacher_bound` takes any number, and `rademacher_gaussian` is the mean
    over Gaussian inputs.

    Parameters
    ----------
    X : (n, d) array_like
        Inputs, n <= 22.
    radius : array_like >= 0
    norm : "l2" or "l1"
        The norm of w; the sum is measured in the dual norm, Euclidean or largest coordinate.

    Returns
    -------
    array of the shape of radius

    Raises
    ------
    ValueError
        n > 22: `rademacher_bound` has no limit.

    Source: [bartlett2002, Def. 2†], without the factor 2 it has there.

    >>> float(rademacher([[1.0, 0.0], [0.0, 1.0]]).round(6))
    0.707107
    """
    inputs, size = data("X", X, 2), non_negative("radius", radius)
    option("norm", norm, *_DUAL)
    _check_enumerable("X", len(inputs), "use rademacher_bound")
    return (size * _signs.mean_norm(inputs, _DUAL[norm]) / len(inputs))[()]


def rademacher_bound(X: ArrayLike, radius: ArrayLike = 1.0, norm: str = "l2") -> Array:
    """Upper bound on `rademacher` for any number of samples.

    l2: (radius/n) sqrt(sum_i |x_i|^2), at most sqrt(2) times the exact value;
    l1: (radius/n) max_j sqrt(sum_i x_ij^2) sqrt(2 ln(2 d)).

    Parameters
    ----------
    X : (n, d) array_like
        Inputs.
    radius : array_like >= 0
    norm : "l2" or "l1"
        The norm of w in |w| <= radius.

    Returns
    -------
    array of the shape of radius

    Source: [bartlett2002, Lemma 22†] for l2; the maximal inequality of 2 d sub-Gaussian
    sums for l1.

    >>> float(rademacher_bound([[3.0, 0.0], [0.0, 4.0]]))
    2.5
    """
    inputs, size = data("X", X, 2), non_negative("radius", radius)
    option("norm", norm, *_DUAL)
    n, d = inputs.shape
    scale = np.abs(inputs).max() or 1.0  # the squares of large inputs overflow
    columns = np.linalg.norm(inputs / scale, axis=0)
    length = np.linalg.norm(columns) if norm == "l2" else columns.max() * sqrt(2 * log(2 * d))
    return (size * scale * length / n)[()]


def rademacher_kernel(gram: ArrayLike, radius: ArrayLike = 1.0) -> Array:
    """Empirical Rademacher complexity of a ball |f|_K <= radius of a kernel's function space, exactly.

    (radius/n) E sqrt(s' K s) over random signs s, at most radius sqrt(tr K)/n.

    Parameters
    ----------
    gram : (n, n) array_like
        Gram matrix K, symmetric positive semi-definite, not divided by n; n <= 22.
    radius : array_like >= 0

    Returns
    -------
    array of the shape of radius

    Raises
    ------
    ValueError
        n > 22: the bound radius sqrt(tr K)/n has no limit.

    Source: [bartlett2002, Lemma 22†].

    >>> float(rademacher_kernel([[1.0, 0.5], [0.5, 1.0]]).round(6))
    0.683013
    """
    kernel, size = data("gram", gram, 2), non_negative("radius", radius)
    n = len(kernel)
    if kernel.shape != (n, n):
        raise ValueError(f"gram has shape {kernel.shape}; pass (n, n)")
    _check_enumerable("gram", n, "use the bound radius sqrt(tr K)/n")
    dtype = np.asarray(gram).dtype  # rounded to it, a zero eigenvalue is not zero
    precision = float(np.finfo(dtype if dtype.kind == "f" else np.float64).eps)
    return (size * _signs.mean_norm(_signs.factor("gram", kernel, precision), "l2") / n)[()]


def _check_enumerable(name: str, n: int, instead: str) -> None:
    if n > _signs.LIMIT:
        raise ValueError(
            f"{name} has n = {n} samples, but signs are enumerated up to n = {_signs.LIMIT}; {instead}"
        )


def rademacher_gaussian(n: ArrayLike, d: ArrayLike, radius: ArrayLike = 1.0) -> Array:
    """Mean Rademacher complexity of |w|_2 <= radius over inputs x ~ N(0, I_d), exact for every n.

    radius E chi_d/sqrt(n) = radius sqrt(2/n) Gamma((d+1)/2)/Gamma(d/2).

    Parameters
    ----------
    n : array_like >= 1
        Samples.
    d : array_like of whole numbers >= 1
        Dimension of the inputs.
    radius : array_like >= 0

    Returns
    -------
    array

    Source: direct calculation from the definition of [bartlett2002]: sum_i s_i x_i ~ N(0, n I_d).

    >>> float(rademacher_gaussian(n=2, d=2).round(6))
    0.886227
    """
    n, d, radius = broadcast(n=samples(n), d=whole("d", d, 1), radius=non_negative("radius", radius))
    with np.errstate(over="ignore"):
        return (radius * (_chi_mean(d) / np.sqrt(n)))[()]


def _chi_mean(d: Array) -> Array:
    """E |x| for x ~ N(0, I_d); log-gammas would lose the digits of d ln(d)."""
    from scipy.special import gamma

    half = np.minimum(d, 100.0) / 2
    w = np.maximum(d, 100.0) / 2 - 0.25
    w2 = np.minimum(w, 1e9) ** 2
    # Gamma(w + 3/4)/(Gamma(w + 1/4) sqrt(w)) in powers of w^-2; the next term is below 1e-16
    series = 1 + (1 / 64 - (19 / 8192 - 631 / 524288 / w2) / w2) / w2
    return sqrt(2) * np.where(d < 100, gamma(half + 0.5) / gamma(half), np.sqrt(w) * series)


def rademacher_gap(
    complexity: ArrayLike, n: ArrayLike, delta: ArrayLike = 0.05, lipschitz: ArrayLike = 1.0
) -> Array:
    """Gap between true and empirical loss by an empirical Rademacher complexity of the predictors.

    2 lipschitz complexity + 3 sqrt(ln(2/delta)/(2 n)). The class must be fixed before the data are seen: a
    radius read off the fit needs a union over radius = 2^j.

    Parameters
    ----------
    complexity : array_like >= 0
        As from `rademacher`, without the factor 2.
    n : array_like >= 1
        Samples.
    delta : array_like in (0, 1)
    lipschitz : array_like >= 0
        Lipschitz constant of the loss in the prediction.

    Returns
    -------
    array

    Source: [bartlett2002, Thm 8†], with the constants of the usual proof: symmetrisation,
    contraction, and bounded differences twice.

    >>> float(rademacher_gap(0.1, n=1000).round(6))
    0.328841
    """
    complexity, n, delta, lipschitz = broadcast(
        complexity=non_negative("complexity", complexity),
        n=samples(n),
        delta=confidence(delta),
        lipschitz=non_negative("lipschitz", lipschitz),
    )
    with np.errstate(over="ignore"):
        return (2 * lipschitz * complexity + 3 * np.sqrt((np.log(2) - np.log(delta)) / (2 * n)))[()]


def margin_gap(
    radius: ArrayLike, data_radius: ArrayLike, margin: ArrayLike, n: ArrayLike, delta: ArrayLike = 0.05
) -> Array:
    """Gap between the classification error and the empirical ramp loss at a margin.

    2 radius data_radius/(margin sqrt(n)) + 3 sqrt(ln(2/delta)/(2 n)): `rademacher_gap` at the bound of the
    complexity, for a loss of slope 1/margin. The formula is taken from the literature; its constants are not
    checked here.

    Parameters
    ----------
    radius : array_like >= 0
        Bound on |w|, fixed before the data are seen.
    data_radius : array_like >= 0
        Bound on |x|.
    margin : array_like > 0
        Value of y w.x from which on the loss is 0. May be inf.
    n : array_like >= 1
        Samples.
    delta : array_like in (0, 1)

    Returns
    -------
    array

    Source: [bartlett2002, Thm 7† and Lemma 22†].

    >>> float(margin_gap(radius=5.0, data_radius=1.0, margin=1.0, n=1000).round(6))
    0.445069
    """
    radius, data_radius, margin, n, delta = broadcast(
        radius=non_negative("radius", radius),
        data_radius=non_negative("data_radius", data_radius),
        margin=positive("margin", margin),
        n=samples(n),
        delta=confidence(delta),
    )
    size = product((radius, 1), (data_radius, 1), (margin, -1), (n, -0.5))
    return (2 * size + 3 * np.sqrt((np.log(2) - np.log(delta)) / (2 * n)))[()]
