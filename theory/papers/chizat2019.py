"""Chizat, Oyallon, Bach 2019: lazy training, a model so scaled that it stays near its linearisation.

Model alpha h(w) with loss |alpha h(w) - y|^2/alpha^2: the larger alpha, the less w moves, O(1/alpha), and
with it the predictions of the linearised model. h(w_0) must be 0 (subtract it, or pair the units with
opposite signs): otherwise alpha h(w_0) grows with alpha and nothing becomes lazy.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="chizat2019",
    title="On lazy training in differentiable programming",
    authors=("Chizat", "Oyallon", "Bach"),
    error="none",
    note="a ratio of scales",
    penalty="none",
    statements={"laziness": "definition; the rate 1/alpha is verified by simulation"},
    topics=("lazy training",),
)


def laziness(alpha: ArrayLike, misfit: ArrayLike, hessian_norm: ArrayLike, jacobian_norm: ArrayLike) -> Array:
    """Relative change of the Jacobian during training: (misfit/alpha) |D^2 h|/|D h|^2. Small is lazy.

    Parameters
    ----------
    alpha : array_like > 0
        Scale of the model.
    misfit : array_like >= 0
        |alpha h(w_0) - y|, with the scale in it.
    hessian_norm : array_like >= 0
        |D^2 h(w_0)|.
    jacobian_norm : array_like > 0
        |D h(w_0)|.

    Returns
    -------
    array

    Source: [chizat2019].

    >>> laziness(alpha=[1.0, 10.0], misfit=2.0, hessian_norm=0.5, jacobian_norm=2.0)
    array([0.25 , 0.025])
    """
    alpha, misfit, hessian, jacobian = broadcast(
        alpha=positive("alpha", alpha),
        misfit=non_negative("misfit", misfit),
        hessian_norm=non_negative("hessian_norm", hessian_norm),
        jacobian_norm=positive("jacobian_norm", jacobian_norm, finite=True),
    )
    return product((misfit, 1), (alpha, -1), (hessian, 1), (jacobian, -2))[()]
