"""Which singular values are rounding: the numerical rank, and with it the interpolation threshold.

A few claims, figures and experiments fit with `numpy.linalg.pinv`, which cuts at 1e-15 of the largest
singular value whatever the shape. Their random designs have full rank, so that both cuts keep every
direction; pinv stays there because another order of its products would change the last bits of numbers.
"""

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


def singular_values(matrix: NDArray[Any]) -> NDArray[np.float64]:
    """The singular values of a matrix that are not rounding, from the largest; as many as its rank.

    >>> singular_values(np.ones((2, 2)))
    array([2.])
    """
    s: NDArray[np.float64] = np.linalg.svd(matrix, compute_uv=False)
    return s[significant(s, matrix.shape)]


def svd(matrix: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[Any]]:
    """The thin SVD of a matrix without the singular values that are rounding.

    >>> [part.shape for part in svd(np.ones((3, 2)))]
    [(3, 1), (1,), (1, 2)]
    """
    left, s, right = np.linalg.svd(matrix, full_matrices=False)
    kept = significant(s, matrix.shape)
    return left[:, kept], s[kept], right[kept]
