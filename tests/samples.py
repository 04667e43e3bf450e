"""Random inputs, a classifier fitted on them, and the comparison of a mean with its theory."""

from math import sqrt
from typing import Any

import numpy as np
from scipy.optimize import nnls


def unit_rows(rng: np.random.Generator, n: int, d: int) -> Any:
    """n points, uniform on the unit sphere of R^d."""
    X = rng.standard_normal((n, d))
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def sphere(n: int, d: int, seed: int) -> Any:
    """n points of the unit sphere of R^d, the same for the same numbers."""
    return unit_rows(np.random.default_rng([21, n, d, seed]), n, d)


def gaussian(n: int, d: int, seed: int) -> tuple[Any, Any]:
    """n Gaussian inputs in R^d and n Gaussian labels, the same for the same numbers."""
    rng = np.random.default_rng([22, n, d, seed])
    return rng.standard_normal((n, d)), rng.standard_normal(n)


def inputs(n: int, d: int, seed: int = 0) -> Any:
    """n Gaussian inputs in R^d, the same for the same numbers."""
    return np.random.default_rng([65, n, d, seed]).standard_normal((n, d))


def hard_margin(rows: Any) -> Any:
    """min |w|^2 with rows w >= 1, as the residual of non-negative least squares (Lawson, Hanson)."""
    u, _ = nnls(np.vstack([rows.T, np.ones(len(rows))]), np.append(np.zeros(rows.shape[1]), 1.0))
    return rows.T @ u


def mean_agrees(samples: Any, value: float, allowance: float = 0.0, resolution: float = 0.1) -> None:
    """|z| <= 5 beside an allowance for finite size: a right formula fails once in 1.7 million seeds.

    Both together must stay below `resolution` times the value, or the check could not fail.
    """
    granted = 5 * np.std(samples, ddof=1) / sqrt(len(samples)) + allowance
    assert abs(np.mean(samples) - value) <= granted
    assert granted < resolution * value


def limit_agrees(sample: Any, limit: float, n: int) -> None:
    """The mean is within 4 standard errors (one false alarm in 16 000 checks) and 5/n of the limit.

    5/n is what a limit is granted at finite n.
    """
    sample = np.asarray(sample)
    granted = 4 * sample.std(ddof=1) / sqrt(len(sample)) + 5 / n * limit
    assert abs(sample.mean() - limit) <= granted, (sample.mean(), limit, granted)
