"""Oymak et al. 2019: generalisation from the low-rank structure of the Jacobian.

Singular directions of the Jacobian with s >= cutoff span the information space I, the others the nuisance
space N. Descent fits the labels fast along I; along N it hardly moves, so noise there is not fitted.
Linear model, summed loss: r_t = (I - step JJ')^t r_0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, positive, whole_or_inf
from theory.engines.modes import latest, modes, moved, shrink
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="oymak2019jacobian",
    title="Generalization guarantees for neural networks via harnessing the low-rank structure "
    "of the Jacobian",
    authors=("Oymak", "Fabian", "Li", "Soltanolkotabi"),
    error="train",
    note="norms of the residual, the roots of summed squares",
    penalty="none: steps of the summed loss",
    statements={"split": "proved"},
    topics=("early stopping", "lazy training"),
)


class JacobianSplit(NamedTuple):
    """Residual after t steps in the two spaces, and the distance moved; see `split`."""

    information: Array
    nuisance: Array
    information_bound: Array
    distance: Array
    distance_bound: Array


def split(
    jacobian: ArrayLike, residual: ArrayLike, cutoff: float, step: ArrayLike, steps: ArrayLike
) -> JacobianSplit:
    """Gradient descent seen in the information and nuisance spaces.

    |Pi_I r_t| <= (1 - step cutoff^2)^t |Pi_I r_0|, (1 - step cutoff^2)^t |Pi_N r_0| <= |Pi_N r_t|, and
    |theta_t - theta_0|^2 <= sum_I (u.r_0)^2/s^2 + (step t cutoff |Pi_N r_0|)^2.

    Parameters
    ----------
    jacobian : (n, P) array_like
        J, kept fixed.
    residual : (n,) array_like
        r_0.
    cutoff : float > 0
        Smallest singular value of the information space.
    step : array_like > 0
        Step on the summed loss, step |J|^2 <= 1.
    steps : array_like of whole numbers >= 0
        t; may be inf.

    Returns
    -------
    JacobianSplit(information, nuisance, information_bound, distance, distance_bound): |Pi_I r_t|,
    |Pi_N r_t|, the first bound above, |theta_t - theta_0| and the root of the last bound. The distance is a
    radius for the bounds of Rademacher type.

    Warns
    -----
    SingularKernelWarning
        Singular values below 1e-12 of the largest count as 0, though their modes would have moved within
        these steps. Silent where equal rows explain the rank, or no singular value lies near the cut-off.

    Source: [oymak2019jacobian], its linear model; own proof. The risk bounds of the paper are not here.

    >>> fit = split([[2.0, 0.0], [0.0, 0.1]], [1.0, 1.0], cutoff=1.0, step=0.2, steps=5)
    >>> float(fit.information.round(5)), float(fit.nuisance.round(5))
    (0.00032, 0.99004)
    """
    edge = positive("cutoff", cutoff, finite=True)
    if edge.ndim:
        raise ValueError(f"cutoff has shape {edge.shape}; pass one number")
    size, count = broadcast(step=positive("step", step, finite=True), steps=whole_or_inf("steps", steps))
    basis = modes(jacobian, residual, latest(size, count))
    steepest = size.max(initial=0.0) * basis.norm**2
    if steepest > 1 + 1e-12:
        raise ValueError(f"step = {size.max():g} gives step |J|^2 = {steepest:g}; use at most 1/|J|^2")

    s, c = basis.s, basis.c
    informative = s >= edge
    rate, times = size[..., None] * s**2, count[..., None]
    left = shrink(rate, times) * c
    start, outside = np.linalg.norm(c[informative]), np.hypot(np.linalg.norm(c[~informative]), basis.outside)
    # the information space is empty if the rate at its edge exceeds 1
    factor = shrink(np.minimum(size * edge**2, 1.0), count)
    drift = size * edge * outside * count if outside > 0 else np.zeros(size.shape)
    fields = (
        np.linalg.norm(left[..., informative], axis=-1),
        np.hypot(np.linalg.norm(left[..., ~informative], axis=-1), basis.outside),
        factor * start,
        np.linalg.norm(moved(rate, times) * (c / s), axis=-1),
        np.hypot(np.linalg.norm(c[informative] / s[informative]), drift),
    )
    return JacobianSplit(*(np.asarray(field)[()] for field in fields))
