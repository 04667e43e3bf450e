"""Bach 2024: double descent of minimum-norm least squares with random projections.

Least squares on p Gaussian projections of the inputs is `theory.random_features` at ridge 0. The paper's
error is the excess test - noise.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy.typing import ArrayLike

from theory.arguments import Array
from theory.equivalent import random_features
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="bach2024",
    title="High-dimensional analysis of double descent for linear regression with random projections",
    authors=("Bach",),
    error="test",
    penalty="none: minimum norm",
    statements={"minimum_norm": "verified against the paper's closed forms"},
    topics=("double descent", "interpolation threshold"),
)


class MinimumNorm(NamedTuple):
    """test = noise + noiseless + noise_part."""

    test: Array
    noiseless: Array
    noise_part: Array


def minimum_norm(problem: Problem, n: ArrayLike, p: ArrayLike) -> MinimumNorm:
    """Minimum-norm least squares on p random projections.

    With A, C and q = df2 at T(g) = min(n, p): for p < n, noiseless = n (A + C)/(n - p) and
    noise_part = noise p/(n - p); for p > n, noiseless = n A/(n - q) + n (A + C)/(p - n) and
    noise_part = noise [q/(n - q) + n/(p - n)].

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0
        Samples and projections; need not be whole, may be inf.

    Returns
    -------
    MinimumNorm(test, noiseless, noise_part); inf at n = p < rank (noise_part only with noise). Where the
    rank is below n and p, neither part depends on p.

    Source: [bach2024, Prop. 3 and 4†].

    >>> problem = Problem([1.0, 0.1], [1.0, 0.5], [20, 200], noise=0.1)
    >>> minimum_norm(problem, n=50, p=[25, 50, 100]).noise_part.round(6)
    array([0.1     ,      inf, 0.147263])
    """
    risk = random_features(problem, n, p)
    return MinimumNorm(
        test=risk.test,
        noiseless=risk.bias + risk.var_samples + risk.var_features + risk.var_samples_features,
        noise_part=risk.var_noise_samples + risk.var_noise_samples_features,
    )
