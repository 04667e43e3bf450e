"""Soudry et al. 2018: logistic regression on separable data turns towards the largest margin, at 1/log t.

Gradient flow on the mean of log(1 + e^(-m_i)), margins m_i = y_i x_i.w, without end: |w| grows like log t.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, data, real, symmetric
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="soudry2018",
    title="The implicit bias of gradient descent on separable data",
    authors=("Soudry", "Hoffer", "Nacson", "Gunasekar", "Srebro"),
    error="none",
    note="margins of the samples",
    penalty="none: gradient flow on the mean logistic loss",
    statements={"margins": "verified against the flow; own form, with its constant"},
    topics=("max margin", "implicit bias", "logistic regression"),
)


def margins(A: ArrayLike, log_time: ArrayLike) -> Array:
    """Margins of logistic regression long after it has separated its data.

    m_i(t) = log t - log(n alpha_i) + o(1), alpha = A^-1 1, A_ij = y_i y_j x_i.x_j, if every alpha_i > 0:
    then all samples support the largest margin, which every one of them nears at the same rate. The
    direction is off by terms of order 1/log t.

    Parameters
    ----------
    A : (n, n) array_like
        Gram matrix of the samples times their labels, positive definite.
    log_time : array_like
        Logarithm of the time t of the flow.

    Returns
    -------
    array
        (..., n), the samples on the last axis.

    Raises
    ------
    ValueError
        A that is singular or not symmetric, or an alpha_i <= 0.

    Source: own form; [soudry2018] for the direction and its rate.

    >>> margins([[2.0, 0.5], [0.5, 1.0]], log_time=12.0).round(4)
    array([12.5596, 11.461 ])
    """
    A, when = data("A", A, 2), real("log_time", log_time)
    if A.shape[0] != A.shape[1]:
        raise ValueError(f"A has shape {A.shape}; pass a Gram matrix, (n, n)")
    symmetric("A", A, SAME * float(np.abs(A).max()))
    if np.linalg.eigvalsh(A)[0] <= SAME * np.abs(A).max():
        raise ValueError("A is not positive definite; drop samples that depend on others")
    alpha = np.linalg.solve(A, np.ones(len(A)))
    if (alpha <= 0).any():
        i = int(np.argmin(alpha))
        raise ValueError(
            f"A has alpha[{i}] = {alpha[i]:g} <= 0: sample {i} supports no largest margin; drop it from A"
        )
    return when[..., None] - np.log(len(A) * alpha)
