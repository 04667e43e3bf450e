"""Many tests with one chance of a false alarm: Holm's step-down procedure."""

import numpy as np
from numpy.typing import NDArray


def holm(p_value: NDArray[np.float64], tested: NDArray[np.intp], level: float) -> NDArray[np.bool_]:
    """Which hypotheses are rejected: the smallest p-values, until one exceeds level / (tests left).

    The chance that any true hypothesis is rejected is at most `level`, however the tests depend on each
    other; and no fewer are rejected than by level / (number of tests) for all.

    Parameters
    ----------
    p_value : array (points,)
    tested : array of int
        Indices of the points that are tested; the others are never rejected.
    level : float in (0, 1)

    Source: Holm's step-down procedure.

    >>> holm(np.array([0.04, 0.02]), np.arange(2), 0.05)
    array([ True,  True])
    """
    rejected = np.zeros(len(p_value), dtype=bool)
    order = tested[np.argsort(p_value[tested], kind="stable")]
    for rank, i in enumerate(order):
        if p_value[i] > level / (len(order) - rank):
            break
        rejected[i] = True
    return rejected
