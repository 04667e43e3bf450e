"""Sorscher, Geirhos, Shekhar, Ganguli and Morcos 2022: pruning data by their margin to a teacher.

Labels are the signs of z = x.b with |b| = 1, x ~ N(0, I_d). Of n samples the share with the smallest |z|, the
hard ones, is kept, or that with the largest, the easy ones. The paper's student is a perceptron; here it is
ridge regression on the labels, whose sign classifies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import Array, broadcast, flag, non_negative, positive, share
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="sorscher2022",
    title="Beyond neural scaling laws: Beating power law scaling via data pruning",
    authors=("Sorscher", "Geirhos", "Shekhar", "Ganguli", "Morcos"),
    error="none",
    note="probability of a wrong label",
    penalty="ridge on the mean squared error of the labels +-1 of the samples that are kept",
    statements={
        "error": "verified by simulation; own derivation, for the square loss instead of a perceptron"
    },
    topics=("data pruning", "active learning", "classification", "sample complexity"),
)


def error(d: ArrayLike, n: ArrayLike, keep: ArrayLike, hard: bool = True, ridge: ArrayLike = 0.0) -> Array:
    """Probability that least squares on the samples that are kept errs on a fresh one.

    With m = keep n samples, m1 = E|z| and m2 = E z^2 of those kept, kappa (1 - d/((1 + kappa) m)) = ridge,
    D = d/(1 + kappa)^2 and a = m1/(m2 + kappa) the weight along the teacher:
        error = atan(sqrt(D v/m)/a)/pi,    v = (1 - 2 a m1 + a^2 m2)/(1 - D/m).
    With few samples per dimension the easy ones teach more, with many the hard ones. A limit; off by O(1/d).

    Parameters
    ----------
    d, n : array_like > 0
        Dimensions and samples before pruning.
    keep : array_like in (0, 1]
        Share of the samples that is kept.
    hard : bool
        Keep the samples of smallest margin, or those of largest.
    ridge : array_like >= 0
        0 is least squares, of minimum norm if m < d.

    Returns
    -------
    array in [0, 1/2]; 1/2 where ridge = 0 and m = d.

    Source: own derivation; the question is that of [sorscher2022].

    >>> error(200, [400, 1600], 0.4).round(4), error(200, [400, 1600], 0.4, hard=False).round(4)
    (array([0.3614, 0.0373]), array([0.2722, 0.1021]))
    """
    dimensions, samples, part, penalty = broadcast(
        d=positive("d", d, finite=True), n=positive("n", n, finite=True), keep=share("keep", keep),
        ridge=non_negative("ridge", ridge),
    )  # fmt: skip
    first, second = _moments(part, flag("hard", hard))
    ratio = part * samples / dimensions
    at = equivalent.ridge(Problem(np.ones(1), np.zeros(1)), ratio, penalty)
    weight, shared = first / (second + at.kappa), at.df2 / ratio
    misfit = (1 - weight * first) ** 2 + weight**2 * np.maximum(second - first**2, 0.0)
    with np.errstate(divide="ignore"):
        found: Array = np.arctan(np.sqrt(shared * misfit / (1 - shared)) / weight) / np.pi
    return found[()]


def _moments(keep: Array, hard: bool) -> tuple[Array, Array]:
    """E|z| and E z^2 of a standard normal z, given that |z| is in its smallest or its largest share."""
    from scipy.special import gammainc, gammaincc, ndtri

    if hard:
        half = ndtri((1 + keep) / 2) ** 2 / 2
        first, second = -np.expm1(-half), gammainc(1.5, half)
    else:
        half = ndtri(keep / 2) ** 2 / 2
        first, second = np.exp(-half), gammaincc(1.5, half)
    return np.sqrt(2 / np.pi) * first / keep, second / keep
