"""Stöger, Soltanolkotabi 2021: a small random start is spectral learning, of any width.

Symmetric factorisation of a matrix that is seen in full: gradient flow on |U U' - M|^2/4 from a small U_0 of
r columns. The flow first grows the leading eigenvectors, and the width plays no part in what it finds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, data, non_negative, scalar, symmetric
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="stoger2021",
    title="Small random initialization is akin to spectral learning: "
    "optimization and generalization guarantees for overparameterized low-rank matrix reconstruction",
    authors=("Stöger", "Soltanolkotabi"),
    error="none",
    note="the matrix of the flow",
    penalty="none: stopped at time t, of the flow U' = (M - U U') U",
    statements={
        "flow": "proved: solution of the flow; M seen in full, the paper has random measurements of it"
    },
    topics=("low rank", "implicit bias", "matrix factorization", "feature learning"),
)


def flow(M: ArrayLike, U0: ArrayLike, time: float) -> Array:
    """The matrix X = U U' along the flow U' = (M - U U') U.

    X(t) = E (I + U_0' G U_0)^-1 E' with E = e^(M t) U_0 and G = (e^(2 M t) - I) M^-1, of any width r. In
    the eigenvectors of M it is H Q (H Q)', where Q has the first d rows of an orthonormal basis of
    [sqrt(G) U_0; I], whose columns are scaled: no exponential leaves the range of floats at any time.

    Parameters
    ----------
    M : (d, d) array_like
        Symmetric; negative eigenvalues are driven to 0.
    U0 : (d, r) array_like
        The start. Narrower than the rank of M, the flow ends at an approximation of rank r.
    time : float >= 0

    Returns
    -------
    (d, d) array

    Source: own derivation; [stoger2021] for the two phases of a small start.

    >>> M = [[2.0, 0.0], [0.0, 1.0]]
    >>> flow(M, [[0.01, 0.0], [0.0, 0.01]], time=3.0).round(4)
    array([[1.7811, 0.    ],
           [0.    , 0.0388]])
    """
    M, U0 = data("M", M, 2), data("U0", U0, 2)
    t = scalar("time", float(non_negative("time", time)))
    if M.shape[0] != M.shape[1] or len(U0) != len(M):
        raise ValueError(f"M has shape {M.shape} and U0 {U0.shape}; pass (d, d) and (d, r)")
    symmetric("M", M, SAME * float(np.abs(M).max()))
    if t == 0:
        return U0 @ U0.T
    lam, vectors = np.linalg.eigh(M)
    lam, vectors = lam[::-1], vectors[:, ::-1]
    lower = np.linalg.qr((vectors.T @ U0).T)[1].T  # X does not change if U_0 is turned
    log_g, log_h = _logarithms(lam, t)
    factor = np.exp(log_h)[:, None] * _top(lower, log_g / 2)
    root = vectors @ factor
    return root @ root.T


def _logarithms(lam: Array, t: float) -> tuple[Array, Array]:
    """log of g = (e^(2 lam t) - 1)/lam and of h = e^(lam t)/sqrt(g)."""
    size = np.abs(lam)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = np.where(size * t > 1e-300, -np.expm1(-2 * size * t) / size, 2 * t)
    half = np.log(whole) / 2
    return 2 * (np.maximum(lam * t, 0.0) + half), np.minimum(lam * t, 0.0) - half


def _top(lower: Array, log_scale: Array) -> Array:
    """The first rows of an orthonormal basis of the columns of [S L; I], S = e^log_scale.

    Columns may be scaled at will: the largest entry of each becomes 1. Rows from large to small and pivots
    keep the digits of small rows.
    """
    from scipy.linalg import qr

    with np.errstate(divide="ignore"):
        logs = log_scale[:, None] + np.log(np.abs(lower))
    highest = np.maximum(logs.max(axis=0), 0.0)
    upper = np.sign(lower) * np.exp(logs - highest)
    stacked = np.vstack([upper, np.diag(np.exp(-highest))])
    order = np.argsort(-np.abs(stacked).max(axis=1), kind="stable")
    basis = np.empty_like(stacked)
    basis[order] = qr(stacked[order], mode="economic", pivoting=True)[0]
    return basis[: len(lower)]
