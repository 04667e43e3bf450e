"""Kernels of wide networks: the recursion pair by pair, 60 digits near the poles, sampling, Gram laws."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from numpy.testing import assert_allclose
from scipy.spatial.distance import cdist

from tests.checks import traced
from tests.strategies import decades
from theory import kernel
from theory.activation import NAMES, dual

X = np.random.default_rng(1).standard_normal((6, 4))
Z = np.random.default_rng(2).standard_normal((3, 4)) * [[0.2], [1.0], [3.0]]


def by_pairs(
    x: np.ndarray, z: np.ndarray, depth: int, activation: Any, sw: float, sb: float
) -> tuple[float, float]:
    """(K, Theta) of one pair: the recursion as it is written, with scalar duals."""
    a, b, c = (sw / len(x) * float(u @ v) + sb for u, v in ((x, x), (z, z), (x, z)))
    theta = c
    for _ in range(depth):
        slope = float(dual(activation, c, a, b, derivative=True)) if activation != "sign" else 0.0
        a, b, c = (sw * float(dual(activation, *g)) + sb for g in ((a, a, a), (b, b, b), (c, a, b)))
        theta = c + sw * theta * slope
    return c, theta


@pytest.mark.parametrize("activation", NAMES)
@pytest.mark.parametrize(("depth", "sw", "sb"), [(1, 2.0, 0.0), (2, 1.5, 0.1)])
def test_recursion(activation: str, depth: int, sw: float, sb: float) -> None:
    expected = np.array([[by_pairs(x, z, depth, activation, sw, sb) for z in Z[:2]] for x in X[:2]])
    close: dict[str, float] = {"rtol": 1e-9, "atol": 1e-10}
    assert_allclose(kernel.nngp(X[:2], Z[:2], depth, activation, sw, sb), expected[..., 0], **close)
    if activation != "sign":
        assert_allclose(kernel.ntk(X[:2], Z[:2], depth, activation, sw, sb), expected[..., 1], **close)


@pytest.mark.parametrize("activation", ["relu", "erf", "tanh"])
def test_deep_networks(activation: str) -> None:
    expected = np.array([[by_pairs(x, z, 7, activation, 1.7, 0.2) for z in Z[:1]] for x in X[:2]])
    assert_allclose(kernel.nngp(X[:2], Z[:1], 7, activation, 1.7, 0.2), expected[..., 0], rtol=1e-9)
    assert_allclose(kernel.ntk(X[:2], Z[:1], 7, activation, 1.7, 0.2), expected[..., 1], rtol=1e-9)


@pytest.mark.parametrize(
    ("activation", "n"),
    [
        pytest.param("relu", 1100, marks=pytest.mark.jit),
        ("relu", 40),
        ("erf", 300),
        pytest.param("tanh", 300, marks=pytest.mark.slow),
    ],
)
def test_a_matrix_is_its_pairs(activation: str, n: int) -> None:
    """More columns than a row buffer holds, more rows than a block, and the mirror."""
    many = np.random.default_rng(3).standard_normal((n, 8))
    full = kernel.ntk(many, depth=2, activation=activation, sigma_b2=0.3)
    crossed = kernel.ntk(many, many + 0.0, 2, activation, sigma_b2=0.3)
    assert_allclose(full, crossed, rtol=1e-10, atol=1e-12)
    for i, j in ((0, n - 1), (n // 2, 3), (n - 1, n // 2)):
        assert_allclose(full[i, j], kernel.ntk(many[i], many[j], 2, activation, sigma_b2=0.3), rtol=1e-10)


# -- closed cases ----------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [0, 1, 3, 10])
def test_he_relu_on_the_diagonal(depth: int) -> None:
    size = 2 * (X**2).sum(axis=1) / 4
    assert_allclose(np.diag(kernel.ntk(X, depth=depth)), (depth + 1) * size, rtol=1e-14)
    assert_allclose(np.diag(kernel.nngp(X, depth=depth)), size, rtol=1e-14)


def test_depth_zero_is_the_linear_network() -> None:
    expected = 1.5 * X @ Z.T / 4 + 0.2
    for function in (kernel.nngp, kernel.ntk):
        assert_allclose(function(X, Z, 0, "relu", 1.5, 0.2), expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_order_one_is_the_relu_nngp(depth: int) -> None:
    assert_allclose(kernel.arc_cosine(X, Z, 1, depth), kernel.nngp(X, Z, depth) * 4 / 2, rtol=1e-12)


def test_relu_kernels_are_homogeneous() -> None:
    for scale in (1e-8, 1e8):
        assert_allclose(kernel.ntk(scale * X, Z, 3), scale * kernel.ntk(X, Z, 3), rtol=1e-12)


def test_layers_sum_to_the_kernel() -> None:
    x, z = X[0], X[1]
    for activation in ("relu", "erf", "gelu"):
        parts = kernel.ntk_layers(x, z, 3, activation, 1.5, 0.2)
        assert parts.shape == (8,)
        assert_allclose(parts.sum(), kernel.ntk(x, z, 3, activation, 1.5, 0.2), rtol=1e-12)
        weight = np.array([4 / 1.5, 1 / 0.2, 30 / 1.5, 1 / 0.2, 20 / 1.5, 1 / 0.2, 10 / 1.5, 1 / 0.2])
        standard = kernel.ntk(x, z, 3, activation, 1.5, 0.2, "standard", [30, 20, 10])
        assert_allclose(standard, (weight * parts).sum(), rtol=1e-12)


def test_no_biases_in_the_standard_parameterization() -> None:
    parts = kernel.ntk_layers(X[0], X[1], 1, "relu", 2.0, 0.0)
    standard = kernel.ntk(X[0], X[1], 1, "relu", 2.0, 0.0, "standard", [50])
    assert_allclose(standard, (np.array([2, 0, 25, 0]) * parts).sum(), rtol=1e-12)


def test_equal_rows_of_two_matrices_stay_in_their_places() -> None:
    joint = kernel.ntk(np.r_[X, Z], depth=2)
    for mixed in (np.r_[Z, X[[3, 1, 3]]], np.r_[X[[5]], Z[[2]], X[[0]]]):
        places = [int(np.flatnonzero((np.r_[X, Z] == row).all(axis=1))[0]) for row in mixed]
        assert_allclose(kernel.ntk(X, mixed, 2), joint[:6, places], rtol=1e-12)
        assert_allclose(kernel.ntk(mixed, X, 2), joint[places, :6], rtol=1e-12)


def test_axes_of_points_are_dropped() -> None:
    assert kernel.ntk(X[0], Z[0]).shape == ()
    assert kernel.ntk(X[0]).shape == ()
    assert kernel.ntk(X, Z[0]).shape == (6,)
    assert kernel.ntk(X[0], Z).shape == (3,)
    assert kernel.arc_cosine(X, Z).shape == (6, 3)


# -- the poles -------------------------------------------------------------------------------------


def exact(x: np.ndarray, z: np.ndarray, depth: int) -> dict[str, mpf]:
    """The relu kernels of these very floats, in 60 digits."""
    with mp.workdps(60):
        u, v = ([mpf(float(t)) for t in a] for a in (x, z))
        a, b, c = (2 * mp.fdot(s, t) / len(u) for s, t in ((u, u), (v, v), (u, v)))
        theta = c
        for _ in range(depth):
            angle = mp.acos(c / mp.sqrt(a * b))
            back = mp.pi - angle
            slope = back / mp.pi
            c = mp.sqrt(a * b) * (mp.sin(angle) + back * mp.cos(angle)) / mp.pi
            theta = c + theta * slope
        angle = mp.acos(mp.fdot(u, v) / mp.sqrt(mp.fdot(u, u) * mp.fdot(v, v)))
        back, cosine = mp.pi - angle, mp.cos(angle)
        second = 3 * mp.sin(angle) * cosine + back * (1 + 2 * cosine**2)
        norms = mp.fdot(u, u) * mp.fdot(v, v)
        return {"nngp": c, "ntk": theta, "order 0": back / mp.pi, "order 2": norms * second / mp.pi}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("angle", [1e-1, 1e-3, 1e-4, 1e-6, 1e-7])
@pytest.mark.parametrize("depth", [1, 3])
def test_nearly_parallel_and_antipodal(sign: int, angle: float, depth: int) -> None:
    rng = np.random.default_rng(5)
    for size in (1.0, 1e-6, 1e6):
        x, step = rng.standard_normal((2, 50))
        z = sign * size * (x + angle * step)
        expected = exact(x, z, depth)
        # both ways that a pair can meet: inside one matrix, and across two
        for pair in (np.array([x, z]), None):
            gram = kernel.ntk(pair, depth=depth)[0, 1] if pair is not None else kernel.ntk(x, z, depth)
            assert_allclose(gram, float(expected["ntk"]), rtol=3e-8)
        assert_allclose(kernel.nngp(x, z, depth), float(expected["nngp"]), rtol=3e-8)
        assert_allclose(kernel.arc_cosine(x, z, 0), float(expected["order 0"]), rtol=3e-8)
        assert_allclose(kernel.arc_cosine(x, z, 2), float(expected["order 2"]), rtol=5e-8)


def test_opposite_inputs_share_nothing() -> None:
    """x, -x without bias: the entry is 0, up to what rounding makes of the angle pi."""
    assert kernel.nngp(X[0], -X[0]) == 0
    assert kernel.ntk(X[0], -X[0]) == 0
    assert_allclose(kernel.spectrum([X[0], -X[0]]), 2 * [(X[0] ** 2).sum()], rtol=1e-12)
    # an odd activation without bias tells x and -x by their sign alone
    assert abs(kernel.spectrum([X[0], -X[0]], activation="erf")[0]) < 1e-15


@pytest.mark.parametrize("activation", ["relu", "erf", "tanh", "quadratic"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_duplicates_are_exact(activation: str, dtype: type) -> None:
    data = np.random.default_rng(0).standard_normal((40, 17)).astype(dtype)
    data[31], data[7], data[22] = data[3], data[3], 0.0
    gram = kernel.ntk(data, depth=2, activation=activation, sigma_b2=0.1)
    assert gram.dtype == dtype
    assert (gram == gram.T).all()
    assert (gram[31] == gram[3]).all()
    assert gram[31, 7] == gram[3, 3]
    cross = kernel.ntk(data, data[[31, 5]], depth=2, activation=activation, sigma_b2=0.1)
    assert cross[3, 0] == gram[3, 3]
    assert (cross[7] == cross[3]).all()


@pytest.mark.parametrize(
    "function", [kernel.ntk, kernel.nngp, kernel.arc_cosine, kernel.gaussian, kernel.laplace]
)
def test_float32(function: Callable[..., np.ndarray]) -> None:
    data = np.random.default_rng(0).standard_normal((60, 9)).astype(np.float32)
    data[1] = data[0] * np.float32(1.0001)
    data[2] = -data[0] * np.float32(1.0001)
    single, double = function(data), function(data.astype(float))
    assert single.dtype == np.float32
    assert_allclose(single, double, rtol=2e-5, atol=2e-6)


def test_opposite_float32_inputs_keep_their_small_kernel() -> None:
    """Lengths are in float64 whatever the inputs: relu's kernel of almost opposite ones is all remainder."""
    data = np.random.default_rng(0).standard_normal((2, 8)).astype(np.float32)
    data[1] = -data[0] * np.float32(1 + 1e-6)
    single, double = kernel.arc_cosine(data)[0, 1], kernel.arc_cosine(data.astype(float))[0, 1]
    assert 0 < double < 1e-20
    assert_allclose(single, double, rtol=1e-5)


@given(
    st.integers(1, 12),
    st.integers(1, 5),
    st.integers(0, 2**32),
    decades(-3, 3),
    st.integers(1, 4),
    st.booleans(),
)
def test_laws_of_a_gram_matrix(n: int, d: int, seed: int, scale: float, depth: int, bias: bool) -> None:
    rng = np.random.default_rng(seed)
    data = scale * rng.integers(-2, 3, size=(n, d)).astype(float)  # repeated, opposite, zero rows
    for function in (kernel.ntk, kernel.nngp):
        gram = function(data, depth=depth, sigma_b2=0.3 * bias)
        assert np.isfinite(gram).all()
        assert (gram == gram.T).all()
        values = np.linalg.eigvalsh(gram)
        assert values[0] >= -1e-9 * abs(values[-1])
    for order in (0, 1, 2):
        gram = kernel.arc_cosine(data, order=order, depth=min(depth, 2))
        assert (gram == gram.T).all()
        assert np.linalg.eigvalsh(gram)[0] >= -1e-9 * np.abs(gram).max()


def test_zero_vectors() -> None:
    data = np.array([[0.0, 0.0], [1.0, 2.0]])
    assert (kernel.ntk(data, depth=3)[0] == 0).all()
    assert (kernel.arc_cosine(data, order=2)[0] == 0).all()
    assert_allclose(kernel.arc_cosine(data, order=0), [[1, 0.5], [0.5, 1]])
    assert_allclose(kernel.nngp(data, activation="cos", sigma_w2=1.0)[0, 0], 1.0)


# -- activations without closed forms ----------------------------------------------------------------


def test_callables_agree_with_names() -> None:
    for name, function in (("relu", lambda x: np.maximum(x, 0)), ("tanh", np.tanh), ("sin", np.sin)):
        assert_allclose(
            kernel.nngp(X, Z, 2, function, 1.5, 0.1),
            kernel.nngp(X, Z, 2, name, 1.5, 0.1),
            rtol=1e-7,
            atol=1e-9,
        )


def test_a_kink_that_is_not_at_zero() -> None:
    """E (u - 1)_+ (v - 1)_+ at small correlation, where the expansion settles, against an integral."""

    def shifted(x: np.ndarray) -> np.ndarray:
        return np.maximum(x - 1, 0.0)

    x, z = np.array([1.0, 0.2]), np.array([0.1, 1.0])
    nodes, weights = np.polynomial.legendre.leggauss(200)
    a, b, c = x @ x / 2, z @ z / 2, x @ z / 2
    u = 1 / np.sqrt(a) + (nodes + 1) * 5.5
    w_u = weights * 5.5 * np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    mean, spread = c / a * np.sqrt(a) * u, np.sqrt(b - c**2 / a)
    gap = (mean - 1) / spread
    from scipy.special import ndtr

    inner = spread * (np.exp(-(gap**2) / 2) / np.sqrt(2 * np.pi) + gap * ndtr(gap))
    expected = float(w_u @ ((np.sqrt(a) * u - 1) * inner))
    assert_allclose(kernel.nngp(x, z, 1, shifted, 1.0, 0.0), expected, rtol=1e-9)


def test_large_variance() -> None:
    """A steep tanh is nearly a sign: pairs that no expansion reaches are integrated one by one."""
    data = 60 * X[:3]
    expected = [[by_pairs(x, z, 1, "tanh", 1.0, 0.0) for z in data] for x in data]
    assert_allclose(kernel.nngp(data, None, 1, "tanh", 1.0), np.array(expected)[..., 0], rtol=1e-6)


# -- the empirical kernel ----------------------------------------------------------------------------


@pytest.mark.parametrize(("sw", "sb"), [(2.0, 0.0), (1.5, 0.2)])
def test_empirical_variance_by_sampling(sw: float, sb: float) -> None:
    """Units are independent: the variance of one, from a million of them; the bound is 5 standard errors."""
    rng = np.random.default_rng(0)
    count, d = 10**6, X.shape[1]
    inputs = X[:3]
    u = rng.standard_normal((count, d)) @ inputs.T * np.sqrt(sw / d) + np.sqrt(sb) * rng.standard_normal(
        (count, 1)
    )
    a2 = rng.standard_normal(count) ** 2
    k1 = kernel.nngp(inputs, None, 0, "relu", sw, sb)
    for i in range(3):
        for j in range(3):
            up, vp = np.maximum(u[:, i], 0), np.maximum(u[:, j], 0)
            term = sw * (up * vp + a2 * k1[i, j] * (up > 0) * (vp > 0))
            centred = (term - term.mean()) ** 2
            se = centred.std() / np.sqrt(count)
            assert abs(centred.mean() - kernel.empirical_ntk_variance(inputs, None, sw, sb)[i, j]) < 5 * se
            assert abs(term.mean() + sb - kernel.ntk(inputs, None, 1, "relu", sw, sb)[i, j]) < 5 * np.sqrt(
                centred.mean() / count
            )


# -- distances ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_gaussian_and_laplace(offset: float) -> None:
    data, other = X + offset, Z + offset
    data[1] = data[0] * (1 + 1e-9)
    for points in (None, other):
        distance = cdist(data, data if points is None else points)
        assert_allclose(kernel.gaussian(data, points, 0.7), np.exp(-(distance**2) / 2 / 0.49), rtol=1e-9)
        assert_allclose(kernel.laplace(data, points, 0.7), np.exp(-distance / 0.7), rtol=1e-9)
    assert (np.diag(kernel.laplace(data)) == 1).all()


# -- memory ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda x: kernel.ntk(x, depth=3),
        lambda x: kernel.ntk(x, depth=2, activation="erf", sigma_b2=0.1),
        lambda x: kernel.ntk(x / np.linalg.norm(x, axis=1, keepdims=True), activation="tanh"),
        lambda x: kernel.arc_cosine(x, order=2),
        lambda x: kernel.laplace(x),
        lambda x: kernel.ntk(np.concatenate([x, x[:3]])),
    ],
)
@pytest.mark.jit
def test_memory(call: Callable[[np.ndarray], np.ndarray]) -> None:
    data = np.random.default_rng(0).standard_normal((1200, 5))
    call(data[:3])  # compiles
    gram, peak = traced(lambda: call(data))
    assert peak < 3 * gram.nbytes


# -- bad arguments -----------------------------------------------------------------------------------

BAD: list[tuple[dict[str, Any], str]] = [
    ({"X": [[1.0, np.nan]]}, r"X\[0, 1\] = nan must be finite"),
    ({"X": [[1.0, np.inf]]}, r"X\[0, 1\] = inf must be finite"),
    ({"X": [[1e200, 1.0]]}, "X contains 1e\\+200"),
    ({"X": np.ones((2, 2, 2))}, r"X = array of shape \(2, 2, 2\) must have 1 or 2 axes"),
    ({"X": np.ones((0, 2))}, r"X = array of shape \(0, 2\) must not be empty"),
    ({"X": "data"}, "X = 'data'"),
    ({"Z": np.ones((2, 3))}, r"Z \(2, 3\)"),
    ({"depth": -1}, "depth = -1"),
    ({"depth": 1.5}, "depth = 1.5"),
    ({"activation": "rellu"}, "activation = 'rellu'"),
    ({"sigma_w2": -1.0}, "sigma_w2 = -1.0"),
    ({"sigma_b2": np.nan}, "sigma_b2"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
@pytest.mark.parametrize("function", [kernel.ntk, kernel.nngp])
def test_bad_arguments(function: Callable[..., Any], change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        function(**{"X": X, "Z": Z} | change)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kernel.ntk(X, activation="sign"), 'activation = "sign"'),
        (lambda: kernel.ntk(X, parameterization="mup"), "parameterization = 'mup'"),
        (lambda: kernel.ntk(X, parameterization="standard"), "widths = None"),
        (lambda: kernel.ntk(X, depth=2, parameterization="standard", widths=[3]), r"widths = \[3\]"),
        (lambda: kernel.ntk(X, parameterization="standard", widths=[0]), "widths = 0"),
        (lambda: kernel.ntk(X, sigma_w2=0.0, parameterization="standard", widths=[9]), "sigma_w2 = 0"),
        (lambda: kernel.ntk_layers(X, X[0]), r"X .*\(6, 4\)"),
        (lambda: kernel.spectrum(X, kernel="gaussian"), "kernel = 'gaussian'"),
        (lambda: kernel.arc_cosine(X, order=3), "order = 3"),
        (lambda: kernel.arc_cosine(X, depth=0), "depth = 0"),
        (lambda: kernel.gaussian(X, bandwidth=0.0), "bandwidth = 0"),
        (lambda: kernel.laplace(X, bandwidth=-1.0), "bandwidth = -1"),
        (lambda: kernel.empirical_ntk_variance(X, sigma_w2=-2.0), "sigma_w2 = -2"),
    ],
)
def test_more_bad_arguments(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
