"""The mean tangent kernel of random networks against its limit of infinite width."""

import numpy as np
import pytest

from sims.network import Network, empirical_ntk
from tests.sims.network.problems import draw
from theory import activation

X3 = np.array([[0.6, -0.3, 0.8], [0.2, 0.9, -0.4]])


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
