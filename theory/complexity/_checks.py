"""Arguments that the bounds share: sample sizes, probabilities, rates."""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory.arguments import Array, at_least, between


def samples(n: ArrayLike) -> Array:
    """`n` >= 1, finite; between whole numbers too, as everywhere in the package."""
    return at_least("n", n, 1, finite=True)


def confidence(delta: ArrayLike) -> Array:
    """`delta` in (0, 1): the bound fails with at most this probability."""
    return between("delta", delta, 0, 1, "()")


def rate(empirical: ArrayLike) -> Array:
    """`empirical` in [0, 1]."""
    return between("empirical", empirical, 0, 1)
