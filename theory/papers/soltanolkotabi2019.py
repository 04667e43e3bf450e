"""Soltanolkotabi 2019: the landscape of networks with quadratic activations.

f(x) = sum_l v_l (w_l.x)^2 with fixed output weights v, loss L = sum_i (f(x_i) - y_i)^2/(2n): half the
mean squared error. f is x'Mx with M = sum_l v_l w_l w_l', so what a network of any width can reach is
least squares over symmetric matrices.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, data, integer, pair, whole
from theory.engines.modes import modes
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="soltanolkotabi2019",
    title="Theoretical insights into the optimization landscape of over-parameterized shallow neural "
    "networks",
    authors=("Soltanolkotabi", "Javanmard", "Lee"),
    error="train",
    note="half the mean squared error",
    penalty="none",
    statements={
        "global_minimum": "proved",
        "origin_curvature": "proved",
        "benign": "proved",
        "threshold": "proved for generic inputs",
    },
    topics=("loss landscape", "convergence of gradient descent"),
)


def global_minimum(X: ArrayLike, y: ArrayLike) -> float:
    """Smallest loss of a quadratic network: min over symmetric M of sum (x_i'M x_i - y_i)^2/(2n).

    Reached by every local minimum if the output weights are `benign`; 0 for generic inputs up to
    `threshold` samples. Use a second-order optimiser: gradient descent gets there very slowly.

    Parameters
    ----------
    X : (n, d) array_like
    y : (n,) array_like

    Returns
    -------
    float; directions below 1e-12 of the largest singular value of the products count as absent.

    Warns
    -----
    SingularKernelWarning
        A rank of the products that rounding decided: neither equal inputs nor a gap in their spectrum explain
        it.

    Source: [soltanolkotabi2019]; least squares on the d (d + 1)/2 products x_a x_b.

    >>> round(global_minimum([[1.0], [2.0]], [1.0, 2.0]), 9)
    0.058823529
    """
    X, y = pair("X", X, "y", y)
    a, b = np.triu_indices(X.shape[1])
    products = X[:, a] * X[:, b] * np.where(a == b, 1.0, np.sqrt(2))
    return modes(products, y, np.inf).outside ** 2 / (2 * len(y))


def origin_curvature(X: ArrayLike, y: ArrayLike, output_weights: ArrayLike) -> float:
    """Smallest eigenvalue of the Hessian of the loss at W = 0, a stationary point.

    The block of w_l is -(2 v_l/n) sum_i y_i x_i x_i'. Negative: a strict saddle.

    Parameters
    ----------
    X : (n, d) array_like
    y : (n,) array_like
    output_weights : (k,) array_like
        v.

    Returns
    -------
    float; zero or positive where the signs of v do not match the labels.

    Source: [soltanolkotabi2019]; direct calculation.

    >>> origin_curvature([[1.0, 0.0], [0.0, 2.0]], [1.0, 1.0], [0.5, -1.0])
    -2.0
    """
    X, y = pair("X", X, "y", y)
    v = data("output_weights", output_weights, 1)
    ends = np.linalg.eigvalsh((X.T * y) @ X)[[0, -1]]
    return float((-2 / len(y) * np.multiply.outer(v, ends)).min())


def benign(output_weights: ArrayLike, d: int) -> float:
    """Is every local minimum global and every saddle strict, for all data?

    Sufficient: at least d positive and d negative output weights. Then a stationary point either has
    sum_i r_i x_i x_i' = 0, which is optimality over all M, or a direction of negative curvature.

    Parameters
    ----------
    output_weights : (k,) array_like
        v; zeros count on neither side.
    d : int >= 1
        Dimension of the inputs.

    Returns
    -------
    1.0 or 0.0; 0.0 means not known to be benign.

    Source: [soltanolkotabi2019, Thm 2.1†]; own proof.

    >>> benign([1, 1, -1, -1], d=2), benign([1, -1, 0, 0], d=2)
    (1.0, 0.0)
    """
    v, size = data("output_weights", output_weights, 1), integer("d", d, low=1)
    return float(min((v > 0).sum(), (v < 0).sum()) >= size)


def threshold(d: ArrayLike) -> Array:
    """Samples with arbitrary labels that a wide quadratic network fits exactly: d (d + 1)/2.

    Parameters
    ----------
    d : array_like of whole numbers >= 1
        Dimension of the inputs, in general position.

    Returns
    -------
    array

    Source: [soltanolkotabi2019]; the dimension of the symmetric matrices.

    >>> threshold([1, 4, 20])
    array([  1.,  10., 210.])
    """
    size = whole("d", d, low=1)
    with np.errstate(over="ignore"):
        return (size / 2 * (size + 1))[()]
