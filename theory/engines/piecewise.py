"""Callables as piecewise polynomials, on panels that end on their kinks and jumps, wherever these are.

Panels are halved until a Legendre series of degree 15 settles on each; what never settles is a kink or a
jump, on which panels then end. The derivative is that of the polynomials: no differences across a kink.
"""

from collections.abc import Callable
from math import pi, sqrt
from typing import Any

import numpy as np

from theory.arguments import Array
from theory.engines import nested
from theory.errors import ConvergenceError

_COUNT = 16  # nodes of a panel
_REACH = 13.0  # standard deviations
_SPLIT = (sqrt(5) - 1) / 2  # of a panel: no kink at a round number is an end by chance
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(_COUNT)
_HERMITE = np.polynomial.hermite_e.hermegauss(_COUNT)  # exact for squares of the polynomials of a panel
_VALUES = np.polynomial.legendre.legvander(_NODES, _COUNT - 1)
_POSITIONS = (np.concatenate([[-1 + 1e-12], _NODES, [1 - 1e-12]]) + 1) / 2
_ENDS = np.polynomial.legendre.legvander(np.array([-1.0, 1.0]), _COUNT - 1)
_TO_SERIES = (_VALUES * _WEIGHTS[:, None]).T * (np.arange(_COUNT) + 0.5)[:, None]


class Piecewise:
    """A function, or its derivative, on [-13 scale, 13 scale]: `edges` (m + 1,), Legendre `series` (m, 16).

    `breaks` are its kinks and jumps; `scale` is the standard deviation of the argument.
    """

    def __init__(self, function: Callable[[Any], Any], scale: float, derivative: bool) -> None:
        self.function, self.scale, self.derivative = function, scale, derivative
        limit = _REACH * max(scale, 1e-150)
        self.edges, self.series, self.breaks = self._build(limit)
        if derivative:
            slopes = self._slopes()
            # digits of a derivative need room: where differences drown in rounding, a longer stretch
            if limit < 1 and 1e-4 * np.abs(self.series).max() / limit > np.abs(slopes).max():
                self.edges, self.series, self.breaks = self._build(1.0)
                slopes = self._slopes()
            self.series = slopes

    def _build(self, limit: float) -> tuple[Array, Array, Array]:
        """(edges, series, breaks) on [-limit, limit]."""
        with np.errstate(over="ignore", invalid="ignore"):
            # panels that a kink at a round number does not end by chance
            uneven = np.concatenate([[-limit], limit * (np.arange(-11.0, 11.0) / 12 + 0.0207), [limit]])
            breaks = self._resolve(uneven)[2]
            even = np.linspace(-limit, limit, 27)
            edges, series, _ = self._resolve(np.union1d(even[even != 0], breaks))
        return edges, series, breaks

    def _slopes(self) -> Array:
        width = np.diff(self.edges)[:, None]
        slopes = np.polynomial.legendre.legder(self.series, axis=1) * 2 / width
        return np.pad(slopes, ((0, 0), (0, 1)))

    def _resolve(self, edges: Array) -> tuple[Array, Array, Array]:
        """(edges, series, midpoints of what does not settle)."""
        left, right = edges[:-1], edges[1:]
        smallest = 1e-15 * (edges[-1] - edges[0])
        size, done, breaks = -1.0, [], []
        while left.size:
            x = left[:, None] + (right - left)[:, None] * _POSITIONS
            values = self._checked(x.ravel()).reshape(x.shape)
            values, ends = values[:, 1:-1], values[:, [0, -1]]
            largest = np.abs(values).max(axis=1)
            if size < 0:  # as a Gaussian sees it
                near = np.minimum(np.abs(left), np.abs(right)) * _REACH / edges[-1]
                size = (largest * np.exp(-(near**2) / 2)).max()
            series = values @ _TO_SERIES.T
            rest = np.abs(series[:, -4:]).max(axis=1)
            # what the rounding of x makes of the values
            rounding = 4e-16 * np.abs(x).max(axis=1) * np.ptp(values, axis=1) / (right - left)
            settled = rest <= 1e-13 * largest + 3e-16 * size + rounding
            # a kink between an end and the first node is seen by the end alone
            missed = np.abs(series @ _ENDS.T - ends).max(axis=1)
            settled &= missed <= 1e-11 * largest + 1e-14 * size + 30 * rounding
            tiny = ~settled & (right - left <= smallest)
            # a kink may settle by the allowances, when little is left of its panel
            bent = rest > 1e-3 * np.ptp(values, axis=1)
            sharp = tiny | (settled & bent & (right - left <= 1000 * smallest))
            breaks += ((left + right) / 2)[sharp].tolist()
            whole = settled | tiny
            done += list(zip(left[whole], right[whole], series[whole], strict=True))
            middle = (left + _SPLIT * (right - left))[~whole]
            left, right = np.r_[left[~whole], middle], np.r_[middle, right[~whole]]
            if left.size + len(done) > 4000:
                raise ConvergenceError(
                    f"the activation {self.function!r} did not settle on {len(done) + left.size} panels; "
                    "use a piecewise smooth activation"
                )
        done.sort(key=lambda panel: panel[0])
        borders = np.array([panel[0] for panel in done] + [done[-1][1]])
        gaps = np.sort(breaks)
        distinct = np.diff(gaps, prepend=-np.inf) > 4 * smallest
        return borders, np.array([panel[2] for panel in done]), gaps[distinct]

    def _checked(self, x: Array) -> Array:
        values = np.asarray(self.function(x), dtype=float)
        if values.shape != x.shape:
            raise ValueError(
                f"activation returned shape {values.shape} for an input of shape {x.shape}; "
                "pass a vectorised function"
            )
        if not np.isfinite(values).all():
            raise ValueError(f"activation {self.function!r} is not finite on the range of a Gaussian")
        return values

    def __call__(self, x: Array) -> Array:
        """Values; of the derivative by the polynomials."""
        if not self.derivative:
            return self._checked(x)
        panel = np.clip(np.searchsorted(self.edges, x, side="right") - 1, 0, len(self.edges) - 2)
        left, right = self.edges[panel], self.edges[panel + 1]
        t = (2 * x - left - right) / (right - left)
        return np.einsum("nk,nk->n", np.polynomial.legendre.legvander(t, _COUNT - 1), self.series[panel])

    def line(self, refine: int = 1) -> tuple[Array, Array]:
        """Standard normal nodes and weights, on panels that end on the edges."""
        steps = np.linspace(-_REACH, _REACH, 1 + 26 * refine)
        inner = self.edges / self.scale if self.scale > 0 else np.empty(0)
        edges = np.union1d(steps, inner[np.abs(inner) < _REACH])
        g = edges[:-1, None] + np.diff(edges)[:, None] * (_NODES + 1) / 2
        weight = np.diff(edges)[:, None] / 2 * _WEIGHTS * np.exp(-(g**2) / 2) / sqrt(2 * pi)
        return g.ravel(), weight.ravel()

    def expand(self, degree: int, table: Callable[[int, Array], Array]) -> tuple[Array, float]:
        """Hermite coefficients of s(scale g) up to a degree, and E s^2; `table` gives the polynomials."""
        g, weight = self.line(1 + degree // 40)
        values = self(self.scale * g)
        square = weight * values**2
        if square[np.abs(g) > _REACH - 1].max(initial=0.0) > 1e-6 * square.max():
            raise ConvergenceError(
                f"the Gaussian mean of {self.function!r} did not settle: it lies beyond 13 standard "
                "deviations; use an activation that grows more slowly"
            )
        return table(degree, g) @ (weight * values), float(square.sum())

    def dual(self, other: "Piecewise", e: float, s: float) -> float:
        """E of the product of self at u and of other at v, correlation s (1 - e)."""
        if self.scale == 0 or other.scale == 0:
            return self.expand(0, _ones)[0].item() * other.expand(0, _ones)[0].item()
        g, weight = self._outer(other, e, s)
        return float((weight * self(self.scale * g)) @ other._given(g, e, s, 1.0))

    def defect(self, other: "Piecewise", e: float, s: float, own: float, others: float) -> float:
        """E (self(u)/own - other(v)/others)^2/2.

        With the roots of both E s^2, the last with the sign of the dual, 1 - |cosine| without cancellation.
        """
        g, weight = self._outer(other, e, s)
        return float(weight @ other._given(g, e, s, 1 / others, self(self.scale * g) / own)) / 2

    def _outer(self, other: "Piecewise", e: float, s: float) -> tuple[Array, Array]:
        """Standard normal nodes and weights for u, on panels that end where the mean given u turns."""
        rho, spread = s * (1 - e), sqrt(e * (2 - e))
        steps = np.arange(-_REACH, _REACH + 1)
        marks = [steps, self.edges / self.scale]
        if abs(rho) > 1e-3:
            marks.append(other.edges / (other.scale * rho))
            # given u, v turns what is steep in the other function within the spread
            steep = np.diff(other.edges) < spread * other.scale
            corners = np.concatenate([other.breaks, other.edges[1:][steep], other.edges[:-1][steep]])
            corners = np.round(corners / other.scale / spread) * spread if spread else corners[:0]
            marks.append((np.unique(corners)[:, None] + spread * np.arange(-10.0, 11.0)).ravel() / rho)
        edges = np.unique(np.concatenate(marks))
        edges = edges[np.abs(edges) <= _REACH]
        g = edges[:-1, None] + np.diff(edges)[:, None] * (_NODES + 1) / 2
        weight = np.diff(edges)[:, None] / 2 * _WEIGHTS * np.exp(-(g**2) / 2) / sqrt(2 * pi)
        return g.ravel(), weight.ravel()

    def _given(self, g: Array, e: float, s: float, factor: float, offsets: Array | None = None) -> Array:
        """E factor self(v) given u = g, or with offsets E (offset - factor self(v))^2."""
        out = np.empty(g.size)
        nested.conditional(
            g * (s * (1 - e)),
            sqrt(e * (2 - e)),
            self.edges / self.scale,
            factor * self.series,
            (_NODES, _WEIGHTS),
            _HERMITE,
            np.empty(0) if offsets is None else offsets,
            out,
        )
        return out


def _ones(degree: int, g: Array) -> Array:
    return np.ones((1, g.size))
