"""Means of a piecewise polynomial under many Gaussians of one width, jitted."""

from math import exp, pi, sqrt

import numpy as np

from theory.engines.jit import njit

_TAIL = 10.0  # standard deviations


@njit
def conditional(means, spread, edges, series, nodes, weights, out):
    """E p(mean + spread h) for every mean: panels end on the edges of p and on whole h."""
    last = edges.size - 2
    for k in range(means.size):
        mean = means[k]
        if spread == 0.0:
            panel = min(max(np.searchsorted(edges, mean, side="right") - 1, 0), last)
            out[k] = _legendre(series[panel], _inside(mean, edges, panel))
            continue
        h, end = (edges[0] - mean) / spread, (edges[last + 1] - mean) / spread
        h, end = max(h, -_TAIL), min(end, _TAIL)
        panel = min(max(np.searchsorted(edges, mean + spread * h, side="right") - 1, 0), last)
        total = 0.0
        while h < end:
            border = (edges[panel + 1] - mean) / spread
            step = min(np.floor(h) + 1, end)
            right = min(border, step)
            if right > h:
                half = (right - h) / 2
                for t in range(nodes.size):
                    place = h + half * (nodes[t] + 1)
                    value = _legendre(series[panel], _inside(mean + spread * place, edges, panel))
                    total += half * weights[t] * exp(-place * place / 2) * value
                h = right
            if border <= step:
                if panel == last:
                    break
                panel += 1
        out[k] = total / sqrt(2 * pi)


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
