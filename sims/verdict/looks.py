"""Repeated looks: a level that holds whenever a run is looked at, and stopped.

A test at level a after each of ten blocks of trials has a chance of a false alarm several times a. The
mixture of exponential martingales of a normal walk S,

    M = sqrt(r/(n + r)) exp(S^2/(2 (n + r))),    P(M >= 1/a at any n) <= a,

rejects at any n where the score z = S/sqrt(n) has z^2 >= (1 + r/n)(2 log(1/a) + log(1 + n/r)). It is most
sensitive about r trials.

Source: H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of Mathematical
Statistics 41 (1970) 1397.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri

Array = NDArray[np.float64]

SHARPEST = 64
"""Trials at which repeated looks cost least."""


def spent(level: float, trials: int) -> float:
    """Level of a single test, after so many trials, that keeps all looks at a run below `level`.

    >>> spent(1e-3, 64) < 1e-6
    True
    """
    square = (1 + SHARPEST / trials) * (2 * np.log(1 / level) + np.log1p(trials / SHARPEST))
    return float(2 * np.exp(log_ndtr(-np.sqrt(square))))


def whenever(p_value: Array, trials: int) -> Array:
    """p-values that hold at every look, from those of a single one.

    >>> bool(np.isclose(whenever(np.array([spent(0.01, 100)]), 100)[0], 0.01))
    True
    """
    square = ndtri(np.clip(p_value, 0.0, 1.0) / 2) ** 2
    logarithm = (np.log1p(trials / SHARPEST) - square * trials / (trials + SHARPEST)) / 2
    result: Array = np.exp(np.minimum(logarithm, 0.0))
    return result
