"""Bayati and Montanari 2012: the risk of the Lasso for Gaussian inputs.

k of p coefficients are +-signal, the others zero; `theory.sparse` has any other values and counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import sparse
from theory.arguments import broadcast, non_negative, positive, real
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="bayati2012",
    title="The LASSO risk for Gaussian matrices",
    authors=("Bayati", "Montanari"),
    error="test",
    penalty="on |a|_1, beside the mean squared error; the paper's lambda is n/2 times it",
    statements={"lasso": "verified by simulation and linear programs"},
    topics=("Lasso", "basis pursuit", "sparsity", "state evolution"),
)


def lasso(
    n: ArrayLike, p: ArrayLike, k: ArrayLike, signal: ArrayLike, noise: ArrayLike, penalty: ArrayLike
) -> sparse.Lasso:
    """Errors and size of the Lasso for a target with k of p coefficients +-signal.

    `theory.sparse.lasso` of Sparse([signal, 0], [k, p - k], noise), whose docstring has the equations.

    Parameters
    ----------
    n, p : array_like > 0
        Samples and features.
    k : array_like in (0, p]
        Coefficients that are not zero.
    signal : array_like
        Their value.
    noise : array_like >= 0
        Label-noise variance.
    penalty : array_like >= 0
        0 is least squares for n >= p and basis pursuit for n < p.

    Returns
    -------
    Lasso(test, train, active)

    Source: [bayati2012, Thm 1.5†].

    >>> round(float(lasso(n=200, p=400, k=20, signal=1.0, noise=0.1, penalty=0.1).test), 4)
    0.2028
    """
    samples, features, few, value, sigma2, price = broadcast(
        n=positive("n", n, finite=True), p=positive("p", p, finite=True), k=positive("k", k, finite=True),
        signal=real("signal", signal), noise=non_negative("noise", noise),
        penalty=non_negative("penalty", penalty, finite=False),
    )  # fmt: skip
    if (few > features).any():
        i = np.flatnonzero((few > features).ravel())[0]
        raise ValueError(f"k = {few.ravel()[i]:g} must not exceed p = {features.ravel()[i]:g}")
    found = []
    for i in np.ndindex(samples.shape):
        counts = np.array([few[i], features[i] - few[i]])
        target = sparse.Sparse(np.array([value[i], 0.0])[counts > 0], counts[counts > 0], float(sigma2[i]))
        found.append(sparse.lasso(target, samples[i], price[i]))
    columns = np.reshape(np.array(found, dtype=float), (*samples.shape, 3))
    return sparse.Lasso(*(columns[..., j][()] for j in range(3)))
