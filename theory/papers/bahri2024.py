"""Bahri, Dyer, Kaplan, Lee, Sharma 2024: explaining neural scaling laws.

Random features without a ridge, on n samples and p features. Where one of the two is infinite, the error
falls in the other as a power of it that the spectrum tells (resolution-limited); where one is fixed, it
approaches its limit like one over the other (variance-limited): four regimes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from theory import equivalent, tradeoff
from theory.arguments import SAME, Array, broadcast, positive
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="bahri2024",
    title="Explaining neural scaling laws",
    authors=("Bahri", "Dyer", "Kaplan", "Lee", "Sharma"),
    error="test",
    penalty="none: minimum norm",
    statements={
        "finite_width": "proved",
        "constants": "proved",
        "regimes": "verified (slopes of `theory.random_features`); own derivation",
    },
    topics=("scaling laws", "random features", "power law"),
)


class Constants(NamedTuple):
    """What a large number costs beside an infinite one, as a multiple of 1/number."""

    features: Array
    """p (test(n, p) - test(n, inf)) as p grows, at n = size."""
    samples: Array
    """n (test(n, p) - test(inf, p)) as n grows, at p = size."""


class Regimes(NamedTuple):
    """Powers of the error in the four regimes; on an infinite power law, without noise."""

    resolution_samples: float
    """test(n, inf) ~ n^-this."""
    resolution_features: float
    """test(inf, p) ~ p^-this."""
    variance_samples: float
    """test(n, p) - test(inf, p) ~ n^-this."""
    variance_features: float
    """test(n, p) - test(n, inf) ~ p^-this."""


def finite_width(problem: Problem, n: ArrayLike, p: ArrayLike) -> Array:
    """Test error of minimum-norm regression on random features, by the price of finite width.

    With T(g) = min(n, p) and B = sum v^2 g/(lam + g) + unlearnable power,
        p > n:  test(n, p) = test(n, inf) + n (noise + B)/(p - n),
        n > p:  test(n, p) = test(inf, p) n/(n - p),     test(inf, p) = noise + B.
    Not an expansion: exact wherever `theory.random_features` is, which it equals. Use it to invert the error
    for the width: `theory.tradeoff.width_within`.

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0
        Samples and features; may be inf.

    Returns
    -------
    array; inf at n = p below the rank, unless there is nothing to learn.

    Raises
    ------
    ValueError
        n <= 0 or p <= 0.

    Source: derived here, from [bach2024]; the regimes are those of [bahri2024].

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> finite_width(problem, n=80, p=[40, 160]).round(4)
    array([4.7044, 4.0899])
    """
    n, p = broadcast(n=positive("n", n), p=positive("p", p))
    fewer = np.minimum(n, p)
    limit = equivalent.random_features(problem, np.inf, fewer).test
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where(np.isinf(np.maximum(n, p)), np.where(p < n, 1.0, 0.0), n / np.abs(p - n))
        paid = np.where(limit > 0, limit * price, 0.0)
    test = np.where(p < n, paid, paid + equivalent.ridge(problem, n).test)
    # where every eigenfunction is seen, width has no price
    return np.where(_resolved(problem, fewer), equivalent.random_features(problem, n, p).test, test)[()]


def constants(problem: Problem, size: ArrayLike) -> Constants:
    """What decides the variance-limited regimes: the price of a large width, and of a large sample.

    Both are size test(inf, size), with test(inf, p) the error of p features after samples without end: the
    price that p features pay beyond n samples is the one that n samples pay beyond p features.

    Parameters
    ----------
    problem : Problem
    size : array_like > 0, finite
        The number that is fixed: samples of `features`, features of `samples`.

    Returns
    -------
    Constants(features, samples); from the rank on, features cost nothing, and samples what they cost a model
    of as many features as the rank.

    Raises
    ------
    ValueError
        size <= 0 or infinite.

    Source: derived here; that both powers are 1 as in [bahri2024†].

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> constants(problem, size=[80, 400]).features.round(3)
    array([155.613,   0.   ])
    """
    size = positive("size", size, finite=True)
    limit = equivalent.random_features(problem, np.inf, size).test
    samples = np.minimum(size, problem.rank) * limit
    return Constants(np.where(_resolved(problem, size), 0.0, samples)[()], samples[()])


def regimes(eigenvalue_exponent: float, power_exponent: float) -> Regimes:
    """The powers of the four regimes on a power law lambda_i = i^-alpha, v_i^2 = i^-beta, without noise.

    min(beta - 1, 2 alpha) in the samples and min(beta - 1, alpha) in the features where the other is
    infinite, the same up to beta = 1 + alpha; 1 and 1 where the other is fixed.

    Parameters
    ----------
    eigenvalue_exponent : float > 1
        alpha.
    power_exponent : float > 1
        beta, of the total power of one eigenfunction.

    Returns
    -------
    Regimes; where beta - 1 meets the other entry, a logarithm is left out.

    Raises
    ------
    ValueError
        An exponent <= 1.

    Source: [bahri2024] for the regimes, and their duality at beta = alpha; `theory.tradeoff.exponents`.

    >>> regimes(1.5, 1.8)
    Regimes(resolution_samples=0.8, resolution_features=0.8, variance_samples=1.0, variance_features=1.0)
    """
    powers = tradeoff.exponents(eigenvalue_exponent, power_exponent)
    return Regimes(powers.samples, powers.features, 1.0, 1.0)


def _resolved(problem: Problem, size: Array) -> NDArray[np.bool_]:
    """Whether so many samples and features see every eigenfunction."""
    return size >= problem.rank * (1 - SAME)
