"""Infinite depth: erf in 40 digits, rectified units by hand, deep kernels layer by layer, and the edge."""

import numpy as np
import pytest
from mpmath import asin, findroot, mp, mpf, pi, sqrt
from numpy.testing import assert_allclose

from tests.activations import gaussian
from tests.checks import refuses
from theory.activation import NAMES, dual, function, slope
from theory.kernel import deep_limit, edge_of_chaos, nngp

INF = np.inf


@pytest.mark.parametrize(("w2", "b2"), [(2.0, 0.1), (4.0, 0.0), (1.5, 0.3), (30.0, 2.0), (0.8, 1e-3)])
def test_erf_in_40_digits(w2: float, b2: float) -> None:
    with mp.workdps(40):
        sw, sb = mpf(w2), mpf(b2)
        q = findroot(
            lambda q: sw * 2 / pi * asin(2 * q / (1 + 2 * q)) + sb - q, (mpf("0.01"), w2 + b2), "anderson"
        )

        def step(c: mpf) -> mpf:
            return (sw * 2 / pi * asin(2 * c * q / (1 + 2 * q)) + sb) / q

        def turn(c: mpf) -> mpf:
            return sw * 4 / pi / sqrt((1 + 2 * q) ** 2 - 4 * (c * q) ** 2)

        chi = turn(mpf(1))
        c = mpf(1)
        if chi > 1:
            c = (
                findroot(lambda c: (step(c) - c) / (1 - c), (mpf(0), mpf("0.9")), "anderson")
                if b2
                else mpf(0)
            )
        variance = sw * 4 / pi / (1 + 2 * q) / sqrt(1 + 4 * q)
        truth = [q, c, chi, -1 / mp.log(variance), -1 / mp.log(turn(c))]
    assert_allclose(deep_limit(w2, b2, "erf"), [float(v) for v in truth], rtol=1e-11)


@pytest.mark.parametrize(("w2", "b2"), [(3.0, 0.05), (1.2, 0.2), (3.0, 0.0)])
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "sin"])
def test_layer_by_layer(name: str, w2: float, b2: float) -> None:
    """A kernel of 200 layers has come to the limit; the last steps to it shrink by the depths."""
    limit = deep_limit(w2, b2, name)
    x, z = np.array([1.0, 0.4]), np.array([0.9, 0.6])
    deep, across = nngp([x, z], depth=200, activation=name, sigma_w2=w2, sigma_b2=b2)[0]
    assert_allclose([deep, across / deep], [limit.variance, limit.correlation], rtol=1e-6, atol=1e-6)
    g, weight = gaussian()
    q = float(limit.variance)
    s, ds = function(name), slope(name)
    assert_allclose(limit.chi_1, w2 * weight @ ds(np.sqrt(q) * g) ** 2, rtol=1e-12)
    near = q * np.array([1 - 1e-4, 1 + 1e-4])
    change = np.diff([w2 * weight @ s(np.sqrt(v) * g) ** 2 for v in near])[0] / (2e-4 * q)
    assert_allclose(limit.variance_depth, -1 / np.log(abs(change)), rtol=1e-5)


def test_rectified_units_by_hand() -> None:
    assert_allclose(deep_limit(1.0, 0.25, "relu"), [0.5, 1.0, 0.5, 1 / np.log(2), 1 / np.log(2)], rtol=1e-14)
    assert deep_limit(2.0, 0.0, "relu", start=3.0) == (3.0, 1.0, 1.0, INF, INF)  # every variance stays
    assert deep_limit(1.9, 0.0, "relu").variance == 0.0
    assert deep_limit([2.1, 2.0], [0.0, 0.1], "relu").variance.tolist() == [INF, INF]
    assert deep_limit([2.1, 2.0], [0.0, 0.1], "relu").correlation.tolist() == [1.0, 1.0]
    assert_allclose(edge_of_chaos([0.0, 1e-9, 1.0, 1e9], "relu"), 2.0, rtol=1e-13)
    assert_allclose(edge_of_chaos(0.3, "leaky_relu"), 2 / 1.0001, rtol=1e-13)
    assert edge_of_chaos(0.3, "abs") == 1.0


def test_a_network_that_explodes_has_the_correlation_of_its_highest_power() -> None:
    """C = (1 + 2 c^2)/3 of squares and (9 c + 6 c^3)/15 of cubes."""
    assert_allclose(deep_limit(2.0, 0.1, "quadratic")[:3], [INF, 0.5, INF])
    assert_allclose(deep_limit(2.0, 0.1, "quadratic").correlation_depth, -1 / np.log(2 / 3), rtol=1e-12)
    assert_allclose(deep_limit(2.0, 0.1, "cubic").correlation_depth, -1 / np.log(0.6), rtol=1e-12)
    assert deep_limit(0.01, 0.0, "cubic", start=0.1) == (0.0, 0.0, 0.0, 0.0, -1 / np.log(0.6))


def test_the_edge() -> None:
    """tanh at sigma_b^2 = 0.05: 1.76, as very deep networks start; at small ones a series."""
    assert_allclose(edge_of_chaos(0.05), 1.7609546, rtol=1e-7)
    assert_allclose(edge_of_chaos(0.0, "tanh"), 1.0, rtol=1e-14)
    assert_allclose(edge_of_chaos(0.0, "erf"), np.pi / 4, rtol=1e-14)
    # tanh x = x - x^3/3 + 2 x^5/15: q - E s^2/E s'^2 = 4 q^3/3 + ..., 1/E s'^2 = 1 + 2 q + ...
    assert_allclose(edge_of_chaos(1e-12) - 1, 2 * (0.75e-12) ** (1 / 3), rtol=1e-3)
    assert edge_of_chaos(0.0, "cubic") == INF


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ("sign", "quadratic", "cubic", "gelu", "silu")]
)
@pytest.mark.parametrize("b2", [0.0, 1e-6, 0.1, 10.0])
def test_order_and_chaos_on_its_sides(name: str, b2: float) -> None:
    critical = edge_of_chaos(b2, name)
    below, at, above = deep_limit(critical * np.array([0.99, 1.0, 1.01]), b2, name).chi_1
    assert below < 1 < above
    assert_allclose(at, 1, rtol=1e-6)


def test_near_the_edge() -> None:
    """1 - c* is 2 (chi_1 - 1)/C''(1) to first order, C'' from the slope of C'."""
    w2 = edge_of_chaos(0.1) * (1 + 1e-5)
    limit = deep_limit(w2, 0.1)
    q = float(limit.variance)
    h = 1e-4
    bend = float(limit.chi_1 - w2 * dual("tanh", q * (1 - h), q, q, derivative=True)) / h
    assert_allclose(1 - limit.correlation, 2 * (limit.chi_1 - 1) / bend, rtol=1e-3)


@pytest.mark.jit
def test_callables_and_jumps() -> None:
    named, same = deep_limit(3.0, 0.1, "tanh"), deep_limit(3.0, 0.1, lambda x: np.tanh(x))
    assert_allclose(same, named, rtol=1e-6)
    jump = deep_limit(1.0, 0.1, "sign")
    assert jump.chi_1 == INF
    c = float(jump.correlation)
    assert_allclose(c, (2 / np.pi * np.arcsin(c) + 0.1) / 1.1, rtol=1e-12)
    refuses(lambda: edge_of_chaos(0.1, "sign"), 'activation = "sign" has no edge')


def test_shapes_and_refusals() -> None:
    assert deep_limit([[1.0], [2.0]], [0.1, 0.2, 0.3]).variance.shape == (2, 3)
    assert type(edge_of_chaos(0.1)) is np.float64
    assert deep_limit(0.0, 0.0) == (0.0, 1.0, 0.0, 0.0, 0.0)
    refuses(lambda: deep_limit(-1.0), "sigma_w2 = -1 must be")
    refuses(lambda: deep_limit(1.0, -1.0), "sigma_b2 = -1 must be")
    refuses(lambda: deep_limit(1.0, start=0.0), "start = 0 must be")
    refuses(lambda: deep_limit(1.0, activation="step"), "activation = 'step' is unknown")
    refuses(lambda: edge_of_chaos(np.nan), "sigma_b2 = nan contains nan")
