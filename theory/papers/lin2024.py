"""Lin, Wu, Kakade, Bartlett, Lee 2024: scaling laws in linear regression, compute, parameters and data.

M sketched features S x of inputs with variances i^-a, a target with a Gaussian prior, one pass of stochastic
gradient descent over N rows with a step that is halved again and again: the excess error is
M^-(a-1) + (N step)^-(a-1)/a up to constants, and the variance never shows. Given S it is exact at every size.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, array, at_least, broadcast, integer, non_negative, positive, scalar
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="lin2024",
    title="Scaling laws in linear regression: compute, parameters, and data",
    authors=("Lin", "Wu", "Kakade", "Bartlett", "Lee"),
    error="excess",
    note="up to constants; `problem` goes with the test errors of `theory.sgd`",
    penalty="none: stopped after one pass over the rows",
    statements={
        "problem": "proved (direct calculation)",
        "schedule": "definition",
        "terms": "verified (bounded ratio to exact errors)",
    },
    checked={"terms": "text"},
    topics=("scaling laws", "stochastic gradient descent", "learning-rate schedule", "sketching"),
)


class Terms(NamedTuple):
    """Parts of the excess error, each up to a constant."""

    approximation: Array
    bias: Array
    variance: Array


def problem(exponent: float, S: ArrayLike, noise: float = 0.0) -> Problem:
    """The problem that the features S x pose, given S, averaged over the prior of the target.

    Coordinates of x have variance lambda_i = i^-a and the target has coefficients ~ N(0, 1). With
    S Lambda^(1/2) = U diag(s) V', the features have eigenvalues s_j^2 and power sum_i V_ij^2 lambda_i; all
    other power is lost. Risks are linear in the power, so that they are means over the prior.

    Parameters
    ----------
    exponent : float > 1
        a.
    S : (M, d) array_like
        In the paper normal with variance 1/M.
    noise : float >= 0
        Label-noise variance.

    Returns
    -------
    Problem with min(M, d) levels, for `theory.sgd`.

    Source: [lin2024, Sec. 2†]; given S own derivation.

    >>> problem(2.0, [[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    Problem(2 levels, rank 2, eigenvalue 1, power 1.25, unlearnable 0.1111, noise 0)
    """
    a, sketch = _exponent(exponent), array("S", S, 2)
    lam = np.arange(1.0, sketch.shape[1] + 1) ** -a
    _, singular, directions = np.linalg.svd(sketch * np.sqrt(lam), full_matrices=False)
    least = 1e-15 * max(sketch.shape) * singular.max(initial=0.0)  # what is below is rounding
    eigenvalues, overlap = np.where(singular > least, singular, 0.0) ** 2, directions**2
    lost = float(np.maximum(1 - overlap.sum(axis=0), 0.0) @ lam)
    return Problem(eigenvalues, overlap @ lam, tail_power=lost, noise=noise)


def schedule(step: float, steps: int) -> Array:
    """The steps of the paper, halved after each N/log2 N of N steps: step/2^floor(t log2(N)/N).

    The last steps are about step/N, so that the noise of the rows is averaged out.

    Parameters
    ----------
    step : float > 0
        The first one.
    steps : int >= 0
        N.

    Returns
    -------
    (steps,) array, as `theory.sgd.scheduled` takes it.

    Source: [lin2024, Eq. 4†], with a logarithm of base 2.

    >>> schedule(1.0, 8)
    array([1.  , 1.  , 1.  , 0.5 , 0.5 , 0.5 , 0.25, 0.25])
    """
    first, count = float(positive("step", scalar("step", step), finite=True)), integer("steps", steps, low=0)
    if count == 0:
        return np.empty(0)
    halvings = np.floor(np.arange(count) * np.log2(count) / count * (1 + 1e-12))
    return first * 0.5**halvings


def terms(
    exponent: float, width: ArrayLike, steps: ArrayLike, step: ArrayLike = 1.0, noise: ArrayLike = 0.0
) -> Terms:
    """What limits the excess error of one pass, each up to a constant.

    N_eff = N/log2 N rows count; with K = N_eff step the terms are M^(1-a), K^(1/a-1) and
    noise min(M, K^(1/a))/N_eff. With noise of order 1 the last is never the largest, which leaves
    M^-(a-1) + N^-(a-1)/a, up to logarithms.

    Parameters
    ----------
    exponent : float > 1
        a, of the variances i^-a.
    width : array_like >= 1
        M.
    steps : array_like >= 2
        N, rows of one pass.
    step : array_like > 0
        The first step of `schedule`, a constant below the critical one.
    noise : array_like >= 0

    Returns
    -------
    Terms(approximation, bias, variance)

    Source: [lin2024, Thm 4.2†]; the sum of the first two is in its abstract.

    >>> terms(2.0, width=10, steps=[1024, 1048576]).bias
    array([0.09882118, 0.00436732])
    """
    a = _exponent(exponent)
    M, N, first, label = broadcast(
        width=at_least("width", width, 1),
        steps=at_least("steps", steps, 2, finite=True),
        step=positive("step", step, finite=True),
        noise=non_negative("noise", noise),
    )
    rows = N / np.log2(N)
    with np.errstate(over="ignore", under="ignore"):
        learnt = rows ** (1 / a) * first ** (1 / a)
        bias = rows ** (1 / a - 1) * first ** (1 / a - 1)
        parts = M ** (1 - a), bias, label * (np.minimum(M, learnt) / rows)
    return Terms(*(part[()] for part in parts))


def _exponent(exponent: float) -> float:
    a = scalar("exponent", exponent)
    if a <= 1:
        raise ValueError(f"exponent = {a:g} must be greater than 1, or the sum diverges")
    return a
