"""Training and test sets as checked arrays."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from theory.arguments import array

Floats = NDArray[np.float64]
Numbers = NDArray[Any]  # float64 or complex128


def training_set(features: ArrayLike, targets: ArrayLike) -> tuple[Numbers, Numbers]:
    """Features (n, p) and targets (n,) or (n, q), real or complex."""
    matrix = array("features", features, 2, complex_too=True)
    columns = array("targets", targets, 1, 2, complex_too=True)
    _check_shape("targets", columns, (len(matrix), *columns.shape[1:]), "one row per row of features")
    return matrix, columns


def real_sets(
    features: ArrayLike, targets: ArrayLike, test_features: ArrayLike | None, test_targets: ArrayLike | None
) -> tuple[Floats, Floats, Floats, Floats]:
    """Training and test sets as real matrices; without a test set, one point of zeros stands for it."""
    F, y = training_set(features, targets)
    if (test_features is None) != (test_targets is None):
        missing = "test_features" if test_features is None else "test_targets"
        raise ValueError(f"{missing} = None beside the other half of the test set; pass both or neither")
    if test_features is None or test_targets is None:
        Ft, yt = np.zeros((1, F.shape[1])), np.zeros((1, *y.shape[1:]))
    else:
        Ft = array("test_features", test_features, 2, complex_too=True)
        yt = array("test_targets", test_targets, y.ndim, complex_too=True)
    for name, numbers in {"features": F, "targets": y, "test_features": Ft, "test_targets": yt}.items():
        _check_real(name, numbers)
    _check_shape("test_features", Ft, (len(Ft), F.shape[1]), "one column per column of features")
    _check_shape("test_targets", yt, (len(Ft), *y.shape[1:]), "one row per row of test_features")
    return F, y.reshape(len(y), -1), Ft, yt.reshape(len(yt), -1)


def _check_real(name: str, numbers: Numbers) -> None:
    if np.iscomplexobj(numbers):
        raise ValueError(
            f"{name} = array of complex numbers must be real for a path; use min_norm for each p"
        )


def _check_shape(name: str, numbers: Numbers, wanted: tuple[int, ...], reason: str) -> None:
    if numbers.shape != wanted:
        raise ValueError(f"{name} = array of shape {numbers.shape} must have shape {wanted}, {reason}")
