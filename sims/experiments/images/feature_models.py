"""Random Fourier and ReLU features on real data, as in [belkin2019]: every size N, and their kernel limit.

f(x) = sum_k a_k phi(x; v_k), k = 1..N, fitted by minimum-norm least squares to one column per class.
"""

from collections.abc import Callable, Iterator, Sequence
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
Units = Callable[[int, int], tuple[NDArray[Any], NDArray[Any]]]
"""Features of the units first..last of the training and of the test inputs."""

HELD = 2**28  # features that are held at once; more are made stretch by stretch, each time anew
TOGETHER = 512  # units of a stretch
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


def _features(model: str, x: Array, W: Array) -> NDArray[Any]:
    """exp(i v.x), cos v.x and sin v.x with frequencies v = w/b, or ReLU(w.x/sqrt d), w the rows of W."""
    if model == "relu":
        return random_features(x, W, "relu")
    angles = x @ W.T / bandwidth(x.shape[1])
    return np.exp(1j * angles) if model == "fourier" else cosine_sine_pairs(angles)


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


def drawn(model: str, parts: Split, N: int, rng: np.random.Generator) -> Units:
    """N units on the training and the test inputs; beyond HELD numbers they are made when they are asked for.

    >>> parts = Split(np.ones((2, 3)), np.eye(2), np.ones((1, 3)), np.eye(2)[:1])
    >>> [F.shape for F in drawn("fourier-real", parts, 9, np.random.default_rng(0))(4, 9)]
    [(2, 10), (1, 10)]
    """
    W, step = rng.standard_normal((N, parts.X.shape[1])), columns(model)

    def made(first: int, last: int) -> tuple[NDArray[Any], NDArray[Any]]:
        train, test = (_features(model, x, W[first:last]) for x in (parts.X, parts.X_test))
        return train, test

    if N * step * (len(parts.X) + len(parts.X_test)) > HELD:
        return made
    F, Ft = made(0, N)
    return lambda first, last: (F[:, step * first : step * last], Ft[:, step * first : step * last])


def every_size(model: str, units: Units, N: int, parts: Split) -> tuple[Array, Array]:
    """Squared test loss and k |a|^2 for every number of units k = 1..N, by `sims.fit.min_norm_path`.

    A complex fit is the real one of [[Re, -Im], [Im, Re]] to [y; 0] with the columns of a frequency side by
    side; it predicts by the real part, [Re, -Im]. Beyond HELD numbers the features go by block by block; the
    first of them must have the rank of the samples then, as those of distinct images have.

    >>> parts = Split(np.zeros((1, 1)), np.ones((1, 2)), np.zeros((1, 1)), np.ones((1, 2)))
    >>> F, Ft = np.array([[1.0, 1j]]), np.array([[1.0, 1.0]])
    >>> units = lambda first, last: (F[:, first:last], Ft[:, first:last])
    >>> every_size("fourier", units, 2, parts)[1].round(12)
    array([2., 2.])
    """
    Y = np.concatenate([parts.Y, np.zeros_like(parts.Y)]) if model == "fourier" else parts.Y
    step = 1 if model == "relu" else 2
    if N * step * (len(Y) + len(parts.Y_test)) > HELD:
        path = fit.min_norm_path((_real(units, *ends) for ends in _stretches([N])), Y, None, parts.Y_test)
    else:
        F, Ft = _real(units, 0, N)
        path = fit.min_norm_path(F, Y, Ft, parts.Y_test)
    test, norm = (_summed(field)[step - 1 :: step] for field in (path.test, path.norm))
    return test, np.arange(1, N + 1) * norm


def _real(units: Units, first: int, last: int) -> tuple[Array, Array]:
    """Features as real columns."""
    F, Ft = units(first, last)
    return (np.vstack([_pairs(F), _pairs(-1j * F)]), _pairs(Ft)) if np.iscomplexobj(F) else (F, Ft)


def _pairs(F: NDArray[Any]) -> Array:
    """Columns Re and -Im of each column: Re(F a) from the real and imaginary parts of a."""
    return np.stack([F.real, -F.imag], axis=-1).reshape(len(F), -1)


def _summed(field: Array) -> Array:
    """Sum over classes, if there is a column for each."""
    return field if field.ndim == 1 else field.sum(axis=1)


def _stretches(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Units 0..sizes[-1] in turn, at most TOGETHER at a time, with an end at each of the sizes.

    >>> list(_stretches([3, 5]))
    [(0, 3), (3, 5)]
    """
    begin = 0
    for size in sizes:
        for first in range(begin, size, TOGETHER):
            yield first, min(first + TOGETHER, size)
        begin = size


def refits(units: Units, parts: Split, sizes: Sequence[int]) -> list[Losses]:
    """Losses of the fits on the first N units, for increasing N in `sizes`: zero-one loss needs predictions.

    Up to n columns all fits come from one QR; beyond, from the kernel matrix of each, which grows stretch by
    stretch. Where these are singular to rounding (equal images, repeated features) the fit is
    `sims.fit.min_norm` of all features at once, which leaves out the singular values that are rounding.

    >>> parts = Split(np.zeros((1, 1)), np.array([[1.0, 0]]), np.zeros((1, 1)), np.array([[1.0, 0]]))
    >>> F, Ft = np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]])
    >>> units = lambda first, last: (F[:, first:last], Ft[:, first:last])
    >>> one, two = refits(units, parts, [1, 2])
    >>> one.norm, round(two.norm, 12)
    (1.0, 1.0)
    """
    Y = parts.Y.reshape(len(parts.Y), -1)
    fits = _narrow_fits(units, Y, sizes)
    fits += _wide_fits(units, Y, sizes[len(fits) :])
    scores = []
    for N, found in zip(sizes, fits, strict=True):
        fitted, predicted, square = _least_norm(units, Y, N) if found is None else found
        scores.append(scored(parts, fitted.real, predicted.real, N * square))
    return scores


class Fitted(NamedTuple):
    """What a fit says on the training and the test inputs, and its squared norm |a|^2."""

    train: NDArray[Any]
    test: NDArray[Any]
    square: float


def _narrow_fits(units: Units, Y: Array, sizes: Sequence[int]) -> list[Fitted | None]:
    """Those with up to n columns that are not zero; None where they are dependent."""
    n, parts, counts, total = len(Y), [], [], 0
    for first, last in _stretches(sizes):
        F, Ft = units(first, last)
        live = F.any(axis=0)  # a dead unit leaves every fit as it was
        total += int(live.sum())
        if total > n:
            break
        parts.append((F[:, live], Ft[:, live]))
        counts += [total] if last in sizes else []
    if not counts:
        return []
    F, Ft = (np.hstack(part)[:, : counts[-1]] for part in zip(*parts, strict=True))
    # the last columns of R are Q* Y: Q itself is not needed
    (R,) = scipy.linalg.qr(np.hstack([F, Y]), mode="r", overwrite_a=True)
    fits: list[Fitted | None] = []
    for p in counts:
        a = _triangular_solve(R[:p, :p], R[:p, counts[-1] :])
        fitted = Y if p == n else None
        fits.append(None if a is None else _by_weights(F[:, :p], Ft[:, :p], a, fitted))
    return fits


def _by_weights(F: NDArray[Any], Ft: NDArray[Any], a: NDArray[Any], fitted: Array | None = None) -> Fitted:
    return Fitted(F @ a if fitted is None else fitted, Ft @ a, float(np.sum(np.abs(a) ** 2)))


def _wide_fits(units: Units, Y: Array, sizes: Sequence[int]) -> list[Fitted | None]:
    """Interpolants a = F* K^-1 Y by the kernel matrix K = F F*; None where it may be singular to rounding.

    One pass makes the kernel matrices, another one the predictions, so that no features are kept.
    """
    K: Any = 0.0
    duals = []
    for first, last in _stretches(sizes):
        F, _ = units(first, last)
        K = K + F @ F.conj().T
        if last in sizes:
            duals.append(_cholesky_solve(K, Y))
    if not duals:
        return []
    predicted: Any = [0.0] * len(sizes)
    for first, last in _stretches(sizes):
        F, Ft = units(first, last)
        for j, dual in enumerate(duals):
            if sizes[j] >= last and dual is not None:
                predicted[j] = predicted[j] + Ft @ (F.conj().T @ dual)
    return [
        None if dual is None else Fitted(Y, test, float(np.sum(Y * dual).real))
        for dual, test in zip(duals, predicted, strict=True)
    ]


def _least_norm(units: Units, Y: Array, N: int) -> Fitted:
    """The fit of least norm on N units, all of them at once."""
    F, Ft = units(0, N)
    live = F.any(axis=0)
    return _by_weights(F[:, live], Ft[:, live], fit.min_norm(F[:, live], Y))


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
