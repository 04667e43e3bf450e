"""Bounds from the learning rule: uniform stability.

`theory.validation.leave_one_out` measures, without a bound, what one sample moves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.complexity._checks import confidence, samples
from theory.engines.products import product
from theory.names import own_names

__dir__ = own_names(globals())


def uniform_stability(
    ridge: ArrayLike, n: ArrayLike, kernel_bound: ArrayLike = 1.0, lipschitz: ArrayLike = 1.0
) -> Array:
    """Uniform stability of kernel methods: how far a loss can move when one sample is left out.

    lipschitz^2 kernel_bound^2/(2 ridge n) for the minimiser of the mean loss + ridge |f|^2. The
    formula is taken from the literature; its constant is not checked here.

    Parameters
    ----------
    ridge : array_like >= 0
        May be inf.
    n : array_like >= 1
        Samples.
    kernel_bound : array_like > 0
        sup sqrt(K(x, x)).
    lipschitz : array_like > 0
        Lipschitz constant of the convex loss in the prediction; 2 sup |f - y| for the squared loss.

    Returns
    -------
    array; inf at ridge = 0

    Source: [bousquet2002, Thm 22†].

    >>> uniform_stability([0.0, 0.1], n=100)
    array([ inf, 0.05])
    """
    ridge, n, kernel_bound, lipschitz = broadcast(
        ridge=non_negative("ridge", ridge, finite=False),
        n=samples(n),
        kernel_bound=positive("kernel_bound", kernel_bound, finite=True),
        lipschitz=positive("lipschitz", lipschitz, finite=True),
    )
    return (product((lipschitz, 2), (kernel_bound, 2), (ridge, -1), (n, -1)) / 2)[()]


def stability_gap(
    stability: ArrayLike, n: ArrayLike, loss_bound: ArrayLike = 1.0, delta: ArrayLike = 0.05
) -> Array:
    """Gap of a uniformly stable learning rule.

    2 stability + (4 n stability + loss_bound) sqrt(ln(1/delta)/(2 n)): it vanishes only if stability falls
    faster than 1/sqrt(n). The formula is taken from the literature; its constants are not checked here.

    Parameters
    ----------
    stability : array_like >= 0
        As from `uniform_stability`. May be inf.
    n : array_like >= 1
        Samples.
    loss_bound : array_like >= 0
        The loss lies in [0, loss_bound].
    delta : array_like in (0, 1)

    Returns
    -------
    array

    Source: [bousquet2002, Thm 12†].

    >>> float(stability_gap(0.001, n=1000).round(6))
    0.195511
    """
    stability, n, loss_bound, delta = broadcast(
        stability=non_negative("stability", stability, finite=False),
        n=samples(n),
        loss_bound=non_negative("loss_bound", loss_bound),
        delta=confidence(delta),
    )
    # every sample counts in 4 n stability: a root of n is left
    share = np.sqrt(-np.log(delta) / 2)
    with np.errstate(over="ignore"):
        moved = 4 * product((stability, 1), (n, 0.5))
        return (2 * stability + (moved + loss_bound / np.sqrt(n)) * share)[()]
