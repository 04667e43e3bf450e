"""Empirical Bayes on data: the ridge and noise of largest evidence, and what the model then says of itself.

Used by the claims and figures of mackay1992; `theory.bayes` has the limits.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.experiments.coordinates import coordinates
from theory import Problem

Array = NDArray[np.float64]


class Data(NamedTuple):
    """Ridge regression on one design with one set of labels, in the eigenbasis of XX'/n."""

    values: Array
    labels: Array
    """y along the eigenvectors."""
    seen: Array
    """X along them, (n, p)."""
    lam: Array
    """Variance of each input."""
    beta: Array
    noise: float


class Believed(NamedTuple):
    """What is said of a fresh label, and what is true."""

    test: float
    """Exact given the data."""
    predictive_variance: float
    """Its mean over fresh inputs."""
    log_evidence: float
    """Per sample."""


def draw(problem: Problem, n: int, rng: np.random.Generator) -> Data:
    """A Gaussian design of whole multiplicities, a random target of the problem's powers, noisy labels."""
    each = coordinates(problem)
    lam = each.variance
    X = rng.standard_normal((n, len(lam))) * np.sqrt(lam)
    beta = each.beta * rng.standard_normal(len(lam))
    y = X @ beta + np.sqrt(problem.noise) * rng.standard_normal(n)
    values, vectors = np.linalg.eigh(X @ X.T / n)
    return Data(np.maximum(values, 0.0), vectors.T @ y, vectors.T @ X, lam, beta, problem.noise)


def believed(data: Data, ridge: float, model_noise: float) -> Believed:
    """Ridge regression as a Gaussian process with this noise."""
    n = len(data.labels)
    gain = 1 / (data.values + ridge)
    fit = data.seen.T @ (gain * data.labels) / n
    spread = data.lam.sum() - (gain * (data.seen**2 @ data.lam)).sum() / n
    variance = model_noise * (1 + spread / (n * ridge))
    scale = model_noise / ridge / gain
    log_evidence = -0.5 * (np.log(2 * np.pi * scale) + data.labels**2 / scale).mean()
    test = data.noise + ((fit - data.beta) ** 2 @ data.lam)
    return Believed(float(test), float(variance), float(log_evidence))


def best_noise(data: Data, ridge: float) -> float:
    """Model noise of largest evidence for this ridge."""
    return float((data.labels**2 / (1 + data.values / ridge)).mean())


def chosen(data: Data) -> tuple[float, float]:
    """Ridge and noise of largest evidence, the ridge within 1e-4 to 1e4 of the mean eigenvalue."""
    low, high = (np.log(data.values.mean()) + edge for edge in (-9.2, 9.2))
    for _ in range(4):
        ridges = np.exp(np.linspace(low, high, 60))
        scale = 1 + data.values / ridges[:, None]
        noise = (data.labels**2 / scale).mean(axis=1)
        best = int(np.argmin(np.log(scale).mean(axis=1) + np.log(noise)))
        low, high = np.log(ridges[max(best - 1, 0)]), np.log(ridges[min(best + 1, 59)])
    return float(ridges[best]), float(noise[best])
