"""Least-squares fits: the minimum-norm fit, the ridge fit, and the minimum-norm fit on the first p columns for every p.

Features are n x p with one sample per row; targets are a vector of n, or n x q for q right-hand sides at once.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import rq, solve_triangular
from scipy.linalg.lapack import dtpmqrt, dtpqrt, dtrcon

Floats = NDArray[np.float64]
Numbers = NDArray[Any]  # float64 or complex128

EPS = float(np.finfo(np.float64).eps)
BLOCK = 128  # columns per matrix product: the widest before the work inside a block shows
PANEL = 32  # columns per panel inside LAPACK's blocked QR
FALL = (
    1e-4  # smallest fall of a squared length that a cumulative sum is trusted with: it costs 4 of 16 digits
)


class Path(NamedTuple):
    """Errors of the minimum-norm fit on the first p columns; index p - 1 on the first axis, right-hand sides on the second.

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

    Features are used as given. The package's convention of random features h / sqrt(p) is the caller's to apply:
    on unscaled features the same `ridge` is a penalty p times weaker.

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
        If `ridge` is negative, nan or not a real number, or an argument is empty, not finite or of the wrong shape.

    Notes
    -----
    Source: the normal equations (F'F/n + ridge I) a = F'y/n in singular coordinates.

    Examples
    --------
    >>> ridge([[1.0], [1.0]], [2.0, 2.0], ridge=1.0)
    array([1.])
    """
    matrix, columns = _training_set(features, targets)
    if np.ndim(ridge) != 0 or not isinstance(ridge, (int, float, np.integer, np.floating)) or not ridge >= 0:
        raise ValueError(
            f"ridge must be one real number >= 0, got {ridge!r}; pass ridge=0 for the minimum-norm fit"
        )
    return _svd_fit(matrix, columns, float(ridge))[0]


def min_norm_path(
    features: ArrayLike, targets: ArrayLike, test_features: ArrayLike, test_targets: ArrayLike
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

    Returns
    -------
    Path
        Fields of shape (P,), or (P, q). `train` is exactly 0 once the first p columns have rank n.

    Raises
    ------
    ValueError
        If an argument is complex, empty, not finite, or of the wrong shape.

    Notes
    -----
    Source: own derivation, nested orthogonal factorisations; no Gram matrix is formed. Prices of about one QR.

    Zero columns (dead units) are free, and so are columns in the span of the leading independent ones (linear
    features of rank below n). If an independent column comes after a dependent one (duplicates among the first n),
    or the leading columns are singular to working precision, each p is refitted by SVD: right, but hundreds of times slower.

    Examples
    --------
    >>> path = min_norm_path([[1.0, 1.0, 0.0]], [2.0], [[1.0, 0.0, 1.0]], [1.0])
    >>> path.test.round(12), path.norm.round(12)
    (array([1., 0., 0.]), array([4., 2., 2.]))
    """
    F, y = _training_set(features, targets)
    Ft, yt = (
        _numbers("test_features", test_features, 2),
        _numbers("test_targets", test_targets, y.ndim),
    )
    if any(np.iscomplexobj(argument) for argument in (F, y, Ft, yt)):
        raise ValueError(
            "features and targets of a path must be real, got complex numbers; use min_norm for each p"
        )
    if Ft.shape[1] != F.shape[1]:
        raise ValueError(
            f"test_features must have the {F.shape[1]} columns of features, got shape {Ft.shape}"
        )
    if yt.shape != Ft.shape[:1] + y.shape[1:]:
        wanted = Ft.shape[:1] + y.shape[1:]
        raise ValueError(
            f"test_targets must have shape {wanted} to match test_features and targets, got {yt.shape}"
        )
    shape = F.shape[1:] + y.shape[1:]
    Y, Yt = y.reshape(len(y), -1), yt.reshape(len(yt), -1)

    # A zero column leaves every fit as it was: take the path of the others, then repeat the fit before it.
    live = F.any(axis=0)
    start = Path(*(np.mean(Yt**2, 0)[None], np.mean(Y**2, 0)[None], np.zeros((1, Y.shape[1]))))
    fits = _path(F[:, live], Y, Ft[:, live], Yt) if live.any() else start
    fits = Path(
        *(np.concatenate(pair)[np.cumsum(live)].reshape(shape) for pair in zip(start, fits, strict=True))
    )
    return fits


def _path(F: Floats, Y: Floats, Ft: Floats, Yt: Floats) -> Path:
    """The path, by one QR of the leading independent columns, then null-space steps; or by refits where that is unsafe.

    F[:, :r] = Q R has nested inverses (the leading blocks of R^-1), so with c = Q'Y and Z = Ft R^-1, for p <= r
        prediction_p = sum_{j<=p} Z_j c_j,   a_p = sum_{j<=p} (R^-1)_j c_j,   n train_p = sum_{j>p} c_j^2 + |Y - Q c|^2.
    """
    (n, P), m = F.shape, len(Ft)
    Q, R = np.linalg.qr(F[:, :n])
    noise_floor = max(n, P) * EPS
    dependent = np.abs(np.diag(R)) <= noise_floor * np.linalg.norm(F[:, :n], axis=0)
    rank = int(np.argmax(dependent)) if dependent.any() else len(dependent)
    Q, R = Q[:, :rank], R[:rank, :rank]
    later = Q.T @ F[:, rank:]
    outside = 0.0 if rank == n else np.linalg.norm(F[:, rank:] - Q @ later, axis=0)
    # The SVD cuts singular values off at noise_floor * s_max: leave a margin so that it cuts none where it is not used.
    near_singular = dtrcon(R)[0] <= 10 * noise_floor
    if near_singular or np.any(outside > noise_floor * np.linalg.norm(F[:, rank:], axis=0)):
        return _refits(F, Y, Ft, Yt)

    c = Q.T @ Y
    residual = np.zeros_like(Y) if rank == n else Y - Q @ c
    inverse = solve_triangular(R, np.eye(rank))
    Z = solve_triangular(R, Ft[:, :rank].T, trans="T").T
    test, error = _running_squares(Yt, -Z, c)
    norm, a = _running_squares(np.zeros_like(c), inverse, c)
    train = _sums_after(c, np.sum(residual**2, axis=0))
    if P > rank:
        test_beyond, norm_beyond = _null_space_steps(R, later, a, Ft, error)
        test, norm = np.concatenate([test, test_beyond]), np.concatenate([norm, norm_beyond])
        train = np.concatenate([train, np.repeat(train[-1:], P - rank, axis=0)])
    return Path(test / m, train / n, norm)


def _null_space_steps(
    R: Floats, later: Floats, a: Floats, Ft: Floats, error: Floats
) -> tuple[Floats, Floats]:
    """Squared test error and |a|^2 for every p > r = len(R), where later columns lie in the span of the first r.

    In an orthonormal basis of the row space the features are a square root S (r x r), the fit is a (r x q), the test
    features T (m x r). For a block of new columns [S C] W = [S_new 0] with W orthogonal; the same W turns [a; 0] into
    [a_new; w] and [T Ct] into [T_new N]: the fit on the larger basis drops its null-space part w, so the
    error (truth minus prediction) gains N w. Turning N so that direction k uses the first k new columns only,
    its running sums are the fits in between. Products of orthogonal matrices only, hence errors of order eps * cond(R);
    updating (F F')^-1 instead would square the condition number, and saves no more than a third of the time.
    """
    (rank, count), q, m = later.shape, a.shape[1], len(Ft)
    # LAPACK wants S' upper triangular where R is: reversing the order of rows and of basis vectors turns R' into that.
    root = np.asfortranarray(R[::-1, ::-1].T)
    state = np.zeros((rank, m + q + BLOCK), order="F")  # columns: T', a, and room for the identity's image
    state[:, :m], state[:, m : m + q] = Ft[:, :rank].T[::-1], a[::-1]
    test, norm = np.empty((count, q)), np.empty((count, q))
    for begin in range(0, count, BLOCK):
        block = slice(begin, min(begin + BLOCK, count))
        size = block.stop - block.start
        root, reflectors, factors, _ = dtpqrt(
            0, min(PANEL, rank), root, later[::-1, block].T, overwrite_a=True
        )
        state = state[:, : m + q + size]
        state[:, m + q :] = 0.0
        below = np.zeros((size, m + q + size), order="F")
        below[:, :m] = Ft[:, rank:][:, block].T
        below[:, m + q :] = np.eye(size)
        state, below, _ = dtpmqrt(
            0, reflectors, factors, state, below, trans="T", overwrite_a=True, overwrite_b=True
        )
        # The image of the identity is the transposed new-column part of the null space's basis; rq makes it triangular.
        nested = rq(below[:, m + q :].T)[1] @ below[:, : m + q]
        directions, weights = nested[:, :m].T, nested[:, m:]
        test[block], error = _running_squares(error, directions, weights)
        norm[block] = _sums_after(weights, np.sum(state[:, m : m + q] ** 2, axis=0))
    return test, norm


def _refits(F: Floats, Y: Floats, Ft: Floats, Yt: Floats) -> Path:
    """The path by one SVD per p, for columns whose rank must be judged anew at each p."""
    rows = []
    for p in range(1, F.shape[1] + 1):
        a, rank = _svd_fit(F[:, :p], Y, 0.0)
        residual = np.zeros_like(Y) if rank == len(Y) else Y - F[:, :p] @ a
        rows.append([np.mean((Yt - Ft[:, :p] @ a) ** 2, 0), np.mean(residual**2, 0), np.sum(a**2, 0)])
    return Path(*np.moveaxis(np.array(rows), 1, 0))


def _running_squares(start: Floats, directions: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Per column, |v_k|^2 of v_k = start + sum_{j<=k} directions_j weights_j for every k = 1..b, and the last v.

    |v_k|^2 - |v_{k-1}|^2 = w_k (2 d_k'start + 2 sum_{j<k} d_k'd_j w_j + d_k'd_k w_k): matrix products serve all columns and
    all k, where forming each v_k would cost b passes over memory. Their sum cancels when the length falls far below its
    peak, as the error does just above p = n: such a stretch is halved, with the middle v formed anew, down to single steps.
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
        raise ValueError(f"targets must have the {len(matrix)} rows of features, got shape {columns.shape}")
    return matrix, columns


def _numbers(name: str, value: ArrayLike, *dimensions: int) -> Numbers:
    """A finite, non-empty float64 or complex128 array of one of the given dimensions, or ValueError naming the argument."""
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        raise ValueError(
            f"{name} must hold real or complex numbers, got dtype {array.dtype}; convert it to a float array"
        )
    if array.ndim not in dimensions:
        wanted = " or ".join(map(str, dimensions))
        raise ValueError(f"{name} must have {wanted} dimensions, got shape {array.shape}; reshape it")
    if array.size == 0:
        raise ValueError(
            f"{name} must not be empty, got shape {array.shape}; pass at least one row and column"
        )
    array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)
    if not np.all(np.isfinite(array)):
        bad = np.argwhere(~np.isfinite(array))[0].tolist()
        raise ValueError(f"{name} must be finite, got {array[tuple(bad)]} at index {bad}; drop or replace it")
    return array
