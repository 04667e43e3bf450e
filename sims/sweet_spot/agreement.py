"""A forecast held against errors on held-out rows: what is granted, and whether the two agree."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.sweet_spot.by_spectrum import Forecast
from sims.verdict.statuses import AGREES, DISAGREES, UNDECIDED

Array = NDArray[np.float64]

MODEL = 0.1  # relative error that theory makes on real data, beside that of the estimate
UNSURE = 0.2  # a relative standard error above it: not predictable
CONFLICT = (
    0.15  # nor is anything, if the leave-one-out errors are off those of every spectrum by more than this
)
FALSE_ALARM = 1e-2  # of all points of a curve
UNKNOWN = "not predictable"


class HeldOutErrors(NamedTuple):
    """Mean squared errors on held-out rows, one for each point (n, p)."""

    mean: Array
    se: Array
    """Relative standard error."""
    groups: int
    """Number of groups of rows that the standard error is known from."""


class Agreement(NamedTuple):
    """Prediction against measurement."""

    status: str
    points: list[str]
    """The status of each point."""
    margin: Array
    """|log(measured/predicted)| that is granted at each point."""


def averaged(errors: Array, share: float) -> HeldOutErrors:
    """Mean of errors (splits, points, groups) over splits and over groups of held-out rows.

    A `share` of all rows is held out in each split, drawn anew: the variance of one split is multiplied by
    share + (1 - share)/splits, for all rows together are a sample too.

    >>> averaged(np.array([[[0.9, 1.1]], [[0.9, 1.1]]]), share=0.28).se.round(12)
    array([0.08])
    """
    splits, _, groups = errors.shape
    mean = errors.mean(axis=(0, 2))
    one = errors.var(axis=2, ddof=1).mean(axis=0) / groups
    return HeldOutErrors(mean, np.sqrt(one * (share + (1 - share) / splits)) / mean, groups)


def compare(predicted: Forecast, measured: HeldOutErrors) -> Agreement:
    """Compare a forecast with errors on held-out rows.

    At each point MODEL + [(z se_predicted)^2 + (t se_measured)^2]^1/2 is granted, with normal z and Student's
    t at FALSE_ALARM over the points. A point whose own prediction is worth nothing does not count; a check
    that grants a factor of two at half of the points decides nothing.

    >>> from sims.sweet_spot.spectrum import Estimate
    >>> from theory import Problem
    >>> known, one = Estimate(Problem.isotropic(9), misfit=0.0, gcv=1.0, loo=1.0), np.ones(1)
    >>> told = Forecast(known, ridge=one, test=one, se=0.1 * one, ridgeless=one)
    >>> [compare(told, HeldOutErrors(error * one, 0.01 * one, 20)).status for error in (1.0, 99.0)]
    ['agrees', 'disagrees']
    """
    from scipy.special import ndtri, stdtrit

    count = len(measured.mean)
    level = 1 - FALSE_ALARM / (2 * count)
    margin = MODEL + np.hypot(ndtri(level) * predicted.se, stdtrit(measured.groups - 1, level) * measured.se)
    gap = np.abs(np.log(measured.mean / predicted.test))
    known = (predicted.se <= UNSURE) & (predicted.estimate.misfit <= CONFLICT)
    points = [
        UNKNOWN if not k else DISAGREES if g > m else AGREES if m < np.log(2) else UNDECIDED
        for k, g, m in zip(known, gap, margin, strict=True)
    ]
    if 2 * known.sum() < count:  # a forecast for less than half of the curve is none
        status = UNKNOWN
    elif DISAGREES in points:
        status = DISAGREES
    else:
        status = AGREES if np.median(margin[known]) < np.log(2) else UNDECIDED
    return Agreement(status, points, margin)
