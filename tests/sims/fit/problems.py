"""Problems for the fits, and the definition that a path must agree with: one fit per p."""

import numpy as np
from numpy.typing import NDArray

from sims import fit

Array = NDArray[np.float64]
Data = tuple[Array, Array, Array, Array]  # features, targets, test features, test targets
EPS = float(np.finfo(float).eps)


def relu_data(n: int, P: int, m: int, d: int, seed: int, q: int | None = None) -> Data:
    """ReLU features of points on the sphere, a noisy linear target: training pair, test pair."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n + m, d))
    x *= np.sqrt(d) / np.linalg.norm(x, axis=1, keepdims=True)
    features = np.maximum(x @ rng.standard_normal((d, P)) / np.sqrt(d), 0)
    shape = () if q is None else (q,)
    y = x @ rng.standard_normal((d, *shape)) / np.sqrt(d) + 0.5 * rng.standard_normal((n + m, *shape))
    return features[:n], y[:n], features[n:], y[n:]


def relu_features(n: int, P: int, m: int, d: int, seed: int, q: int = 2) -> Data:
    """ReLU features of normal inputs, q noisy linear targets: training pair, test pair."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n + m, d))
    features = np.maximum(x @ rng.standard_normal((d, P)) / np.sqrt(d), 0)
    y = x @ rng.standard_normal((d, q)) / np.sqrt(d) + 0.5 * rng.standard_normal((n + m, q))
    return features[:n], y[:n], features[n:], y[n:]


def gaussian_data(n: int, P: int, m: int, seed: int) -> Data:
    """Independent normal features and targets: training pair, test pair."""
    rng = np.random.default_rng(seed)
    return (
        rng.standard_normal((n, P)),
        rng.standard_normal(n),
        rng.standard_normal((m, P)),
        rng.standard_normal(m),
    )


def refit(features: Array, targets: Array, test_features: Array, test_targets: Array) -> fit.Path:
    """The definition: one least-squares fit per p."""
    rows = []
    for p in range(1, features.shape[1] + 1):
        a = np.linalg.lstsq(features[:, :p], targets, rcond=None)[0]
        error, residual = test_targets - test_features[:, :p] @ a, targets - features[:, :p] @ a
        rows.append([np.mean(error**2, axis=0), np.mean(residual**2, axis=0), np.sum(a**2, axis=0)])
    return fit.Path(*np.moveaxis(np.array(rows), 1, 0))


def assert_close(path: fit.Path, expected: fit.Path, tolerance: float) -> None:
    """Relative to the largest value of each field (or eps, for a field that is all rounding)."""
    for name, got, wanted in zip(fit.Path._fields, path, expected, strict=True):
        np.testing.assert_allclose(
            got, wanted, rtol=0, atol=tolerance * max(np.max(wanted), EPS), err_msg=name
        )


def ridge_refit(
    features: Array, targets: Array, test_features: Array, test_targets: Array, ridge: float
) -> fit.RidgePath:
    """The definition, one fit of [F; sqrt(n ridge) I] per p."""
    n, rows = len(features), []
    for p in range(1, features.shape[1] + 1):
        design = np.vstack([features[:, :p], np.sqrt(n * ridge) * np.eye(p)])
        inverse = np.linalg.pinv(design, rcond=1e-15)[:, :n]
        a = inverse @ targets
        error, residual = test_targets - test_features[:, :p] @ a, targets - features[:, :p] @ a
        df = np.sum(inverse * features[:, :p].T)
        rows.append((np.mean(error**2, axis=0), np.mean(residual**2, axis=0), np.sum(a**2, axis=0), df))
    return fit.RidgePath(*(np.array([row[i] for row in rows]) for i in range(4)))
