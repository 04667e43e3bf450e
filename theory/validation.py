"""Cross-validation: scores of a kernel ridge fit on data, and the limit of K-fold.

All scores come from the dual matrix G = (K + n ridge I)^-1 instead of the smoother S = K G, because
y - S y = n ridge G y and I - S = n ridge G: the common factor cancels and ridge 0 is no special case,
neither for an invertible K (an interpolant) nor for a singular one, where n ridge G tends to the
projector on the null space of K.

Eigenvalues up to 1e-12 of the largest count as 0. Where that decides the answer (no ridge, or one that small)
`theory.SingularKernelWarning` says so. It stays silent where equal rows of K explain the rank, or no
eigenvalue lies near the cut-off (XX' of more samples than dimensions).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import Array, broadcast, non_negative, positive, real, symmetric, whole_or_inf
from theory.dynamics import gradient_flow_gcv as gradient_flow_gcv  # its limit along gradient flow
from theory.engines import singular
from theory.names import own_names
from theory.problem import Problem

__dir__ = own_names(globals(), "gradient_flow_gcv")


def gcv(kernel: ArrayLike, y: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """Generalised cross-validation score of kernel ridge regression on data.

    (|(I - S) y|^2/n)/(1 - tr S/n)^2 = (|G y|^2/n)/(tr G/n)^2,  G = (K + n ridge I)^-1; ridge 0 is the
    limit: K^-1, or the projector on the null space of a singular K.

    Use it to choose a ridge: it is the smoothest of the scores. Use `loo` where samples differ much in
    leverage, `leave_one_out` for the residuals themselves, and `kfold` to see what K folds estimate without
    any data.

    Parameters
    ----------
    kernel : (n, n) array_like
        Gram matrix K, symmetric positive semi-definite, not divided by n; XX' for linear regression.
    y : (n,) array_like
    ridge : array_like >= 0
        Penalty beside the mean squared error; may be inf.

    Returns
    -------
    array of the shape of ridge. Its limit is the test error, for interpolants too.

    Source: [golub1979]; limit [patil2021, Thm 4.1†].

    >>> float(gcv([[2.0, 1.0], [1.0, 2.0]], y=[1.0, 0.0]).round(6))
    0.625
    """
    residual, diagonal, _ = _dual("kernel", kernel, y, ridge)
    score = (residual**2).mean(axis=-1) / diagonal.mean(axis=-1) ** 2
    return np.asarray(score)[()]


def loo(kernel: ArrayLike, y: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """Leave-one-out score of kernel ridge regression on data, without refitting.

    mean_i ((G y)_i/G_ii)^2, the mean of the squared residuals `leave_one_out`. Use it where samples differ
    much in leverage; otherwise `gcv` says nearly the same.

    Parameters
    ----------
    kernel : (n, n) array_like
        Gram matrix K, symmetric positive semi-definite, not divided by n; XX' for linear regression.
    y : (n,) array_like
    ridge : array_like >= 0
        Penalty beside the mean squared error; the refits keep the total penalty n ridge. May be inf.

    Returns
    -------
    array of the shape of ridge; nan where a residual is not defined (see `leave_one_out`).

    Source: [golub1979] for the shortcut (Allen's PRESS); limit [patil2021, Thm 4.1†].

    >>> float(loo([[2.0, 1.0], [1.0, 2.0]], y=[1.0, 0.0]).round(6))
    0.625
    """
    return np.asarray((_residuals("kernel", kernel, y, ridge) ** 2).mean(axis=-1))[()]


def leave_one_out(gram: ArrayLike, y: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """Residuals y_i - f_i(x_i), where f_i is the fit without sample i, computed without refitting.

    (G y)_i/G_ii with G = (K + n ridge I)^-1; the refits keep the total penalty n ridge. Ridge 0 with
    an invertible K is the residual of the minimum-norm interpolant of the others. Use them to find the
    samples that the others do not predict; `loo` is the mean of their squares.

    Parameters
    ----------
    gram : (n, n) array_like
        Gram matrix K, symmetric positive semi-definite, not divided by n; XX' for linear regression.
    y : (n,) array_like
    ridge : array_like >= 0
        Penalty beside the mean squared error; may be inf.

    Returns
    -------
    array of shape ridge.shape + (n,); at ridge 0 and a singular K, nan for a sample that no other
    can replace (leverage 1), where the formula is 0/0.

    Source: [golub1979] for the shortcut (Allen's PRESS); dual form by direct calculation.

    >>> leave_one_out([[2.0, 1.0], [1.0, 2.0]], y=[1.0, 0.0])
    array([ 1. , -0.5])
    """
    return _residuals("gram", gram, y, ridge)


def kfold(problem: Problem, n: ArrayLike, ridge: ArrayLike, folds: ArrayLike) -> Array:
    """Limit of the K-fold cross-validation score: the test error at n (1 - 1/K) samples.

    It needs a problem and no data. On data use `gcv` or `loo`, which cost one fit in place of K.

    Parameters
    ----------
    problem : Problem
    n : array_like > 0
        Samples in all; may be inf.
    ridge : array_like >= 0
        Penalty beside the mean squared error of each training fold; may be inf. To keep the total penalty
        of the n samples pass ridge K/(K - 1).
    folds : array_like of whole numbers >= 2
        K; inf is leave-one-out.

    Returns
    -------
    array; inf where n (1 - 1/K) is the rank, ridge is 0 and not all is noiseless.

    Source: direct consequence of `theory.ridge`, see [patil2021] for leave-one-out.

    >>> problem = Problem.isotropic(p=100, signal=2.0, noise=1.0)
    >>> float(kfold(problem, n=200, ridge=0.2, folds=5).round(6))
    1.718658
    """
    count = whole_or_inf("folds", folds, low=2)
    n, ridge, count = broadcast(
        n=positive("n", n), ridge=non_negative("ridge", ridge, finite=False), folds=count
    )
    return equivalent.ridge(problem, n * (1 - 1 / count), ridge).test


def _residuals(name: str, kernel: ArrayLike, y: ArrayLike, ridge: ArrayLike) -> Array:
    residual, diagonal, undefined = _dual(name, kernel, y, ridge)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(undefined, np.nan, residual / diagonal)


def _dual(name: str, kernel: ArrayLike, y: ArrayLike, ridge: ArrayLike) -> tuple[Array, Array, Array]:
    """c G y, c diag(G) with c > 0 at every ridge, and where both are 0: a 0/0.

    c = least + n ridge with the least eigenvalue of K, so that c G has the eigenvalue 1 for it and
    c/(l + n ridge) for every l: at ridge 0 and a singular K that is the projector.
    """
    gram, labels = real(name, kernel), real("y", y)
    raw = np.asarray(kernel)
    penalty = non_negative("ridge", ridge, finite=False)
    n = len(labels) if labels.ndim == 1 else 0
    if n == 0 or gram.shape != (n, n):
        raise ValueError(f"{name} has shape {gram.shape} and y {labels.shape}; pass (n, n) and (n,), n > 0")
    scale = np.abs(gram).max()
    if not (np.isfinite(scale) and np.isfinite(labels).all()):
        raise ValueError(f"{name} or y contains infinity; pass finite numbers")
    # what rounding of the caller's numbers leaves of a zero eigenvalue
    precision = np.finfo(raw.dtype).eps if raw.dtype.kind == "f" else np.finfo(float).eps
    slack = max(1e-12, n * float(precision))
    symmetric(name, gram, slack * scale)
    values, vectors = np.linalg.eigh(gram)
    if values[0] < -slack * values[-1]:
        raise ValueError(f"{name} has the eigenvalue {values[0]:g}; it must be positive semi-definite")
    added = n * penalty[..., None]
    cut = slack * values[-1]
    decides = values[0] <= cut and (added * singular.MATTERS < cut).any()
    if decides and not singular.is_plain(gram, values, cut):
        singular.warn(name, values, cut, "pass a larger ridge, or drop near copies among the inputs")
    values = np.where(values > cut, values, 0.0)

    least = values[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = (least + added) / (values + added)
    weights = np.where((values == least) | np.isinf(added), 1.0, weights)
    residual = (weights * (labels @ vectors)) @ vectors.T
    diagonal = weights @ (vectors**2).T
    undefined = (least == 0) & (added == 0) & (diagonal <= slack)
    return residual, diagonal, undefined
