"""Numbers on their way from the page, and how far they are from Python's."""

from typing import Any

import numpy as np


def floats(values: Any) -> Any:
    """A list of numbers, "inf" among them, as an array."""
    return np.array([[float(v) for v in row] if isinstance(row, list) else float(row) for row in values])


def apart(ours: Any, theirs: Any) -> float:
    """Largest relative difference; infinite where one alone is infinite, or a nan."""
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    assert ours.shape == theirs.shape
    if not (np.isinf(ours) == np.isinf(theirs)).all() or np.isnan(ours).any() or np.isnan(theirs).any():
        return np.inf
    different = np.isfinite(ours) & (ours != theirs)
    a, b = ours[different], theirs[different]
    return float((np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))).max(initial=0.0))
