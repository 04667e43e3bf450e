"""Bordelon, Atanasov, Pehlevan 2024: a dynamical model of neural scaling laws.

Random features of a power law, trained by gradient flow on n rows for a time t: each of time, width and rows
can be what limits the error, with an exponent of its own. Given the features the risk is that of gradient
flow on the problem that they pose (`theory.Problem.through`), and its mean over a few draws is the model.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy.typing import ArrayLike

from theory import tradeoff
from theory.dynamics import gradient_flow
from theory.engines.spectral import spectral
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())

PAPER = Paper(
    key="bordelon2024",
    title="A dynamical model of neural scaling laws",
    authors=("Bordelon", "Atanasov", "Pehlevan"),
    error="test",
    penalty="none: stopped at time t, of the flow on half the mean squared error",
    statements={
        "risk": "verified (simulation); own derivation in the place of a dynamical mean-field theory",
        "exponents": "verified (slopes of exact and of mean errors); own derivation",
    },
    topics=("scaling laws", "random features", "compute-optimal training", "early stopping"),
)


class Exponents(NamedTuple):
    """Powers of what limits the error, without noise; constants are left out."""

    time: float
    """error ~ t^-time, with rows and features without end."""
    width: float
    """error ~ N^-width, with time and rows without end."""
    samples: float
    """error ~ n^-samples, with time and features without end."""
    best_width: float
    """N ~ C^best_width is the best width for a cost C = N t."""
    error: float
    """error ~ C^-error is reached."""


def risk(problem: Problem, features: ArrayLike, n: ArrayLike, time: ArrayLike) -> Risk:
    """Risk of gradient flow on the read-out of given features, after a time, on n rows.

    `theory.dynamics.gradient_flow` of `problem.through(features)`; average it over draws of the features.

    Parameters
    ----------
    problem : Problem
        Without a tail, with whole multiplicities.
    features : (N, q) array_like
        A random projection with entries of variance 1/N, say.
    n : array_like > 0
        Rows; may be inf.
    time : array_like >= 0
        May be inf.

    Returns
    -------
    Risk, as `gradient_flow` gives it.

    Source: [bordelon2024, Sec. 2†]; own derivation given the features.

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [1, 2], noise=0.3)
    >>> risk(problem, [[1.0, 0.2, 0.0], [0.0, 1.0, -0.5]], n=50, time=[0.0, 2.0]).test.round(4)
    array([2.8   , 1.1337])
    """
    return gradient_flow(spectral(problem).through(features), n, time)


def exponents(eigenvalue_exponent: float, power_exponent: float) -> Exponents:
    """What limits the error on lambda_i = i^-alpha, v_i^2 = i^-beta: time, width or rows.

    After a time t what has lambda < 1/t is missed: t^-(beta-1)/alpha. N features span about the first N
    coordinates, N^-min(beta-1, alpha), and n rows determine n of them, n^-min(beta-1, 2 alpha). With u and w
    for the exponents of time and width, a cost C = N t is best spent on N ~ C^(u/(u+w)), for an error of
    C^-uw/(u+w). For beta < 1 + alpha N ~ C^(1/(1+alpha)): training gets longer faster than models get wider.

    Parameters
    ----------
    eigenvalue_exponent : float > 1
        alpha.
    power_exponent : float > 1
        beta, of the total power of one eigenfunction.

    Returns
    -------
    Exponents

    Source: [bordelon2024, Sec. 4†]; own derivation, of the exponent of the width from the part of the target
    outside the span of random features.

    >>> exponents(1.5, 2.0)
    Exponents(time=0.666..., width=1.0, samples=1.0, best_width=0.4, error=0.4)
    """
    powers = tradeoff.exponents(eigenvalue_exponent, power_exponent)
    time, width = float((power_exponent - 1) / eigenvalue_exponent), powers.features
    both = time + width
    return Exponents(time, width, powers.samples, time / both, time * width / both)
