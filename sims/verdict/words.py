"""Verdicts in plain words."""

from math import isfinite


def share(part: float) -> str:
    """A relative size, to two digits.

    >>> share(0.0123), share(1.234), share(25)
    ('1.2 %', '120 %', '25 times')
    """
    return f"{part:.2g} times" if part >= 10 else f"{float(f'{100 * part:.2g}'):g} %"


def resolution(common: float, hidden: float) -> str:
    """What a comparison would have noticed, and what could still hide from it; "" if it notices nothing.

    Parameters
    ----------
    common, hidden : float
        `Verdict.resolution` and `Verdict.hidden`.

    >>> resolution(0.019, 0.147)
    'a theory off by a common factor of 1.9 % would have been noticed; at a single point up to 15 % could
    hide'
    """
    if not isfinite(common):
        return ""
    noticed = f"a theory off by a common factor of {share(common)} would have been noticed"
    single = f"up to {share(hidden)}" if isfinite(hidden) else "any error"
    return f"{noticed}; at a single point {single} could hide"


def every_draw(exceptions: float, trials: int) -> str:
    """What a statement on every draw rests on.

    >>> every_draw(0.19, 64)
    'every one of 64 draws; the share of exceptions is below 19 %'
    """
    return f"every one of {trials} draws; the share of exceptions is below {share(exceptions)}"
