"""Simon, Dickens, Karkada, DeWeese 2023: the eigenlearning framework.

Kernel ridge regression mode by mode: samples are a budget of n units of learnability. The paper's test
error includes the label noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, non_negative
from theory.engines.curve import curve
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="simon2023",
    title="The eigenlearning framework: a conservation law perspective on kernel ridge regression and "
    "wide neural networks",
    authors=("Simon", "Dickens", "Karkada", "DeWeese"),
    error="test",
    penalty="delta of the paper = n ridge; `ridge` here is that of overparam",
    statements={
        "learnability": "verified; sum m L <= n is exact, with equality at ridge 0 below the rank",
        "overfitting_coefficient": "verified",
    },
    checked={"learnability": "code", "overfitting_coefficient": "code"},
    topics=("kernel regression", "benign overfitting"),
)


def learnability(problem: Problem, n: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """How much of each level is learnt: L_i = lambda_i/(lambda_i + kappa).

    sum m L + n ridge/kappa (+ tail/kappa) = n: what one mode gains, the others lose. The mean predictor
    keeps the fraction L_i of mode i, and test = E0 [sum (1 - L)^2 v^2 + unlearnable power + noise].

    Parameters
    ----------
    problem : Problem
    n : array_like > 0
        Samples; may be inf.
    ridge : array_like >= 0
        Penalty beside the mean squared error; may be inf.

    Returns
    -------
    array of the broadcast shape with the levels on the last axis; 1 at ridge 0 and rank <= n, 0 for an
    eigenvalue of 0.

    Source: [simon2023, Eq. 4-6†].

    >>> problem = Problem([1.0, 0.1], [1.0, 0.5], [10, 100])
    >>> L = learnability(problem, n=30)
    >>> float((problem.multiplicity * L).sum().round(12))
    30.0
    """
    kappa = curve(problem, n, np.inf, non_negative("ridge", ridge, finite=False)).kappa
    lam = problem.eigenvalues
    with np.errstate(divide="ignore"):  # kappa 0: everything is learnt, except what has no eigenvalue
        return np.where(lam > 0, 1 / (1 + np.asarray(kappa)[..., None] / np.where(lam > 0, lam, 1.0)), 0.0)


def overfitting_coefficient(problem: Problem, n: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """Overfitting coefficient E0 = n/(n - df2): test = E0 (bias + noise).

    Parameters
    ----------
    problem : Problem
    n : array_like > 0
        Samples; may be inf.
    ridge : array_like >= 0
        Penalty beside the mean squared error; may be inf.

    Returns
    -------
    array >= 1; inf at n = rank, ridge 0.

    Source: [simon2023, Eq. 7†].

    >>> problem = Problem([1.0, 0.1], [1.0, 0.5], [10, 100])
    >>> overfitting_coefficient(problem, [30, 110, 300]).round(4)
    array([1.5487,    inf, 1.5789])
    """
    penalty = non_negative("ridge", ridge, finite=False)
    # the test error of pure noise of variance 1
    return curve(problem, n, np.inf, penalty, signal=0.0, tail_power=0.0, noise=1.0).test
