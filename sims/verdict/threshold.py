"""How near to an interpolation threshold the means of a risk are useless."""

LEAST = 5.0
"""Points nearer than this are left out for any n."""
PART = 20
"""And those nearer than n over this."""


def edge(n: float) -> float:
    """Distance from a threshold at n within which, at ridge 0, means are useless or do not exist.

    Show medians there, and leave the points out of the verdict (`heavy_tailed` of `sims.verdict.judge`).

    Parameters
    ----------
    n : float > 0
        Where the threshold is: the number of samples, for instance.

    >>> edge(40), edge(200)
    (5.0, 10.0)
    """
    return max(LEAST, n / PART)
