"""Oneto, Ridella, Anguita 2023: do we really need a new theory to understand over-parameterization?

The paper argues, without a theorem, that classical tools see double descent: bounds by the norm of the fit
and estimates by stability rank the models along the curve, bounds that count parameters do not. The tools
are those of `theory.complexity` and `theory.validation`, written here for a linear model on features.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import complexity, validation
from theory.arguments import Array, data, non_negative
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="oneto2023",
    title="Do we really need a new theory to understand over-parameterization?",
    authors=("Oneto", "Ridella", "Anguita"),
    error="none",
    note="two bounds and an estimate of the test error",
    penalty="ridge beside the mean squared error, as everywhere in overparam",
    statements={
        "norm_bound": "proved: `theory.complexity.rademacher_bound` at the norm of the fit",
        "parameter_bound": "verified as a bound by simulation: `theory.complexity.vc_gap`",
        "left_out": "proved: `theory.validation.loo` of the features' Gram matrix",
    },
    topics=("double descent", "generalization bounds", "capacity"),
)


def norm_bound(features: ArrayLike, coefficients: ArrayLike) -> float:
    """Rademacher complexity of the linear models whose norm is at most that of the fit, bounded.

    |a| sqrt(sum_i |phi(x_i)|^2)/n. Use it to rank models: along double descent it rises and falls with the
    test error. As a bound it would need a union over radii, because |a| is seen only after the fit.

    Parameters
    ----------
    features : (n, p) array_like
        phi(x_i), one row per sample.
    coefficients : (p,) array_like
        a, of the fit.

    Returns
    -------
    float

    Source: [oneto2023] argues so without a theorem; [bartlett2002, Lemma 22†] is the
    bound.

    >>> norm_bound([[3.0, 0.0], [0.0, 4.0]], coefficients=[0.6, 0.8])
    2.5
    """
    H, a = data("features", features, 2), data("coefficients", coefficients, 1)
    if a.shape != H.shape[1:]:
        raise ValueError(f"features has shape {H.shape} and coefficients {a.shape}; pass (n, p) and (p,)")
    return float(complexity.rademacher_bound(H, np.linalg.norm(a)))


def parameter_bound(n: ArrayLike, p: ArrayLike, delta: ArrayLike = 0.05) -> Array:
    """Bound by the number of parameters, which does not see the second descent.

    `theory.complexity.vc_gap` of p + 1 parameters: it rises up to p = n and is constant from there on.

    Parameters
    ----------
    n : array_like >= 1
        Samples.
    p : array_like >= 0
        Features; the threshold of the classifier is one parameter more.
    delta : array_like in (0, 1)
        The bound fails with at most this probability.

    Returns
    -------
    array

    Source: [oneto2023] for the question; [vapnik1998] for the bound.

    >>> parameter_bound(n=60, p=[6, 60, 300]).round(3)
    array([2.042, 3.759, 3.759])
    """
    return complexity.vc_gap(non_negative("p", p, finite=False) + 1, n, delta)


def left_out(features: ArrayLike, y: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """Leave-one-out estimate of the test error of ridge(less) regression on features, without refitting.

    mean_i ((G y)_i/G_ii)^2 with G = (H H' + n ridge I)^-1: on both sides of the threshold it follows the test
    error.

    Parameters
    ----------
    features : (n, p) array_like
        H, one row per sample.
    y : (n,) array_like
    ridge : array_like >= 0
        Penalty beside the mean squared error; 0 is the minimum norm; may be inf.

    Returns
    -------
    array of the shape of ridge; nan where a sample cannot be replaced by the others.

    Source: [oneto2023] argues so without a theorem; [golub1979] for the shortcut.

    >>> float(left_out([[1.0, 1.0], [1.0, 0.0]], y=[1.0, 0.0]).round(6))
    0.625
    """
    H = data("features", features, 2)
    return validation.loo(H @ H.T, y, ridge)
