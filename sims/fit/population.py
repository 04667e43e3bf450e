"""A population as a finite test set: exact risks where the moments of features and target are known."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sims.fit.arrays import Floats
from sims.fit.cutoff import EPS, significant
from theory.arguments import array, show


class Population(NamedTuple):
    """Test points on which the mean squared error of any fit a is its risk E (y - h'a)^2, exactly.

    >>> Population(features=np.eye(2), targets=np.ones(2)).features.shape
    (2, 2)
    """

    features: Floats
    targets: Floats


def population(covariance: ArrayLike, cross: ArrayLike, power: ArrayLike) -> Population:
    """Test points that stand for a population: the mean squared error on them is the risk of every fit.

    Pass them to a path of `sims.fit` in place of held-out points where these moments are known: the risk then
    has no sampling error of the test set.

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
    S, C = array("covariance", covariance, 2), array("cross", cross, 1, 2)
    E = np.asarray(power, dtype=float)
    if S.shape[0] != S.shape[1] or np.max(np.abs(S - S.T)) > 1e-10 * np.max(np.abs(S)):
        raise ValueError(
            f"covariance = array of shape {S.shape} must be square and symmetric; use (S + S')/2"
        )
    if len(C) != len(S):
        raise ValueError(f"cross = array of shape {C.shape} must have {len(S)} rows, one per feature")
    if E.shape != C.shape[1:] or not np.all(np.isfinite(E)):
        raise ValueError(f"power = {show(power)} must be finite, of shape {C.shape[1:]}: one per target")
    values, vectors = np.linalg.eigh((S + S.T) / 2)
    rounding = len(S) * EPS * np.max(np.abs(values))
    if values[0] < -100 * rounding:
        raise ValueError(f"covariance has the eigenvalue {values[0]:g}; it must be positive semidefinite")
    spanned = significant(values, S.shape)
    roots, vectors = np.sqrt(values[spanned]), vectors[:, spanned]
    y = (vectors.T @ C / (roots if C.ndim == 1 else roots[:, None])) if spanned.any() else C[:0]
    rest = E - np.sum(y**2, axis=0)
    if np.any(rest < -1e-8 * np.abs(E)) or np.any(E < 0):
        raise ValueError(f"power = {show(power)} must be at least what the features explain, {E - rest}")
    scale = np.sqrt(len(roots) + 1)
    rows = np.vstack([roots[:, None] * vectors.T, np.zeros((1, len(S)))])
    return Population(scale * rows, scale * np.concatenate([y, np.sqrt(np.maximum(rest, 0.0))[None]]))
