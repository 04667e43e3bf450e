"""Training and test sets as checked arrays."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[Any]  # float64 or complex128


def real_sets(
    features: ArrayLike, targets: ArrayLike, test_features: ArrayLike | None, test_targets: ArrayLike | None
) -> tuple[Floats, Floats, Floats, Floats]:
    """Training and test sets as checked real matrices; without a test set, one point of zeros."""
    F, y = training_set(features, targets)
    if (test_features is None) != (test_targets is None):
        missing = "test_features" if test_features is None else "test_targets"
        raise ValueError(f"{missing} must not be None beside the other half; pass both or neither")
    if test_features is None or test_targets is None:
        Ft, yt = np.zeros((1, F.shape[1])), np.zeros((1, *y.shape[1:]))
    else:
        Ft, yt = numbers("test_features", test_features, 2), numbers("test_targets", test_targets, y.ndim)
    for name, array in {"features": F, "targets": y, "test_features": Ft, "test_targets": yt}.items():
        check_real(name, array)
    for name, array, wanted in (
        ("test_features", Ft, (len(Ft), F.shape[1])),
        ("test_targets", yt, (len(Ft), *y.shape[1:])),
    ):
        if array.shape != wanted:
            raise ValueError(
                f"{name} must have shape {wanted} to match, got {array.shape}; cut or reshape it"
            )
    return F, y.reshape(len(y), -1), Ft, yt.reshape(len(yt), -1)


def real(name: str, value: ArrayLike, *dimensions: int) -> Floats:
    array = numbers(name, value, *dimensions)
    check_real(name, array)
    return array


def check_real(name: str, array: Numbers) -> None:
    if np.iscomplexobj(array):
        raise ValueError(f"{name} must be real for a path, got complex numbers; use min_norm for each p")


def training_set(features: ArrayLike, targets: ArrayLike) -> tuple[Numbers, Numbers]:
    """Features and targets as checked arrays."""
    matrix, columns = numbers("features", features, 2), numbers("targets", targets, 1, 2)
    if len(columns) != len(matrix):
        raise ValueError(
            f"targets must have {len(matrix)} rows, one per row of features, got {columns.shape}"
        )
    return matrix, columns


def numbers(name: str, value: ArrayLike, *dimensions: int) -> Numbers:
    """A finite, non-empty float64 or complex128 array of one of the given dimensions."""
    try:
        array = np.asarray(value)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"{name} must be one array, got {type(value).__name__}: {error}") from None
    if array.dtype.kind not in "biufc":
        raise ValueError(f"{name} must hold numbers, got dtype {array.dtype}; convert it to a float array")
    if array.ndim not in dimensions:
        wanted = " or ".join(map(str, dimensions))
        raise ValueError(f"{name} must have {wanted} dimensions, got shape {array.shape}; reshape it")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}; pass a row and a column")
    array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64, copy=False)
    if not np.all(np.isfinite(array)):
        bad = np.argwhere(~np.isfinite(array))[0].tolist()
        raise ValueError(f"{name} must be finite, got {array[tuple(bad)]} at index {bad}; drop or replace it")
    return array
