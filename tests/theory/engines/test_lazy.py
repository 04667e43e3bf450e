"""Wide networks near their start: limits, small linear algebra, and a Gaussian process."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.linalg import expm

from theory import kernel
from theory.dynamics import critical_step, kernel_descent, kernel_residual, linearised_network

X = np.array([[1.0, 0.5], [-0.3, 0.8], [0.4, -1.1], [-0.9, -0.2]])
Y = np.array([0.7, -0.4, 1.2, 0.1])
FRESH = np.array([[0.2, 0.3], [-1.0, 1.0], [0.4, -1.1]])


@pytest.mark.parametrize("trained", ["all", "last"])
@pytest.mark.parametrize("activation", ["relu", "erf", "tanh"])
def test_as_the_formula_is_written(trained: str, activation: str) -> None:
    network = (2, activation, 1.5, 0.1)
    time = 1.7
    K = kernel.nngp(np.r_[X, FRESH], None, *network)
    theta = kernel.ntk(np.r_[X, FRESH], None, *network) if trained == "all" else K
    A = theta[4:, :4] @ np.linalg.inv(theta[:4, :4]) @ (np.eye(4) - expm(-theta[:4, :4] * time / 4))
    covariance = K[4:, 4:] + A @ K[:4, :4] @ A.T - A @ K[:4, 4:] - (A @ K[:4, 4:]).T
    found = linearised_network(X, Y, FRESH, time, *network, trained)
    assert_allclose(found.mean, A @ Y, rtol=1e-9)
    assert_allclose(found.covariance, covariance, rtol=1e-8, atol=1e-12)
    assert_allclose(found.variance, np.diag(covariance), rtol=1e-8)


def test_descent_step_by_step() -> None:
    theta, cross = kernel.ntk(X, sigma_b2=0.1), kernel.ntk(FRESH, X, sigma_b2=0.1)
    step, f, f_fresh = 0.7, np.zeros(4), np.zeros(3)
    for _ in range(9):
        residual = Y - f
        f, f_fresh = f + step / 4 * theta @ residual, f_fresh + step / 4 * cross @ residual
    found = linearised_network(X, Y, FRESH, 9 * step, sigma_b2=0.1, step=step)
    assert_allclose(found.mean, f_fresh, rtol=1e-12)
    end = linearised_network(X, Y, FRESH, np.inf, sigma_b2=0.1)
    for result in (linearised_network(X, Y, FRESH, np.inf, sigma_b2=0.1, step=step), end):
        assert_allclose(result.variance, end.variance, rtol=1e-12)
    flow = linearised_network(X, Y, FRESH, 2.0, sigma_b2=0.1)
    small = linearised_network(X, Y, FRESH, 2.0, sigma_b2=0.1, step=1e-6)
    assert_allclose(small.covariance, flow.covariance, rtol=1e-5)


@pytest.mark.parametrize("momentum", [0.3, 0.9])
def test_descent_with_momentum_step_by_step(momentum: float) -> None:
    theta, cross = kernel.ntk(X, sigma_b2=0.1) + 0.2 * np.eye(4), kernel.ntk(FRESH, X, sigma_b2=0.1)
    step = 0.9 * critical_step(theta, momentum)  # of the noisy kernel
    dual, before = np.zeros(4), np.zeros(4)
    for _ in range(9):
        dual, before = dual + step / 4 * (Y - theta @ dual) + momentum * (dual - before), dual
    told = linearised_network(X, Y, FRESH, 9 * step, sigma_b2=0.1, step=step, noise=0.2, momentum=momentum)
    assert_allclose(told.mean, cross @ dual, rtol=1e-11)


def test_small_steps_with_momentum_are_a_faster_flow() -> None:
    flow = linearised_network(X, Y, FRESH, [2.0, np.inf], sigma_b2=0.1)
    ball = linearised_network(X, Y, FRESH, [0.5, np.inf], sigma_b2=0.1, step=1e-6, momentum=0.75)
    assert_allclose(ball.mean, flow.mean, rtol=1e-5)
    assert_allclose(ball.covariance, flow.covariance, atol=1e-6)


def test_inputs_of_zero_take_any_step() -> None:
    found = linearised_network(np.zeros((2, 2)), [1.0, 2.0], FRESH, 3.0, step=3.0)
    assert (found.mean == 0).all()


def test_start_and_end() -> None:
    start, end = (linearised_network(X, Y, FRESH, t, sigma_b2=0.1) for t in (0.0, np.inf))
    assert (start.mean == 0).all()
    assert_allclose(start.covariance, kernel.nngp(FRESH, None, sigma_b2=0.1), rtol=1e-12)
    assert_allclose(end.mean[2], Y[2], rtol=1e-12)  # a training input
    assert abs(end.variance[2]) < 1e-13
    both = linearised_network(X, Y, FRESH, [0.0, np.inf], sigma_b2=0.1)
    assert both.covariance.shape == (2, 3, 3)
    assert_allclose(both.mean[1], end.mean, rtol=1e-12)


def test_the_read_out_alone_ends_as_a_gaussian_process() -> None:
    K, cross = kernel.nngp(X, sigma_b2=0.1), kernel.nngp(FRESH, X, sigma_b2=0.1)
    end = linearised_network(X, Y, FRESH, np.inf, sigma_b2=0.1, trained="last")
    assert_allclose(end.mean, cross @ np.linalg.solve(K, Y), rtol=1e-9)
    posterior = kernel.nngp(FRESH, sigma_b2=0.1) - cross @ np.linalg.solve(K, cross.T)
    assert_allclose(end.covariance, posterior, rtol=1e-9, atol=1e-13)
    # and training all layers does not
    everything = linearised_network(X, Y, FRESH, np.inf, sigma_b2=0.1)
    assert np.abs(everything.variance[:2] / np.diag(posterior)[:2] - 1).min() > 0.01


@pytest.mark.parametrize("noise", [0.1, 2.0])
def test_observation_noise_is_that_of_a_gaussian_process(noise: float) -> None:
    K, cross = kernel.nngp(X, sigma_b2=0.1) + noise * np.eye(4), kernel.nngp(FRESH, X, sigma_b2=0.1)
    end = linearised_network(X, Y, FRESH, np.inf, sigma_b2=0.1, trained="last", noise=noise)
    assert_allclose(end.mean, cross @ np.linalg.solve(K, Y), rtol=1e-9)
    posterior = kernel.nngp(FRESH, sigma_b2=0.1) - cross @ np.linalg.solve(K, cross.T)
    assert_allclose(end.covariance, posterior, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("step", [None, 0.4])
def test_noise_and_penalty_on_a_network_that_is_linear(step: float | None) -> None:
    """Networks of given Jacobian, drawn starts and noisy labels, trained by the definition."""
    rng, noise, time, steps = np.random.default_rng(5), 0.3, 2.0, 5 if step else 20000
    theta, cross = kernel.ntk(X, sigma_b2=0.1), kernel.ntk(FRESH, X, sigma_b2=0.1)
    joint = kernel.nngp(np.r_[X, FRESH], sigma_b2=0.1)
    starts = rng.multivariate_normal(np.zeros(7), joint, size=20000)
    labels = Y + np.sqrt(noise) * rng.standard_normal((20000, 4))
    dual, size = np.zeros((20000, 4)), time / steps
    hat = np.eye(4)
    for _ in range(steps):  # of what the labels miss at the start, to the dual coefficients
        hat = hat - size / 4 * (theta + noise * np.eye(4)) @ hat
    dual = (labels - starts[:, :4]) @ np.linalg.solve(theta + noise * np.eye(4), np.eye(4) - hat).T
    outputs = starts[:, 4:] + dual @ cross.T
    found = linearised_network(X, Y, FRESH, time, sigma_b2=0.1, step=step, noise=noise)
    assert_allclose(outputs.mean(axis=0), found.mean, atol=4 * np.sqrt(found.variance.max() / 20000))
    assert_allclose(np.cov(outputs.T), found.covariance, atol=0.05 * found.variance.max())


def test_outputs_of_many_labels_are_those_of_each() -> None:
    several = np.stack([Y, Y**2, -Y], axis=1)
    for time in (1.0, [0.5, np.inf]):
        found = linearised_network(X, several, FRESH, time, sigma_b2=0.1, noise=0.2)
        for k, labels in enumerate(several.T):
            one = linearised_network(X, labels, FRESH, time, sigma_b2=0.1, noise=0.2)
            assert_allclose(found.mean[..., k], one.mean, rtol=1e-13)
            assert_allclose(found.covariance, one.covariance, rtol=1e-13)
    assert found.mean.shape == (2, 3, 3)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_critical_step_with_momentum(momentum: float) -> None:
    """The heavy ball itself, just below and just above."""
    gram = kernel.ntk(X, sigma_b2=0.1)
    for factor, grows in ((0.99, False), (1.01, True)):
        step = factor * critical_step(gram, momentum)
        before = here = np.array(Y)
        for _ in range(4000):
            here, before = here - step / 4 * gram @ here + momentum * (here - before), here
        assert (np.abs(here).max() > np.abs(Y).max()) == grows


def test_two_labels_for_one_input() -> None:
    twice, labels = np.r_[X, X[:1]], np.r_[Y, Y[0] + 1]
    end = linearised_network(twice, labels, X[:1], np.inf)
    assert_allclose(end.mean, Y[0] + 0.5, rtol=1e-9)
    for time in (0.5, 1e3, 1e300):
        assert np.isfinite(linearised_network(twice, labels, FRESH, time).mean).all()


# -- residuals -------------------------------------------------------------------------------------

grams = st.integers(0, 2**32).map(
    lambda seed: (lambda r: r @ r.T)(np.random.default_rng(seed).standard_normal((4, 3)))
)  # rank 3 of 4


@given(grams, st.floats(0, 50))
def test_residual_is_a_matrix_exponential(gram: np.ndarray, time: float) -> None:
    assert_allclose(kernel_residual(gram, Y, time), expm(-gram * time / 4) @ Y, atol=1e-12)


@given(grams, st.floats(0.01, 1.2), st.integers(0, 30))
def test_descent_is_a_power(gram: np.ndarray, share: float, steps: int) -> None:
    step = share * critical_step(gram)
    power = np.linalg.matrix_power(np.eye(4) - step * gram / 4, steps)
    found = kernel_descent(gram, Y, step, steps)
    assert_allclose(found, power @ Y, atol=1e-11 * max(1.0, np.abs(power).max()))


def test_end_of_training() -> None:
    """The null space never moves; beyond the critical step descent diverges."""
    gram = np.diag([2.0, 1.0, 0.0])
    y = np.array([1.0, 2.0, 3.0])
    assert kernel_residual(gram, y, np.inf).tolist() == [0, 0, 3]
    assert kernel_descent(gram, y, 1.0, np.inf).tolist() == [0, 0, 3]
    assert critical_step(gram) == 3.0
    assert np.isinf(kernel_descent(gram, y, 3.001, np.inf)[0])
    assert np.isnan(kernel_descent(gram, y, 3.0, np.inf)[0])
    assert critical_step(np.zeros((2, 2))) == np.inf


def test_small_steps_are_the_flow() -> None:
    gram = kernel.ntk(X)
    flow = kernel_residual(gram, Y, 3.0)
    gaps = [np.abs(kernel_descent(gram, Y, 3.0 / k, k) - flow).max() for k in (1000, 2000)]
    assert_allclose(gaps[0] / gaps[1], 2.0, rtol=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linearised_network(X, Y[:3], FRESH, 1.0), r"y .*\(3,\)"),
        (lambda: linearised_network(X, Y, FRESH, -1.0), "time = -1"),
        (lambda: linearised_network(X, Y, FRESH[0], 1.0), r"X_test \(2,\)"),
        (lambda: linearised_network(X, Y, FRESH, 1.0, trained="first"), "trained = 'first'"),
        (lambda: linearised_network(X, Y, FRESH, 1.0, depth=-1), "depth = -1"),
        (lambda: linearised_network(X, Y, FRESH, 1.0, step=0.0), "step = 0"),
        (lambda: linearised_network(X, Y, FRESH, 10.0, step=5.0), "below the critical step"),
        (lambda: linearised_network(X, Y, FRESH, 1.0, step=0.3), "time = 1"),
        (lambda: linearised_network(X, Y, FRESH, 1.0, momentum=0.5), "momentum = 0.5 needs a step"),
        (lambda: linearised_network(X, Y, FRESH, 1.0, step=0.5, momentum=1.0), "momentum = 1 must be in"),
        (lambda: linearised_network(X, Y, FRESH, 1.0, noise=-0.1), "noise = -0.1"),
        (lambda: linearised_network(X, np.ones((3, 2)), FRESH, 1.0), r"y .*\(3, 2\)"),
        (lambda: kernel_residual(np.eye(4), np.ones((4, 2)), 1.0), r"y .*\(4, 2\)"),
        (lambda: critical_step(np.eye(4), 1.0), r"momentum = 1 must be in \[0, 1\)"),
        (lambda: kernel_residual([[1.0, 2.0]], Y, 1.0), r"gram .*\(1, 2\)"),
        (lambda: kernel_residual([[1.0, 2.0], [0.0, 1.0]], [1, 1], 1.0), "gram .*symmetric"),
        (lambda: kernel_residual([[-1.0]], [1], 1.0), "gram .*-1"),
        (lambda: kernel_descent([[1.0]], [1], 0.0, 1), "step = 0"),
        (lambda: kernel_descent([[1.0]], [1], 0.1, 1.5), "steps = 1.5"),
        (lambda: critical_step([[np.inf]]), r"gram\b.*inf"),
    ],
)
def test_bad_arguments(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
