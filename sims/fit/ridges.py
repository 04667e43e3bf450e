"""Ridge regression at many ridges for one feature matrix, from one SVD."""

import numpy as np
from numpy.typing import ArrayLike

from sims.fit.arrays import real_sets
from sims.fit.cutoff import svd
from sims.fit.least_squares import gains
from sims.fit.paths import RidgePath, shaped
from theory.arguments import show


def every_ridge(
    features: ArrayLike,
    targets: ArrayLike,
    test_features: ArrayLike | None = None,
    test_targets: ArrayLike | None = None,
    *,
    ridges: ArrayLike,
) -> RidgePath:
    """Errors of ridge regression at every ridge for one feature matrix, from one SVD.

        features = U S V';   a = V diag(s / (s^2 + n ridge)) U' targets.

    Use it to draw the test error against the ridge or to find the best one: a further ridge costs far less
    than a fit. To vary the number of features at one ridge, use `ridge_path`.

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
        raise ValueError(f"ridges = {show(ridges)} must be a list of real numbers >= 0")
    left, s, right = svd(F)
    projected, test_points = left.T @ Y, Ft @ right.T  # in singular coordinates
    outside = np.zeros_like(Y) if len(s) == len(F) else Y - left @ projected
    k, q = len(penalties), Y.shape[1]
    test, train, norm, df = np.empty((k, q)), np.empty((k, q)), np.empty((k, q)), np.empty(k)
    for i, penalty in enumerate(penalties.astype(np.float64)):
        gain = gains(s, len(F) * penalty)[:, None]
        shrinkage = 1.0 - s[:, None] * gain if penalty == np.inf else len(F) * penalty / s[:, None] * gain
        residual = shrinkage * projected
        test[i] = np.mean((Yt - test_points @ (gain * projected)) ** 2, axis=0)
        train[i] = (np.sum(residual**2, axis=0) + np.sum(outside**2, axis=0)) / len(F)
        norm[i] = np.sum((gain * projected) ** 2, axis=0)
        df[i] = s @ gain[:, 0] if penalty > 0 else len(s)
    return RidgePath(*shaped((test, train, norm, df), np.ndim(targets), test_features))
