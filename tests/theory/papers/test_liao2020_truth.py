"""Test error of random Fourier features: by fits, by the larger problem it is derived from, at its limits."""

from math import sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory import kernel
from theory.papers import liao2020

Array = np.ndarray


def _data(n: int, d: int, m: int) -> tuple[Array, Array, Array, Array]:
    rng = np.random.default_rng(n + d)
    x = rng.standard_normal((n + m, d)) / sqrt(d)
    y = np.sign(x[:, 0]) + 0.3 * rng.standard_normal(n + m)
    return x[:n], y[:n], x[n:], y[n:]


@pytest.mark.parametrize(
    ("ratio", "ridge"), [(0.2, 0.05), (0.5, 1e-3), (0.5, 0.05), (1.5, 1e-3), (1.5, 0.05)]
)
def test_error_by_fits(ratio: float, ridge: float) -> None:
    """Mean over draws of the frequencies: 5 standard errors and 3 per cent for n = 100."""
    n, d, trials = 100, 50, 200
    x, y, z, truth = _data(n, d, 100)
    N, rng, predicted = int(ratio * n), np.random.default_rng(7), []
    for _ in range(trials):
        W = rng.standard_normal((d, N))
        A, B = (np.hstack([np.cos(points @ W), np.sin(points @ W)]) for points in (x, z))
        predicted.append(B @ A.T @ np.linalg.solve(A @ A.T / n + ridge * np.eye(n), y) / n)
    f = np.array(predicted)
    errors, variance = ((f - truth) ** 2).mean(axis=1), f.var(axis=0, ddof=1).mean()
    theory = liao2020.test_error(x, y, z, truth, N, ridge)
    assert abs(errors.mean() - theory.test) <= 5 * errors.std() / sqrt(trials) + 0.03 * theory.test
    assert variance == pytest.approx(theory.variance, rel=0.1)
    bias = ((f.mean(axis=0) - truth) ** 2).mean() - variance / trials
    assert bias == pytest.approx(theory.bias, rel=0.1)
    assert theory.test == theory.bias + theory.variance


def _resolvent(x: Array, N: float, n: int, penalty: Array) -> Array:
    """Of the samples and one point more with a penalty of its own, by the plain iteration; traces over n."""
    squares = (x**2).sum(axis=1)
    size = np.exp(-(squares[:, None] + squares) / 2)
    K, delta = np.stack([size * np.cosh(x @ x.T), size * np.sinh(x @ x.T)]), np.zeros(2)
    for _ in range(4000):
        Q = np.linalg.inv(N / n * (K / (1 + delta)[:, None, None]).sum(axis=0) + np.diag(penalty))
        delta = np.trace(K @ Q, axis1=1, axis2=2) / n
    return Q


@pytest.mark.parametrize(("N", "ridge"), [(5.0, 0.1), (20.0, 0.05), (60.0, 0.02)])
def test_error_by_the_larger_problem(N: float, ridge: float) -> None:
    """E f(z)^2 is the derivative by e of y'Qy with the penalty 1/e at z, here by differences."""
    n = 20
    x, y, z, truth = _data(n, 5, 1)
    both = np.vstack([x, z])

    def form(e: float) -> float:
        Q = _resolvent(both, N, n, np.append(np.full(n, ridge), 1 / e))
        return float(y @ Q[:n, :n] @ y)

    e = 1e-5
    second = (-3 * form(1e-9) + 4 * form(e) - form(2 * e)) / (2 * e)
    theory = liao2020.test_error(x, y, z, np.zeros(1), N, ridge)
    assert theory.test == pytest.approx(second, rel=1e-3)
    mean = -_resolvent(both, N, n, np.append(np.full(n, ridge), 1e9))[-1, :n] @ y * 1e9
    assert theory.bias == pytest.approx(mean**2, rel=1e-5)
    shifted = liao2020.test_error(x, y, z, truth, N, ridge)
    assert shifted.bias == pytest.approx((truth[0] - mean) ** 2, rel=1e-5)
    assert shifted.variance == pytest.approx(theory.variance, rel=1e-12)


def test_many_frequencies_are_the_kernel() -> None:
    """N features without a factor 1/sqrt(N): the ridge goes with N."""
    x, y, z, truth = _data(60, 20, 30)
    N = 1e8
    theory = liao2020.test_error(x, y, z, truth, N, 0.01 * N / 60)
    K, cross = kernel.gaussian(x), kernel.gaussian(z, x)
    f = cross @ np.linalg.solve(K + 0.01 * np.eye(60), y)
    assert theory.bias == pytest.approx(np.mean((truth - f) ** 2), rel=1e-5)
    assert theory.variance < 1e-5


def test_double_descent_peaks_at_half_the_samples() -> None:
    x, y, z, truth = _data(100, 50, 100)
    N = np.arange(20, 101, 5)
    test = liao2020.test_error(x, y, z, truth, N, 1e-6).test
    assert N[np.argmax(test)] == 50
    assert test[0] < test.max() / 10 > test[-1]


def test_shapes_and_arguments() -> None:
    x, y, z, truth = _data(10, 4, 3)
    errors = liao2020.test_error(x, y, z, truth, [5.0, 10.0], [[0.1], [0.2], [1e9]])
    assert errors.test.shape == (3, 2)
    assert_allclose(errors.bias[2], np.mean(truth**2), rtol=1e-6)  # nothing is learnt
    assert isinstance(liao2020.test_error(x, y, z, truth, 5, 0.1).test, np.float64)
    with pytest.raises(ValueError, match="x_test has 3 rows and y_test 2"):
        liao2020.test_error(x, y, z, truth[:2], 5, 0.1)
    with pytest.raises(ValueError, match="inputs of one dimension"):
        liao2020.test_error(x, y, z[:, :2], truth, 5, 0.1)


def test_few_dimensions_are_outside_the_scope() -> None:
    """At d = 2 fits have a larger training error than the equivalent, which the docstring says."""
    n, N, ridge, d = 60, 40, 1e-3, 2
    rng = np.random.default_rng(5)
    x = rng.standard_normal((n, d))
    y = np.sign(x[:, 0]) + 0.3 * rng.standard_normal(n)
    errors = []
    for _ in range(100):
        h = x @ rng.standard_normal((d, N))
        S = np.hstack([np.cos(h), np.sin(h)])
        errors.append(ridge**2 * np.sum(np.linalg.solve(S @ S.T / n + ridge * np.eye(n), y) ** 2) / n)
    assert 1.02 < np.mean(errors) / liao2020.train_error(x, y, N, ridge).train < 2
