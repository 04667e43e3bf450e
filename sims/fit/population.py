"""A population as a finite test set: exact risks where the moments of features and target are known."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sims.fit.arrays import Floats, real
from sims.fit.nested import EPS


class Population(NamedTuple):
    """Test points on which the mean squared error of any fit a is its risk E (y - h'a)^2, exactly.

    >>> Population(features=np.eye(2), targets=np.ones(2)).features.shape
    (2, 2)
    """

    features: Floats
    targets: Floats


def population(covariance: ArrayLike, cross: ArrayLike, power: ArrayLike) -> Population:
    """Test points that stand for a population: the mean squared error on them is the risk of every fit.

        mean_i (y_i - h_i'a)^2 = E y^2 - 2 a'E[h y] + a'E[h h'] a,   for the first p entries of h too.

    Parameters
    ----------
    covariance : array_like (P, P)
        E[h h'] of the features, symmetric and positive semidefinite.
    cross : array_like (P,) or (P, q)
        E[h y] of the features and the target, or q targets.
    power : float, or array_like (q,)
        E y^2.

    Returns
    -------
    Population
        Features (rank + 1, P) and targets (rank + 1,) or (rank + 1, q): the test set of a path of `sims.fit`.

    Raises
    ------
    ValueError
        If an array is complex, not finite or of the wrong shape, or the moments are those of no population.

    Notes
    -----
    Source: covariance = L L' with L' the features and L^+ cross the targets; one more point, of zero
    features, carries the power that no fit explains.

    Examples
    --------
    >>> from sims.fit import min_norm_path
    >>> path = min_norm_path([[1.0]], [2.0], *population([[3.0]], [3.0], 5.0))  # a = 2: 5 - 12 + 12
    >>> path.test.round(12)
    array([5.])
    """
    S, C = real("covariance", covariance, 2), real("cross", cross, 1, 2)
    E = np.asarray(power, dtype=float)
    if S.shape[0] != S.shape[1] or np.max(np.abs(S - S.T)) > 1e-10 * np.max(np.abs(S)):
        raise ValueError(f"covariance must be square and symmetric, got shape {S.shape}; use (S + S')/2")
    if len(C) != len(S):
        raise ValueError(f"cross must have {len(S)} rows, one per feature, got {C.shape}")
    if E.shape != C.shape[1:] or not np.all(np.isfinite(E)):
        raise ValueError(f"power must hold finite numbers of shape {C.shape[1:]}, got {power!r}")
    values, vectors = np.linalg.eigh((S + S.T) / 2)
    cut = len(S) * EPS * np.max(np.abs(values))
    if values[0] < -100 * cut:
        raise ValueError(f"covariance must be positive semidefinite, got an eigenvalue {values[0]}")
    kept = values > cut
    roots, vectors = np.sqrt(values[kept]), vectors[:, kept]
    y = (vectors.T @ C / (roots if C.ndim == 1 else roots[:, None])) if kept.any() else C[:0]
    rest = E - np.sum(y**2, axis=0)
    if np.any(rest < -1e-8 * np.abs(E)) or np.any(E < 0):
        raise ValueError(f"power must be at least what the features explain, {E - rest}, got {power!r}")
    scale = np.sqrt(len(roots) + 1)
    rows = np.vstack([roots[:, None] * vectors.T, np.zeros((1, len(S)))])
    return Population(scale * rows, scale * np.concatenate([y, np.sqrt(np.maximum(rest, 0.0))[None]]))
