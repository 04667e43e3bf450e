"""Levi, Beck and Bar-Sinai 2024: grokking in linear regression, a reading of two losses by one threshold.

A prediction counts as right if its squared error is below a tolerance. Errors of a linear model are Gaussian,
so that accuracy is a function of the loss; training and test loss fall at their own times, and accuracy turns
that into a sudden late success.
"""

from __future__ import annotations

from math import exp, inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import dynamics
from theory.arguments import Array, broadcast, non_negative, positive, scalar
from theory.engines import monotone
from theory.engines.spectral import no_tail
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="levi2024",
    title="Grokking in linear estimators -- A solvable model that groks without understanding",
    authors=("Levi", "Beck", "Bar-Sinai"),
    error="none",
    note="accuracies and training times",
    penalty="none: gradient flow on half the mean squared error",
    statements={
        "accuracy": "proved: the share of a normal law within the tolerance",
        "grokking": "verified: training and test losses of `theory.dynamics.gradient_flow`",
    },
    topics=("grokking", "early stopping", "delayed generalization"),
)

_LAST = 700.0
"""Logarithm of a time that counts as the end."""


class Grokking(NamedTuple):
    """When the two accuracies reach a level."""

    train: float
    """Training time at which the training accuracy does."""
    test: float
    """Training time at which the test accuracy does; inf if it never does."""


def accuracy(loss: ArrayLike, tolerance: ArrayLike) -> Array:
    """Share of predictions whose squared error is below the tolerance, erf(sqrt(tolerance/(2 loss))).

    Parameters
    ----------
    loss : array_like >= 0
        Mean squared error; may be inf.
    tolerance : array_like > 0

    Returns
    -------
    array in [0, 1]

    Source: [levi2024, Eq. 10†].

    >>> accuracy([1.0, 0.001, 0.0], tolerance=0.001).round(4)
    array([0.0252, 0.6827, 1.    ])
    """
    error, most = broadcast(
        loss=non_negative("loss", loss, finite=False),
        tolerance=positive("tolerance", tolerance, finite=True),
    )
    from scipy.special import erf

    with np.errstate(divide="ignore", over="ignore"):
        found: Array = erf(np.sqrt(most / error / 2))
    return found[()]


def grokking(problem: Problem, n: float, tolerance: float, level: float = 0.95) -> Grokking:
    """When gradient flow on n samples reaches an accuracy on the training set, and when on fresh samples.

    The times at which `accuracy` of the losses of `theory.dynamics.gradient_flow` is `level`. What small
    eigenvalues of the sample covariance hold stays in the test error long after it has left the training set:
    near n = rank the delay grows without bound.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    n : float > 0
        Samples.
    tolerance : float > 0
        Squared error that counts as right.
    level : float in (0, 1)
        Accuracy to be reached.

    Returns
    -------
    Grokking(train, test); 0 where the start is that good, inf where the end is not.

    Source: [levi2024, Sec. 4†]; own derivation from the core.

    >>> found = grokking(Problem([1.0], [1.0], [400]), n=500, tolerance=1e-3)
    >>> round(found.train, 2), round(found.test, 1)
    (34.99, 131.8)
    """
    no_tail(problem, "gradient flow")
    size = scalar("n", n, low=0.0)
    allowed = scalar("tolerance", positive("tolerance", tolerance, finite=True))
    share = scalar("level", level, low=0.0)
    if not 0 < share < 1:
        raise ValueError(f"level = {share:g} must be in (0, 1)")
    from scipy.special import erfinv

    least = allowed / (2 * float(erfinv(share)) ** 2)
    return Grokking(_time(problem, size, "train", least), _time(problem, size, "test", least))


def _time(problem: Problem, n: float, loss: str, least: float) -> float:
    """When this loss of the flow has fallen to `least`."""

    def below(log_time: float) -> float:
        time = exp(log_time) if log_time < _LAST else inf
        return least - float(getattr(dynamics.gradient_flow(problem, n, time), loss))

    if below(-inf) >= 0:
        return 0.0
    if below(inf) < 0:
        return inf
    return exp(monotone.root(below, *monotone.bracket(below)))
