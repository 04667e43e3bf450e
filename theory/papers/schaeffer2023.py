"""Schaeffer et al. 2023: double descent demystified, by the singular values of the training data.

The error of least squares on one test input is a sum over singular directions, each a product of
three factors: 1/sigma_r, the test input along v_r, and the training errors along u_r. All three must
be present for a peak at n = p.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, data
from theory.engines import singular
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="schaeffer2023",
    title="Double descent demystified: identifying, interpreting & ablating the sources of a deep "
    "learning puzzle",
    authors=("Schaeffer", "Khona", "Robertson", "Boopathy", "Pistunova", "Rocks", "Fiete", "Koyejo"),
    error="none",
    note="signed error of one prediction against x.beta",
    penalty="none: minimum norm",
    statements={"prediction_error": "proved (an algebraic identity)"},
    topics=("double descent", "interpolation threshold"),
)


class PredictionError(NamedTuple):
    """Terms by decreasing singular value, their sum, the null-space part, and the whole error."""

    terms: Array
    variance: Array
    null_space: Array
    total: Array


def prediction_error(X: ArrayLike, beta: ArrayLike, errors: ArrayLike, x: ArrayLike) -> PredictionError:
    """Error f(x) - x.beta of minimum-norm least squares on y = X beta + errors, term by term.

    sum_r (x.v_r)(u_r.errors)/sigma_r - x.(I - V V') beta,  X = U diag(sigma) V'.

    Parameters
    ----------
    X : (n, p) array_like
        Training inputs.
    beta : (p,) array_like
        Best linear target.
    errors : (n,) array_like
        Training errors of the best target.
    x : (p,) array_like
        Test input.

    Returns
    -------
    PredictionError(terms, variance, null_space, total): `terms` has the length of the numerical rank,
    singular values above max(n, p) eps sigma_1, from the largest (equal ones in any order); variance is
    their sum; null_space is 0 where the rank is p.

    Warns
    -----
    SingularKernelWarning
        A rank that rounding decided, by which the variance may be off by far: neither equal rows nor a gap in
        the spectrum of X explain it.

    Source: [schaeffer2023, Sec. 3†].

    >>> parts = prediction_error([[1.0, 0.0], [0.0, 0.1]], [1.0, 2.0], errors=[0.3, 0.3], x=[1.0, 1.0])
    >>> parts.terms.round(6)
    array([0.3, 3. ])
    """
    inputs = data("X", X, 2)
    target, noise, point = data("beta", beta, 1), data("errors", errors, 1), data("x", x, 1)
    n, p = inputs.shape
    for name, vector, size in (("beta", target, p), ("errors", noise, n), ("x", point, p)):
        if vector.shape != (size,):
            raise ValueError(f"{name} has shape {vector.shape}; pass {(size,)} for X of shape {inputs.shape}")
    U, sigma, Vt = np.linalg.svd(inputs, full_matrices=False)
    cut = max(n, p) * np.finfo(float).eps * float(sigma[0])
    singular.check_jacobian("X", inputs, sigma, cut, np.inf)
    rank = int((sigma > cut).sum())
    U, sigma, Vt = U[:, :rank], sigma[:rank], Vt[:rank]
    terms = (Vt @ point) * (noise @ U) / sigma
    unseen = target - Vt.T @ (Vt @ target) if rank < p else np.zeros(p)
    variance, null_space = terms.sum(), -(point @ unseen)
    return PredictionError(terms, variance, null_space, variance + null_space)
