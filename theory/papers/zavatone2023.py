"""Zavatone-Veth, Pehlevan 2023: learning curves of linear models on deep Gaussian features.

Features x F_1 F_2 ... F_L with Gaussian weights and least squares of least norm. `theory.deep_features` has
any spectrum and ridge in the limit; isotropic inputs without a ridge are exact at every finite size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="zavatone2023",
    title="Learning curves for deep structured Gaussian feature models",
    authors=("Zavatone-Veth", "Pehlevan"),
    error="test",
    penalty="none: minimum norm",
    statements={
        "isotropic": "proved, exact at finite sizes for Gaussian weights (the paper has the limit)",
    },
    topics=("deep random features", "double descent", "random features"),
)


def isotropic(
    n: ArrayLike, widths: Sequence[ArrayLike], d: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 0.0
) -> Array:
    """Test error of least squares on n samples through L layers of Gaussian weights, exact at finite size.

    With n below d and all widths, and G = (d - n) [prod_l (p_l - n)/(p_l - n - 1) - 1],

        test - noise = signal (1 - n/d + G n/d) + noise (1 + G) n/(d - n - 1).

    With the narrowest of d and the widths, p, below n it is (noise + signal (1 - p/d)) (n - 1)/(n - p - 1):
    the other layers do not matter. In the limit G = (d - n) sum 1/(p_l - n). Each layer has a double descent
    of its own; their order does not matter, at any size.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    widths : sequence of array_like > 0
        p_1, ..., p_L from the inputs to the read-out.
    d : array_like > 0
        Isotropic inputs.
    signal, noise : array_like >= 0
        Power of the linear target and variance of the labels' noise.

    Returns
    -------
    array; inf where n is within 1 of the narrowest of d and the widths, or of another from below, unless
    there is nothing to diverge.

    Raises
    ------
    ValueError
        A size <= 0 or infinite, a negative power.

    Source: own derivation, layer by layer; the limit [zavatone2023, Sec. 3†].

    >>> isotropic(20, [40, [21, 30, 60]], d=50, signal=1.0, noise=0.1).round(5)
    array([    inf, 3.15493, 1.88917])
    """
    named = {f"widths[{i}]": positive(f"widths[{i}]", width, finite=True) for i, width in enumerate(widths)}
    n, d, signal, noise, *layers = broadcast(
        n=positive("n", n, finite=True),
        d=positive("d", d, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        **named,
    )
    narrowest = np.minimum.reduce([d, *layers])
    lost = noise + signal * ((d - narrowest) / d)
    # |n - p| - 1, where both differences are exact
    few = lost + _times(lost, narrowest, (n - 1) - narrowest)
    seen = np.minimum(n, narrowest)
    gain = np.zeros_like(n)  # the product less 1
    for width in layers:
        step = _times(np.ones_like(n), np.ones_like(n), (width - 1) - seen)
        gain = gain + step + _times(gain, step, np.ones_like(n))
    gain = _times(d - seen, gain, np.ones_like(n))
    spread = _times(noise, seen, (d - 1) - seen)
    kept = _times(signal * (seen / d) + spread, gain, np.ones_like(n))
    many = noise + signal * ((d - seen) / d) + spread + kept
    return np.where(narrowest < n, few, many)[()]


def _times(factor: Array, over: Array, under: Array) -> Array:
    """factor over/under with under <= 0 as 0; a product with 0 is 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(under > 0, over / np.maximum(under, 0.0), np.inf)
        return np.where((factor > 0) & (over > 0), factor * ratio, 0.0)
