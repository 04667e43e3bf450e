"""Intervals of means: Student's t, everywhere the same."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def half_width(se: ArrayLike, trials: int, level: float = 0.95) -> NDArray[np.float64]:
    """Half the width of the interval of a mean over trials: Student's quantile times the standard error.

    Use it for every interval that is printed or drawn: the normal quantile 1.96 is 6 % short at 20 trials.

    Parameters
    ----------
    se : array_like >= 0
        Standard errors of means over `trials` independent trials.
    trials : int >= 1
        One trial has no interval: its standard error is infinite, and so is the half width.
    level : float in (0, 1)
        Chance that the interval covers the mean.

    >>> round(float(half_width(1.0, trials=20)), 3)
    2.093
    """
    from scipy.special import stdtrit  # scipy.stats takes half a second to load

    return float(stdtrit(max(trials - 1, 1), (1 + level) / 2)) * np.asarray(se, dtype=float)
