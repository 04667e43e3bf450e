"""Dohmatob, Feng, Kempe 2024: model collapse demystified, the case of regression.

Each generation of models is trained on labels of the generation before it, with fresh inputs and fresh
noise, and is tested on the first target. The paper's errors are excess errors, test - noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, integer, non_negative, positive, scalar, show
from theory.labels import fitted, other_target, own
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="dohmatob2024",
    title="Model collapse demystified: the case of regression",
    authors=("Dohmatob", "Feng", "Kempe"),
    error="test",
    penalty="ridge beside the mean squared error, as everywhere in overparam",
    statements={"generations": "verified (simulation); own derivation, level by level"},
    topics=("model collapse", "synthetic data"),
)


def generations(
    problem: Problem,
    n: ArrayLike,
    ridge: ArrayLike = 0.0,
    count: int = 1,
    fresh_noise: float | None = None,
) -> Array:
    """Test errors of a chain of models, each trained on the labels of the one before.

    The first learns from the problem's own labels; `theory.labels.fitted` gives those of the next, to which
    fresh noise is added, and `theory.other_target` its error on the problem. Without a ridge and n > p, the
    excess error grows by noise p/(n - p) with each generation; with n < p the target is forgotten besides, by
    the factor lam/(lam + kappa) each time. `gerstgrasser2024.chain` is exact for least squares.

    Parameters
    ----------
    problem : Problem
    n : float > 0 or (count,) array_like
        Samples of all generations, or of each; may be inf.
    ridge : float >= 0 or (count,) array_like
        Of all generations, or of each; may be inf.
    count : int >= 1
        Generations.
    fresh_noise : float >= 0, optional
        Variance of what is added to the labels of models; the noise of the problem by default.

    Returns
    -------
    (count,) array; inf from the first generation on that diverges.

    Raises
    ------
    ValueError
        An argument out of its range, or as many values of n or ridge as not in `count`.

    Source: [dohmatob2024] for the chain; own derivation for every spectrum and ridge.

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> generations(problem, n=200, ridge=0.1, count=3, fresh_noise=0.1).round(4)
    array([1.3593, 1.7916, 2.0775])
    """
    count = integer("count", count, low=1)
    sizes = _each("n", positive("n", n), count)
    ridges = _each("ridge", non_negative("ridge", ridge, finite=False), count)
    labels = own(problem)
    noise = problem.noise if fresh_noise is None else scalar("fresh_noise", fresh_noise, low=0.0)
    tests = np.full(count, np.inf)
    for generation, (size, penalty) in enumerate(zip(sizes.tolist(), ridges.tolist(), strict=True)):
        tests[generation] = other_target(problem, labels, size, ridge=penalty).test
        labels = fitted(problem, labels, size, penalty)._replace(noise=noise)
        if not np.isfinite(labels.power).all():
            break
    return tests


def _each(name: str, values: Array, count: int) -> Array:
    """One value for each generation."""
    if values.shape not in ((), (count,)):
        raise ValueError(f"{name} = {show(values)} must be one number, or one for each of {count} fits")
    return np.broadcast_to(values, (count,))
