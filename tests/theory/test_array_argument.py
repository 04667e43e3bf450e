"""The checker of array arguments that theory and simulation share: what it takes, and its messages."""

import re
from typing import Any

import numpy as np
import pytest

from theory.arguments import array


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("abc", "X = 'abc' must hold real numbers; pass floats"),
        ([["1.5"]], "X = [['1.5']] must hold real numbers; pass floats"),
        (None, "X = None must hold real numbers; pass floats"),
        (np.array([[1, None]]), "X = array of object must hold real numbers; pass floats"),
        (np.ones((3, 3)) * 1j, "X = array of complex128 must hold real numbers; pass floats"),
        ([[1.0, 2.0], [3.0]], "X = [[1.0, 2.0], [3.0]] must be one array; give all its rows one length"),
        (np.ones((2, 3, 1)), "X = array of shape (2, 3, 1) must have 2 axes; reshape it"),
        (np.zeros((3, 0)), "X = array of shape (3, 0) must not be empty; pass at least one number"),
        ([[1.0, -np.inf]], "X[0, 1] = -inf must be finite; drop or replace it"),
        ([[np.nan, 1.0]], "X[0, 0] = nan must be finite; drop or replace it"),
    ],
)
def test_what_is_refused_and_how(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        array("X", value, 2)


def test_one_of_several_numbers_of_axes() -> None:
    assert array("y", [1, 2], 1, 2).shape == (2,)
    with pytest.raises(ValueError, match=r"y = array of shape \(\) must have 1 or 2 axes"):
        array("y", 3.0, 1, 2)
    with pytest.raises(ValueError, match="y = nan must be finite"):
        array("y", np.nan, 0)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.float16, np.float32, np.longdouble])
def test_real_numbers_become_float64(dtype: type) -> None:
    read = array("X", np.ones((2, 2), dtype), 2)
    assert read.dtype == np.float64
    assert np.all(read == 1)


def test_complex_numbers_pass_where_they_are_wanted() -> None:
    assert array("X", np.ones(2, np.complex64), 1, complex_too=True).dtype == np.complex128
    assert array("X", [1, 2], 1, complex_too=True).dtype == np.float64
    with pytest.raises(ValueError, match="must be finite"):
        array("X", [1j * np.inf], 1, complex_too=True)
    with pytest.raises(ValueError, match="must hold numbers"):
        array("X", ["1"], 1, complex_too=True)


def test_an_array_of_the_right_type_is_not_copied() -> None:
    """Neither its values nor its order in memory change: sums over it keep their bits."""
    X = np.asfortranarray(np.ones((3, 2)))
    assert array("X", X, 2) is X or np.shares_memory(array("X", X, 2), X)
    assert array("X", X.astype(np.float32, order="F"), 2).flags.f_contiguous
