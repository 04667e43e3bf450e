"""Yang, Hu 2021: how weights, starts and steps must scale with the width for features to be learnt.

Layer l = 1..L + 1 has W_l = width^(-a_l) w_l with w_l ~ N(0, width^(-2 b_l)), and descent on w has steps of
order width^(-c). Signals keep their size at the start if a_1 + b_1 = 0 and a_l + b_l = 1/2 in between.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, array, integer, option, scalar
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="yang2021",
    title="Tensor programs IV: feature learning in infinite-width neural networks",
    authors=("Yang", "Hu"),
    error="none",
    note="powers of the width",
    penalty="none: steps on half the squared error",
    statements={
        "scaling": "definition",
        "feature_exponent": "verified by simulation; own derivation",
        "kernel_exponent": "verified by simulation; own derivation",
    },
    topics=("maximal update parametrization", "feature learning", "lazy training", "wide networks"),
)


class Scaling(NamedTuple):
    """Powers of the width, by layer."""

    a: Array
    """(L + 1,) of the factors in front of the weights."""
    b: Array
    """(L + 1,) of the standard deviations at the start."""
    c: float
    """Of the step."""


def scaling(name: str, depth: int = 1) -> Scaling:
    """The powers (a, b, c) of a scaling of `sims.network.Network`.

    "ntk" has its factors 1/sqrt(width) in front of the weights, "standard" at the start, and the largest
    stable step, 1/width; "mup", the maximal update, (-1/2, 0, ..., 0, 1/2) in front and
    1/sqrt(width) at the start.

    Parameters
    ----------
    name : "ntk", "standard" or "mup"
    depth : int >= 1
        L, hidden layers.

    Returns
    -------
    Scaling
        (a, b, c).

    Source: [yang2021, Table 1†].

    >>> scaling("mup", depth=2)
    Scaling(a=array([-0.5,  0. ,  0.5]), b=array([0.5, 0.5, 0.5]), c=0.0)
    """
    half = np.r_[0.0, np.full(integer("depth", depth, low=1), 0.5)]
    name = option("name", name, "ntk", "standard", "mup")
    if name == "ntk":
        return Scaling(half, 0 * half, 0.0)
    if name == "standard":
        return Scaling(0 * half, half, 1.0)
    a = np.zeros(depth + 1)
    a[0], a[-1] = -0.5, 0.5
    return Scaling(a, np.full(depth + 1, 0.5), 0.0)


def feature_exponent(a: ArrayLike, b: ArrayLike, c: float) -> float:
    """Power r with which the motion of features in training falls: they change like width^(-r).

    r = min(a_{L+1} + b_{L+1}, 2 a_{L+1} + c) + c - 1 + min over l <= L of [2 a_l + (1 if l = 1)]: the size of
    what comes back from the read-out, at the start or after a step, and of what the best layer makes of it.
    r > 0 is lazy: infinitely wide networks are kernel machines; r = 0 learns features; r < 0 blows up.

    Parameters
    ----------
    a, b : (L + 1,) array_like
    c : float

    Returns
    -------
    float

    Source: [yang2021, Def. 3.2†].

    >>> [feature_exponent(*scaling(name, depth=3)) for name in ("ntk", "standard", "mup")]
    [0.5, 0.5, 0.0]
    """
    a, b, c = *_layers(a, b), scalar("c", c)
    back = min(a[-1] + b[-1], 2 * a[-1] + c)
    return float(back + c - 1 + _inputs(a).min())


def kernel_exponent(a: ArrayLike, b: ArrayLike) -> float:
    """Power k with which the tangent kernel at the start grows, and the largest stable step falls.

    k is the largest of 1 - 2 a_{L+1}, from the read-out, and of 2 - 2 (a_{L+1} + b_{L+1}) - 2 a_l - (1 if
    l = 1), from the layers below. With k = 0 one step serves all widths.

    Parameters
    ----------
    a, b : (L + 1,) array_like

    Returns
    -------
    float

    Source: own calculation, as in [yang2021].

    >>> [kernel_exponent(*scaling(name, depth=3)[:2]) for name in ("ntk", "standard", "mup")]
    [0.0, 1.0, 0.0]
    """
    a, b = _layers(a, b)
    return float(max(1 - 2 * a[-1], 2 - 2 * (a[-1] + b[-1]) - _inputs(a).min()))


def _layers(a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
    first, second = array("a", a, 1), array("b", b, 1)
    if len(first) < 2 or len(first) != len(second):
        raise ValueError(
            f"a has {len(first)} entries and b {len(second)}; pass one per layer, hidden ones and read-out"
        )
    return first, second


def _inputs(a: Array) -> Array:
    """2 a_l, and 1 more for the first layer, whose inputs are few."""
    return 2 * a[:-1] + (np.arange(len(a) - 1) == 0)
