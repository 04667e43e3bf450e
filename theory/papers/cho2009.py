"""Cho, Saul 2009: arc-cosine kernels, those of infinitely wide networks with units (w.x)_+^n."""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory.arguments import Array
from theory.kernel import arc_cosine
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="cho2009",
    title="Kernel methods for deep learning",
    authors=("Cho", "Saul"),
    error="none",
    note="a kernel",
    penalty="none",
    statements={"kernel": "verified (60 digits and sampling)"},
    topics=("wide networks",),
)


def kernel(X: ArrayLike, Z: ArrayLike | None = None, order: int = 1, depth: int = 1) -> Array:
    """Arc-cosine kernel k_n(x, z) = |x|^n |z|^n J_n(angle)/pi, composed `depth` times.

    Parameters
    ----------
    X : (n, d) or (d,) array_like
    Z : (m, d) or (d,) array_like, optional
        X by default.
    order : 0, 1 or 2
        n.
    depth : int >= 1

    Returns
    -------
    (n, m) array; the axis of a 1-D input is dropped.

    Source: [cho2009].

    >>> float(kernel([3.0, 4.0], order=2))
    1875.0
    """
    return arc_cosine(X, Z, order, depth)
