"""Least-squares fits: minimum norm, ridge, and the minimum-norm fit on the first p columns for every p.

Features are n x p, one sample per row; targets are a vector of n, or n x q for q right-hand sides at once.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import rq, solve_triangular
from scipy.linalg.lapack import dtpmqrt, dtpqrt

Floats = NDArray[np.float64]
Numbers = NDArray[Any]  # float64 or complex128

EPS = float(np.finfo(np.float64).eps)
BLOCK = 128  # columns per matrix product: wider, and the work inside a block shows
PANEL = 32  # columns per panel inside LAPACK's blocked QR
FALL = 1e-4  # how far a squared length may fall inside one cumulative sum: it costs 4 of 16 digits


class Path(NamedTuple):
    """The minimum-norm fit on the first p columns, at index p - 1; right-hand sides on a second axis, if any.

    >>> Path(test=np.ones(3), train=np.zeros(3), norm=np.ones(3)).test.shape
    (3,)
    """

    test: Floats  # mean squared error on the test set
    train: Floats  # mean squared residual on the training set
    norm: Floats  # |a|^2


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
    matrix, columns = _training_set(features, targets)
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
    matrix, columns = _training_set(features, targets)
    if not isinstance(ridge, int | float | np.integer | np.floating) or not ridge >= 0:
        raise ValueError(f"ridge must be one real number >= 0, got {ridge!r}; 0 is the minimum-norm fit")
    return _svd_fit(matrix, columns, float(ridge))[0]


def min_norm_path(
    features: ArrayLike,
    targets: ArrayLike,
    test_features: ArrayLike,
    test_targets: ArrayLike,
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
    test_features : array_like (m, P), real
    test_targets : array_like (m,) or (m, q), real
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
    No Gram matrix is formed: relative errors of test and norm are about eps cond(features[:, :n]) up to
    p = 1.25 n and eps times the condition at 1.25 n beyond, like those of a refit by SVD.

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
    F, y = _training_set(features, targets)
    Ft, yt = _numbers("test_features", test_features, 2), _numbers("test_targets", test_targets, y.ndim)
    for name, array in {"features": F, "targets": y, "test_features": Ft, "test_targets": yt}.items():
        if np.iscomplexobj(array):
            raise ValueError(f"{name} must be real for a path, got complex numbers; use min_norm for each p")
    for name, array, wanted in (
        ("test_features", Ft, (len(Ft), F.shape[1])),
        ("test_targets", yt, (len(Ft), *y.shape[1:])),
    ):
        if array.shape != wanted:
            raise ValueError(
                f"{name} must have shape {wanted} to match, got {array.shape}; cut or reshape it"
            )
    Y, Yt = y.reshape(len(y), -1), yt.reshape(len(yt), -1)

    sizes = np.arange(1, F.shape[1] + 1) if p is None else np.asarray(p)
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu" or not np.all((sizes >= 1) & (sizes <= F.shape[1])):
        raise ValueError(f"p must be a list of whole numbers in 1..{F.shape[1]}, got {p!r}")

    # A zero column leaves the fit as it was: take the path of the others.
    live = F.any(axis=0)
    counts, place = np.unique(np.cumsum(live)[sizes - 1], return_inverse=True)
    fits = [np.mean(Yt**2, 0)[None], np.mean(Y**2, 0)[None], np.zeros((1, Y.shape[1]))]  # of no columns
    if counts[-1:].any():
        path = _path(F[:, live], Y, Ft[:, live], Yt, counts[counts > 0])
        fits = [np.concatenate(pair) if counts[0] == 0 else pair[1] for pair in zip(fits, path, strict=True)]
    return Path(*(field[place].reshape(sizes.shape + y.shape[1:]) for field in fits))


def _path(F: Floats, Y: Floats, Ft: Floats, Yt: Floats, sizes: NDArray[np.int64]) -> Path:
    """The path at `sizes` by one QR of the leading independent columns and null-space steps.

    Where that is unsafe it is refitted.

    F[:, :r] = Q R has nested inverses (the leading blocks of R^-1): with c = Q'Y and Z = Ft R^-1, for p <= r
        prediction_p = sum_{j<=p} Z_j c_j,   a_p = sum_{j<=p} (R^-1)_j c_j,
        n train_p = sum_{j>p} c_j^2 + |Y - Q c|^2.
    """
    (n, P), m = F.shape, len(Ft)
    rounding = max(n, P) * EPS
    lengths = np.linalg.norm(F, axis=0)
    Q, R = np.linalg.qr(F[:, :n])
    dependent = np.abs(np.diag(R)) <= rounding * lengths[:n]
    rank = int(np.argmax(dependent)) if dependent.any() else len(dependent)
    Q, R = Q[:, :rank], R[:rank, :rank]
    inverse = solve_triangular(R, np.eye(rank))
    c = Q.T @ Y
    M, b, spanned = F, Y, True
    if rank < n:  # later columns must be Q M to rounding, and then Q' leaves r equations of the n
        M, b = Q.T @ F, c
        outside = np.linalg.norm(F - Q @ M, axis=0)
        spanned = bool(np.all(outside[rank:] <= rounding * lengths[rank:]))
    # No refit's SVD would cut a singular value off at rounding * s_max: s_min >= 1 / |R^-1|_F at every p and
    # s_max <= |F|_F. Written so that a nan from overflow is unsafe.
    regular = rounding * np.linalg.norm(lengths) * np.linalg.norm(inverse) < 1
    if not (regular and spanned):
        return _refits(F, Y, Ft, Yt, sizes)

    test, _ = _running_squares(Yt, -solve_triangular(R, Ft[:, :rank].T, trans="T").T, c)
    norm, _ = _running_squares(np.zeros_like(c), inverse, c)
    residual = np.zeros_like(Y) if rank == n else Y - Q @ c
    train = _sums_after(c, np.sum(residual**2, axis=0))
    train = np.concatenate([train, np.repeat(train[-1:], P - rank, axis=0)])
    # A fresh start some way above the threshold leaves the rounding errors of the peak behind.
    restart = min(rank + rank // 4 + 1, P)
    for begin, end in ((rank, restart), (restart, P)):
        if begin < end:
            test_piece, norm_piece = _null_space_steps(M, b, Ft, Yt, begin, end)
            test, norm = np.concatenate([test, test_piece]), np.concatenate([norm, norm_piece])
    return Path(*(field[sizes - 1] for field in (test / m, train / n, norm)))


def _null_space_steps(
    M: Floats, b: Floats, Ft: Floats, Yt: Floats, begin: int, end: int
) -> tuple[Floats, Floats]:
    """Squared test error and |a|^2 of the fits M a = b for begin < p <= end; M[:, :begin] has all its rank.

    In an orthonormal basis of the row space the features are a square root S (r x r), the fit is a (r x q),
    the test features are T (m x r). For a block C of new columns [S C] W = [S_new 0] with W orthogonal, and
    the same W takes [a; 0] to [a_new; w] and [T Ct] to [T_new N]. The new fit drops its null-space part w, so
    the error (truth minus prediction) gains N w. Turned so that direction k uses the first k new columns
    only, the running sums of N w are the fits in between. All products are with orthogonal matrices, so
    errors stay near eps cond(S), even at the threshold; updating (M M')^-1 would square the condition.
    """
    rank, q, m = len(M), b.shape[1], len(Ft)
    basis, root = np.linalg.qr(M[:, :begin].T)  # root = S'
    a, T = solve_triangular(root, b, trans="T"), Ft[:, :begin] @ basis
    error = Yt - T @ a
    state = np.zeros((rank, m + q + BLOCK), order="F")  # columns: T', a, and room for the identity's image
    state[:, :m], state[:, m : m + q] = T.T, a
    test, norm = np.empty((end - begin, q)), np.empty((end - begin, q))
    for start in range(begin, end, BLOCK):
        stop = min(start + BLOCK, end)
        size, done = stop - start, slice(start - begin, stop - begin)
        root, reflectors, factors, _ = dtpqrt(0, min(PANEL, rank), root, M[:, start:stop].T)
        state = state[:, : m + q + size]
        state[:, m + q :] = 0.0
        below = np.zeros((size, m + q + size), order="F")
        below[:, :m] = Ft[:, start:stop].T
        below[:, m + q :] = np.eye(size)
        state, below, _ = dtpmqrt(
            0, reflectors, factors, state, below, trans="T", overwrite_a=True, overwrite_b=True
        )
        # The identity's image is the transposed new-column part of the null-space basis: make it triangular.
        nested = rq(below[:, m + q :].T)[1] @ below[:, : m + q]
        directions, weights = nested[:, :m].T, nested[:, m:]
        test[done], error = _running_squares(error, directions, weights)
        norm[done] = _sums_after(weights, np.sum(state[:, m : m + q] ** 2, axis=0))
    return test, norm


def _refits(F: Floats, Y: Floats, Ft: Floats, Yt: Floats, sizes: NDArray[np.int64]) -> Path:
    """The path by one SVD per p, for columns whose rank must be judged anew at each p."""
    rows = []
    for p in sizes:
        a, rank = _svd_fit(F[:, :p], Y, 0.0)
        residual = np.zeros_like(Y) if rank == len(Y) else Y - F[:, :p] @ a
        rows.append([np.mean((Yt - Ft[:, :p] @ a) ** 2, 0), np.mean(residual**2, 0), np.sum(a**2, 0)])
    return Path(*np.moveaxis(np.array(rows), 1, 0))


def _running_squares(start: Floats, directions: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """|v_k|^2 per column of v_k = start + sum_{j<=k} directions_j weights_j for k = 1..b, and the last v.

    |v_k|^2 - |v_{k-1}|^2 = w_k (2 d_k'start + 2 sum_{j<k} d_k'd_j w_j + d_k'd_k w_k) is a matrix product for
    all k and all columns; forming each v_k would cost b passes over memory. But the sum cancels when the
    length falls far below its peak, as the error does just above p = n: such a stretch is halved, with the v
    in the middle formed anew, down to single steps.
    """
    count = len(weights)
    if count == 1:
        end = start + directions @ weights
        return np.sum(end**2, axis=0)[None], end
    if count <= BLOCK:
        gram = directions.T @ directions
        lower = 2.0 * np.tril(gram, -1) + np.diag(np.diag(gram))
        before = np.sum(start**2, axis=0)
        squares = before + np.cumsum(weights * (2.0 * (directions.T @ start) + lower @ weights), axis=0)
        peak = np.maximum(before, np.maximum.accumulate(squares, axis=0))
        if np.all(squares >= FALL * peak):
            return squares, start + directions @ weights
    half = count // 2
    first, middle = _running_squares(start, directions[:, :half], weights[:half])
    second, end = _running_squares(middle, directions[:, half:], weights[half:])
    return np.concatenate([first, second]), end


def _sums_after(weights: Floats, rest: Floats) -> Floats:
    """sum_{j>k} weights_j^2 + rest for k = 1..b, summed from the small end so that nothing cancels."""
    return np.cumsum(np.concatenate([rest[None], weights[:0:-1] ** 2]), axis=0)[::-1]


def _svd_fit(matrix: Numbers, targets: Numbers, ridge: float) -> tuple[Numbers, int]:
    """Coefficients of the ridge fit and the rank; one cut-off for every ridge keeps ridge -> 0 continuous."""
    n, p = matrix.shape
    left, s, right = np.linalg.svd(matrix, full_matrices=False)
    kept = s > max(n, p) * EPS * s[0]
    left, s, right = left[:, kept], s[kept], right[kept]
    gain = 1.0 / (s + n * ridge / s)  # = s / (s^2 + n ridge), without overflow of s^2
    return right.conj().T @ ((left * gain).conj().T @ targets), len(s)


def _training_set(features: ArrayLike, targets: ArrayLike) -> tuple[Numbers, Numbers]:
    """Features and targets as checked arrays."""
    matrix, columns = _numbers("features", features, 2), _numbers("targets", targets, 1, 2)
    if len(columns) != len(matrix):
        raise ValueError(
            f"targets must have {len(matrix)} rows, one per row of features, got {columns.shape}"
        )
    return matrix, columns


def _numbers(name: str, value: ArrayLike, *dimensions: int) -> Numbers:
    """A finite, non-empty float64 or complex128 array of one of the given dimensions."""
    try:
        array = np.asarray(value)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"{name} must be one array, got {type(value).__name__}: {error}") from None
    if array.dtype.kind not in "biufc":
        raise ValueError(f"{name} must hold numbers, got dtype {array.dtype}; convert it to a float array")
    if array.ndim not in dimensions:
        wanted = " or ".join(map(str, dimensions))
        raise ValueError(f"{name} must have {wanted} dimensions, got shape {array.shape}; reshape it")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}; pass a row and a column")
    array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)
    if not np.all(np.isfinite(array)):
        bad = np.argwhere(~np.isfinite(array))[0].tolist()
        raise ValueError(f"{name} must be finite, got {array[tuple(bad)]} at index {bad}; drop or replace it")
    return array
