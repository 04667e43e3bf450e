"""Sizes at which a curve in p is measured: dense near the threshold p = n, where it peaks."""

from bisect import bisect_left
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims.verdict import edge


def choose_points(n: int, p_max: int, count: int, unit: int = 1) -> NDArray[Any]:
    """`count` sizes up to p_max, all multiples of `unit`, denser towards the threshold n.

    The largest size, the smallest and n come first, in this order as far as `count` goes. Then the widest gap
    is halved until there are enough, in a coordinate that is linear within n/20 of the threshold and
    logarithmic beyond. With unit > 1 (widths of a network) the sizes have nearly equal ratios.

    >>> choose_points(n=20, p_max=100, count=8)
    array([  1,   5,  11,  16,  20,  24,  30, 100])
    """
    if unit > 1:  # a sweep of widths: there is no threshold to be dense at
        most = p_max // unit
        return unit * np.unique(np.geomspace(1, most, min(count, most)).round().astype(int))

    def coordinate(p: float) -> float:
        return float(np.arcsinh(np.log(p / n) / np.log1p(edge(n) / n)))

    ends = [p_max, 1, n] if n <= p_max else [p_max, 1]
    points = sorted(set(ends[:count]))
    while len(points) < min(count, p_max):
        gaps = [(coordinate(b) - coordinate(a), a, b) for a, b in pairwise(points) if b - a > 1]
        _, a, b = max(gaps)
        middle = (coordinate(a) + coordinate(b)) / 2
        inside = range(a + 1, b)
        above = bisect_left(inside, middle, hi=len(inside) - 1, key=coordinate)
        nearest = inside[max(above - 1, 0) : above + 1]
        points.append(min(nearest, key=lambda p: abs(coordinate(p) - middle)))
        points.sort()
    return np.array(points)
