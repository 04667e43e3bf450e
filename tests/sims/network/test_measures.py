"""Sharpness against the whole Hessian, measures of feature learning by hand, scalings against one another."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from sims.network import (
    Network,
    critical_step,
    empirical_ntk,
    feature_learning,
    forward,
    gradient,
    sharpness,
    start,
)
from sims.rules import Descent
from sims.training import train
from tests.sims.network.problems import IDS, SHAPES, data, draw


def hessian(network: Network, row: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """By five-point differences of the gradient, one parameter after another."""
    h = 1e-3
    columns = []
    for direction in np.eye(row.size):
        slopes = gradient(network, row + h * np.array([-2, -1, 1, 2])[:, None] * direction, X, y)[1]
        columns.append((slopes[0] - 8 * slopes[1] + 8 * slopes[2] - slopes[3]) / (12 * h))
    return np.array(columns)


@pytest.mark.parametrize("trained", ["all", "last", "hidden"])
@pytest.mark.parametrize("network", SHAPES, ids=IDS)
def test_sharpness_is_the_largest_eigenvalue_of_the_hessian(network: Network, trained: str) -> None:
    network = replace(network, trained=trained)
    theta, (X, y) = draw(network), data(network)
    cut = network.layers[-1].start
    own = {"all": slice(None), "last": slice(cut, None), "hidden": slice(cut)}[trained]
    whole = [hessian(network, row, X, y)[own, own] for row in theta]
    largest = [np.linalg.eigvalsh((H + H.T) / 2)[-1] for H in whole]
    assert_allclose(sharpness(network, theta, X, y), largest, rtol=1e-5, atol=1e-7)


def test_without_residuals_it_is_the_kernel_s() -> None:
    network = Network(3, (20,), activation="tanh")
    theta, X = draw(network), data(network)[0]
    found = sharpness(network, theta, X, forward(network, theta, X))
    assert_allclose(found, 2 / critical_step(network, theta, X), rtol=1e-6)


def test_descent_leaves_what_is_too_sharp() -> None:
    """A step above 2/sharpness raises a quadratic loss, one below does not."""
    network = Network(3, (10,), activation="tanh", trained="last")
    theta, (X, y) = draw(network, 1), data(network)
    edge = 2 / sharpness(network, theta, X, y)[0]
    best = train(network, theta, X, y, Descent(0.5 * edge), 20000).theta
    rng = np.random.default_rng(3)
    best[:, network.layers[-1].start :] += 1e-3 * rng.standard_normal(10)
    losses = {f: train(network, best, X, y, Descent(f * edge), 60, record=[0, 60]).loss for f in (0.98, 1.02)}
    assert losses[0.98][1] < losses[0.98][0]
    assert losses[1.02][1] > losses[1.02][0]


def test_feature_learning_by_hand() -> None:
    network = Network(4, (6,), activation="tanh")
    theta, X = draw(network), data(network)[0]
    same = feature_learning(network, theta, theta, X)
    assert_allclose(same.alignment, 1.0, rtol=1e-14)
    assert (same.kernel_drift == 0).all()
    assert (same.ranks == 0).all()
    moved = theta.copy()
    first = network.layers[0]
    first.weights(moved)[0] += np.outer(np.arange(6.0), np.ones(4))  # of rank 1
    first.weights(moved)[1] += np.eye(6, 4)  # four equal singular values
    first.weights(moved)[2] += np.diag([3.0, 1.0, 0, 0, 0, 0])[:, :4]
    learnt = feature_learning(network, theta, moved, X)
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert_allclose(learnt.ranks[:, 0], [1.0, 4.0, np.exp(entropy)], rtol=1e-6)
    assert (learnt.ranks[:, 1] == 0).all()
    K, L = (empirical_ntk(network, parameters, X)[1] for parameters in (theta, moved))
    assert_allclose(learnt.alignment[1], np.trace(K @ L) / np.sqrt(np.trace(K @ K) * np.trace(L @ L)))
    assert_allclose(learnt.kernel_drift[1], np.linalg.norm(K - L) / np.linalg.norm(K))
    assert_allclose(learnt.weight_drift[1], 2 / np.linalg.norm(theta[1]))


@pytest.mark.parametrize("widths", [(8,), (8, 8)])
def test_mup_is_mean_field_with_steps_as_large_as_the_width(widths: tuple[int, ...]) -> None:
    """With equal widths w/sqrt(N) takes steps N times as large as w."""
    plain = Network(3, widths, activation="tanh", sigma_b2=0.1, scaling="mean-field")
    mup = replace(plain, scaling="mup")
    theta, (X, y) = draw(plain), data(plain)
    assert_allclose(draw(mup), theta / np.sqrt(8), rtol=1e-14)
    outputs = [
        forward(network, train(network, draw(network), X, y, Descent(step), 30).theta, X)
        for network, step in ((plain, 0.8), (mup, 0.1))
    ]
    assert_allclose(outputs[1], outputs[0], rtol=1e-10)


def test_a_large_alpha_trains_the_linear_model() -> None:
    """alpha h and the step over alpha^2: the same as h with labels y/alpha; nearer to its linearisation."""
    network = Network(3, (8,), activation="tanh", symmetric=True)
    theta, (X, y) = draw(network, 2), data(network)
    scaled = replace(network, alpha=5.0)
    one = train(scaled, theta, X, y, Descent(0.1 / 25), 40).theta
    other = train(network, theta, X, y / 5, Descent(0.1), 40).theta
    assert_allclose(one, other, rtol=1e-12, atol=1e-14)
    assert_allclose(forward(scaled, one, X), 5 * forward(network, one, X), rtol=1e-13)
    weak, strong = (
        feature_learning(at, theta, train(at, theta, X, y, Descent(0.3 / at.alpha**2), 100).theta, X)
        for at in (replace(network, alpha=10.0), replace(network, alpha=100.0))
    )
    assert_allclose(weak.weight_drift / strong.weight_drift, 10, rtol=0.02)
    # in pairs of units the first order of the kernel's drift cancels
    assert_allclose(weak.kernel_drift / strong.kernel_drift, 100, rtol=0.05)


def test_weight_decay() -> None:
    """A step with decay is a step on the loss with decay |theta|^2/2; alone it shrinks geometrically."""
    network = Network(3, (8,), activation="tanh")
    theta, (X, y) = draw(network), data(network)
    slope = gradient(network, theta, X, y)[1]
    after = train(network, theta, X, y, Descent(0.1, decay=0.3), 1).theta
    assert_allclose(after, theta - 0.1 * (slope + 0.3 * theta), rtol=1e-12, atol=1e-14)
    assert Descent(0.1, decay=0.5).stable(4.0) == 2 / (2 / 4.0 + 0.5)
    with pytest.raises(ValueError, match=r"decay = -1\.0 must be one finite number >= 0"):
        train(network, theta, X, y, Descent(0.1, decay=-1.0), 1)


def test_features_move_at_every_width_in_mup_alone() -> None:
    """Motion of a unit's preactivations: the same at widths 32 and 512 in muP, a quarter in NTK scaling."""
    moves = {}
    for scaling, step in (("mup", 1.0), ("ntk", 1.0)):
        for width in (32, 512):
            network = Network(3, (width,), activation="tanh", scaling=scaling, symmetric=True)
            theta, (X, y) = start(network, [np.random.default_rng(b) for b in range(8)]), data(network)
            change = train(network, theta, X, y, Descent(step), 20).theta - theta
            layer = network.layers[0]
            moves[scaling, width] = np.sqrt(((layer.gain * layer.weights(change) @ X.T) ** 2).mean())
    assert_allclose(moves["mup", 512] / moves["mup", 32], 1, rtol=0.15)
    assert_allclose(moves["ntk", 512] / moves["ntk", 32], 1 / 4, rtol=0.15)
