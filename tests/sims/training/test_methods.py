"""Steps of a rule, L-BFGS and flow against closed forms, textbook loops, and least squares."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.linalg import expm

from sims.network import Network, empirical_ntk, forward, gradient, hidden
from sims.rules import Adam, Descent
from sims.training import train
from sims.training.solvers import flow, lbfgs
from tests.sims.training.problems import DEEP, NETWORK, X_TEST, X, Y, generators, setup
from theory import ConvergenceError


def linear() -> tuple[Network, np.ndarray, np.ndarray, np.ndarray]:
    """Networks linear in what trains, so that everything is known."""
    network, theta, _, y = setup(replace(NETWORK, trained="last"))
    return network, theta, empirical_ntk(network, theta, X) / len(X), forward(network, theta, X) - y


def test_descent_of_a_linear_model() -> None:
    network, theta, kernel, r = linear()
    run = train(network, theta, X, Y[1], Descent(0.3), 20, record=[0, 7, 20], X_test=X)
    for k, step in enumerate(run.steps):
        power = np.linalg.matrix_power(np.eye(12) - 0.3 * kernel, step)
        residual = (power @ r[..., None])[..., 0]
        assert_allclose(run.test[k] - Y[1], residual, rtol=1e-10, atol=1e-12)
        assert_allclose(run.loss[k], (residual**2).sum(axis=1) / 24, rtol=1e-10)


def test_flow_of_a_linear_model() -> None:
    network, theta, kernel, r = linear()
    times = [0.0, 0.5, 8.0]
    run = flow(network, theta, X, Y[1], times, X_test=X)
    for k, time in enumerate(times):
        residual = np.array([expm(-time * K) @ v for K, v in zip(kernel, r, strict=True)])
        assert_allclose(run.test[k] - Y[1], residual, rtol=1e-6, atol=1e-7)
    assert_array_equal(run.steps, times)
    assert_array_equal(flow(network, theta, X, Y[1], [0.0]).theta, theta)


@pytest.mark.parametrize("network", [NETWORK, DEEP], ids=repr)
def test_descent_by_small_steps_is_flow(network: Network) -> None:
    network = replace(network, activation="tanh")
    smooth = flow(*setup(network), [1.0], X_test=X_TEST)
    gaps = []
    for steps in (200, 400):
        run = train(*setup(network), Descent(1 / steps), steps, record=[steps], X_test=X_TEST)
        gaps.append(np.abs(run.test - smooth.test).max())
    assert 1.8 < gaps[0] / gaps[1] < 2.2  # first order in the step
    assert gaps[1] < 0.01


@pytest.mark.parametrize("batch", [None, 5])
@pytest.mark.parametrize("network", [NETWORK, DEEP], ids=repr)
@pytest.mark.parametrize("rule", [Descent(0.1), Descent(0.05, momentum=0.9), Adam(0.01)], ids=str)
def test_rules_are_those_of_the_textbook(rule: Descent | Adam, network: Network, batch: int | None) -> None:
    steps = 9
    run = train(*setup(network), rule, steps, batch=batch, rngs=generators(), record=range(steps + 1))
    for b, rng in enumerate(generators()):
        theta, losses = setup(network)[1][b], []
        velocity, square = np.zeros_like(theta), np.zeros_like(theta)
        for step in range(steps):
            losses.append(gradient(network, theta[None], X, Y[network.outputs])[0][0])
            if batch:
                first = 5 * (step % 2)  # 12 // 5 steps per pass; two samples are left out of each
                if first == 0:
                    order = rng.permutation(12)
            chosen = order[first : first + 5] if batch else slice(None)
            g = gradient(network, theta[None], X[chosen], Y[network.outputs][chosen])[1][0]
            if isinstance(rule, Descent):
                velocity = rule.momentum * velocity + g
                theta = theta - rule.step * velocity
            else:
                velocity = 0.9 * velocity + 0.1 * g
                square = 0.999 * square + 0.001 * g**2
                mean, size = velocity / (1 - 0.9 ** (step + 1)), square / (1 - 0.999 ** (step + 1))
                theta = theta - rule.step * mean / (np.sqrt(size) + 1e-8)
        assert_allclose(run.theta[b], theta, rtol=1e-9, atol=1e-12)
        assert_allclose(run.loss[:-1, b], losses, rtol=1e-9)


@pytest.mark.parametrize(
    "network", [Network(3, (40,)), Network(3, (20, 20), outputs=2, activation="tanh")], ids=repr
)
def test_lbfgs_fits(network: Network) -> None:
    run = lbfgs(*setup(network), steps=3000, record=[0, 1, 20, 3000], X_test=X)
    assert run.loss.shape == (4, 3)
    assert (np.diff(run.loss, axis=0) < 0).all()
    assert run.loss[-1].max() < 1e-12
    assert_allclose(run.test[-1], np.broadcast_to(Y[network.outputs], run.test[-1].shape), atol=1e-5)
    assert_array_equal(forward(network, run.theta, X), run.test[-1])


def test_lbfgs_finds_least_squares() -> None:
    network = Network(3, (4,), trained="last")
    _, theta, _, y = setup(network)
    H = hidden(network, theta, X)
    best = [np.sum((y - h @ np.linalg.lstsq(h, y)[0]) ** 2) / 24 for h in H]
    assert_allclose(lbfgs(network, theta, X, y).loss[-1], best, rtol=1e-10)


def test_flow_along_a_kink_says_so() -> None:
    """Units of this relu network are pushed onto a kink from both sides."""
    network, theta, _, y = setup(NETWORK, 4)
    own = np.random.default_rng(9).standard_normal((4, 12, 3))
    with pytest.raises(ConvergenceError, match=r"used up its evaluations at time 0\..*slides along a kink"):
        flow(network, theta, own, y, [1.0], evaluations=5000)


def test_minibatches_of_all_samples_are_the_whole_set() -> None:
    whole = train(*setup(), Descent(0.1), 5)
    shuffled = train(*setup(), Descent(0.1), 5, batch=12, rngs=generators())
    assert_allclose(shuffled.theta, whole.theta, rtol=1e-12)


def test_nothing_is_recorded() -> None:
    for result in (
        train(*setup(), Descent(0.1), 2, record=[], X_test=X_TEST),
        lbfgs(*setup(), 2, record=[], X_test=X_TEST),
    ):
        assert result.loss.shape == (0, 3)
        assert result.test.shape == (0, 3, 4)


def test_no_steps() -> None:
    arguments = setup()
    for result in (train(*arguments, Descent(0.1), 0, X_test=X_TEST), lbfgs(*arguments, 0, X_test=X_TEST)):
        assert_array_equal(result.theta, arguments[1])
        assert_array_equal(result.steps, [0])
        assert_array_equal(result.test[0], forward(NETWORK, arguments[1], X_TEST))
        assert_allclose(result.loss, gradient(NETWORK, arguments[1], X, Y[1])[0][None], rtol=1e-12)
