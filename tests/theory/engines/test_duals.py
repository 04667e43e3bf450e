"""Kernels of every named activation at any scale and depth, against the recursion in 200 digits.

The reference takes the very floats of the inputs, so that a pair that rounding took off a line is off it.
"""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf
from numpy.testing import assert_allclose
from scipy.special import ndtr

from theory import kernel
from theory.activation import NAMES, dual, function
from theory.engines import logistic

MIXED = ("tanh", "softplus", "sigmoid", "silu", "elu")  # sums, whose digits other tests count
CLOSED = [*(name for name in NAMES if name not in MIXED), "leaky_relu(0.3)", "leaky_relu(-2)"]


def smooth(c: mpf, a: mpf, b: mpf, width2: mpf) -> mpf:
    """arcsin of the correlation after noise, by its own sine."""
    return mp.atan2(c, mp.sqrt((a + width2) * (b + width2) - c * c))


def angle(c: mpf, a: mpf, b: mpf) -> tuple[mpf, mpf, mpf]:
    gap = max(a * b - c * c, mpf(0))
    return mp.sqrt(a * b), mp.sqrt(gap), mp.atan2(mp.sqrt(gap), c)


def relu(c: mpf, a: mpf, b: mpf) -> mpf:
    _, sine, t = angle(c, a, b)
    return (sine + (mp.pi - t) * c) / (2 * mp.pi)


def absolute(c: mpf, a: mpf, b: mpf) -> mpf:
    _, sine, t = angle(c, a, b)
    return 2 * (sine + (mp.pi / 2 - t) * c) / mp.pi


def sign(c: mpf, a: mpf, b: mpf) -> mpf:
    return mpf(0) if a * b == 0 else 1 - 2 * angle(c, a, b)[2] / mp.pi


def gelu(c: mpf, a: mpf, b: mpf) -> mpf:
    d = (1 + a) * (1 + b) - c * c
    orthant = mpf(1) / 4 + smooth(c, a, b, 1) / (2 * mp.pi)
    return c * orthant + (a * b * d + c * c) / ((1 + a) * (1 + b)) / (2 * mp.pi * mp.sqrt(d))


def gelu_slope(c: mpf, a: mpf, b: mpf) -> mpf:
    d = (1 + a) * (1 + b) - c * c
    orthant = mpf(1) / 4 + smooth(c, a, b, 1) / (2 * mp.pi)
    return orthant + c * (1 / (1 + a) + 1 / (1 + b) + 1 / d) / (2 * mp.pi * mp.sqrt(d))


def sine(c: mpf, a: mpf, b: mpf) -> mpf:
    return (mp.exp(c - (a + b) / 2) - mp.exp(-c - (a + b) / 2)) / 2


def cosine(c: mpf, a: mpf, b: mpf) -> mpf:
    return (mp.exp(c - (a + b) / 2) + mp.exp(-c - (a + b) / 2)) / 2


Dual = Callable[[mpf, mpf, mpf], mpf]


def leaky(slope: str) -> tuple[Dual, Dual]:
    odd2, even2 = ((1 + mpf(slope)) / 2) ** 2, ((1 - mpf(slope)) / 2) ** 2
    return (
        lambda c, a, b: odd2 * c + even2 * absolute(c, a, b),
        lambda c, a, b: odd2 + even2 * sign(c, a, b),
    )


EXACT: dict[str, tuple[Dual, Dual]] = {
    "relu": (relu, lambda c, a, b: (mp.pi - angle(c, a, b)[2]) / (2 * mp.pi)),
    "leaky_relu": leaky("0.01"),
    "leaky_relu(0.3)": leaky("0.3"),
    "leaky_relu(-2)": leaky("-2"),
    "erf": (
        lambda c, a, b: 2 / mp.pi * smooth(c, a, b, mpf(1) / 2),
        lambda c, a, b: 4 / mp.pi / mp.sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * c * c),
    ),
    "sign": (sign, lambda c, a, b: mpf(0)),
    "abs": (absolute, sign),
    "cos": (cosine, sine),
    "sin": (sine, cosine),
    "quadratic": (lambda c, a, b: a * b + 2 * c**2, lambda c, a, b: 4 * c),
    "identity": (lambda c, a, b: c, lambda c, a, b: mpf(1)),
    "cubic": (lambda c, a, b: 9 * a * b * c + 6 * c**3, lambda c, a, b: 9 * (a * b + 2 * c**2)),
    "gelu": (gelu, gelu_slope),
}


def recursion(
    x: np.ndarray, z: np.ndarray, depth: int, name: str, sw: float, sb: float
) -> tuple[float, float, float, float]:
    """(K, Theta) and the roots of the products of their diagonals, in digits that the angle leaves 60."""
    value, slope = EXACT[name]
    with mp.workdps(200):
        u, v = ([mpf(float(t)) for t in row] for row in (x, z))
        w, bias = mpf(sw), mpf(sb)
        a, b, c = (w / len(u) * mp.fdot(s, t) + bias for s, t in ((u, u), (v, v), (u, v)))
        theta = [c, a, b]
        for _ in range(depth):
            tangent = [slope(*g) if name != "sign" else mpf(0) for g in ((c, a, b), (a, a, a), (b, b, b))]
            c, a, b = (w * value(*g) + bias for g in ((c, a, b), (a, a, a), (b, b, b)))
            theta = [k + w * t * s for k, t, s in zip((c, a, b), theta, tangent, strict=True)]
        return float(c), float(theta[0]), float(mp.sqrt(a * b)), float(mp.sqrt(theta[1] * theta[2]))


def families() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Pairs that meet at every angle."""
    rng = np.random.default_rng(7)
    x, z, step = rng.standard_normal((3, 5))
    yield "generic", x, z
    yield "antipodal", x, -x
    yield "twice", x, 2 * x
    yield "thrice", x, 3 * x  # collinear but for the rounding of its entries
    yield "whole", np.arange(1.0, 6.0), -3 * np.arange(1.0, 6.0)  # collinear exactly
    for size in (1e-2, 1e-5, 1e-8, 1e-12):
        yield f"near {size}", x, x + size * step
        yield f"near {size}, opposite", x, -1.7 * (x + size * step)
    yield "zero", x, 0 * x
    yield "orthogonal", np.array([1.0, 0, 0, 0, 0]), np.array([0.0, 2, 0, 0, 0])


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("scale", [1e-8, 1e-3, 1.0, 30.0, 1e4, 1e8])
@pytest.mark.parametrize(("sw", "sb"), [(2.0, 0.0), (1.5, 0.3)])
def test_many_digits(name: str, scale: float, sw: float, sb: float) -> None:
    """Right to 1e-9, or refused because it leaves the range of floats, as deep polynomials do."""
    for label, x, z in families():
        for depth in (1, 2, 6, 10):
            k, theta, size_k, size_theta = recursion(scale * x, scale * z, depth, name, sw, sb)
            for of, truth, size in ((kernel.nngp, k, size_k), (kernel.ntk, theta, size_theta)):
                if name == "sign" and of is kernel.ntk:
                    continue
                found = unless_refused(of, scale * x, scale * z, depth, name, sw, sb)
                if found is None:
                    assert label == "zero" or size < 1e-299 or size > 1e307, (label, depth, of)
                else:
                    assert abs(found - truth) <= 1e-9 * size, (label, depth, of)


def unless_refused(of: Callable[..., np.ndarray], *arguments: Any) -> np.ndarray | None:
    """The value, or None where it is refused because it leaves the range of floats."""
    try:
        return of(*arguments)
    except ValueError as refusal:
        if re.search("exceeds 1e308|falls below 1e-300", str(refusal)):
            return None
        raise


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sign_keeps_its_poles(dtype: type) -> None:
    """Each layer takes the root of the distance of the correlation from +-1: 0 must stay 0."""
    x: np.ndarray = np.array([0.5, -1.25, 2.0, 0.75], dtype=dtype)
    gram = kernel.nngp(np.array([x, -x, 2 * x]), depth=6, activation="sign")
    assert (gram == 2 * np.array([[1, -1, 1], [-1, 1, -1], [1, -1, 1]])).all()


@pytest.mark.parametrize("name", ["abs", "leaky_relu", "erf", "gelu", "sin"])
def test_near_duplicates_in_float32(name: str) -> None:
    """The least eigenvalue of a Gram matrix of nearly equal rows, which the rounding of their cosines hid."""
    rng = np.random.default_rng(4)
    base = rng.standard_normal(9)
    data = (base + 3e-2 * rng.standard_normal((6, 9))).astype(np.float32)
    single, double = kernel.ntk(data, depth=3, activation=name), kernel.ntk(data.astype(float), None, 3, name)
    expected = [[recursion(u, v, 3, name, 2.0, 0.0)[1] for v in data] for u in data]
    assert single.dtype == np.float32
    assert_allclose(double, expected, rtol=1e-13)
    assert_allclose(single, double, rtol=1.2e-7)
    assert_allclose(np.linalg.eigvalsh(double)[0], np.linalg.eigvalsh(expected)[0], rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e3, 1e8])
def test_gram_matrices_are_semidefinite(name: str, scale: float) -> None:
    rng = np.random.default_rng(5)
    base = rng.standard_normal((5, 4))
    data = scale * np.concatenate(
        [base, -base, 2 * base, base + 1e-6 * rng.standard_normal((5, 4)), base * 3]
    )
    for of in (kernel.nngp, kernel.ntk):
        for depth in (1, 2, 5 if name not in ("quadratic", "cubic") else 2):
            if name == "sign" and of is kernel.ntk:
                continue
            gram = of(data, depth=depth, activation=name, sigma_b2=0.1)
            root = np.sqrt(np.diag(gram))
            assert (gram == gram.T).all()
            assert np.linalg.eigvalsh(gram / root / root[:, None])[0] >= -1e-13


@pytest.mark.parametrize("of", [kernel.nngp, kernel.ntk])
def test_underflow_is_refused_by_name(of: Callable[..., np.ndarray]) -> None:
    """These were 0 without a word."""
    for name, depth in (("quadratic", 5), ("cubic", 4)):
        message = f"activation = '{name}' at depth = {depth}: the kernel falls below"
        with pytest.raises(ValueError, match=message):
            of(1e-8 * np.eye(2), depth=depth, activation=name)
    with pytest.raises(ValueError, match="falls below 1e-300"):
        of([[1e-160, 0.0], [0.0, 1.0]])
    assert (of([[0.0, 0.0], [1e-8, 0.0]], depth=3, activation="quadratic")[0] == 0).all()
    assert (of(np.eye(2), depth=3, activation="quadratic", sigma_w2=0.0) == 0).all()


@pytest.mark.parametrize("of", [kernel.nngp, kernel.ntk])
def test_overflow_is_refused_by_name(of: Callable[..., np.ndarray]) -> None:
    with pytest.raises(ValueError, match="activation = 'cubic' at depth = 4: the kernel exceeds 1e308"):
        of(1e8 * np.eye(2), depth=4, activation="cubic")


# -- two roads: mixtures and expansions of names, panels of callables ----------------------------------


@pytest.mark.jit
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softplus", "silu", "elu", "gelu", "erf", "abs"])
@pytest.mark.parametrize(("a", "b"), [(1e-16, 1e-16), (0.3, 3.0), (1e4, 2e4), (1e16, 1e16), (1e-4, 1e10)])
@pytest.mark.parametrize("derivative", [False, True])
def test_names_agree_with_callables(name: str, a: float, b: float, derivative: bool) -> None:
    c = np.array([0.3, -0.8, 1 - 1e-7, -1 + 1e-7, 1.0]) * np.sqrt(a * b)
    size = np.sqrt(dual(name, a, a, a, derivative) * dual(name, b, b, b, derivative))
    found = dual(function(name), c, a, b, derivative)
    assert_allclose(found, dual(name, c, a, b, derivative), rtol=1e-9, atol=1e-11 * float(size))


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softplus", "silu", "elu"])
def test_expansion_and_mixture_meet(name: str) -> None:
    """Rows below the bound of the expansion alone, and with one above, which sends all to the mixture."""
    rng = np.random.default_rng(6)
    data = 0.5 * rng.standard_normal((6, 3))
    data[4], data[5] = -data[0], data[0] + 1e-5
    for of in (kernel.nngp, kernel.ntk):
        alone = of(data, depth=4, activation=name, sigma_b2=0.1)
        joint = of(np.r_[data, [[1e3, 0, 0]]], depth=4, activation=name, sigma_b2=0.1)
        assert_allclose(alone, joint[:6, :6], rtol=1e-10, atol=1e-13)


@pytest.mark.jit
def test_large_inputs_cost_no_more() -> None:
    """tanh at inputs of 1000 took 100 times as long as at 1: every pair was integrated."""
    data = np.random.default_rng(3).standard_normal((40, 10))

    def seconds(scale: float) -> float:
        times = []
        for _ in range(3):
            start = time.process_time()
            kernel.ntk(scale * data, activation="tanh")
            times.append(time.process_time() - start)
        return min(times)

    seconds(1e3)  # compiles
    assert seconds(1e3) < 10 * seconds(1.0) + 0.1


@pytest.mark.jit
@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softplus", "silu", "elu"])
@pytest.mark.parametrize("scale", [1e-8, 1.0, pytest.param(1e8, marks=pytest.mark.slow)])
def test_deep_kernels_agree_with_callables(name: str, scale: float) -> None:
    rng = np.random.default_rng(8)
    x, z = scale * rng.standard_normal((2, 3))
    s = function(name)
    for data in ((x, z), (x, -x), (x, -2 * x + 1e-4 * z)):
        for depth in (1, 4):
            for of in (kernel.nngp, kernel.ntk):
                size = np.sqrt(of(data[0], None, depth, name) * of(data[1], None, depth, name))
                expected = of(*data, depth, s)
                assert abs(of(*data, depth, name) - expected) <= 1e-9 * size


def test_the_mixture_is_the_logistic_distribution() -> None:
    """Its distribution function and its density, in 60 digits."""
    width, weight = logistic.nodes()
    with mp.workdps(60):
        for x in (0, 1e-6, 0.1, 0.7, 1.9, 3.3, 8.1, 21.7, 60):
            pairs = [(mpf(float(t)), mpf(float(w))) for t, w in zip(width, weight, strict=True)]
            below = mp.fsum(w * mp.ncdf(x / t) for t, w in pairs)
            density = mp.fsum(w * mp.npdf(x, 0, t) for t, w in pairs)
            exact = 1 / (1 + mp.exp(-mpf(x)))
            assert abs(below - exact) < 1e-14
            assert abs(density - exact * (1 - exact)) < 2e-14


@pytest.mark.jit
@pytest.mark.parametrize("name", ["relu", "leaky_relu", "abs"])
@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_callables_with_kinks_keep_their_poles(name: str, scale: float) -> None:
    """Collinear rows of a callable took the root of a rounding error: 1e-8 to 9e-8, by the depth."""
    x, step = scale * np.random.default_rng(9).standard_normal((2, 4))
    for z in (2 * x, -x, x + 1e-6 * step):
        size = np.sqrt(kernel.ntk(x, None, 6, name) * kernel.ntk(z, None, 6, name))
        found = kernel.ntk(x, z, 6, function(name))
        assert abs(found - kernel.ntk(x, z, 6, name)) <= 1e-12 * size


def hard_tanh(x: np.ndarray) -> np.ndarray:
    return np.clip(x, -1.0, 1.0)


def integral(of: Callable[[np.ndarray], np.ndarray], corners: list[float]) -> float:
    """Gaussian mean, panels graded towards the corners."""
    steps = 2.0 ** -np.arange(1, 40)
    edges = np.concatenate([np.linspace(-12, 12, 49), *(p + np.r_[-steps, 0, steps] for p in corners)])
    edges = np.unique(edges)
    x, w = np.polynomial.legendre.leggauss(30)
    g = edges[:-1, None] + np.diff(edges)[:, None] * (x + 1) / 2
    weight = np.diff(edges)[:, None] * w / 2 * np.exp(-(g**2) / 2) / np.sqrt(2 * np.pi)
    return float((weight * of(g)).sum())


@pytest.mark.jit
@pytest.mark.parametrize(
    ("a", "b", "e"),
    [(1.0, 1.0, 0.5), (1.0, 2.0, 1e-2), (3.0, 3.0, 1e-6), (0.04, 0.05, 1e-3), (1e4, 1e4, 1e-9)],
)
def test_kinks_off_zero(a: float, b: float, e: float) -> None:
    """Hard tanh: given u, v is Gaussian, and its mean is closed."""
    rho, spread = 1 - e, np.sqrt(b * e * (2 - e))
    corners = [sign / np.sqrt(variance) for variance in (a, b) for sign in (-1, 1)]

    def above(mean: np.ndarray, kink: float) -> np.ndarray:
        z = (mean - kink) / spread
        return spread * (np.exp(-z * z / 2) / np.sqrt(2 * np.pi) + z * ndtr(z))

    def both(g: np.ndarray) -> np.ndarray:
        mean = np.sqrt(b) * rho * g
        return hard_tanh(np.sqrt(a) * g) * (above(mean, -1) - above(mean, 1) - 1)

    def slopes(g: np.ndarray) -> np.ndarray:
        mean = np.sqrt(b) * rho * g
        inside = ndtr((1 - mean) / spread) - ndtr((-1 - mean) / spread)
        return np.where(np.abs(np.sqrt(a) * g) < 1, inside, 0.0)

    c = rho * np.sqrt(a * b)
    assert_allclose(dual(hard_tanh, c, a, b), integral(both, corners), rtol=1e-9)
    assert_allclose(dual(hard_tanh, c, a, b, derivative=True), integral(slopes, corners), rtol=1e-9)


@pytest.mark.jit
def test_kernels_of_callables_with_kinks() -> None:
    """Close rows are integrated, others expanded: both give what scalar duals give."""
    x = np.array([1.0, 0.2])
    data = np.array([x, 1.001 * x, [0.1, 1.0], -x])
    for s in (hard_tanh, lambda t: np.maximum(t - 1, 0.0)):
        gram = kernel.ntk(data, depth=1, activation=s, sigma_w2=1.0)
        linear = data @ data.T / 2
        square = np.diag(linear)
        value = dual(s, linear, square[:, None], square)
        slope = dual(s, linear, square[:, None], square, derivative=True)
        assert_allclose(gram, value + linear * slope, rtol=1e-8, atol=1e-11)
        assert np.linalg.eigvalsh(gram)[0] >= -1e-10
