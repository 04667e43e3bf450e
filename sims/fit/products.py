"""Products and factors by the BLAS of scipy alone.

NumPy brings a BLAS with threads of its own, which go on waiting busily for a while after each product: called
in turn with scipy's they take the cores from each other, and two threads are up to eight times slower.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dgemm
from scipy.linalg.lapack import dpotrf

Floats = NDArray[np.float64]


def product(A: Floats, B: Floats, start: Floats | None = None, factor: float = 1.0) -> Floats:
    """factor A B + start, without copies of A and B whose rows or columns are contiguous.

    >>> product(np.ones((2, 3)), np.ones((3, 1)), start=np.ones((2, 1)))
    array([[4.],
           [4.]])
    """
    (a, across_a), (b, across_b) = _columns(A), _columns(B)
    beta = 0.0 if start is None else 1.0
    return np.asarray(dgemm(factor, a, b, beta, start, across_a, across_b))


def cholesky(A: Floats) -> Floats:
    """L of A = L L'.

    >>> cholesky(np.array([[4.0, 2.0], [2.0, 2.0]]))
    array([[2., 0.],
           [1., 1.]])
    """
    L, failed = dpotrf(A, lower=1, clean=1)
    if failed:
        raise np.linalg.LinAlgError(f"matrix of {len(A)} rows is not positive definite")
    return np.asarray(L)


def _columns(A: Floats) -> tuple[Floats, bool]:
    """A or its transpose, whichever has contiguous columns, and whether it is the transpose."""
    return (A, False) if A.flags.f_contiguous or not A.flags.c_contiguous else (A.T, True)
