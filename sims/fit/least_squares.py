"""Single least-squares fits by SVD: minimum norm and ridge."""

import numpy as np
from numpy.typing import ArrayLike

from sims.fit.arrays import Floats, Numbers, training_set
from sims.fit.cutoff import svd
from theory.arguments import show


def min_norm(features: ArrayLike, targets: ArrayLike) -> Numbers:
    """Minimum-norm least squares, a = features^+ targets, by SVD.

    Singular values up to max(n, p) * eps * s_max count as zero. Use it for one p, or for complex features;
    `min_norm_path` fits the first p columns for all p in the time of a few such fits.

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
    return svd_fit(matrix, columns, 0.0)[0]


def ridge(features: ArrayLike, targets: ArrayLike, ridge: float) -> Numbers:
    """Ridge regression by SVD: the a that minimises (1/n) |targets - features a|^2 + ridge |a|^2.

    Features are used as given: the package's scale h / sqrt(p) of random features is the caller's to apply
    (without it the same `ridge` is a penalty p times weaker). Use it for one p and one ridge; `every_ridge`
    and `ridge_path` fit many at once.

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
    return svd_fit(matrix, columns, penalty_of(ridge))[0]


def svd_fit(matrix: Numbers, targets: Numbers, ridge: float) -> tuple[Numbers, float]:
    """Coefficients of the ridge fit and its degrees of freedom (the rank if ridge = 0)."""
    left, s, right = svd(matrix)
    gain = gains(s, len(matrix) * ridge)
    df = float(s @ gain) if ridge > 0 else len(s)
    return right.conj().T @ ((left * gain).conj().T @ targets), df


def gains(s: Floats, shift: float) -> Floats:
    """s / (s^2 + shift), without overflow of s^2."""
    return 1.0 / (s + shift / s)


def penalty_of(ridge: float) -> float:
    """`ridge` as a float >= 0, which may be inf."""
    if not isinstance(ridge, int | float | np.integer | np.floating) or not ridge >= 0:
        raise ValueError(f"ridge = {show(ridge)} must be one real number >= 0; 0 gives the minimum-norm fit")
    return float(ridge)
