"""A forecast held against errors on held-out rows: what is granted, and whether the two agree."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.sweet_spot.intervals import LEVEL
from sims.verdict.statuses import AGREES, DISAGREES, UNDECIDED

Array = NDArray[np.float64]

USEFUL = 1.5  # a check that grants a larger factor decides nothing
USELESS = 4.0  # an interval whose ends are farther apart is no forecast
FALSE_ALARM = 1e-2  # of all points of a curve
UNKNOWN = "not predictable"
RIDGELESS = 0.25  # median |log(measured/told)| with ridge 0 that is granted; 60 % of real sets have less
THRESHOLD = 0.7, 3.0  # p/n between which it is looked at


class HeldOutErrors(NamedTuple):
    """Mean squared errors on held-out rows, one for each width."""

    mean: Array
    se: Array
    """Relative standard error, by the rows and by the draws of the features."""
    draw: Array
    """Relative standard deviation of one draw of the features."""
    groups: int
    """Number of groups of rows that the standard error is known from."""


class Agreement(NamedTuple):
    """Prediction against measurement."""

    status: str
    points: list[str]
    """The status of each point."""
    margin: Array
    """|log(measured/predicted)| that is granted at each point."""
    advice: str
    """What would decide it, or make it predictable; empty where it is decided."""


def averaged(errors: Array, widths: Array) -> HeldOutErrors:
    """Mean of errors (draws, widths, groups) over draws of the features and groups of held-out rows.

    Few draws show their spread badly at one width; over all widths its square is fitted by c/p.

    >>> averaged(np.array([[[0.9, 1.1]], [[0.9, 1.1]]]), np.array([5.0])).se.round(12)
    array([0.1])
    """
    draws, _, groups = errors.shape
    mean = errors.mean(axis=(0, 2))
    rows = errors.mean(axis=0).std(axis=1, ddof=1) / np.sqrt(groups) / mean
    spread = errors.mean(axis=2).std(axis=0, ddof=1) / mean
    draw = np.sqrt((spread**2 * widths).mean() / widths)
    return HeldOutErrors(mean, np.hypot(rows, draw / np.sqrt(draws)), draw, groups)


def compare(error: Array, low: Array, high: Array, measured: HeldOutErrors, n: int, rows: int) -> Agreement:
    """Compare errors and their intervals, told from n rows, with errors on `rows` others.

    At each point t [se_told^2 + se_measured^2 + draw^2]^1/2 is granted, with Student's t at FALSE_ALARM over
    the points; the forecast is of one draw. A point whose interval is useless does not count; a check that
    grants a factor beyond USEFUL at half of the points decides nothing.

    >>> told, one = np.ones(1), HeldOutErrors(np.ones(1), np.full(1, 0.02), np.zeros(1), 20)
    >>> compare(told, 0.9 * told, 1.1 * told, one, 200, 400).status
    'agrees'
    >>> compare(told, 0.9 * told, 1.1 * told, one._replace(mean=3 * told), 200, 400).status
    'disagrees'
    """
    from scipy.special import ndtri, stdtrit

    se = np.log(high / low) / (2 * ndtri((1 + LEVEL) / 2))
    quantile = stdtrit(measured.groups - 1, 1 - FALSE_ALARM / (2 * len(error)))
    margin = quantile * np.sqrt(se**2 + measured.se**2 + measured.draw**2)
    gap = np.abs(np.log(measured.mean / error))
    known, useful = high <= USELESS * low, np.log(USEFUL)
    points = [
        UNKNOWN if not k else DISAGREES if g > m else AGREES if m <= useful else UNDECIDED
        for k, g, m in zip(known, gap, margin, strict=True)
    ]
    if 2 * known.sum() < len(points):  # a forecast for less than half of the curve is none
        return Agreement(UNKNOWN, points, margin, _more_known(n, float(np.median(se))))
    if DISAGREES in points:
        return Agreement(DISAGREES, points, margin, "")
    if np.median(margin[known]) <= useful:
        return Agreement(AGREES, points, margin, "")
    own = float(np.median(np.hypot(se, measured.draw)))
    needed = _decided_by(own, float(np.median(measured.se)), useful / quantile, n, rows)
    return Agreement(UNDECIDED, points, margin, needed)


def ridgeless(told: Array, measured: Array, ratio: Array) -> tuple[str, float]:
    """Whether errors with ridge 0 at widths of these p/n agree in the median, and |log(measured/told)| there.

    The mean over draws is told and their median measured: means of few draws say nothing near p = n. A told
    error may be inf, as it is at p = n - 1, and where a row cannot be replaced. There is no interval, and so
    no width is judged alone, nor is a forecast called wrong: beyond RIDGELESS there is none.

    >>> ridgeless(np.array([1.0, 2.0, np.inf]), np.array([1.1, 2.0, 90.0]), np.array([0.8, 0.9, 1.0]))[0]
    'agrees'
    """
    near = (THRESHOLD[0] <= ratio) & (ratio <= THRESHOLD[1])
    gap = float(np.median(np.abs(np.log(measured[near]) - np.log(told[near])))) if near.any() else np.inf
    return AGREES if gap <= RIDGELESS else UNKNOWN, gap


def _more_known(n: int, se: float) -> str:
    """What makes an interval useful: it shrinks like the root of the rows, unless few of them have it all."""
    needed = n * (se / (np.log(USELESS) / 4)) ** 2
    return (
        f"a few rows make most of the error; look at them, or take the logarithm of heavy-tailed columns "
        f"(--log-target for the target), or learn from about {needed:.2g} rows"
    )


def _decided_by(told: float, measured: float, least: float, n: int, rows: int) -> str:
    """Rows that bring the errors of both sides below `least`: the smaller part is left as it is."""
    if told < least:
        return f"about {rows * measured**2 / (least**2 - told**2):.2g} held-out rows instead of {rows}"
    return f"about {2 * n * (told / least) ** 2:.2g} training rows instead of {n}, and as many held out"
