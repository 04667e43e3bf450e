"""Which singular values are rounding: the numerical rank, and with it the interpolation threshold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

EPS = float(np.finfo(np.float64).eps)


def significant(singular_values: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Mask of the singular values of a matrix of this shape that are not rounding.

    Those above max(shape) * eps * the largest one count, as in `numpy.linalg.lstsq`; a matrix of zeros has
    none.

    >>> significant(np.array([1.0, 1e-17]), (3, 2))
    array([ True, False])
    """
    return singular_values > max(shape) * EPS * singular_values.max(initial=0.0)


def svd(matrix: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[Any]]:
    """The thin SVD of a matrix without the singular values that are rounding.

    >>> [part.shape for part in svd(np.ones((3, 2)))]
    [(3, 1), (1,), (1, 2)]
    """
    left, s, right = np.linalg.svd(matrix, full_matrices=False)
    kept = significant(s, matrix.shape)
    return left[:, kept], s[kept], right[kept]
