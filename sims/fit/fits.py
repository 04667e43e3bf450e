"""Least-squares fits: minimum norm, ridge, and both on the first p columns for every p or at every ridge.

Features are n x p, one sample per row; targets are a vector of n, or n x q for q right-hand sides at once.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.fit import nested
from sims.fit.arrays import Floats, Numbers, real_sets, training_set
from sims.fit.nested import EPS


class Path(NamedTuple):
    """The minimum-norm fit on the first p columns, at index p - 1; right-hand sides on a second axis, if any.

    >>> Path(test=np.ones(3), train=np.zeros(3), norm=np.ones(3)).test.shape
    (3,)
    """

    test: Floats  # mean squared error on the test set; nan without one
    train: Floats  # mean squared residual on the training set
    norm: Floats  # |a|^2


class RidgePath(NamedTuple):
    """Ridge fits, one for each p (at index p - 1) or each ridge; right-hand sides on a second axis, if any.

    >>> RidgePath(test=np.ones(3), train=np.zeros(3), norm=np.ones(3), df=np.ones(3)).df.shape
    (3,)
    """

    test: Floats  # mean squared error on the test set; nan without one
    train: Floats  # mean squared residual on the training set
    norm: Floats  # |a|^2
    df: Floats  # trace of the matrix that takes targets to fitted values; one axis always


def min_norm(features: ArrayLike, targets: ArrayLike) -> Numbers:
    """Minimum-norm least squares, a = features^+ targets, by SVD.

    Singular values up to max(n, p) * eps * s_max count as zero.

    Parameters
    ----------
    features : array_like (n, p), real or complex
    targets : array_like (n,) or (n, q), real or complex

    Returns
    -------
    ndarray (p,) or (p, q)
        The coefficients, float64 or complex128.

    Raises
    ------
    ValueError
        If an argument is empty, not finite, not numeric or of the wrong shape.

    Notes
    -----
    Source: the Moore-Penrose inverse with the cut-off of `numpy.linalg.lstsq`.

    Examples
    --------
    >>> min_norm([[1.0, 1.0]], [2.0])
    array([1., 1.])
    """
    matrix, columns = training_set(features, targets)
    return _svd_fit(matrix, columns, 0.0)[0]


def ridge(features: ArrayLike, targets: ArrayLike, ridge: float) -> Numbers:
    """Ridge regression by SVD: the a that minimises (1/n) |targets - features a|^2 + ridge |a|^2.

    Features are used as given: the package's scale h / sqrt(p) of random features is the caller's to apply
    (without it the same `ridge` is a penalty p times weaker).

    Parameters
    ----------
    features : array_like (n, p), real or complex
    targets : array_like (n,) or (n, q), real or complex
    ridge : float >= 0
        Penalty on |a|^2 beside the mean squared error; 0 gives `min_norm`, its limit, and inf gives 0.

    Returns
    -------
    ndarray (p,) or (p, q)
        The coefficients, float64 or complex128.

    Raises
    ------
    ValueError
        If `ridge` is negative, nan or no real number, or an array is empty, not finite or of a wrong shape.

    Notes
    -----
    Source: the normal equations (F'F/n + ridge I) a = F'y/n in singular coordinates.

    Examples
    --------
    >>> ridge([[1.0], [1.0]], [2.0, 2.0], ridge=1.0)
    array([1.])
    """
    matrix, columns = training_set(features, targets)
    return _svd_fit(matrix, columns, _penalty(ridge))[0]


def min_norm_path(
    features: ArrayLike,
    targets: ArrayLike,
    test_features: ArrayLike | None = None,
    test_targets: ArrayLike | None = None,
    p: ArrayLike | None = None,
) -> Path:
    """Errors of the minimum-norm least squares fit on the first p columns, for every p = 1..P at once.

        a_p = features[:, :p]^+ targets;   test = |test_targets - test_features[:, :p] a_p|^2 / m,
        train = |targets - features[:, :p] a_p|^2 / n,   norm = |a_p|^2.

    Features are used as given: to read the path in units of features / sqrt(p), multiply `norm` by p.

    Parameters
    ----------
    features : array_like (n, P), real
    targets : array_like (n,) or (n, q), real
    test_features : array_like (m, P), real, optional
        Held-out points, or those of `sims.fit.population` for the exact risk given the training set.
    test_targets : array_like (m,) or (m, q), real, optional
    p : array_like (k,) of int in 1..P, optional
        Return these p only, in place of all P. It saves time where the path must be refitted.

    Returns
    -------
    Path
        Fields of shape (P,), or (P, q), with k for P where `p` is given. `train` is exactly 0 once the first
        p columns have rank n.

    Raises
    ------
    ValueError
        If an argument is complex, empty, not finite, or of the wrong shape, or p is not in 1..P.

    Notes
    -----
    Source: own derivation, nested orthogonal factorisations. It costs a few times one fit on all P columns.
    Relative errors of test and norm are about eps cond(features[:, :n]) up to p = 9n/8 and eps times the
    condition at 9n/8 beyond, like those of a refit by SVD.

    Zero columns (dead units) are free, and so are later columns in the span of the leading independent ones
    (linear features of rank below n). If an independent column follows a dependent one (a duplicate among the
    first n), or the first n columns are singular to working precision (ReLU on a circle), every p asked for
    is refitted by SVD: right, but hundreds of times slower for all P.

    Examples
    --------
    >>> path = min_norm_path([[1.0, 1.0, 0.0]], [2.0], [[1.0, 0.0, 1.0]], [1.0])
    >>> path.test.round(12), path.norm.round(12)
    (array([1., 0., 0.]), array([4., 2., 2.]))
    """
    data = real_sets(features, targets, test_features, test_targets)
    P = data[0].shape[1]
    sizes = np.arange(1, P + 1) if p is None else np.asarray(p)
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu" or not np.all((sizes >= 1) & (sizes <= P)):
        raise ValueError(f"p must be a list of whole numbers in 1..{P}, got {p!r}")
    fits = _every_p(*data, sizes, 0.0)
    return Path(*_shaped(fits, np.ndim(targets), test_features)[:3])


def ridge_path(
    features: ArrayLike,
    targets: ArrayLike,
    test_features: ArrayLike | None = None,
    test_targets: ArrayLike | None = None,
    *,
    ridge: float,
) -> RidgePath:
    """Errors of ridge regression on the first p columns, for every p = 1..P at once.

        a_p minimises (1/n) |targets - features[:, :p] a|^2 + ridge |a|^2;   test, train, norm as in
        `min_norm_path`,   df = tr K (K + n ridge I)^-1 with K = features[:, :p] features[:, :p]'.

    Features are used as given, with one ridge for all p. On columns scaled once by P^-1/2 the fit at p is
    that on columns scaled by p^-1/2 with the ridge P/p times larger, and `norm` there is p/P times this one.

    Parameters
    ----------
    features : array_like (n, P), real
    targets : array_like (n,) or (n, q), real
    test_features : array_like (m, P), real, optional
        Held-out points, or those of `sims.fit.population` for the exact risk given the training set.
    test_targets : array_like (m,) or (m, q), real, optional
    ridge : float >= 0
        Penalty on |a|^2 beside the mean squared error, finite; 0 gives the minimum-norm fit.

    Returns
    -------
    RidgePath
        Fields of shape (P,), or (P, q); `df` of shape (P,).

    Raises
    ------
    ValueError
        If `ridge` is negative, not finite or no real number, or an array is complex, empty, not finite, or of
        the wrong shape.

    Notes
    -----
    Source: own derivation. A ridge is n more columns sqrt(n ridge) I of a minimum-norm fit, so no Gram matrix
    is formed and small ridges keep their digits. Dependent columns are free, unless n ridge is below rounding
    beside the square of the largest singular value: then every p is refitted by SVD.

    Examples
    --------
    >>> path = ridge_path([[1.0, 1.0]], [2.0], [[1.0, 0.0]], [1.0], ridge=1.0)
    >>> path.norm.round(12), path.df.round(12)
    (array([1.        , 0.88888889]), array([0.5       , 0.66666667]))
    """
    data = real_sets(features, targets, test_features, test_targets)
    penalty = _penalty(ridge)
    if np.isinf(penalty):
        raise ValueError(f"ridge must be finite for a path, got {ridge!r}; with inf every coefficient is 0")
    fits = _every_p(*data, np.arange(1, data[0].shape[1] + 1), penalty)
    return RidgePath(*_shaped(fits, np.ndim(targets), test_features))


def every_ridge(
    features: ArrayLike,
    targets: ArrayLike,
    test_features: ArrayLike | None = None,
    test_targets: ArrayLike | None = None,
    *,
    ridges: ArrayLike,
) -> RidgePath:
    """Errors of ridge regression at every ridge for one design, from one SVD.

        features = U S V';   a = V diag(s / (s^2 + n ridge)) U' targets.

    Parameters
    ----------
    features : array_like (n, p), real
    targets : array_like (n,) or (n, q), real
    test_features : array_like (m, p), real, optional
        Held-out points, or those of `sims.fit.population` for the exact risk given the training set.
    test_targets : array_like (m,) or (m, q), real, optional
    ridges : array_like (k,) of float >= 0
        Penalties as in `ridge`; 0 gives the minimum-norm fit, and inf gives 0.

    Returns
    -------
    RidgePath
        Fields of shape (k,), or (k, q); `df` of shape (k,).

    Raises
    ------
    ValueError
        If a ridge is negative or nan, or an array is complex, empty, not finite, or of the wrong shape.

    Notes
    -----
    Source: the normal equations in singular coordinates, with the cut-off of `min_norm`.

    Examples
    --------
    >>> every_ridge([[1.0], [1.0]], [2.0, 2.0], [[1.0]], [2.0], ridges=[0.0, 1.0]).test.round(12)
    array([0., 1.])
    """
    F, Y, Ft, Yt = real_sets(features, targets, test_features, test_targets)
    penalties = np.asarray(ridges)
    if penalties.ndim != 1 or penalties.dtype.kind not in "iuf" or not np.all(penalties >= 0):
        raise ValueError(f"ridges must be a list of real numbers >= 0, got {ridges!r}")
    left, s, right = _svd(F)
    power, seen = left.T @ Y, Ft @ right.T
    outside = np.zeros_like(Y) if len(s) == len(F) else Y - left @ power
    fits = []
    for penalty in penalties.astype(np.float64):
        gain = _gain(s, len(F) * penalty)[:, None]
        missed = (
            1.0 - s[:, None] * gain if penalty == np.inf else len(F) * penalty / s[:, None] * gain
        ) * power
        test = np.mean((Yt - seen @ (gain * power)) ** 2, axis=0)
        train = (np.sum(missed**2, axis=0) + np.sum(outside**2, axis=0)) / len(F)
        df = s @ gain[:, 0] if penalty > 0 else len(s)
        fits.append((test, train, np.sum((gain * power) ** 2, axis=0), df))
    test, train, norm = (np.array([fit[i] for fit in fits]).reshape(-1, Y.shape[1]) for i in range(3))
    sums = test, train, norm, np.array([fit[3] for fit in fits], dtype=float)
    return RidgePath(*_shaped(sums, np.ndim(targets), test_features))


Sums = tuple[Floats, Floats, Floats, Floats]  # test, train, norm (each k x q) and degrees of freedom (k)


def _every_p(F: Floats, Y: Floats, Ft: Floats, Yt: Floats, sizes: NDArray[np.int64], ridge: float) -> Sums:
    """Mean errors, norm and degrees of freedom of the fits on the first p columns for p in `sizes`."""
    # A zero column leaves the fit as it was: take the path of the others.
    live = F.any(axis=0)
    if not live.all():
        counts, place = np.unique(np.cumsum(live)[sizes - 1], return_inverse=True)
        none = (np.mean(Yt**2, 0)[None], np.mean(Y**2, 0)[None], np.zeros((1, Y.shape[1])), np.zeros(1))
        if not counts.any():
            fits = none
        else:
            fits = _every_p(F[:, live], Y, Ft[:, live], Yt, counts[counts > 0].astype(np.int64), ridge)
            if counts[0] == 0:
                zero, one, two, three = (np.concatenate(pair) for pair in zip(none, fits, strict=True))
                fits = (zero, one, two, three)
        test, train, norm, df = (field[place] for field in fits)
        return test, train, norm, df
    sums = nested.nested(F, Y, Ft, Yt, float(np.sqrt(len(F) * ridge)))
    if sums is None:
        return _refits(F, Y, Ft, Yt, sizes, ridge)
    at = sizes - 1
    return sums.test[at] / len(Ft), sums.train[at] / len(F), sums.norm[at], sums.freedom[at]


def _refits(F: Floats, Y: Floats, Ft: Floats, Yt: Floats, sizes: NDArray[np.int64], ridge: float) -> Sums:
    """The path by one SVD per p, for columns whose rank must be judged anew at each p."""
    rows = []
    for p in sizes:
        a, df = _svd_fit(F[:, :p], Y, ridge)
        interpolates = ridge == 0 and df == len(Y)
        residual = np.zeros_like(Y) if interpolates else Y - F[:, :p] @ a
        rows.append([np.mean((Yt - Ft[:, :p] @ a) ** 2, 0), np.mean(residual**2, 0), np.sum(a**2, 0), df])
    test, train, norm = (np.array([row[i] for row in rows]) for i in range(3))
    return test, train, norm, np.array([row[3] for row in rows], dtype=float)


def _shaped(fits: Sums, dimensions: int, test_features: ArrayLike | None) -> Sums:
    """Fields without the axis of right-hand sides for a vector of targets; test is nan without a test set."""
    test, train, norm, df = fits
    if test_features is None:
        test = np.full_like(test, np.nan)
    if dimensions == 1:
        test, train, norm = test[:, 0], train[:, 0], norm[:, 0]
    return test, train, norm, df


def _svd(matrix: Numbers) -> tuple[Numbers, Floats, Numbers]:
    """The SVD without singular values that are rounding; one cut-off for every ridge."""
    left, s, right = np.linalg.svd(matrix, full_matrices=False)
    kept = s > max(matrix.shape) * EPS * s[0]
    return left[:, kept], s[kept], right[kept]


def _gain(s: Floats, shift: float) -> Floats:
    """s / (s^2 + shift), without overflow of s^2."""
    return 1.0 / (s + shift / s)


def _svd_fit(matrix: Numbers, targets: Numbers, ridge: float) -> tuple[Numbers, float]:
    """Coefficients of the ridge fit and its degrees of freedom (the rank if ridge = 0)."""
    left, s, right = _svd(matrix)
    gain = _gain(s, len(matrix) * ridge)
    df = float(s @ gain) if ridge > 0 else len(s)
    return right.conj().T @ ((left * gain).conj().T @ targets), df


def _penalty(ridge: float) -> float:
    if not isinstance(ridge, int | float | np.integer | np.floating) or not ridge >= 0:
        raise ValueError(f"ridge must be one real number >= 0, got {ridge!r}; 0 is the minimum-norm fit")
    return float(ridge)
