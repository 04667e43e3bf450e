"""In-context learning of linear regression by linear attention: prompts, the fit, and its exact errors.

Used by the claims and figures of lu2025, which has the model. Inputs are standard Gaussian, a task is a
vector w ~ N(0, I/d), and a prompt of l pairs is summed up by h = (1/l) sum y_i x_i.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Prompting(NamedTuple):
    """Sizes of one experiment."""

    d: int
    length: int
    """Pairs in a context."""
    tasks: int
    noise: float


def draw_tasks(size: Prompting, rng: np.random.Generator) -> Array:
    """The tasks of training, (tasks, d)."""
    return rng.standard_normal((size.tasks, size.d)) / np.sqrt(size.d)


def draw(size: Prompting, tasks: Array, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Features x (x) h (count, d^2) of prompts on these tasks, and the labels of their queries (count,)."""
    w = tasks[rng.integers(len(tasks), size=count)]
    x = rng.standard_normal((count, size.length, size.d))
    y = (x @ w[:, :, None])[:, :, 0] + np.sqrt(size.noise) * rng.standard_normal((count, size.length))
    h = (y[:, None, :] @ x)[:, 0] / size.length
    query = rng.standard_normal((count, size.d))
    labels = (query * w).sum(axis=1) + np.sqrt(size.noise) * rng.standard_normal(count)
    return (query[:, :, None] * h[:, None, :]).reshape(count, -1), labels


def fit(size: Prompting, tasks: Array, count: int, ridge: float, rng: np.random.Generator) -> Array:
    """Gamma (d, d) of ridge regression on `count` prompts; ridge in units of d times the eigenvalues."""
    features, labels = draw(size, tasks, count, rng)
    penalty, d = count * ridge / size.d, size.d
    if ridge == 0:
        return np.asarray(np.linalg.lstsq(features, labels, rcond=1e-12)[0], dtype=float).reshape(d, d)
    if count < d**2:
        dual = np.linalg.solve(features @ features.T + penalty * np.eye(count), labels)
        return (features.T @ dual).reshape(d, d)
    gram = features.T @ features + penalty * np.eye(d**2)
    return np.asarray(np.linalg.solve(gram, features.T @ labels), dtype=float).reshape(d, d)


def endless(size: Prompting, tasks: Array) -> Array:
    """Gamma of infinitely many prompts on these tasks, without a ridge."""
    A = tasks.T @ tasks / len(tasks)
    second = A + ((np.trace(A) + size.noise) * np.eye(size.d) + A) / size.length
    return A @ np.linalg.inv(second)


def errors(size: Prompting, tasks: Array, gamma: Array) -> Array:
    """Exact test errors of Gamma, on these tasks and on fresh ones.

    Given w, h has the mean w and the covariance [(|w|^2 + noise) I + w w']/l.
    """
    moved = tasks @ gamma.T
    power, frobenius = (tasks**2).sum(axis=1), (gamma**2).sum()
    spread = ((power + size.noise) * frobenius + (moved**2).sum(axis=1)) / size.length
    known = ((tasks - moved) ** 2).sum(axis=1) + spread
    missed = ((np.eye(size.d) - gamma) ** 2).sum() / size.d
    fresh = missed + ((1 + size.noise) * frobenius + frobenius / size.d) / size.length
    return np.array([size.noise + known.mean(), size.noise + fresh])
