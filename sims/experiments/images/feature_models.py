"""Random Fourier and ReLU features on real data, as in [belkin2019]: every size N, and their kernel limit.

f(x) = sum_k a_k phi(x; v_k), k = 1..N, fitted by minimum-norm least squares to one column per class.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from sims import fit
from sims.data import Split, zero_one
from sims.features import cosine_sine_pairs, random_features
from sims.fit.cutoff import EPS, significant
from theory import kernel
from theory.papers import belkin2019

Array = NDArray[np.float64]

NAMES = {"fourier": "complex_fourier", "fourier-real": "real_fourier", "relu": "random_relu"}
"""Models of this module, and what `theory.papers.belkin2019` calls them."""


class Losses(NamedTuple):
    """Losses and norm of one predictor; squared losses are sums over the classes."""

    test: float
    train: float
    norm: float
    """N |a|^2, for features phi/sqrt(N): its limit is the squared norm of the kernel interpolant."""
    zero_one: float
    zero_one_train: float


def threshold(model: str, n: int) -> int:
    """Size at which a model begins to interpolate n samples.

    >>> threshold("fourier", 100), threshold("fourier-real", 100)
    (100, 50)
    """
    return round(float(belkin2019.interpolation_threshold(n, NAMES[model])))


def bandwidth(d: int) -> float:
    """b of the paper, 5 for 784 pixels in [0, 1]; it grows like the root of their number, as distances do.

    >>> bandwidth(784)
    5.0
    """
    return 5.0 * float(np.sqrt(d / 784))


def features(model: str, X: Sequence[Array], N: int, rng: np.random.Generator) -> list[NDArray[Any]]:
    """N features of each of several sets of inputs: exp(i v.x), pairs cos v.x, sin v.x, or ReLU(w.x/sqrt d).

    Frequencies are N(0, b^-2 I), weights standard normal.

    >>> [F] = features("fourier-real", [np.zeros((1, 3))], 2, np.random.default_rng(0))
    >>> F
    array([[1., 0., 1., 0.]])
    """
    W = rng.standard_normal((N, X[0].shape[1]))
    if model == "relu":
        return [random_features(x, W, "relu") for x in X]
    angles = [x @ W.T / bandwidth(x.shape[1]) for x in X]
    if model == "fourier":
        return [np.exp(1j * angle) for angle in angles]
    return [cosine_sine_pairs(angle) for angle in angles]


def branches(first: float, middle: float, top: float, points: int) -> tuple[Array, Array]:
    """Two runs of numbers in nearly equal ratios, first..middle and middle..top, `points` in all.

    >>> branches(1, 4, 8, points=4)
    (array([1., 2., 4.]), array([4., 8.]))
    """
    share = np.log(middle / first) / np.log(top / first)
    left = min(max(2, round(share * (points - 1)) + 1), points - 1)
    return np.geomspace(first, middle, left), np.geomspace(middle, top, points - left + 1)


def columns(model: str) -> int:
    """Columns of the feature matrix that one unit of size has.

    >>> columns("relu"), columns("fourier-real")
    (1, 2)
    """
    return 2 if model == "fourier-real" else 1


def every_size(model: str, F: NDArray[Any], Ft: NDArray[Any], parts: Split) -> tuple[Array, Array]:
    """Squared test loss and N |a|^2 for every N, by `sims.fit.min_norm_path`.

    A complex fit is the real one of [[Re, -Im], [Im, Re]] to [y; 0] with the columns of a frequency side by
    side; it predicts by the real part, [Re, -Im].

    >>> parts = Split(np.zeros((1, 1)), np.ones((1, 2)), np.zeros((1, 1)), np.ones((1, 2)))
    >>> every_size("fourier", np.array([[1.0, 1j]]), np.array([[1.0, 1.0]]), parts)[1].round(12)
    array([2., 2.])
    """
    Y = parts.Y
    step = columns(model)
    if np.iscomplexobj(F):
        F, Ft, step = np.vstack([_pairs(F), _pairs(-1j * F)]), _pairs(Ft), 2
        Y = np.concatenate([Y, np.zeros_like(Y)])
    path = fit.min_norm_path(F, Y, Ft, parts.Y_test)
    N = np.arange(1, F.shape[1] // step + 1)
    test, norm = (_summed(field)[step - 1 :: step] for field in (path.test, path.norm))
    return test, N * norm


def _pairs(F: NDArray[Any]) -> Array:
    """Columns Re and -Im of each column: Re(F a) from the real and imaginary parts of a."""
    return np.stack([F.real, -F.imag], axis=-1).reshape(len(F), -1)


def _summed(field: Array) -> Array:
    """Sum over classes, if there is a column for each."""
    return field if field.ndim == 1 else field.sum(axis=1)


def refits(model: str, F: NDArray[Any], Ft: NDArray[Any], parts: Split, sizes: Sequence[int]) -> list[Losses]:
    """Losses of the fits on the first N units, for N in `sizes`: zero-one loss needs predictions.

    Up to n columns all fits come from one QR; beyond, from the kernel matrix of each. Where these are
    singular to rounding (equal images, repeated features) the fit is `sims.fit.min_norm`, which leaves out
    the singular values that are rounding.

    >>> parts = Split(np.zeros((1, 1)), np.array([[1.0, 0]]), np.zeros((1, 1)), np.array([[1.0, 0]]))
    >>> one, two = refits("relu", np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]]), parts, [1, 2])
    >>> one.norm, round(two.norm, 12)
    (1.0, 1.0)
    """
    n, Y = len(F), parts.Y.reshape(len(F), -1)
    live = F.any(axis=0)  # a dead unit leaves every fit as it was
    count = np.concatenate([[0], np.cumsum(live)])[np.array(sizes) * columns(model)]
    if not live.all():
        F, Ft = F[:, live], Ft[:, live]
    first = min(F.shape)
    # the last columns of R are Q* Y: Q itself is not needed
    (R,) = scipy.linalg.qr(np.hstack([F[:, :first], Y]), mode="r", overwrite_a=True)
    R, known = R[:first, :first], R[:first, first:]
    K, done = np.zeros((n, n), dtype=F.dtype), 0
    scores = []
    for N, p in zip(sizes, count, strict=True):
        H = F[:, :p]
        if p <= n:
            a = _triangular_solve(R[:p, :p], known[:p])
        else:
            K += F[:, done:p] @ F[:, done:p].conj().T
            done = p
            dual = _cholesky_solve(K, Y)
            a = None if dual is None else H.conj().T @ dual
        interpolates = p >= n and a is not None
        if a is None:
            a = fit.min_norm(H, Y)
        fitted = Y if interpolates else (H @ a).real
        scores.append(scored(parts, fitted, (Ft[:, :p] @ a).real, N * float(np.sum(np.abs(a) ** 2))))
    return scores


def _triangular_solve(R: NDArray[Any], Y: NDArray[Any]) -> NDArray[Any] | None:
    """R^-1 Y, or None where the triangle R may be singular to rounding."""
    if not len(R):
        return Y
    (condition,) = scipy.linalg.get_lapack_funcs(("trcon",), (R,))
    reciprocal, _ = condition(R)
    return scipy.linalg.solve_triangular(R, Y) if reciprocal > len(R) * EPS else None


def _cholesky_solve(K: NDArray[Any], Y: Array) -> NDArray[Any] | None:
    """K^-1 Y, or None where K may be singular to rounding, which a Cholesky factor alone need not show."""
    try:
        factor = scipy.linalg.cho_factor(K)
    except np.linalg.LinAlgError:
        return None
    (condition,) = scipy.linalg.get_lapack_funcs(("pocon",), (K,))
    reciprocal, _ = condition(factor[0], np.abs(K).sum(axis=0).max())
    return scipy.linalg.cho_solve(factor, Y) if reciprocal > len(K) * EPS else None


def kernel_limit(model: str, parts: Split) -> Losses:
    """N = infinity: interpolation by exp(-|x - z|^2/(2 b^2)), or by the arc-cosine kernel.

    Eigenvalues of the kernel that are rounding count as 0: equal images are fitted by the mean of their
    labels.

    >>> rng = np.random.default_rng(0)
    >>> parts = Split(rng.random((5, 3)), np.eye(5), rng.random((2, 3)), np.eye(5)[:2])
    >>> kernel_limit("fourier", parts).train
    0.0
    """
    X, Z = parts.X, parts.X_test
    if model == "relu":
        d = X.shape[1]
        K, Kt = kernel.arc_cosine(X) / (2 * d), kernel.arc_cosine(Z, X) / (2 * d)
    else:
        b = bandwidth(X.shape[1])
        K, Kt = kernel.gaussian(X, bandwidth=b), kernel.gaussian(Z, X, bandwidth=b)
    weights, fitted = _kernel_fit(K, parts.Y)
    return scored(parts, fitted, Kt @ weights, float(np.sum(parts.Y * weights)))


def _kernel_fit(K: Array, Y: Array) -> tuple[Array, Array]:
    """K^+ Y and K K^+ Y; eigenvalues that are rounding (two equal images) count as 0."""
    weights = _cholesky_solve(K, Y)
    if weights is not None:
        return weights, Y
    values, vectors = np.linalg.eigh(K)
    live = significant(values, K.shape)
    values, vectors = values[live], vectors[:, live]
    seen = vectors.T @ Y
    return vectors @ (seen.T / values).T, vectors @ seen


def scored(parts: Split, fitted: Array, predicted: Array, norm: float) -> Losses:
    """Losses of predictions on the training and the test set, with or without an axis for one class.

    >>> parts = Split(np.zeros((2, 1)), np.eye(2), np.zeros((2, 1)), np.eye(2))
    >>> scored(parts, np.eye(2), np.eye(2)[::-1], 1.0)
    Losses(test=2.0, train=0.0, norm=1.0, zero_one=1.0, zero_one_train=0.0)
    """
    fitted, predicted = fitted.reshape(parts.Y.shape), predicted.reshape(parts.Y_test.shape)
    return Losses(
        squared(parts.Y_test, predicted),
        squared(parts.Y, fitted),
        norm,
        zero_one(parts.Y_test, predicted),
        zero_one(parts.Y, fitted),
    )


def squared(Y: Array, predicted: Array) -> float:
    """Mean over samples of the squared distance.

    >>> squared(np.eye(2), np.zeros((2, 2)))
    1.0
    """
    return float(np.sum((Y - predicted) ** 2) / len(Y))
