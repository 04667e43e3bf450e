"""Means of a piecewise polynomial under many Gaussians of one width, jitted."""

from math import exp, pi, sqrt

import numpy as np

from theory.engines.jit import njit

_TAIL = 10.0  # standard deviations


@njit
def conditional(means, spread, edges, series, panels, normal, offsets, out):
    """E p(mean + spread h) for every mean, or where there are offsets E (offset - p)^2.

    Panels end on the edges of p and on whole h; `panels` and `normal` are the rules of Gauss and Legendre and
    of Gauss and Hermite. The latter is exact where all of the Gaussian lies in one panel of p.
    """
    last = edges.size - 2
    for k in range(means.size):
        mean = means[k]
        low = min(max(np.searchsorted(edges, mean - _TAIL * spread, side="right") - 1, 0), last)
        offset = offsets[k] if offsets.size else np.nan
        if spread == 0.0:
            out[k] = _value(mean, edges, series, low, offset)
        elif mean - _TAIL * spread >= edges[low] and mean + _TAIL * spread <= edges[low + 1]:
            total = 0.0
            for t in range(normal[0].size):
                total += normal[1][t] * _value(mean + spread * normal[0][t], edges, series, low, offset)
            out[k] = total / sqrt(2 * pi)
        else:
            out[k] = _stepwise(mean, spread, edges, series, panels, low, offset)


@njit
def _stepwise(mean, spread, edges, series, panels, panel, offset):
    """The mean over the panels from this one on, in steps that end on whole h."""
    last = edges.size - 2
    h = max((edges[0] - mean) / spread, -_TAIL)
    end = min((edges[last + 1] - mean) / spread, _TAIL)
    total = 0.0
    while h < end:
        border = (edges[panel + 1] - mean) / spread
        step = min(np.floor(h) + 1, end)
        right = min(border, step)
        if right > h:
            half = (right - h) / 2
            for t in range(panels[0].size):
                place = h + half * (panels[0][t] + 1)
                value = _value(mean + spread * place, edges, series, panel, offset)
                total += half * panels[1][t] * exp(-place * place / 2) * value
            h = right
        if border <= step:
            if panel == last:
                break
            panel += 1
    return total / sqrt(2 * pi)


@njit
def _value(x, edges, series, panel, offset):
    """p(x), or (offset - p(x))^2 unless the offset is nan."""
    p = _legendre(series[panel], _inside(x, edges, panel))
    return p if np.isnan(offset) else (offset - p) ** 2


@njit
def _inside(x, edges, panel):
    """Position in a panel, in [-1, 1]."""
    left, right = edges[panel], edges[panel + 1]
    return min(max(((x - left) - (right - x)) / (right - left), -1.0), 1.0)


@njit
def _legendre(series, t):
    """Legendre series by Clenshaw's recurrence."""
    b1 = b2 = 0.0
    for k in range(series.size - 1, 0, -1):
        b1, b2 = series[k] + (2 * k + 1) / (k + 1) * t * b1 - (k + 1) / (k + 2) * b2, b1
    return series[0] + t * b1 - b2 / 2
