"""Roots of increasing functions of one number, to the digits of floats."""

from collections.abc import Callable

Function = Callable[[float], float]


def root(function: Function, low: float, high: float, xtol: float = 1e-15) -> float:
    """Where a function changes its sign between `low` and `high`; `xtol` is for roots near 0.

    >>> round(root(lambda x: x**3 - 8, 0.0, 3.0), 12)
    2.0
    """
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=xtol, rtol=1e-15))


def bracket(function: Function, start: float = 0.0, step: float = 1.0) -> tuple[float, float]:
    """Ends of an interval with the root of an increasing function, by equal steps from `start`.

    For a logarithm of a positive number, so that equal steps are equal factors.

    >>> bracket(lambda x: x - 3.5), bracket(lambda x: x + 3.5)
    ((3.0, 4.0), (-4.0, 0.0))
    """
    low = high = start
    while function(high) < 0:
        low, high = high, high + step
    while function(low) > 0:
        low -= step
    return low, high
