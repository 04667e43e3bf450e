"""Schaeffer et al. 2023: the prediction error as an identity."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from theory.papers import schaeffer2023


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 8), st.integers(0, 99))
def test_prediction_error_is_an_identity(n: int, p: int, rank: int, seed: int) -> None:
    rng = np.random.default_rng([12, n, p, rank, seed])
    rank = min(rank, n, p)
    X = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, p))
    beta, errors, x = rng.standard_normal(p), rng.standard_normal(n), rng.standard_normal(p)
    parts = schaeffer2023.prediction_error(X, beta, errors, x)
    fit = np.linalg.pinv(X, rcond=1e-12) @ (X @ beta + errors)
    scale = np.abs(parts.terms).sum() + 1
    assert parts.terms.shape == (rank,)
    assert_allclose(parts.total, x @ fit - x @ beta, rtol=0, atol=1e-8 * scale)
    assert_allclose(parts.variance, parts.terms.sum(), rtol=0, atol=1e-12 * scale)
    clean = schaeffer2023.prediction_error(X, beta, 0 * errors, x)
    assert clean.variance == 0  # one factor ablated: only what the samples do not span is left
    assert_allclose(clean.total, x @ np.linalg.pinv(X, rcond=1e-12) @ X @ beta - x @ beta, rtol=0, atol=1e-9)
    if rank == p:
        assert parts.null_space == 0


def test_terms_are_ordered_and_a_zero_matrix_has_none() -> None:
    parts = schaeffer2023.prediction_error(np.diag([0.1, 10.0, 1.0]), [0, 0, 0], [1, 2, 3], [1, 1, 1])
    assert_allclose(parts.terms, [0.2, 3.0, 10.0], rtol=1e-14)
    nothing = schaeffer2023.prediction_error(np.zeros((2, 3)), [1, 2, 3], [1, 1], [1, 0, 1])
    assert nothing.terms.size == nothing.variance == 0
    assert nothing.total == nothing.null_space == -4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: schaeffer2023.prediction_error([1.0], [1.0], [1.0], [1.0]), r"X .*\(1,\)"),
        (lambda: schaeffer2023.prediction_error(np.eye(2), [1.0], [1.0, 1.0], [1.0, 1.0]), r"beta .*\("),
        (
            lambda: schaeffer2023.prediction_error(np.eye(2), [1.0, 1.0], [1.0], [1.0, 1.0]),
            r"errors .*\(",
        ),
        (lambda: schaeffer2023.prediction_error(np.eye(1), [inf], [1.0], [1.0]), "inf"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
