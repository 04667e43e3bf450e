"""Liao, Couillet, Mahoney 2020: a random matrix analysis of random Fourier features.

Ridge regression on the sines and cosines of N standard normal frequencies, for given data: the training
error as n and N grow in proportion. The transition is at 2N = n, where real features equal samples.
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
    error="train",
    penalty="ridge beside the mean squared error, for features that are not divided by sqrt(N)",
    statements={"train_error": "verified by simulation; its derivative form re-derived"},
    topics=("double descent", "interpolation threshold", "random features"),
)


class TrainError(NamedTuple):
    """The two corrections of the kernel and the training error."""

    delta_cos: Array
    delta_sin: Array
    train: Array


def train_error(x: ArrayLike, y: ArrayLike, frequencies: ArrayLike, ridge: ArrayLike) -> TrainError:
    """Mean squared training residual of random Fourier features, a deterministic equivalent.

    Q = [(N/n)(K_c/(1 + delta_c) + K_s/(1 + delta_s)) + ridge I]^-1,  delta_a = tr(K_a Q)/n,
    train = ridge^2 y'E[Q^2]y/n with E[Q^2] = -dQ/d ridge; K_c, K_s = E cos cos, E sin sin.

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

    Source: [liao2020, Thm 1 and 2 (numbers unverified)].

    >>> x, y = [[0.3, -0.5], [1.0, 0.2], [-0.7, 0.9]], [1.0, -1.0, 0.5]
    >>> train_error(x, y, frequencies=[1, 10], ridge=0.1).train.round(4)
    array([0.4419, 0.005 ])
    """
    inputs, labels = pair("x", x, "y", y)
    N, penalty = broadcast(
        frequencies=positive("frequencies", frequencies, finite=True),
        ridge=positive("ridge", ridge, finite=True),
    )
    size = (inputs**2).sum(axis=1)
    kernels = np.stack([dual(name, inputs @ inputs.T, size[:, None], size) for name in ("cos", "sin")])
    fields = np.empty((3, N.size))
    for i, point in enumerate(zip(N.ravel().tolist(), penalty.ravel().tolist(), strict=True)):
        fields[:, i] = _train_error(kernels, labels, *point)
    return TrainError(*(column.reshape(N.shape)[()] for column in fields))


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
