"""Products and factors of scipy's BLAS are those of numpy."""

import numpy as np
import pytest

from sims.fit import products


@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_an_inverse_and_its_root(n: int) -> None:
    rng = np.random.default_rng(n)
    F = rng.standard_normal((n, n + 3))
    A = F @ F.T
    known, root = np.linalg.inv(A), products.inverse_root(A)
    found = products.inverse(A)
    np.testing.assert_array_equal(found, found.T)
    np.testing.assert_allclose(found, known, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(root.T @ root, known, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(root, np.tril(root))


def test_what_is_not_positive_definite_is_refused() -> None:
    for function in (products.inverse, products.inverse_root, products.cholesky):
        with pytest.raises(np.linalg.LinAlgError, match="matrix of 2 rows is not positive definite"):
            function(np.array([[1.0, 2.0], [2.0, 1.0]]))


def test_the_gram_matrix_of_blocks_is_that_of_all_columns() -> None:
    F = np.random.default_rng(0).standard_normal((9, 20))
    for order in ("C", "F"):
        blocks = [np.array(F[:, start : start + 6], order=order) for start in range(0, 20, 6)]
        np.testing.assert_allclose(products.gram(blocks, 9), F @ F.T, rtol=1e-13)
    np.testing.assert_allclose(
        products.gram((F[:, i : i + 6] for i in range(0, 20, 6)), 9), F @ F.T, rtol=1e-13
    )
