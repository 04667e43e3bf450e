"""Arora et al. 2019: fine-grained analysis of optimisation and generalisation of a two-layer relu network.

Output weights +-1 fixed, inputs of norm 1, a small start. H is the relu kernel of the first layer,
x.z (pi - angle)/(2 pi) (H-infinity in the paper, without the factor 2 of the full tangent kernel).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import kernel
from theory.arguments import Array, broadcast, pair, positive, whole_or_inf
from theory.engines import singular
from theory.engines.modes import shrink
from theory.engines.spectral import rounding, significant
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="arora2019",
    title="Fine-grained analysis of optimization and generalization for overparameterized two-layer "
    "neural networks",
    authors=("Arora", "Du", "Hu", "Li", "Wang"),
    error="train",
    note="`residual` is the root of the summed squares, `complexity` bounds a loss in [0, 1]",
    penalty="none: steps of the summed loss",
    statements={
        "quadratic_form": "verified",
        "complexity": "verified; the constants of the risk bound are left out",
        "residual": "verified in the limit of infinite width and a small start",
    },
    topics=("lazy training", "generalization bounds", "neural tangent kernel"),
)


def quadratic_form(X: ArrayLike, y: ArrayLike) -> float:
    """y'H^-1 y, the squared distance the weights travel to fit the labels.

    Its mean over random labels +-1 is tr H^-1.

    Parameters
    ----------
    X : (n, d) array_like
        Inputs; the paper's have norm 1.
    y : (n,) array_like

    Returns
    -------
    float

    Raises
    ------
    ValueError
        H is singular, as for repeated inputs.

    Source: [arora2019].

    >>> round(quadratic_form([[1.0, 0.0], [0.0, 1.0]], [1.0, -1.0]), 12)
    4.0
    """
    from scipy.linalg import solve_triangular

    H, labels = _kernel(X, y)
    try:
        root = np.linalg.cholesky(H)
        pivots = np.diag(root) ** 2
    except np.linalg.LinAlgError:
        pivots = np.zeros(1)
    if not significant(pivots).all():
        raise ValueError("X makes the kernel singular (repeated or zero inputs?); remove repeated rows")
    return float((solve_triangular(root, labels, lower=True) ** 2).sum())


def complexity(X: ArrayLike, y: ArrayLike) -> float:
    """sqrt(2 y'H^-1 y/n), the leading term of the paper's bound on the test loss.

    Above 1, so without content, on small samples: use it to rank labels.

    Parameters
    ----------
    X : (n, d) array_like
        Inputs; the paper's have norm 1.
    y : (n,) array_like

    Returns
    -------
    float

    Raises
    ------
    ValueError
        H is singular, as for repeated inputs.

    Source: [arora2019, Thm 5.1†]; the terms added to it, sqrt(log(n/(lambda_0 delta))/n), are left out.

    >>> round(complexity([[1.0, 0.0], [0.0, 1.0]], [1.0, -1.0]), 12)
    2.0
    """
    return float(np.sqrt(2 * quadratic_form(X, y) / len(np.asarray(y))))


def residual(X: ArrayLike, y: ArrayLike, step: ArrayLike, steps: ArrayLike) -> Array:
    """|(I - step H)^k y|, the misfit after k steps of gradient descent on a wide network.

    Parameters
    ----------
    X : (n, d) array_like
        Inputs; the paper's have norm 1.
    y : (n,) array_like
    step : array_like > 0
        Step on the summed loss; descent converges for step lambda_max(H) < 2.
    steps : array_like of whole numbers >= 0
        k; may be inf.

    Returns
    -------
    array

    Warns
    -----
    SingularKernelWarning
        Modes below rounding count as 0 and stay, though by the time asked for they would have moved.

    Source: [arora2019, Thm 4.1†]; direct calculation for the kernel.

    >>> residual([[1.0, 0.0], [0.0, 1.0]], [3.0, 4.0], step=1.0, steps=[0, 1, np.inf])
    array([5. , 2.5, 0. ])
    """
    H, labels = _kernel(X, y)
    e, V = np.linalg.eigh(H)
    size, count = broadcast(step=positive("step", step, finite=True), steps=whole_or_inf("steps", steps))
    cut = rounding(e)
    singular.check("the kernel of X", H, e, cut, float((size * count).max(initial=0.0)))
    e = np.where(e > cut, e, 0.0)
    factor, c = shrink(size[..., None] * e, count[..., None]), labels @ V
    with np.errstate(invalid="ignore", over="ignore"):
        left = np.where(np.abs(c) > 1e-15 * np.linalg.norm(c), factor * c, 0.0)
        return np.linalg.norm(left, axis=-1)[()]


def _kernel(X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    inputs, labels = pair("X", X, "y", y)
    return kernel.first_layer(inputs), labels
