"""What simulation measured: trials in rows, points in columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """What simulation measured: one row per trial, one column per point."""

    values: Array
    """(trials, points)."""

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or not len(self.values):
            raise ValueError(f"values has shape {self.values.shape}; pass (trials, points)")

    @property
    def trials(self) -> int:
        """Number of trials."""
        return len(self.values)

    @property
    def mean(self) -> Array:
        """Mean over trials at each point."""
        return self.values.mean(axis=0)

    @property
    def se(self) -> Array:
        """Standard error of the mean; inf for a single trial, which shows no spread, and where one is inf."""
        error = np.full(self.values.shape[1], np.inf)
        if self.trials > 1:
            finite = np.isfinite(self.values).all(axis=0)
            error[finite] = self.values[:, finite].std(axis=0, ddof=1) / np.sqrt(self.trials)
        return error

    @property
    def median(self) -> Array:
        """Median over trials at each point; use it where the mean does not exist, next to a threshold."""
        return np.median(self.values, axis=0)

    def quantile(self, q: float) -> Array:
        """The value that a share `q` of the trials stays below, at each point."""
        # half-way to infinity is no number: there an observed value
        method = "linear" if np.isfinite(self.values).all() else "inverted_cdf"
        return np.quantile(self.values, q, axis=0, method=method)  # type: ignore[call-overload]
