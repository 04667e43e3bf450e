"""Liao, Couillet, Mahoney 2020: a random matrix analysis of random Fourier features.

Ridge regression on the sines and cosines of N standard normal frequencies, for given data: training and test
error as n, N and the dimension d of the inputs grow in proportion. The transition is at 2N = n, where real
features equal samples; there the test error peaks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import dual
from theory.arguments import Array, broadcast, pair, positive
from theory.errors import ConvergenceError
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="liao2020",
    title="A random matrix analysis of random Fourier features: beyond the Gaussian kernel, a precise phase"
    " transition, and the corresponding double descent",
    authors=("Liao", "Couillet", "Mahoney"),
    error="test",
    penalty="ridge beside the mean squared error, for features that are not divided by sqrt(N)",
    statements={
        "train_error": "verified by simulation; its derivative form re-derived",
        "test_error": "verified by simulation; own derivation",
    },
    topics=("double descent", "interpolation threshold", "random features"),
)


class TrainError(NamedTuple):
    """The two corrections of the kernel and the training error."""

    delta_cos: Array
    delta_sin: Array
    train: Array


class Generalization(NamedTuple):
    """Mean squared error at test points, and what it is made of; see `test_error`."""

    test: Array
    bias: Array
    variance: Array


def train_error(x: ArrayLike, y: ArrayLike, frequencies: ArrayLike, ridge: ArrayLike) -> TrainError:
    """Mean squared training residual of random Fourier features, a deterministic equivalent.

    Q = [(N/n)(K_c/(1 + delta_c) + K_s/(1 + delta_s)) + ridge I]^-1,  delta_a = tr(K_a Q)/n,
    train = ridge^2 y'E[Q^2]y/n with E[Q^2] = -dQ/d ridge; K_c, K_s = E cos cos, E sin sin.

    For inputs of many dimensions: d grows with n and N, and x has norms of order 1. With few dimensions the
    features of two samples are not nearly independent of the rest; at d = 2 simulations are 1.1 to 1.5 times
    as large.

    Parameters
    ----------
    x : (n, d) array_like
        Inputs, one row each.
    y : (n,) array_like
        Labels.
    frequencies : array_like > 0
        N; there are 2N real features.
    ridge : array_like > 0
        Objective |y - features beta|^2/n + ridge |beta|^2.

    Returns
    -------
    TrainError(delta_cos, delta_sin, train) of the broadcast shape of frequencies and ridge.

    Raises
    ------
    ConvergenceError
        The ridge is too small for the rounding of the kernel matrix.

    Source: [liao2020, Thm 1 and 2†].

    >>> x = np.random.default_rng(0).standard_normal((100, 50)) / np.sqrt(50)
    >>> train_error(x, np.sign(x[:, 0]), frequencies=[10, 200], ridge=0.1).train.round(4)
    array([0.7132, 0.0154])
    """
    inputs, labels = pair("x", x, "y", y)
    N, penalty = _settings(frequencies, ridge)
    kernels = _kernels(inputs, inputs)
    fields = np.empty((3, N.size))
    for i, point in enumerate(zip(N.ravel().tolist(), penalty.ravel().tolist(), strict=True)):
        fields[:, i] = _train_error(kernels, labels, *point)
    return TrainError(*(column.reshape(N.shape)[()] for column in fields))


def test_error(
    x: ArrayLike,
    y: ArrayLike,
    x_test: ArrayLike,
    y_test: ArrayLike,
    frequencies: ArrayLike,
    ridge: ArrayLike,
) -> Generalization:
    """Mean squared error of random Fourier features at test points, a deterministic equivalent.

    With Q and delta of `train_error`, k_a(z) the kernels of the samples with a test point z, k = k_c/(1 +
    delta_c) + k_s/(1 + delta_s), and sums over a = c, s,

        mean of f(z) = (N/n) k'Q y,   variance of f(z) = (N/n) sum rise_a y'Q K_a Q y/(1 + delta_a)^2,
        rise = (I - M)^-1 w,   M_ab = (N/n) tr(K_a Q K_b Q)/(n (1 + delta_b)^2),
        n w_a = k_a(z, z) - 2 (N/n) k_a'Q k + (N/n)^2 k'Q K_a Q k.

    Derivation: add z to the samples with a penalty 1/e of its own. The block of the samples of the resolvent
    is then Q + e (Q s)(Q s)' with s'Q y = f(z) to first order in e, so that E f(z)^2 = y'(dQ/de)y at e = 0;
    Q and delta of the larger problem obey the equations of `train_error`, and rise = d delta/de.

    Use it to draw the double descent over frequencies: the peak is at 2N = n, and falls with the ridge.

    Parameters
    ----------
    x : (n, d) array_like
        Inputs, one row each; d grows with n and N, as in `train_error`.
    y : (n,) array_like
        Labels.
    x_test : (m, d) array_like
        Test inputs, independent of the frequencies.
    y_test : (m,) array_like
        Labels at the test inputs, with or without noise: the error is against them.
    frequencies : array_like > 0
        N; there are 2N real features.
    ridge : array_like > 0
        Objective |y - features beta|^2/n + ridge |beta|^2.

    Returns
    -------
    Generalization(test, bias, variance) of the broadcast shape of frequencies and ridge: means over the test
    points of the squared error, that of the predictor averaged over frequencies, and their difference.

    Raises
    ------
    ConvergenceError
        The ridge is too small for the rounding of the kernel matrix.

    Source: [liao2020, Thm 3†]; own derivation, above.

    >>> x = np.random.default_rng(0).standard_normal((150, 50)) / np.sqrt(50)
    >>> y = np.sign(x[:, 0])
    >>> test_error(x[:100], y[:100], x[100:], y[100:], frequencies=[10, 50, 500], ridge=1e-3).test.round(4)
    array([1.1377, 4.4484, 0.6684])
    """
    inputs, labels = pair("x", x, "y", y)
    fresh, truth = pair("x_test", x_test, "y_test", y_test)
    if fresh.shape[1] != inputs.shape[1]:
        raise ValueError(f"x has shape {inputs.shape} and x_test {fresh.shape}; pass inputs of one dimension")
    N, penalty = _settings(frequencies, ridge)
    kernels, cross = _kernels(inputs, inputs), _kernels(fresh, inputs)
    size = (fresh**2).sum(axis=1)
    own = np.array([dual(name, size, size, size).mean() for name in ("cos", "sin")])
    fields = np.empty((2, N.size))
    for i, point in enumerate(zip(N.ravel().tolist(), penalty.ravel().tolist(), strict=True)):
        fields[:, i] = _test_error(kernels, labels, cross, own, truth, *point)
    bias, variance = (column.reshape(N.shape)[()] for column in fields)
    return Generalization(bias + variance, bias, variance)


def _settings(frequencies: ArrayLike, ridge: ArrayLike) -> list[Array]:
    return broadcast(
        frequencies=positive("frequencies", frequencies, finite=True),
        ridge=positive("ridge", ridge, finite=True),
    )


def _kernels(x: Array, z: Array) -> Array:
    """E cos cos and E sin sin of all pairs of rows."""
    left, right = (x**2).sum(axis=1)[:, None], (z**2).sum(axis=1)
    return np.stack([dual(name, x @ z.T, left, right) for name in ("cos", "sin")])


def _test_error(
    kernels: Array, y: Array, cross: Array, own: Array, truth: Array, N: float, ridge: float
) -> tuple[float, float]:
    """Bias and variance, means over the test points; w of `test_error` is linear in them."""
    n, ratio = len(y), N / len(y)
    delta, Q, _, coupling = _fixed_point(kernels, ratio, ridge)
    k = ratio * (cross / (1 + delta)[:, None, None]).sum(axis=0) @ Q  # N/n k'Q, one row per test point
    bias = np.mean((truth - k @ y) ** 2)
    seen = [np.mean(((k @ kernels[a]) - 2 * cross[a]) * k) * n for a in range(2)]
    rise = np.linalg.solve(np.eye(2) - coupling, (own + np.array(seen)) / n)
    fit = Q @ y
    spread = np.array([fit @ kernels[a] @ fit for a in range(2)])
    return float(bias), float(ratio * (rise * spread / (1 + delta) ** 2).sum())


def _train_error(kernels: Array, y: Array, N: float, ridge: float) -> tuple[float, float, float]:
    n = len(y)
    ratio = N / n
    delta, Q, QK, coupling = _fixed_point(kernels, ratio, ridge)
    # -d delta/d ridge = (I - (N/n) M)^-1 v, and with it -dQ/d ridge = Q^2 + (N/n) sum rise_a Q K_a Q
    v = np.einsum("aij,ji->a", QK, Q) / n
    rise = np.linalg.solve(np.eye(2) - coupling, v) / (1 + delta) ** 2
    fit = Q @ y
    train = fit @ fit + ratio * sum(rise[a] * fit @ kernels[a] @ fit for a in range(2))
    return float(delta[0]), float(delta[1]), float(ridge**2 * train / n)


def _fixed_point(kernels: Array, ratio: float, ridge: float) -> tuple[Array, Array, Array, Array]:
    """(delta, Q, Q K_a, coupling) at delta_a = tr(K_a Q)/n.

    The right side is concave and increasing in delta, and tr K_a/(n ridge) lies above the root: Newton's
    steps from there fall to the root and never pass it. coupling = (N/n) d tr(K_a Q)/n / d delta.
    """
    n = kernels.shape[1]
    delta = np.trace(kernels, axis1=1, axis2=2) / (n * ridge)
    settled = False
    for _ in range(200):
        with np.errstate(all="ignore"):  # a vanishing ridge overflows, which is caught below
            gram = ratio * (kernels / (1 + delta)[:, None, None]).sum(axis=0) + ridge * np.eye(n)
            try:
                Q = np.linalg.inv(gram)
            except np.linalg.LinAlgError:
                break
            QK = Q @ kernels
            coupling = ratio * np.einsum("aij,bji->ab", QK, QK) / (n * (1 + delta) ** 2)
        if settled:
            return delta, Q, QK, coupling
        if not np.isfinite(coupling).all():
            break
        image = np.trace(QK, axis1=1, axis2=2) / n
        new = delta - np.linalg.solve(np.eye(2) - coupling, delta - image)
        # quadratic convergence: after a step of 1e-8 the next would be below rounding
        settled = bool((np.abs(new - delta) <= 1e-8 * delta).all())
        delta = new
    raise ConvergenceError(
        f"delta did not settle within 200 Newton steps at frequencies/n = {ratio:g}, ridge = {ridge:g}; "
        "use a larger ridge"
    )
