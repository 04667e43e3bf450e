"""MacKay 1992: the evidence chooses ridge and noise, and counts the parameters that the data determine.

The evidence, its maximum, and the theorem that its maximum is calibrated on average are `theory.evidence`
and `theory.empirical_bayes`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import Array, positive
from theory.bayes import empirical_bayes
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="mackay1992",
    title="Bayesian interpolation",
    authors=("MacKay",),
    error="none",
    note="a number of parameters",
    penalty="alpha/beta of the paper = n ridge",
    statements={
        "well_determined": "verified: both equations of the maximum hold in the limit, on data exactly"
    },
    topics=("Gaussian processes", "evidence", "effective parameters"),
)


def well_determined(problem: Problem, n: ArrayLike) -> Array:
    """Parameters that n samples determine where the evidence is largest over ridge and noise: gamma = df.

    There n ridge |a|^2 = gamma s2 and n train = (n - gamma) s2: the prior is told its variance by gamma
    parameters, the noise by the other n - gamma samples.

    Parameters
    ----------
    problem : Problem
    n : array_like > 0, finite
        Samples.

    Returns
    -------
    array, 0..n; 0 where the evidence has an infinite ridge, min(n, rank) where it has none.

    Source: [mackay1992, Sec. 4†]; in the limit by own derivation.

    >>> well_determined(Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3), n=[150, 400]).round(2)
    array([115.75, 232.22])
    """
    samples = positive("n", n, finite=True)
    ridge = empirical_bayes(problem, samples).ridge
    found = [
        equivalent.ridge(problem, size, penalty).df
        for size, penalty in zip(samples.ravel(), np.ravel(ridge), strict=True)
    ]
    return np.reshape(np.array(found, dtype=float), samples.shape)[()]
