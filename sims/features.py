"""Inputs and feature maps. A map returns h(X), (n, p); the caller divides by sqrt(p) where theory does.

Use `sphere` for the theory of random features and kernels, `gaussian` for that of linear regression.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory.activation import ActivationLike, function

Array = NDArray[np.float64]


def gaussian(count: int, d: int, rng: np.random.Generator) -> Array:
    """Inputs with independent standard normal coordinates, (count, d).

    >>> gaussian(3, 2, np.random.default_rng(0)).shape
    (3, 2)
    """
    return rng.standard_normal((count, d))


def sphere(count: int, d: int, rng: np.random.Generator) -> Array:
    """Inputs uniform on the sphere of radius sqrt(d), (count, d).

    >>> x = sphere(3, 4, np.random.default_rng(0))
    >>> bool(np.allclose((x**2).sum(axis=1), 4))
    True
    """
    x = rng.standard_normal((count, d))
    return x * (np.sqrt(d) / np.linalg.norm(x, axis=1, keepdims=True))


def random_features(X: Array, W: Array, activation: ActivationLike = "relu") -> Array:
    """activation(<w_j, x_i>/sqrt d) for inputs X (n, d) and weights W (p, d), as in [mei2022].

    >>> random_features(np.ones((1, 4)), np.array([[1.0, 1, 1, 1], [-1, -1, -1, -1]]))
    array([[2., 0.]])
    """
    return function(activation)(X @ W.T / np.sqrt(X.shape[1]))


def random_fourier(X: Array, frequencies: Array, phases: Array | None = None) -> Array:
    """Random Fourier features of the kernel E cos<w, x - z>, as in [rahimi2007].

    With phases (p,) there is one feature sqrt(2) cos(<w_j, x> + phase_j) for each of the frequencies (p, d).
    Without, there are two, sqrt(2) cos<w_j, x> and sqrt(2) sin<w_j, x> next to each other. Prefer these: with
    the same number of features their products vary less around the Gaussian kernel.

    >>> random_fourier(np.zeros((1, 2)), np.ones((1, 2))).round(3)
    array([[1.414, 0.   ]])
    """
    angle = X @ frequencies.T
    if phases is not None:
        return np.sqrt(2) * np.cos(angle + phases)
    return np.sqrt(2) * cosine_sine_pairs(angle)


def random_bins(X: Array, pitches: Array, shifts: Array) -> Array:
    """Cells of random grids, (n, P, d), as in [rahimi2007]: floor((X - shift)/pitch).

    Pitches and shifts are (P, d). The share of grids in which all d cells of two points agree estimates a
    kernel: exp(-|x - z|_1) for pitches of the gamma law of shape 2 and shifts uniform up to the pitch.

    >>> random_bins(np.array([[0.1], [1.4]]), np.array([[1.0], [2.0]]), np.zeros((2, 1)))[:, :, 0]
    array([[0., 0.],
           [1., 0.]])
    """
    return np.floor((X[:, None, :] - shifts) / pitches)


def cosine_sine_pairs(angle: Array) -> Array:
    """Cosine and sine of each angle (n, k) next to each other, (n, 2 k).

    >>> cosine_sine_pairs(np.zeros((1, 2)))
    array([[1., 0., 1., 0.]])
    """
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1).reshape(len(angle), -1)


def layer_gradients(X: Array, slopes: NDArray[Any]) -> Array:
    """Gradients of sum_r h_r(w_r.x) by the weights w_r, (n, width d), given the slopes h_r' (n, width).

    These are the tangent features of a layer: those of one unit stand next to each other.

    >>> layer_gradients(np.array([[1.0, 2.0]]), np.array([[1.0, -1.0]]))
    array([[ 1.,  2., -1., -2.]])
    """
    return (slopes[:, :, None] * X[:, None, :]).reshape(len(X), -1)


def fourier_series(rows: NDArray[np.int64], columns: NDArray[np.int64], d: int) -> NDArray[np.complex128]:
    """Rows and columns of the d x d discrete Fourier transform, entries of modulus 1 [belkin2020].

    >>> fourier_series(np.array([0, 1]), np.array([0, 2]), 4).real.round(3)
    array([[ 1.,  1.],
           [ 1., -1.]])
    """
    return np.exp(-2j * np.pi * (np.outer(rows, columns) % d) / d)


def weak_coordinates(X: Array, p: int, rng: np.random.Generator) -> Array:
    """p random coordinates of X (n, D), as in [belkin2020]; the draw for p + 1 only adds one to that for p.

    >>> weak_coordinates(np.arange(6.0).reshape(2, 3), 3, np.random.default_rng(0)).shape
    (2, 3)
    """
    return X[:, rng.permutation(X.shape[1])[:p]]
