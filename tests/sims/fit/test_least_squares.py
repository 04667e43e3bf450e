"""Single fits: the pseudo-inverse, the normal equations, and what is refused."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sims import fit


@pytest.mark.parametrize("complex_numbers", [False, True])
@pytest.mark.parametrize("shape", [(20, 7), (7, 20), (7, 7), (1, 1)])
def test_min_norm_is_the_pseudo_inverse(shape: tuple[int, int], complex_numbers: bool) -> None:
    rng = np.random.default_rng(10)
    F: NDArray[Any] = rng.standard_normal(shape)
    y: NDArray[Any] = rng.standard_normal((shape[0], 3))
    if complex_numbers:
        F, y = F + 1j * rng.standard_normal(shape), y - 1j * rng.standard_normal(y.shape)
    F[:, -1] = F[:, 0]  # and of deficient rank
    a = fit.min_norm(F, y)
    assert a.dtype == F.dtype
    np.testing.assert_allclose(a, np.linalg.pinv(F) @ y, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(fit.min_norm(F, y[:, 0]), a[:, 0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("complex_numbers", [False, True])
@pytest.mark.parametrize("penalty", [1e-3, 0.5, 20.0])
@pytest.mark.parametrize("shape", [(20, 7), (7, 20)])
def test_ridge_solves_the_normal_equations(
    shape: tuple[int, int], penalty: float, complex_numbers: bool
) -> None:
    rng = np.random.default_rng(11)
    n, p = shape
    F: NDArray[Any] = rng.standard_normal(shape)
    y: NDArray[Any] = rng.standard_normal((n, 2))
    if complex_numbers:
        F, y = F + 1j * rng.standard_normal(shape), y - 1j * rng.standard_normal(y.shape)
    expected = np.linalg.solve(F.conj().T @ F / n + penalty * np.eye(p), F.conj().T @ y / n)
    np.testing.assert_allclose(fit.ridge(F, y, penalty), expected, rtol=1e-9)


def test_ridge_is_continuous_at_both_ends() -> None:
    rng = np.random.default_rng(12)
    F = rng.standard_normal((10, 4)) @ rng.standard_normal((4, 30))  # rank 4: rounding must not be amplified
    y = rng.standard_normal(10)
    least = fit.min_norm(F, y)
    for penalty in (0, 1e-300, 1e-30, 1e-14):
        np.testing.assert_allclose(fit.ridge(F, y, penalty), least, rtol=1e-9, atol=1e-12)
    assert np.all(fit.ridge(F, y, np.inf) == 0)


F, Y = np.ones((3, 4)), np.ones(3)


@pytest.mark.parametrize("penalty", [-1e-9, float("nan"), "1", None, 1j, [1.0], np.array([1.0, 2.0])])
def test_bad_ridge(penalty: Any) -> None:
    with pytest.raises(ValueError, match=r"^ridge = .* must be one real number >= 0; 0 gives the minimum"):
        fit.ridge(F, Y, penalty)


@pytest.mark.parametrize(
    ("features", "targets", "name"),
    [
        (np.ones(3), Y, "features"),
        (F, np.ones(5), "targets"),
        (F, np.ones((3, 1, 1)), "targets"),
        (F * np.inf, Y, "features"),
        (F, Y * np.nan, "targets"),
        (np.ones((3, 0)), Y, "features"),
        (F, np.ones((3, 0)), "targets"),
        (F.astype(str), Y, "features"),
        ([[1.0, 2.0], [3.0]], Y, "features"),
    ],
)
def test_bad_input_is_named(features: Any, targets: Any, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name}\b"):
        fit.min_norm(features, targets)
    with pytest.raises(ValueError, match=rf"^{name}\b"):
        fit.ridge(features, targets, ridge=1.0)
