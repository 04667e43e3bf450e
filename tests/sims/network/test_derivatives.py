"""Outputs and derivatives against a plain forward pass of one network and its complex-step derivatives."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sims.network import (
    Network,
    critical_step,
    empirical_ntk,
    forward,
    gradient,
    hidden,
    jacobian,
)
from tests.sims.network.problems import ANALYTIC, IDS, SHAPES, data, draw


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
        shift = 1.0 if network.scaling == "standard" else sigma_b
        if network.scaling == "mup":
            last = l == len(sizes) - 2
            factor = sigma_w / np.sqrt(sizes[l]) * (1.0 if last else np.sqrt(sizes[l + 1]))
            shift = sigma_b * np.sqrt(sizes[l] if last else sizes[l + 1])
        if l == len(sizes) - 2:
            factor, shift = network.alpha * factor, network.alpha * shift
        z = factor * (h @ W.T)
        if sigma_b > 0:
            b = row[place : place + sizes[l + 1]]
            place += b.size
            z = z + shift * b
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


def test_critical_step_is_where_descent_turns_unstable() -> None:
    network = Network(3, (5, 6), activation="tanh")
    theta, (X, _) = draw(network), data(network)
    J = jacobian(network, theta, X)
    largest = np.linalg.norm(J, ord=2, axis=(1, 2)) ** 2
    assert_allclose(critical_step(network, theta, X), 2 * len(X) / largest, rtol=1e-12)


def test_nan_is_not_lost_on_the_way() -> None:
    for name in ("relu", "tanh"):
        network = Network(2, (4,), activation=name)
        theta, (X, y) = draw(network, 2), data(network)
        theta[0, 1] = np.nan
        loss = gradient(network, theta, X, y)[0]
        assert_array_equal(np.isnan(loss), [True, False])


def test_sign_trains_its_read_out() -> None:
    network = Network(3, (4,), activation="sign", trained="last")
    theta, (X, y) = draw(network), data(network)
    assert_array_equal(gradient(network, theta, X, y)[1][:, :12], 0)


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
