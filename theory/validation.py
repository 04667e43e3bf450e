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

_ROWS = 256  # of a matrix that change together


def gcv(kernel: ArrayLike, y: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """Generalised cross-validation score of kernel ridge regression on data.

        (|(I - S) y|^2/n)/(1 - tr S/n)^2 = (|G y|^2/n)/(tr G/n)^2,   G = (K + n ridge I)^-1;

    ridge 0 is the limit: K^-1, or the projector on the null space of a singular K.

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

        mean_i ((G y)_i/G_ii)^2,

    the mean of the squared residuals `leave_one_out`. Use it where samples differ
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


def random_features_left_out(
    kernel: ArrayLike, y: ArrayLike, p: ArrayLike, ridge: ArrayLike = 0.0, *, intercept: bool = False
) -> Array:
    """Squared leave-one-out errors of ridge regression on p random features, averaged over their draw.

    The rows are as they are; only the features are random, E h(x) h(z) = k(x, z). With G = (K + delta I)^-1,
    df1 = tr K G, df2 = tr (K G)^2 and the shift delta of n ridge = delta (1 - df1/p),

        E r_i^2 = [(G y)_i^2 + (G K G)_ii y'G K G y/(p - df2)]/G_ii^2.

    Use it to choose a width before any feature is drawn: the mean over i is the forecast, all widths and
    ridges cost one eigendecomposition, and the spread over i tells how sure it is. With p up to a few n draw
    the features and take `loo` of theirs instead, which knows their law too.

    Derivation. Gaussian features with the kernel K are F = K^{1/2} W/sqrt p; let Q = (F F' + n ridge I)^-1.
    By the deterministic equivalents of a Wishart matrix n ridge Q tends to delta G, and Q A Q, in the same
    units, to G A G + G K G tr(A G K G)/(p - df2), which is the derivative of the first along A. The residual
    without row i is (Q y)_i/Q_ii; set A = e_i e_i', and Q_ii, a quadratic form, to its mean.

    Limits. Features that are not Gaussian add their fourth moments: where the mean of the rows is large, as
    in images that are not centred, the forecast is some 10 % too low. Close to p = n at ridge 0 the mean over
    draws is infinite, and so is this at p = n. Equal rows with equal targets predict one another, here as in
    `loo`.

    Parameters
    ----------
    kernel : (n, n) array_like
        Gram matrix K, symmetric positive semi-definite, not divided by n.
    y : (n,) or (n, targets) array_like
    p : array_like > 0
        Random features; inf is `loo` of the kernel.
    ridge : array_like >= 0
        Penalty beside the mean squared error; the refits keep the total penalty n ridge, the `alpha` of
        scikit-learn's Ridge. May be inf.
    intercept : bool
        Whether a constant that is not penalised is fitted too.

    Returns
    -------
    array of the shape of p and ridge + (n,), summed over targets; at ridge 0 nan for a sample that no other
    can replace (see `leave_one_out`), inf where p is n, or n - 1 beside an intercept, and K has full rank.

    Source: direct calculation, from the equivalents of [bach2024]; `leave_one_out` is its limit.

    >>> K = [[2.0, 1.0], [1.0, 2.0]]
    >>> random_features_left_out(K, [1.0, 0.0], p=[4, np.inf]).mean(axis=-1).round(6)
    array([1.125, 0.625])
    """
    labels = real("y", y)
    width, penalty = broadcast(p=positive("p", p), ridge=non_negative("ridge", ridge, finite=False))
    if labels.ndim not in (1, 2) or len(labels) <= intercept:
        raise ValueError(f"y has shape {labels.shape}; pass (n,) or (n, targets), n > {int(intercept)}")
    added = np.asarray(len(labels) * penalty)
    values, vectors, slack = _decomposed("kernel", kernel, labels, added, intercept)
    shift = _shifts(values, np.asarray(width), added)
    weights, square = _weights(values, shift), (vectors**2).T
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(values > 0, values / (values + shift[..., None]), 0.0)
        left = np.asarray(width) - (share**2).sum(axis=-1)  # p - df2
        coordinates = vectors.T @ labels.reshape(len(labels), -1)
        power = (share * weights) @ (coordinates**2).sum(axis=1)  # c y'GKGy
        spread = power[..., None] * ((share * weights) @ square) / left[..., None]
        spread = np.where(power[..., None] == 0, 0.0, spread)
        weighted = (weights[..., None, :] * coordinates.T).reshape(-1, len(values))
        residual = (weighted @ vectors.T).reshape(*shift.shape, -1, len(labels))  # one product of matrices
        diagonal = weights @ square
        squares = ((residual**2).sum(axis=-2) + spread) / diagonal**2
    return np.where(_undefined(values, shift, diagonal, slack), np.nan, squares)


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
    """c G y, c diag(G) with c > 0 at every ridge, and where both are 0: a 0/0."""
    labels = real("y", y)
    penalty = non_negative("ridge", ridge, finite=False)
    if labels.ndim != 1:
        raise ValueError(
            f"{name} has shape {np.shape(kernel)} and y {labels.shape}; pass (n, n) and (n,), n > 0"
        )
    added = len(labels) * penalty
    values, vectors, slack = _decomposed(name, kernel, labels, added, intercept=False)
    weights = _weights(values, added)
    residual = (weights * (labels @ vectors)) @ vectors.T
    diagonal = weights @ (vectors**2).T
    return residual, diagonal, _undefined(values, added, diagonal, slack)


def _weights(values: Array, shift: Array) -> Array:
    """c/(l + shift) for every eigenvalue l, with c = least + shift, so that the least has weight 1.

    At shift 0 and a singular K that is the projector on its null space.
    """
    least, shift = values[0], np.asarray(shift)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = (least + shift) / (values + shift)
    return np.where((values == least) | np.isinf(shift), 1.0, weights)


def _undefined(values: Array, shift: Array, diagonal: Array, slack: float) -> Array:
    return (values[0] == 0) & (np.asarray(shift)[..., None] == 0) & (diagonal <= slack)


def _decomposed(
    name: str, kernel: ArrayLike, labels: Array, added: Array, intercept: bool
) -> tuple[Array, Array, float]:
    """Eigenvalues, rounding set to 0, eigenvectors in columns, and the relative size of rounding.

    With an intercept, of K on the vectors that sum to 0.
    """
    gram, raw, n = real(name, kernel), np.asarray(kernel), len(labels)
    if n == 0 or gram.shape != (n, n):
        raise ValueError(f"{name} has shape {gram.shape} and y {labels.shape}; pass (n, n) and (n,), n > 0")
    scale = np.abs(gram).max()
    if not (np.isfinite(scale) and np.isfinite(labels).all()):
        raise ValueError(f"{name} or y contains infinity; pass finite numbers")
    # what rounding of the caller's numbers leaves of a zero eigenvalue
    precision = np.finfo(raw.dtype).eps if raw.dtype.kind == "f" else np.finfo(float).eps
    slack = max(1e-12, n * float(precision))
    symmetric(name, gram, slack * scale)
    if intercept:
        gram = np.array(gram)
        _reflect(gram)
        _reflect(gram.T)
        gram = gram[1:, 1:]
    values, vectors = np.linalg.eigh(gram)
    if intercept:
        vectors = np.vstack([np.zeros(n - 1), vectors])
        _reflect(vectors)
    if values[0] < -slack * max(values[-1], scale):
        raise ValueError(f"{name} has the eigenvalue {values[0]:g}; it must be positive semi-definite")
    cut = slack * max(values[-1], 0.0)
    decides = values[0] <= cut and (added * singular.MATTERS < cut).any()
    if decides and not singular.is_plain(gram, values, cut):
        singular.warn(name, values, cut, "pass a larger ridge, or drop near copies among the inputs")
    values = np.where(values > cut, values, 0.0)
    return values, vectors, slack


def _reflect(rows: Array) -> None:
    """Q rows in place; the reflection Q takes (1, ..., 1) to the first axis, all others sum to 0."""
    normal = np.full(len(rows), 1 / np.sqrt(len(rows)))
    normal[0] += 1
    normal /= np.linalg.norm(normal)
    along = 2 * (normal @ rows)
    for i in range(0, len(rows), _ROWS):
        rows[i : i + _ROWS] -= np.outer(normal[i : i + _ROWS], along)


def _shifts(values: Array, p: Array, added: Array) -> Array:
    """The shift delta of K with delta (1 - df1(delta)/p) = n ridge; the larger root.

    It lies between n ridge and n ridge + tr K/p. At ridge 0 it is 0 once p reaches the rank, and before that
    at least (rank - p)/tr K^+, for df1 >= rank - delta tr K^+.
    """
    from scipy.optimize.elementwise import find_root

    live = values[values > 0]
    rank = len(live)
    shift = added.copy()
    sought = np.isfinite(added) & (p < np.inf) & ((added > 0) | (p < rank)) & (rank > 0)
    if not sought.any():
        return shift
    width, n_ridge = p[sought], added[sought]

    def gap(delta: Array, width: Array, n_ridge: Array) -> Array:
        return 1 - (live / (live + delta[..., None])).sum(axis=-1) / width - n_ridge / delta

    low = np.maximum(n_ridge, (rank - width) / (1 / live).sum()) / 2
    high = 2 * (n_ridge + live.sum() / width)
    shift[sought] = find_root(gap, (low, high), args=(width, n_ridge)).x
    return shift
