"""Gerstgrasser et al. 2024: is model collapse inevitable? Least squares on replaced and on accumulated data.

Each generation of ordinary least squares gets n fresh inputs with noisy labels from the model before it, and
is fitted to these alone (replace) or to these and all earlier ones (accumulate).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, whole, whole_or_inf
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="gerstgrasser2024",
    title="Is model collapse inevitable? Breaking the curse of recursion by accumulating real and synthetic "
    "data",
    authors=(
        "Gerstgrasser", "Schaeffer", "Dey", "Rafailov", "Pai", "Sleight", "Hughes", "Korbak", "Agrawal",
        "Gromov", "Roberts", "Yang", "Donoho", "Koyejo",
    ),
    error="excess",
    penalty="none: ordinary least squares",
    statements={"chain": "proved, exact at finite n for Gaussian inputs; the paper bounds `accumulate`"},
    topics=("model collapse", "synthetic data"),
)  # fmt: skip

_TERMS = np.arange(64.0)  # (1/2)^64 is below rounding


class Chain(NamedTuple):
    """Excess test errors of a generation of least squares."""

    replace: Array
    """Fitted to the labels of the model before it alone."""
    accumulate: Array
    """Fitted to the labels of all models before it, and to the true ones."""
    accumulate_bound: Array
    """The paper's bound on `accumulate`, which is never more than pi^2/6 of the first generation's error."""


def chain(d: ArrayLike, n: ArrayLike, noise: ArrayLike, generation: ArrayLike) -> Chain:
    """Excess errors of the g-th of a chain of least-squares fits, replaced and accumulated data, exactly.

    replace = g noise d/(n - d - 1),     accumulate = sum_(i <= g) noise d/(i (i n - d - 1)),
    accumulate_bound = noise d/(n - d - 1) sum_(i <= g) 1/i^2.

    Proof: with S_g the sum of all X_i'X_i, the normal equations of accumulated data say
    w_g = w_(g-1) + S_g^-1 X_g' e_g, since the labels of generation g are X_g w_(g-1) + e_g. The noise is
    independent, so that the excess is the sum of noise E tr(Sigma S_i^-1 X_i'X_i S_i^-1), which by symmetry
    is noise/i times E tr(Sigma S_i^-1) = d/(i n - d - 1). On replaced data S_i is X_i'X_i alone. Any
    covariance.

    Parameters
    ----------
    d, n : array_like of whole numbers >= 1
        Coordinates, and samples of each generation; n >= d.
    noise : array_like >= 0
        Variance in the labels of every generation.
    generation : array_like of whole numbers >= 1
        g, 1 for the model that is trained on true labels; may be inf.

    Returns
    -------
    Chain(replace, accumulate, accumulate_bound); inf for n <= d + 1 with noise, and `replace` at g = inf.

    Raises
    ------
    ValueError
        n < d, an argument out of its range.

    Source: [gerstgrasser2024†] for replace and the bound; `accumulate` derived here.

    >>> chain(d=10, n=40, noise=0.5, generation=[1, 4]).replace.round(4)
    array([0.1724, 0.6897])
    >>> later = chain(d=10, n=40, noise=0.5, generation=[4, np.inf])
    >>> later.accumulate.round(4), later.accumulate_bound.round(4)
    (array([0.2323, 0.2609]), array([0.2455, 0.2836]))
    """
    d, n, noise, g = broadcast(
        d=whole("d", d, low=1),
        n=whole("n", n, low=1),
        noise=non_negative("noise", noise),
        generation=whole_or_inf("generation", generation, low=1),
    )
    if (n < d).any():
        i = np.flatnonzero((n < d).ravel())[0]
        raise ValueError(f"n = {n.ravel()[i]:g} must be at least d = {d.ravel()[i]:g} for least squares")
    left = n - d - 1
    first = np.where(noise > 0, product((noise, 1), (d, 1), (np.maximum(left, 0.0), -1)), 0.0)
    with np.errstate(invalid="ignore", over="ignore"):
        replaced = np.where(noise > 0, first * g, 0.0)
    later = product((noise, 1), (d, 1), (n, -1)) * _later(np.minimum((d + 1) / n, 1.0), g)
    return Chain(replaced[()], (first + later)[()], (first * (1 + _later(np.zeros_like(g), g)))[()])


def _later(c: Array, g: Array) -> Array:
    """Sum of 1/(i (i - c)) for i = 2 ... g and c in [0, 1], as that of c^k/i^(k + 2)."""
    from scipy.special import zeta

    order, last = _TERMS + 2, g[..., None]
    sums = zeta(order, 2.0) - np.where(np.isinf(last), 0.0, zeta(order, np.minimum(last, 1e300) + 1))
    result: Array = (c[..., None] ** _TERMS * sums).sum(axis=-1)
    return result
