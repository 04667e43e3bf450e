"""What hypothesis draws: numbers over decades, spectra, and problems with a place to fit them."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from theory import Problem


class Point(NamedTuple):
    """A problem fitted on n samples and p features."""

    problem: Problem
    n: float
    p: float
    ridge: float


def decades(low: float, high: float) -> st.SearchStrategy[float]:
    """Positive numbers, uniform in the logarithm."""
    return st.floats(low, high).map(lambda exponent: float(10.0**exponent))


def maybe(positive: st.SearchStrategy[float]) -> st.SearchStrategy[float]:
    """Zero, or what is drawn."""
    return st.just(0.0) | positive


ratios = decades(-1, 1)
deltas = st.floats(0.001, 0.999)  # probabilities that a bound fails
sizes = st.integers(1, 10**6).map(float)
pairs = st.tuples(decades(-1, 1), decades(-1, 1))  # (mu1, mu_star2) of an activation


@st.composite
def problems(draw: st.DrawFn, span: float = 12, tails: bool = True) -> Problem:
    """Any spectrum between 10^-span and 10^span, rank deficient or not."""
    count = draw(st.integers(0 if tails else 1, 5))

    def levels(entry: st.SearchStrategy[float]) -> list[float]:
        return draw(st.lists(entry, min_size=count, max_size=count))

    return Problem(
        levels(decades(-span, span) | st.just(1.0) | st.just(0.0 if tails else 1.0)),
        power=levels(maybe(decades(-6, 6))),
        # eighths add up without rounding, so that n = rank is exact
        multiplicity=levels(st.integers(1, 4000).map(lambda m: m / 8)),
        tail=draw(maybe(decades(-span, span))) if tails else 0.0,
        tail_power=draw(maybe(decades(-3, 3))) if tails else 0.0,
        noise=draw(maybe(decades(-6, 3))),
    )


@st.composite
def points(
    draw: st.DrawFn,
    problem: st.SearchStrategy[Problem] | None = None,
    ridge: st.SearchStrategy[float] | None = None,
    infinite: bool = True,
) -> Point:
    """A problem with n and p anywhere, often at n = p, n = rank or p = rank."""
    drawn = draw(problems() if problem is None else problem)
    special = [drawn.rank] if 0 < drawn.rank < np.inf else []
    sizes = decades(-2, 4) | st.integers(1, 1000).map(float)
    n = draw(st.sampled_from(special) | sizes if special else sizes)
    special += [n] + [np.inf] * infinite
    p = draw(st.sampled_from(special) | sizes | decades(-4, 4).map(lambda ratio: n * ratio))
    return Point(drawn, n, p, draw(maybe(decades(-16, 8)) if ridge is None else ridge))


def near_tie(point: Point) -> bool:
    """Are n, p, rank close and yet not equal?  Below 1e-12 they count as equal."""
    sizes = (point.n, point.p, point.problem.rank)
    return any(0 < abs(a - b) <= 1e-9 * a < np.inf for a in sizes for b in sizes if b < np.inf)
