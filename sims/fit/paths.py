"""Fits on the first p columns, for every p at once: minimum norm and ridge."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.fit import nested, streams
from sims.fit.arrays import Floats, real_sets
from sims.fit.least_squares import penalty_of, svd_fit
from theory.arguments import show


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


def min_norm_path(
    features: ArrayLike | Iterator[tuple[ArrayLike, ArrayLike]],
    targets: ArrayLike,
    test_features: ArrayLike | None = None,
    test_targets: ArrayLike | None = None,
    p: ArrayLike | None = None,
) -> Path:
    """Errors of the minimum-norm least-squares fit on the first p columns, for every p = 1..P at once.

        a_p = features[:, :p]^+ targets;   test = |test_targets - test_features[:, :p] a_p|^2 / m,
        train = |targets - features[:, :p] a_p|^2 / n,   norm = |a_p|^2.

    Features are used as given: to read the path in units of features / sqrt(p), multiply `norm` by p. Use it
    for curves of double descent; where coefficients are wanted, or features are complex, call `min_norm`.

    Parameters
    ----------
    features : array_like (n, P), real, or iterator of blocks of its columns
        Features too large for memory are made block by block: pairs of blocks (n, b) and (m, b) of
        the training and the test features. Multiples of 256 columns are quickest.
    targets : array_like (n,) or (n, q), real
    test_features : array_like (m, P), real, optional
        Held-out points, or those of `sims.fit.population` for the exact risk given the training set. Leave it
        out beside an iterator, which brings them.
    test_targets : array_like (m,) or (m, q), real, optional
    p : array_like (k,) of int in 1..P, optional
        Return these p only, in place of all P. This saves time where each p is refitted (see Notes).

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
    if isinstance(features, Iterator):
        if p is not None:
            raise ValueError(
                f"p = {show(p)} beside an iterator of features must be left out; take them after"
            )
        return Path(*_of_blocks(features, targets, test_features, test_targets, 0.0)[:3])
    data = real_sets(features, targets, test_features, test_targets)
    P = data[0].shape[1]
    sizes = np.arange(1, P + 1) if p is None else np.asarray(p)
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu" or not np.all((sizes >= 1) & (sizes <= P)):
        raise ValueError(f"p = {show(p)} must be a list of whole numbers in 1..{P}")
    fits = _every_p(*data, sizes, 0.0)
    return Path(*shaped(fits, np.ndim(targets), test_features)[:3])


def ridge_path(
    features: ArrayLike | Iterator[tuple[ArrayLike, ArrayLike]],
    targets: ArrayLike,
    test_features: ArrayLike | None = None,
    test_targets: ArrayLike | None = None,
    *,
    ridge: float,
) -> RidgePath:
    """Errors of ridge regression on the first p columns, for every p = 1..P at once.

        a_p = argmin over a of |targets - features[:, :p] a|^2/n + ridge |a|^2,
        df = tr K (K + n ridge I)^-1,   K = features[:, :p] features[:, :p]'.

    `test`, `train` and `norm` are those of `min_norm_path`. Features are used as given, with one ridge for
    all p. On columns scaled once by P^-1/2 the fit at p is that on columns scaled by p^-1/2 with the ridge
    P/p times larger, and `norm` there is p/P times this one.
    To vary the ridge at one p, use `every_ridge`.

    Parameters
    ----------
    features : array_like (n, P), real, or iterator of blocks of its columns
        Features too large for memory are made block by block: pairs of blocks (n, b) and (m, b) of
        the training and the test features. Multiples of 256 columns are quickest.
    targets : array_like (n,) or (n, q), real
    test_features : array_like (m, P), real, optional
        Held-out points, or those of `sims.fit.population` for the exact risk given the training set. Leave it
        out beside an iterator, which brings them.
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
    penalty = penalty_of(ridge)
    if np.isinf(penalty):
        raise ValueError(f"ridge = {ridge:g} must be finite for a path; with inf every coefficient is 0")
    if isinstance(features, Iterator):
        return RidgePath(*_of_blocks(features, targets, test_features, test_targets, penalty))
    data = real_sets(features, targets, test_features, test_targets)
    fits = _every_p(*data, np.arange(1, data[0].shape[1] + 1), penalty)
    return RidgePath(*shaped(fits, np.ndim(targets), test_features))


Fits = tuple[Floats, Floats, Floats, Floats]  # test, train, norm (each k x q) and degrees of freedom (k)


def _every_p(F: Floats, Y: Floats, Ft: Floats, Yt: Floats, sizes: NDArray[np.int64], ridge: float) -> Fits:
    """Mean errors, norm and degrees of freedom of the fits on the first p columns for p in `sizes`."""
    live = np.asarray(F.any(axis=0))
    if not live.all():
        return _without_zero_columns(F, Y, Ft, Yt, sizes, ridge, live)
    sums = nested.nested(F, Y, Ft, Yt, float(np.sqrt(len(F) * ridge)))
    if sums is None:
        return _refits(F, Y, Ft, Yt, sizes, ridge)
    index = sizes - 1
    return sums.test[index] / len(Ft), sums.train[index] / len(F), sums.norm[index], sums.freedom[index]


def _of_blocks(
    blocks: Iterator[tuple[ArrayLike, ArrayLike]],
    targets: ArrayLike,
    test_features: ArrayLike | None,
    test_targets: ArrayLike | None,
    ridge: float,
) -> Fits:
    """The path of features that come block by block, each seen once."""
    if test_features is not None or test_targets is None:
        raise ValueError(
            "features = iterator of blocks must give the test features too: "
            "pass test_targets, and no test_features"
        )
    sets = (real_sets(train, targets, test, test_targets) for train, test in blocks)
    F, Y, Ft, Yt = streams.first_columns(sets)
    first = _every_p(F, Y, Ft, Yt, np.arange(1, F.shape[1] + 1), ridge)
    c, df = float(np.sqrt(len(F) * ridge)), float(first[3][-1])
    later = ((train, test) for train, _, test, _ in sets)
    block = next(later, None)
    if block is None:
        return shaped(first, np.ndim(targets), test_targets)
    if c == 0 and df < len(F):
        raise ValueError(
            f"features = iterator whose first {F.shape[1]} columns have rank {df:g} must start with columns "
            f"of rank {len(F)}; put others first, or pass an array"
        )
    parts = streams.beyond(F, Ft, chain([block], later), Y, Yt, c, df)
    means = [(part.test / len(Ft), part.train / len(F), part.norm, part.freedom) for part in parts]
    test, train, norm, freedom = (np.concatenate(fields) for fields in zip(first, *means, strict=True))
    return shaped((test, train, norm, freedom), np.ndim(targets), test_targets)


def _without_zero_columns(
    F: Floats,
    Y: Floats,
    Ft: Floats,
    Yt: Floats,
    sizes: NDArray[np.int64],
    ridge: float,
    live: NDArray[np.bool_],
) -> Fits:
    """The path of the columns that are not zero: a zero column leaves the fit as it was."""
    counts, inverse = np.unique(np.cumsum(live)[sizes - 1], return_inverse=True)  # live columns among p
    empty = (np.mean(Yt**2, 0)[None], np.mean(Y**2, 0)[None], np.zeros((1, Y.shape[1])), np.zeros(1))
    if not counts.any():
        fits = empty
    else:
        fits = _every_p(F[:, live], Y, Ft[:, live], Yt, counts[counts > 0].astype(np.int64), ridge)
        if counts[0] == 0:
            test, train, norm, df = (np.concatenate(pair) for pair in zip(empty, fits, strict=True))
            fits = (test, train, norm, df)
    test, train, norm, df = (field[inverse] for field in fits)
    return test, train, norm, df


def _refits(F: Floats, Y: Floats, Ft: Floats, Yt: Floats, sizes: NDArray[np.int64], ridge: float) -> Fits:
    """The path by one SVD per p, for columns whose numerical rank must be decided anew at each p."""
    rows = []
    for p in sizes:
        a, df = svd_fit(F[:, :p], Y, ridge)
        interpolates = ridge == 0 and df == len(Y)
        residual = np.zeros_like(Y) if interpolates else Y - F[:, :p] @ a
        rows.append([np.mean((Yt - Ft[:, :p] @ a) ** 2, 0), np.mean(residual**2, 0), np.sum(a**2, 0), df])
    test, train, norm = (np.array([row[i] for row in rows]) for i in range(3))
    return test, train, norm, np.array([row[3] for row in rows], dtype=float)


def shaped(fits: Fits, dimensions: int, test_features: ArrayLike | None) -> Fits:
    """Fields without the axis of right-hand sides for a vector of targets; test is nan without a test set."""
    test, train, norm, df = fits
    if test_features is None:
        test = np.full_like(test, np.nan)
    if dimensions == 1:
        test, train, norm = test[:, 0], train[:, 0], norm[:, 0]
    return test, train, norm, df
