"""Deng, Kammoun, Thrampoulidis 2022: logistic below the threshold, the SVM above it."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.checks import refuses
from tests.strategies import decades
from theory import classification
from theory.papers import deng2022


@given(decades(-2, 2), st.floats(0.0, 3.0))
@example(1.0, 5.9e-159)
def test_deng2022_is_logistic_below_and_svm_above(gamma: float, r: float) -> None:
    error = deng2022.gmm_error(gamma, r)
    if gamma < classification.separability_threshold(r):
        assert error == classification.logistic(gamma, r).error
    else:
        assert error == classification.svm(gamma, r).error


def test_deng2022_double_descent_in_features() -> None:
    """Features of decreasing use: the error falls, peaks near the threshold and falls again."""
    gamma = np.geomspace(0.02, 50, 120)
    r = 2.0 * np.sqrt(1 - np.exp(-3 * gamma))
    error = deng2022.gmm_error(gamma, r)
    change = np.sign(np.diff(error))
    assert change[0] < 0
    assert (np.diff(change) != 0).sum() >= 2
    assert np.all(deng2022.gmm_error([0.1, 0.5, 3.0], 0.0) == 0.5)


def test_broadcasting() -> None:
    assert isinstance(deng2022.gmm_error(1, 1), np.float64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: deng2022.gmm_error(0.0, 1.0), "gamma = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
