"""Simon, Karkada, Ghosh, Belkin 2024: more is better in modern machine learning.

Random-feature ridge regression with the best ridge: more samples and more features never hurt. The
paper's equations are those of `theory.random_features`; its test error includes the label noise.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory.names import own_names
from theory.papers import Paper
from theory.papers.mei2022 import Optimum
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="simon2024",
    title="More is better in modern machine learning: when infinite overparameterization is optimal and "
    "overfitting is obligatory",
    authors=("Simon", "Karkada", "Ghosh", "Belkin"),
    error="test",
    penalty="delta of the paper = n ridge; `ridge` here is that of overparam",
    statements={"optimal": "verified: own derivative; that it falls with n and p is proved in the paper"},
    checked={"optimal": "code"},
    topics=("random features", "optimal regularization"),
)


def optimal(problem: Problem, n: ArrayLike, p: ArrayLike) -> Optimum:
    """Ridge of smallest test error with p random features, and that error.

    min over ridge >= 0 of random_features(problem, n, p, ridge).test, the global one where there are
    several; it is non-increasing in n and in p.

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0
        Samples and features; may be inf.

    Returns
    -------
    Optimum(ridge, test); ridge 0 where no positive ridge helps, inf where there is nothing to learn but
    noise.

    Source: [simon2024, Thm 1†] for the monotonicity.

    >>> problem = Problem([1.0, 0.05], [0.64, 0.2], [100, 500], noise=0.5)
    >>> optimal(problem, n=100, p=[50, 200]).test.round(6)
    array([1.279238, 1.190601])
    """
    from theory.engines import search  # numba is loaded at the first call, not at import

    return Optimum(*search.optimum(problem, n, p))
