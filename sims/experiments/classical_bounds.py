"""Classical bounds and estimates of the error along double descent, and how well they order the models.

Minimum-norm (or ridge) fits to random ReLU features of Gaussian inputs at p = share n; beside the exact test
error stands a bound by the norm, |a| sqrt(sum_i |phi(x_i)|^2)/n, one by counting parameters (VC), the
leave-one-out error, or the training error. Used by the claims and the figure of oneto2023.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sims import fit
from sims.experiments import random_relu
from theory import complexity, validation
from theory.papers import oneto2023

Array = NDArray[np.float64]
Bound = Literal["norm", "training", "left out", "vc"]

SHARES = np.array([0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.7, 2.5, 5.0])
"""Features per sample, p/n, along the curve."""
LABELS = 8
"""Draws of target and noise over which errors and bounds of one design are averaged."""


def curves(n: int, d: int, noise: float, ridge: float, by: Bound, rng: np.random.Generator) -> Array:
    """Test error and a bound of fits to one design, each at p = n times every share: (2, shares).

    >>> curves(20, 5, 0.5, 0.0, "vc", np.random.default_rng(0)).shape
    (2, 10)
    """
    design = random_relu.draw(n, d, int(SHARES.max() * n), rng)
    beta = rng.standard_normal((d, LABELS)) / np.sqrt(d)
    y = design.X @ beta + np.sqrt(noise) * rng.standard_normal((n, LABELS))
    rows = []
    for p in (SHARES * n).astype(int):
        H = design.features(p)
        a = fit.ridge(H, y, ridge)
        rows.append((noise + design.error(a, beta, p).mean(), _bound(H, y, a, ridge, by)))
    return np.array(rows).T


def _bound(H: Array, y: Array, coefficients: Array, ridge: float, by: Bound) -> float:
    """A bound on (or an estimate of) the error of fits to y (n, k) on features H (n, p), averaged over k.

    The norm bound and the leave-one-out error are those of `theory.papers.oneto2023`, which takes one set of
    labels at a time; they are written for all k at once here, because one by one they round differently.
    """
    if by == "norm":
        return float(complexity.rademacher_bound(H, np.linalg.norm(coefficients, axis=0)).mean())
    if by == "training":
        # what rounding leaves of interpolated labels counts as nothing
        return max(float(np.mean((y - H @ coefficients) ** 2)), 1e-9)
    if by == "left out":
        K = H @ H.T
        return float(np.mean([validation.leave_one_out(K, labels, ridge) ** 2 for labels in y.T]))
    return float(oneto2023.parameter_bound(len(H), H.shape[1]))


def rank_correlation(a: Array, b: Array) -> float:
    """Spearman's rank correlation of positive numbers; those equal to 1e-12 share a rank.

    It is 0 where one of the two is constant, since a constant orders nothing.

    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 9.0]))
    1.0
    """
    from scipy.stats import rankdata

    first, second = (rankdata(np.round(np.log(c), 12)) for c in (a, b))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])
