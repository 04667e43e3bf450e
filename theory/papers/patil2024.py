"""Patil, Wu, Tibshirani 2024: cross-validation along gradient descent that is stopped early.

Least squares by gradient flow from 0, beta' = X'(y - X beta)/n. Leave-one-out refits without sample i and
keeps the factor 1/n, as the refits of `theory.validation` keep the total penalty. The score then estimates
the test error at every time; generalised cross-validation, `theory.dynamics.gradient_flow_gcv`, does not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, at_least, broadcast, non_negative
from theory.dynamics import gradient_flow
from theory.engines import lazy
from theory.engines.spectral import rounding
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="patil2024",
    title="Failures and successes of cross-validation for early-stopped gradient descent",
    authors=("Patil", "Wu", "Tibshirani"),
    error="test",
    penalty="none: stopped at time t, of the flow on half the mean squared error",
    statements={
        "loo": "definition; verified against refits in coordinates",
        "mean_loo": "proved: independent samples; the flow's risk behind it verified by simulation",
    },
    topics=("early stopping", "cross-validation"),
)


def loo(kernel: ArrayLike, y: ArrayLike, time: ArrayLike) -> Array:
    """Leave-one-out score of gradient flow on data: the mean squared residual of n refits.

    mean_i (y_i - f_i(x_i))^2,  f_i(x) = k(x)' K_i^-1 (I - e^(-K_i t/n)) y, K_i and y without sample i.

    Choose a stopping time by it. It solves n eigenvalue problems, some n^4 operations; for ridge regression
    and for time inf `theory.validation.loo` has a shortcut.

    Parameters
    ----------
    kernel : (n, n) array_like
        Gram matrix K, symmetric positive semi-definite, not divided by n; XX' for linear regression. n >= 2.
    y : (n,) array_like
    time : array_like >= 0
        0 is the start, inf the minimum-norm fits.

    Returns
    -------
    array of the shape of time

    Raises
    ------
    ValueError
        A kernel that is not symmetric and positive semi-definite, or of one sample; y of another length.

    Warns
    -----
    SingularKernelWarning
        Modes below rounding count as 0 and stay, though by the time asked for they would have moved.

    Source: the score of [patil2024, Sec. 3†], written for kernels and continuous time.

    >>> loo([[2.0, 1.0], [1.0, 2.0]], y=[1.0, 0.0], time=[0.0, 1.0, np.inf]).round(6)
    array([0.5     , 0.549947, 0.625   ])
    """
    moment = non_negative("time", time, finite=False)
    n = len(lazy.modes("kernel", kernel, moment).values)
    labels = lazy.labels(y, n)
    if n == 1:
        raise ValueError("kernel has shape (1, 1); pass two samples or more, for a refit needs one")
    gram = np.asarray(kernel, dtype=float)
    total = np.zeros(moment.shape)
    for i in range(n):
        rest = np.arange(n) != i
        values, vectors = np.linalg.eigh(gram[np.ix_(rest, rest)])
        values = np.where(values > rounding(values), values, 0.0)
        gain = lazy.gained(values / n, moment) / n
        total += (labels[i] - gain @ ((gram[i, rest] @ vectors) * (labels[rest] @ vectors))) ** 2
    return np.asarray(total / n)[()]


def mean_loo(problem: Problem, n: ArrayLike, time: ArrayLike) -> Array:
    """Mean of the leave-one-out score along gradient flow: the test error of one refit.

    E loo = E test(n - 1 samples, time t (n - 1)/n), exact for independent samples; the right side is
    `theory.gradient_flow` with its relative error O(1/n). As n and p grow in proportion it tends to the test
    error at n and t, and the spread of the score falls like n^-1/2.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    n : array_like >= 2
        Samples in all; may be inf.
    time : array_like >= 0
        May be inf.

    Returns
    -------
    array; inf at n - 1 = rank and time inf unless all is noiseless.

    Source: own derivation (the score is a mean of n equally distributed terms); consistency
    [patil2024, Thm 3†].

    >>> problem = Problem.isotropic(p=50, signal=2.0, noise=1.0)
    >>> float(mean_loo(problem, n=100, time=4.0).round(5))
    1.63638
    >>> float(gradient_flow(problem, n=100, time=4.0).test.round(5))
    1.63092
    """
    n, time = broadcast(n=at_least("n", n, 2), time=non_negative("time", time, finite=False))
    return gradient_flow(problem, n - 1, time * (1 - 1 / n)).test
