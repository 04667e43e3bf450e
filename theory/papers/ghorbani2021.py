"""Ghorbani, Mei, Misiakiewicz, Montanari 2021: linearized two-layer networks in high dimension.

Inputs on the sphere of R^d, n = d^s samples, N = d^w neurons: the model learns the degrees of the target
up to a whole number and nothing beyond. At finite d the staircase is rounded:
`theory.ridge(Problem.from_kernel_on_sphere(...))` is the curve to compare with data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, option
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="ghorbani2021",
    title="Linearized two-layers neural networks in high dimension",
    authors=("Ghorbani", "Mei", "Misiakiewicz", "Montanari"),
    error="excess",
    penalty="vanishing, or any below a level that depends on the kernel",
    statements={
        "limiting_excess": "proved in the paper where n or N is infinite; random features with both finite"
        " by Mei, Misiakiewicz, Montanari (2022); neural_tangent with both finite by analogy alone",
    },
    topics=("lazy training", "neural tangent kernel", "random features"),
)

_EXTRA_DEGREE = {"kernel": 0, "random_features": 0, "neural_tangent": 1}


def limiting_excess(
    power: ArrayLike,
    sample_exponent: ArrayLike,
    width_exponent: ArrayLike = np.inf,
    model: str = "kernel",
) -> Array:
    """Excess risk in the limit of large d: the power of the target beyond the degree that is learnt.

    excess = sum_{k > l} power_k with l = floor(s) (kernel), min(floor(s), floor(w)) (random_features),
    min(floor(s), floor(w) + 1) (neural_tangent).

    Parameters
    ----------
    power : (K,) array_like >= 0
        Power of the target in the harmonics of degree 0, 1, ...
    sample_exponent, width_exponent : array_like >= 0
        s = log n/log d and w = log N/log d; may be inf. A kernel has no width: leave it inf.
    model : "kernel", "random_features" or "neural_tangent"

    Returns
    -------
    array of the broadcast shape of the exponents; nan where a finite exponent is a whole number, on the
    edge of a step.

    Source: [ghorbani2021, Thm 1-4†] for n or N infinite. Both finite: random_features
    after Mei, Misiakiewicz, Montanari (2022, arXiv:2101.10588); neural_tangent by analogy, not checked.

    >>> limiting_excess([0.1, 0.4, 0.3, 0.2], sample_exponent=[0.5, 1.5, 2.5])
    array([0.9, 0.5, 0.2])
    """
    option("model", model, *_EXTRA_DEGREE)
    parts = non_negative("power", power)
    if parts.ndim != 1:
        raise ValueError(f"power has shape {parts.shape}; pass the power of degree 0, 1, ...")
    s, w = broadcast(
        sample_exponent=non_negative("sample_exponent", sample_exponent, finite=False),
        width_exponent=non_negative("width_exponent", width_exponent, finite=False),
    )
    if model == "kernel" and np.isfinite(w).any():
        raise ValueError(
            f"width_exponent = {w[np.isfinite(w)].flat[0]:g} has no meaning for a kernel; leave it inf"
        )
    degree = np.minimum(np.floor(s), np.floor(w) + _EXTRA_DEGREE[model])
    # beyond[k] = power of the degrees >= k, summed from the small end
    beyond = np.append(np.cumsum(parts[::-1])[::-1], 0.0)
    excess = beyond[np.minimum(degree + 1, len(parts)).astype(int)]
    on_edge = (np.isfinite(s) & (s == np.floor(s))) | (np.isfinite(w) & (w == np.floor(w)))
    return np.where(on_edge, np.nan, excess)[()]
