"""Networks against a plain forward pass of one network, its complex-step derivatives, and infinite width."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import erf

from sims.network import (
    Network,
    critical_step,
    empirical_ntk,
    forward,
    gradient,
    hidden,
    jacobian,
    passes,
    start,
    tile,
)
from theory import activation

ANALYTIC: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "sin": np.sin,
    "erf": erf,
    "quadratic": np.square,
}
SHAPES = [
    Network(3, (5,), activation="tanh"),
    Network(3, (8,), activation="tanh", sigma_b2=0.3),
    Network(2, (4, 6, 5), activation="erf", sigma_w2=1.5, sigma_b2=0.1),
    Network(3, (6, 4), outputs=3, activation="sin", sigma_b2=0.2, scaling="standard"),
    Network(3, (5,), outputs=2, activation="quadratic", scaling="mean-field"),
    Network(4, (6, 4), activation="tanh", sigma_b2=0.1, scaling="mean-field", symmetric=True),
    Network(1, (1,), activation="tanh", scaling="standard"),
]
IDS = [repr(network) for network in SHAPES]
X3 = np.array([[0.6, -0.3, 0.8], [0.2, 0.9, -0.4]])


def draw(network: Network, nets: int = 3, seed: int = 0) -> np.ndarray:
    return start(network, [np.random.default_rng((seed, b)) for b in range(nets)])


def data(network: Network, n: int = 7, *nets: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    outputs = () if network.outputs == 1 else (network.outputs,)
    return rng.standard_normal((*nets, n, network.d)), rng.standard_normal((*nets, n, *outputs))


def plain(network: Network, row: np.ndarray, X: np.ndarray, phi: Callable[[Any], Any]) -> np.ndarray:
    """f (n, outputs) of one network, from the formula, for real or complex parameters."""
    sigma_w, sigma_b = np.sqrt(network.sigma_w2), np.sqrt(network.sigma_b2)
    sizes = [network.d, *network.widths, network.outputs]
    h, place = X, 0
    for l in range(len(sizes) - 1):
        W = row[place : place + sizes[l] * sizes[l + 1]].reshape(sizes[l + 1], sizes[l])
        place += W.size
        factor = sigma_w / np.sqrt(sizes[l])
        if network.scaling == "mean-field" and l == len(sizes) - 2:
            factor = sigma_w / sizes[l]
        if network.scaling == "standard":
            factor = 1.0
        z = factor * (h @ W.T)
        if sigma_b > 0:
            b = row[place : place + sizes[l + 1]]
            place += b.size
            z = z + (1.0 if network.scaling == "standard" else sigma_b) * b
        h = phi(z)
    assert place == row.size
    return z


def complex_step(f: Callable[[np.ndarray], np.ndarray], row: np.ndarray) -> np.ndarray:
    """Derivatives of f by each parameter, exact to rounding, on a last axis."""
    columns = []
    for k in range(row.size):
        moved = row.astype(complex)
        moved[k] += 1e-30j
        columns.append(f(moved).imag / 1e-30)
    return np.stack(columns, axis=-1)


def frozen(network: Network) -> np.ndarray:
    """Which parameters do not train."""
    mask = np.zeros(network.parameters, dtype=bool)
    cut = network.layers[-1].start
    if network.trained == "last":
        mask[:cut] = True
    if network.trained == "hidden":
        mask[cut:] = True
    return mask


# -- outputs and derivatives -------------------------------------------------------------------------


@pytest.mark.parametrize("network", SHAPES, ids=IDS)
def test_forward_is_the_formula(network: Network) -> None:
    theta, (X, _) = draw(network), data(network)
    f = forward(network, theta, X).reshape(len(theta), len(X), network.outputs)
    for row, values in zip(theta, f, strict=True):
        assert_allclose(values, plain(network, row, X, ANALYTIC[network.activation]), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("trained", ["all", "last", "hidden"])
@pytest.mark.parametrize("network", SHAPES, ids=IDS)
def test_derivatives_are_those_of_the_complex_step(network: Network, trained: str) -> None:
    network = replace(network, trained=trained)
    theta, (X, y) = draw(network), data(network)
    loss, grad = gradient(network, theta, X, y)
    J = jacobian(network, theta, X)
    phi, mask = ANALYTIC[network.activation], frozen(network)
    for b, row in enumerate(theta):
        target = y.reshape(len(X), -1)

        def mean_loss(moved: np.ndarray, target: np.ndarray = target) -> np.ndarray:
            return ((plain(network, moved, X, phi) - target) ** 2).sum() / (2 * len(X))

        assert_allclose(loss[b], mean_loss(row), rtol=1e-13)
        assert_allclose(grad[b], np.where(mask, 0, complex_step(mean_loss, row)), rtol=1e-11, atol=1e-13)
        rows = complex_step(lambda moved: plain(network, moved, X, phi).ravel(), row)
        assert_allclose(J[b], np.where(mask, 0, rows), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("widths", [(6,), (5, 4)])
@pytest.mark.parametrize("name", ["relu", "abs", "gelu", "softplus", "sigmoid", "cubic", "cos", "identity"])
def test_gradient_is_that_of_finite_differences(name: str, widths: tuple[int, ...]) -> None:
    network = Network(3, widths, activation=name, sigma_b2=0.1)
    theta, (X, y) = draw(network, 2), data(network)
    grad = gradient(network, theta, X, y)[1]
    for k in range(network.parameters):
        step = np.zeros_like(theta)
        step[:, k] = 1e-6
        up, down = (gradient(network, theta + sign * step, X, y)[0] for sign in (1, -1))
        assert_allclose(grad[:, k], (up - down) / 2e-6, rtol=1e-5, atol=1e-7)


def test_a_pair_of_functions_is_an_activation() -> None:
    named = Network(3, (5, 4), activation="sin")
    pair = Network(3, (5, 4), activation=(np.sin, np.cos))
    theta, (X, y) = draw(named), data(named)
    for mine, its in zip(gradient(pair, theta, X, y), gradient(named, theta, X, y), strict=True):
        assert_array_equal(mine, its)


def test_hidden_activations_feed_the_read_out() -> None:
    network = Network(3, (6, 4), outputs=2, sigma_b2=0.2)
    theta, (X, _) = draw(network), data(network)
    last = network.layers[-1]
    h = hidden(network, theta, X)
    f = np.einsum("bnk,bok->bno", h, last.gain * last.weights(theta))
    assert_allclose(forward(network, theta, X), f + last.shift * last.biases(theta)[:, None], rtol=1e-12)


# -- the tangent kernel ------------------------------------------------------------------------------


@pytest.mark.parametrize("trained", ["all", "last", "hidden"])
@pytest.mark.parametrize("network", SHAPES, ids=IDS)
def test_kernel_is_the_product_of_jacobians(network: Network, trained: str) -> None:
    network = replace(network, trained=trained)
    theta, (X, _) = draw(network), data(network)
    Z = X[:4] + 0.1
    J, K = jacobian(network, theta, X), jacobian(network, theta, Z)
    assert_allclose(empirical_ntk(network, theta, X), J @ J.swapaxes(1, 2), rtol=1e-12, atol=1e-13)
    assert_allclose(empirical_ntk(network, theta, X, Z), J @ K.swapaxes(1, 2), rtol=1e-12, atol=1e-13)


def test_kernel_of_many_inputs() -> None:
    """Rows are made in several blocks."""
    network = Network(2, (4,), outputs=2, sigma_b2=0.1)
    theta, (X, _) = draw(network, 1), data(network, 400)
    J = jacobian(network, theta, X)
    assert_allclose(empirical_ntk(network, theta, X), J @ J.swapaxes(1, 2), rtol=1e-11, atol=1e-12)


def closed_form(X: np.ndarray, depth: int, sigma_w2: float, sigma_b2: float) -> np.ndarray:
    """The limit for relu: Theta <- K' + sigma_w2 Theta E[phi'phi'], K' = sigma_w2 E[phi phi] + sigma_b2."""
    K = sigma_w2 * X @ X.T / X.shape[1] + sigma_b2
    theta = K
    for _ in range(depth):
        a, b = np.diag(K)[:, None], np.diag(K)[None, :]
        slopes = activation.dual("relu", K, a, b, derivative=True)
        K = sigma_w2 * activation.dual("relu", K, a, b) + sigma_b2
        theta = K + sigma_w2 * theta * slopes
    return theta


def z_scores(kernels: np.ndarray, expected: np.ndarray, bias: float = 0.0) -> np.ndarray:
    """Distance of the mean from what is expected beyond a relative bias, in standard errors."""
    se = kernels.std(axis=0, ddof=1) / np.sqrt(len(kernels))
    return np.maximum(np.abs(kernels.mean(axis=0) - expected) - bias * np.abs(expected), 0) / se


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("sigma_b2", [0.0, 0.1])
def test_mean_kernel_of_one_hidden_layer_is_the_limit_at_every_width(
    sigma_b2: float, symmetric: bool
) -> None:
    network = Network(3, (32,), sigma_b2=sigma_b2, symmetric=symmetric)
    kernels = empirical_ntk(network, draw(network, 3000), X3)
    # 5 standard errors: one false alarm in 10^5 runs
    assert z_scores(kernels, closed_form(X3, 1, 2.0, sigma_b2)).max() < 5


@pytest.mark.slow
@pytest.mark.parametrize("symmetric", [False, True])
def test_mean_kernel_at_width_4096(symmetric: bool) -> None:
    network = Network(3, (4096,), sigma_b2=0.1, symmetric=symmetric)
    kernels = empirical_ntk(network, draw(network, 400), X3)
    assert z_scores(kernels, closed_form(X3, 1, 2.0, 0.1)).max() < 5


@pytest.mark.parametrize("symmetric", [False, True])
def test_mean_kernel_of_deep_networks_is_near_the_limit(symmetric: bool) -> None:
    """The pairs of a symmetric start carry signals to the lower layers: without U - V they would not."""
    width = 256
    network = Network(3, (width, width), sigma_b2=0.1, symmetric=symmetric)
    kernels = empirical_ntk(network, draw(network, 150), X3)
    bias = (4 if symmetric else 2) / width
    limit = closed_form(X3, 2, 2.0, 0.1)
    assert z_scores(kernels, limit, bias).max() < 5
    resolution = 5 * kernels.std(axis=0) / np.sqrt(len(kernels)) + bias * np.abs(limit)
    lower = closed_form(X3, 2, 2.0, 0.1) - closed_form(X3, 1, 2.0, 0.1)  # about what a dead layer would cost
    assert (resolution.diagonal() < np.abs(lower.diagonal()) / 3).all()


def test_mean_kernel_in_the_standard_scaling() -> None:
    """Widths 512-512, sigma_w2 = 2, sigma_b2 = 0.1: 134.7246305220060 in the limit."""
    network = Network(3, (512, 512), sigma_b2=0.1, scaling="standard")
    kernels = empirical_ntk(network, draw(network, 60), X3[:1], X3[1:])
    assert z_scores(kernels, np.array(134.7246305220060), bias=2 / 512).max() < 5


def test_critical_step_is_where_descent_turns_unstable() -> None:
    network = Network(3, (5, 6), activation="tanh")
    theta, (X, _) = draw(network), data(network)
    J = jacobian(network, theta, X)
    largest = np.linalg.norm(J, ord=2, axis=(1, 2)) ** 2
    assert_allclose(critical_step(network, theta, X), 2 * len(X) / largest, rtol=1e-12)


# -- the start ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("scaling", ["ntk", "standard", "mean-field"])
def test_variances_at_the_start(scaling: str) -> None:
    network = Network(50, (80, 60), outputs=40, sigma_w2=3.0, sigma_b2=0.5, scaling=scaling)
    theta = draw(network, 20)
    for layer, fan_in in zip(network.layers, (50, 80, 60), strict=True):
        W, b = layer.weights(theta), layer.biases(theta)
        for values, variance in ((W, 3.0 / fan_in), (b, 0.5)):
            expected = variance if scaling == "standard" else 1.0
            # 5 standard errors of a variance of normals
            assert_allclose(values.var(), expected, rtol=5 * np.sqrt(2 / values.size))


@pytest.mark.parametrize("network", [s for s in SHAPES if not any(w % 2 for w in s.widths)], ids=repr)
def test_symmetric_start_is_zero(network: Network) -> None:
    network = replace(network, symmetric=True)
    theta, (X, y) = draw(network), data(network)
    scale = np.abs(
        forward(replace(network, symmetric=False), draw(replace(network, symmetric=False)), X)
    ).max()
    assert np.abs(forward(network, theta, X)).max() < 1e-14 * scale
    for layer in network.layers[:-1]:  # the signal reaches every layer
        assert np.abs(layer.weights(gradient(network, theta, X, y)[1])).max() > 0


def test_weights_of_a_symmetric_start_have_unit_variance() -> None:
    network = Network(30, (60, 40), outputs=20, symmetric=True)
    theta = draw(network, 50)
    for layer in network.layers:
        W = layer.weights(theta)
        assert_allclose(W.var(), 1.0, rtol=5 * np.sqrt(2 / (W.size / 2)))  # half of them are copies


# -- batches and roads -------------------------------------------------------------------------------


BATCHES = [
    Network(5, (16,)),
    Network(5, (7,), activation="tanh", sigma_b2=0.1),
    Network(5, (300,), sigma_b2=0.1),
    Network(5, (16, 12), outputs=3, activation="tanh", sigma_b2=0.1),
]


@pytest.mark.parametrize("own", [False, True], ids=["shared", "own inputs"])
@pytest.mark.parametrize("network", BATCHES, ids=repr)
def test_a_network_does_not_depend_on_its_companions(network: Network, own: bool) -> None:
    theta = draw(network, 9)
    X, y = data(network, 300, *[9] * own)
    together = [*gradient(network, theta, X, y), forward(network, theta, X), hidden(network, theta, X)]
    together += [jacobian(network, theta, X[..., :20, :]), empirical_ntk(network, theta, X[..., :20, :])]
    for b in range(9):
        one, x, t = theta[b : b + 1], X[b] if own else X, y[b] if own else y
        alone = [*gradient(network, one, x, t), forward(network, one, x), hidden(network, one, x)]
        alone += [jacobian(network, one, x[:20]), empirical_ntk(network, one, x[:20])]
        for whole, part in zip(together, alone, strict=True):
            assert_array_equal(whole[b : b + 1], part)


def test_start_of_a_network_depends_on_its_generator_alone() -> None:
    network = Network(3, (4, 4), sigma_b2=0.1)
    assert_array_equal(draw(network, 5)[:2], draw(network, 2))


@pytest.mark.parametrize("trained", ["all", "last", "hidden"])
@pytest.mark.parametrize("sigma_b2", [0.0, 0.2])
@pytest.mark.parametrize("name", ["relu", "tanh"])
@pytest.mark.parametrize("shape", [(1, 1, 1), (4, 8, 9), (6, 5, 20), (9, 7, 33)])
def test_both_roads_agree(shape: tuple[int, int, int], name: str, sigma_b2: float, trained: str) -> None:
    d, width, n = shape
    network = Network(d, (width,), activation=name, sigma_b2=sigma_b2, trained=trained)
    theta = draw(network, 3)
    for own in (False, True):
        X, y = data(network, n, *[3] * own)
        results = []
        for road in (passes._tile_gradient, passes._blas_gradient):
            loss, grad = np.zeros(3), np.zeros_like(theta)
            road(network, theta, X, y.reshape(-1, n, 1), loss, grad)
            results.append((loss, grad))
        assert_allclose(results[0][0], results[1][0], rtol=1e-12)
        assert_allclose(results[0][1], results[1][1], rtol=1e-12, atol=1e-12)


def test_the_tile_takes_many_samples() -> None:
    network = Network(6, (9,), sigma_b2=0.1)
    theta, (X, y) = draw(network, 2), data(network, 1000)
    loss, grad = np.zeros(2), np.zeros_like(theta)
    passes._blas_gradient(network, theta, X, y[None, :, None], loss, grad)
    tile = gradient(network, theta, X, y)
    assert_allclose(tile[0], loss, rtol=1e-12)
    assert_allclose(tile[1], grad, rtol=1e-12, atol=1e-13)


def test_more_samples_than_a_pass_takes() -> None:
    network = Network(2, (3, 3), activation="tanh")
    theta, (X, y) = draw(network, 2), data(network, 2500)
    parts = [gradient(network, theta, X[i : i + 500], y[i : i + 500]) for i in range(0, 2500, 500)]
    for whole, pieces in zip(gradient(network, theta, X, y), zip(*parts, strict=True), strict=True):
        assert_allclose(whole, np.mean(pieces, axis=0), rtol=1e-12, atol=1e-14)


def test_layout_of_the_inputs_does_not_matter() -> None:
    network = Network(4, (5, 3), activation="tanh")
    theta, (X, y) = draw(network, 3), data(network, 9, 3)
    for other in (
        np.asfortranarray(X),
        np.repeat(X, 2, axis=1)[:, ::2],
        X.transpose(1, 0, 2).copy().transpose(1, 0, 2),
    ):
        for mine, its in zip(gradient(network, theta, other, y), gradient(network, theta, X, y), strict=True):
            assert_allclose(mine, its, rtol=1e-13, atol=1e-15)


def test_fast_tanh() -> None:
    x = np.concatenate(
        [np.linspace(-25, 25, 4001), np.geomspace(1e-300, 1, 400), [np.inf, -np.inf, 0.0, -0.0]]
    )
    y = x.copy()
    tile.tanh_of(y, 100)
    exact = np.tanh(x.astype(np.longdouble))
    assert np.all(np.abs(y - exact) <= 2 * np.finfo(float).eps * np.abs(exact))
    assert_array_equal(np.signbit(y), np.signbit(x))
    unknown = np.array([np.nan, 1.0])
    tile.tanh_of(unknown, 2)
    assert np.isnan(unknown[0])


def test_nan_is_not_lost_on_the_way() -> None:
    for name in ("relu", "tanh"):
        network = Network(2, (4,), activation=name)
        theta, (X, y) = draw(network, 2), data(network)
        theta[0, 1] = np.nan
        loss = gradient(network, theta, X, y)[0]
        assert_array_equal(np.isnan(loss), [True, False])


# -- memory ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nets", [1, 3])
@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("function", [jacobian, empirical_ntk])
def test_no_more_than_three_outputs_of_memory(function: Callable[..., Any], outputs: int, nets: int) -> None:
    network = Network(8, (40, 30), outputs=outputs, sigma_b2=0.1)
    theta, (X, _) = draw(network, nets), data(network, 1000 // outputs)
    function(network, theta, X[:2])
    tracemalloc.start()
    try:
        result = function(network, theta, X)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * result.nbytes


# -- arguments ---------------------------------------------------------------------------------------


def test_repr_and_count() -> None:
    network = Network(3, [4, 6], outputs=2, activation=(np.sin, np.cos), scaling="standard", trained="last")
    assert (
        repr(network)
        == "Network(3-4-6-2, sin, sigma_w2=2, sigma_b2=0, standard, trained=last, 48 parameters)"
    )
    assert network.depth == 2
    assert network == Network(3, (4, 6), 2, (np.sin, np.cos), scaling="standard", trained="last")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"widths": ()}, r"widths = \(\) is depth 0, a linear model"),
        ({"widths": 5}, "widths = 5 must be a tuple"),
        ({"widths": (3, 0)}, "widths = 0 must be a whole number >= 1"),
        ({"d": 0}, "d = 0"),
        ({"outputs": 1.5}, "outputs = 1.5"),
        ({"sigma_w2": 0.0}, "sigma_w2 = 0 must be positive"),
        ({"sigma_b2": -0.1}, "sigma_b2 = -0.1"),
        ({"scaling": "mup"}, "scaling = 'mup' is unknown; choose from ntk"),
        ({"trained": "first"}, "trained = 'first' is unknown; choose from all"),
        ({"symmetric": True, "widths": (4, 3)}, r"widths = \(4, 3\) must be even"),
        ({"activation": "swish"}, "activation = 'swish' is unknown"),
        ({"activation": np.tanh}, "neither a name nor a pair"),
        ({"activation": "sign"}, "activation = 'sign' has no slope"),
    ],
)
def test_bad_networks(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Network(**{"d": 3, "widths": (4,)} | arguments)


def test_sign_trains_its_read_out() -> None:
    network = Network(3, (4,), activation="sign", trained="last")
    theta, (X, y) = draw(network), data(network)
    assert_array_equal(gradient(network, theta, X, y)[1][:, :12], 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"theta": np.zeros((2, 15))},
            r"theta must be float64 of shape \(networks, 16\).*got float64 of shape \(2, 15\)",
        ),
        ({"theta": np.zeros((2, 16), dtype=np.float32)}, "got float32"),
        ({"theta": np.zeros(16)}, r"of shape \(16,\)"),
        ({"X": np.zeros((5, 4))}, r"X must have shape \(n, 3\) or \(2, n, 3\), got \(5, 4\)"),
        ({"X": np.zeros((3, 5, 3))}, r"got \(3, 5, 3\)"),
        ({"X": np.zeros(3)}, r"got \(3,\)"),
        ({"X": np.zeros((0, 3))}, "X must not be empty"),
        ({"X": np.full((5, 3), np.inf)}, r"X must be finite, got inf at index \[0, 0\]"),
        ({"X": "abc"}, "X must be one array of real numbers, got str"),
        ({"y": np.zeros(4)}, r"y must have shape \(5,\) or \(2, 5\), got \(4,\)"),
        ({"y": [np.nan] * 5}, "y must be finite, got nan"),
    ],
)
def test_bad_arrays(change: dict[str, Any], message: str) -> None:
    arguments = {"theta": np.zeros((2, 16)), "X": np.zeros((5, 3)), "y": np.zeros(5)} | change
    with pytest.raises(ValueError, match=message):
        gradient(Network(3, (4,)), **arguments)


@pytest.mark.parametrize("rngs", [np.random.default_rng(0), [0, 1]])
def test_bad_generators(rngs: Any) -> None:
    with pytest.raises(ValueError, match=r"rngs = .* must be a list of numpy Generators"):
        start(Network(3, (4,)), rngs)
