"""Least squares by gradient flow, stopped at any time: its error on one random design, half of it slow.

w(t) = (I - e^-tC) C^+ X'y/n, C = X'X/n, for n Gaussian samples whose second half of coordinates has a small
variance. The explorer shows it beside `theory.dynamics`; `epochwise` has the same in steps, `spectral` the
isotropic case.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import theory

Array = NDArray[np.float64]
TIMES = tuple(float(f"{t:.3g}") for t in np.geomspace(0.1, 10_000.0, 20))
"""Times of training that are looked at, from before anything is learnt to after all is."""
NEAREST = 0.1
"""Where |1 - p/n| is smaller, no more is granted to the theory."""


@dataclass(frozen=True)
class EarlyStopping:
    """n Gaussian samples of p coordinates, of which the first half has variance 1, the second `slow`."""

    n: int = 150
    """Samples."""
    p: int = 100
    """Coordinates."""
    slow: float = 0.02
    """Variance of the slow half."""
    share: float = 0.5
    """Share of the target's power (1 in all) that lies in the slow half."""
    noise: float = 0.5
    """Variance of the label noise."""
    times: tuple[float, ...] = (0.1, 1.0, 10.0, 100.0)
    """Times at which the flow on half the mean squared error is stopped."""

    @property
    def halves(self) -> tuple[int, int]:
        """Numbers of fast and of slow coordinates."""
        return self.p - self.p // 2, self.p // 2

    @property
    def problem(self) -> theory.Problem:
        """The same model for `theory.dynamics`."""
        power = np.array([1 - self.share, self.share])
        return theory.Problem(np.array([1.0, self.slow]), power, np.array(self.halves), noise=self.noise)


def trial(setting: EarlyStopping, rng: np.random.Generator) -> Array:
    """Test error at every time on one design, exact in the mean over noise and over targets of these powers.

    With C = X'X/n and A = e^-tC the error is noise + tr(Sigma A B A) + noise/n tr(Sigma C^+ (I - A)^2), B the
    covariance of the target's coefficients.

    >>> trial(EarlyStopping(n=4, p=2, times=(0.0,)), np.random.default_rng(0)).round(6)
    array([1.5])
    """
    fast, slow = setting.halves
    variance = np.repeat([1.0, setting.slow], [fast, slow])
    target = np.repeat([(1 - setting.share) / fast, setting.share / slow], [fast, slow]) / variance
    X = rng.standard_normal((setting.n, setting.p)) * np.sqrt(variance)
    values, vectors = np.linalg.eigh(X.T @ X / setting.n)
    values = np.maximum(values, 0.0)
    seen = variance @ vectors**2  # of each direction, what a test sample sees
    left, right = np.sqrt(variance)[:, None] * vectors, vectors.T * np.sqrt(target)
    errors = []
    for time in setting.times:
        kept = np.exp(-time * values)
        # (1 - e^-tx)^2/x, which is 0 at x = 0
        gain = -np.expm1(-time * values) * np.where(values > 0, -np.expm1(-time * values), 0.0)
        cost = setting.noise / setting.n * np.sum(seen * gain / np.where(values > 0, values, 1.0))
        errors.append(np.sum(((left * kept) @ right) ** 2) + cost)
    return setting.noise + np.array(errors)


def allowance(setting: EarlyStopping) -> float:
    """Relative error granted to the limit of large n: at least 1.7 times the gaps at n = 50 to 200.

    >>> allowance(EarlyStopping(n=100, p=50))
    0.03
    """
    return (1 + 1 / max(abs(1 - setting.p / setting.n), NEAREST)) / setting.n
