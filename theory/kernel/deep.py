"""Infinitely wide networks of infinite depth: where variance and correlation settle, and how fast."""

from __future__ import annotations

from math import exp, inf, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import ActivationLike, dual, function, hermite, slope
from theory.arguments import SAME, Array, broadcast, non_negative, positive
from theory.engines.monotone import root
from theory.names import own_names

__dir__ = own_names(globals())

_LEAST, _LARGEST = 1e-90, 1e90
"""Variances beyond which a network is taken to die out or to explode."""
_NOISE = 1e-14
"""Relative rounding of a mean."""


class DeepLimit(NamedTuple):
    """Where the layers of a deep network settle, and after how many."""

    variance: Array
    """q*, of the preactivations."""
    correlation: Array
    """c*, of the preactivations of two inputs."""
    chi_1: Array
    """Factor of small squared distances, and of squared gradients, in a layer."""
    variance_depth: Array
    """xi_q, layers in which the distance from q* falls to 1/e."""
    correlation_depth: Array
    """xi_c, layers in which the distance from c* falls to 1/e."""


def deep_limit(
    sigma_w2: ArrayLike,
    sigma_b2: ArrayLike = 0.0,
    activation: ActivationLike = "tanh",
    start: ArrayLike = 1.0,
) -> DeepLimit:
    """Fixed points of a deep random network, and the depths on which it forgets its inputs.

    With (u, v) Gaussian of variances q and correlation c, a layer makes of them
        q <- V(q) = sigma_w2 E s(u)^2 + sigma_b2,    c <- C(c) = [sigma_w2 E s(u) s(v) + sigma_b2]/V(q).
    q* = V(q*), c* = C(c*) at q*, chi_1 = sigma_w2 E s'(u)^2, xi_q = -1/log |V'(q*)|, xi_c = -1/log C'(c*).
    chi_1 < 1 is order: c* = 1, all inputs become one, gradients vanish. chi_1 > 1 is chaos: c* < 1, near
    inputs part, gradients explode. At the edge between them, `edge_of_chaos`, xi_c is infinite and signals
    pass through any depth: start deep networks there.

    Parameters
    ----------
    sigma_w2, sigma_b2 : array_like >= 0
        Variances of weights and biases, as in `nngp`.
    activation : str or callable
        See `theory.activation.moments`.
    start : array_like > 0
        Variance in the first layer; of several q* the first is found into which the layers carry it.

    Returns
    -------
    DeepLimit
        (variance, correlation, chi_1, variance_depth, correlation_depth), arrays. Where the variance dies out
        or explodes it is 0 or inf and the others are the limits there. A depth is inf where nothing settles,
        and c* = 1 where every correlation stays. c* is right to about 1e-15/|chi_1 - 1|.

    Raises
    ------
    ValueError
        A negative variance, nan, an unknown name.
    ConvergenceError
        A callable that no quadrature resolves.

    Source: [poole2016] for the fixed points, [schoenholz2017] for the depths.

    >>> limit = deep_limit(sigma_w2=4.0, sigma_b2=0.1)
    >>> [float(value.round(4)) for value in limit]
    [2.2682, 0.2855, 1.3234, 0.8455, 6.5957]
    """
    points = broadcast(
        sigma_w2=non_negative("sigma_w2", sigma_w2),
        sigma_b2=non_negative("sigma_b2", sigma_b2),
        start=positive("start", start, finite=True),
    )
    function(activation)  # refuses an unknown name
    rows = [
        _Layer(w, b, activation).limit(q)
        for w, b, q in zip(*(p.ravel().tolist() for p in points), strict=True)
    ]
    columns = np.reshape(rows, (-1, len(DeepLimit._fields))).T
    return DeepLimit(*(np.reshape(column, points[0].shape)[()] for column in columns))


def edge_of_chaos(sigma_b2: ArrayLike = 0.0, activation: ActivationLike = "tanh") -> Array:
    """Variance of the weights at which chi_1 = 1: deep networks neither forget their inputs nor scatter them.

    Along the edge sigma_w2 = 1/E s'(u)^2 and sigma_b2 = q - E s(u)^2/E s'(u)^2, u of variance q: the smallest
    q that has this sigma_b2 is taken. An activation that is linear on both sides of 0 has the same edge at
    every sigma_b2, 2 for relu; with biases the variance grows there without end, but only linearly. That of
    gelu with small biases and of polynomials is a q that repels: layers leave it, as `deep_limit` says.

    Parameters
    ----------
    sigma_b2 : array_like >= 0
    activation : str or callable
        Not "sign", whose chi_1 is infinite.

    Returns
    -------
    array; inf where the slope vanishes with the variance.

    Raises
    ------
    ValueError
        "sign", an unknown name, a negative variance.
    ConvergenceError
        A callable that no quadrature resolves.

    Source: [schoenholz2017].

    >>> edge_of_chaos([0.0, 0.1]).round(6)
    array([1.      , 1.986073])
    >>> float(edge_of_chaos(activation="relu"))
    2.0
    """
    biases = non_negative("sigma_b2", sigma_b2)
    if activation == "sign":
        raise ValueError('activation = "sign" has no edge: it jumps, and chi_1 is infinite; use another')
    function(activation)
    return np.reshape([_edge(b, activation) for b in biases.ravel().tolist()], biases.shape)[()]


class _Layer:
    """What one layer makes of variances and correlations."""

    def __init__(self, sw: float, sb: float, activation: ActivationLike) -> None:
        self.sw, self.sb, self.activation = sw, sb, activation

    def variance(self, q: float) -> float:
        """V(q)."""
        return self.sw * _mean(self.activation, q) + self.sb

    def limit(self, start: float) -> tuple[float, ...]:
        """The fields of `DeepLimit`."""
        fixed = self._fixed(start)
        q = min(max(fixed, _LEAST), _LARGEST)
        kept = q / self.variance(q) if fixed in (0.0, inf) and self.variance(q) > 0 else 1.0
        chi = self.sw * _mean(self.activation, q, derivative=True)
        c = self._correlation(q, chi * kept)
        s, ds = function(self.activation), slope(self.activation)
        turn = inf  # V'(q)
        if fixed < inf:
            turn = abs(self.sw * hermite(lambda x: s(x) * ds(x), 1, q)[1] / sqrt(q))
        inner = self.sw * float(dual(self.activation, c * q, q, q, derivative=True)) * kept
        if fixed in (0.0, inf):
            chi, turn = (0.0 if v < sqrt(_LEAST) else inf if v > sqrt(_LARGEST) else v for v in (chi, turn))
        return fixed, c, chi, _depth(turn), _depth(inner)

    def _fixed(self, start: float) -> float:
        """q*, in the direction in which the layer moves `start`."""

        def growth(x: float) -> float:
            return self.variance(exp(x)) / exp(x) - 1

        far, rise = log(start), growth(log(start))
        if abs(rise) <= SAME:
            return start
        step = log(2.0) if rise > 0 else -log(2.0)
        still = False  # growth that falls to rounding, twice in a row, has its root at the end
        while growth(far) * rise > 0:
            far += step
            if not log(_LEAST) < far < log(_LARGEST) or (still and abs(growth(far)) <= SAME):
                return inf if rise > 0 else 0.0
            still = abs(growth(far)) <= SAME
        return exp(root(growth, *sorted((far - step, far))))

    def _correlation(self, q: float, slope_at_1: float) -> float:
        """c*: C has non-negative coefficients, so that it is convex and crosses c once below 1, if at all."""
        if slope_at_1 <= 1 + SAME:
            return 1.0
        size = self.variance(q)

        def excess(c: float) -> float:
            return (self.sw * float(dual(self.activation, c * q, q, q)) + self.sb) / size - c

        if excess(0.0) <= 1e-15:
            return 0.0
        e = 0.5
        while excess(1 - e) >= 0:
            e /= 2
            if e < SAME:
                return 1.0
        return root(excess, 0.0, 1 - e)


def _edge(sb: float, activation: ActivationLike) -> float:
    """sigma_w2 of one point of the edge."""

    def bias(q: float) -> float:
        return q * (1 - _NOISE) - _mean(activation, q) / _mean(activation, q, derivative=True)

    def weights(q: float) -> float:
        slope2 = _mean(activation, q, derivative=True)
        return 1 / slope2 if slope2 > sqrt(_LEAST) else inf

    if sb == 0 and float(function(activation)(np.zeros(1))[0]) == 0:
        return weights(_LEAST)
    low, high = sb or _LEAST, max(sb, 1e-8)  # a variance is no less than its bias
    while bias(high) < sb:
        low, high = high, 2 * high
        if high > _LARGEST:
            return weights(_LARGEST)
    return weights(exp(root(lambda x: bias(exp(x)) - sb, log(low), log(high))))


def _mean(activation: ActivationLike, q: float, derivative: bool = False) -> float:
    """E s(u)^2, or E s'(u)^2, of u with variance q."""
    return float(dual(activation, q, q, q, derivative=derivative))


def _depth(factor: float) -> float:
    """Layers in which what shrinks by this factor a layer falls to 1/e."""
    if factor >= 1 - SAME:
        return inf
    return -1 / log(factor) if factor > 0 else 0.0
