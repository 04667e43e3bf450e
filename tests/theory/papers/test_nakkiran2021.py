"""Nakkiran et al. 2021: with the best ridge, more samples and features never hurt."""

from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.checks import refuses
from tests.strategies import decades
from theory import Problem
from theory.papers import nakkiran2021


@given(st.integers(1, 300), st.integers(1, 300), decades(-2, 2), decades(-2, 2), decades(-2, 2))
def test_optimal_ridge_of_a_projection(n: int, p: int, signal: float, noise: float, rest: float) -> None:
    d = p + 100 * rest
    problem = Problem([1.0], [signal * p / d], [p], tail_power=signal * (d - p) / d, noise=noise)
    best = nakkiran2021.optimal_ridge(n, p, signal, noise, d)
    assert_allclose(best, theory.optimal_ridge(problem, n), rtol=1e-6)
    assert_allclose(nakkiran2021.optimal_ridge(n, p, signal, noise, p), p * noise / (n * signal), rtol=1e-13)
    assert_allclose(nakkiran2021.optimal_ridge(n, p, signal, noise), p * noise / (n * signal), rtol=1e-13)
    for ridge in (0.0, best, inf):
        risk = nakkiran2021.model_wise_risk(n, p, d, signal, noise, ridge)
        for name, value in theory.ridge(problem, n, ridge)._asdict().items():
            assert_allclose(getattr(risk, name), value, rtol=1e-9, atol=1e-300, err_msg=name)


def test_optimal_ridge_at_the_edges() -> None:
    assert nakkiran2021.optimal_ridge(10, 20, 0.0, 1.0) == inf
    assert nakkiran2021.optimal_ridge(10, 20, 1.0, 0.0) == 0.0
    assert nakkiran2021.optimal_ridge(10, 20, 0.0, 0.0, 40) == 0.0
    table = nakkiran2021.optimal_ridge([[10], [20]], [5, 10], 1.0, 0.3, [50, 60])
    assert table[1, 0] == nakkiran2021.optimal_ridge(20, 5, 1.0, 0.3, 50)


@given(st.integers(2, 300), st.integers(2, 200), decades(-2, 2))
def test_with_the_best_ridge_features_and_samples_never_hurt(n: int, d: int, noise: float) -> None:
    """[nakkiran2021, Thm 3†], in the limit formula."""
    p = np.unique(np.linspace(1, d, 30).round())
    ridges = nakkiran2021.optimal_ridge(n, p, 1.0, noise, d)
    assert (np.diff(nakkiran2021.model_wise_risk(n, p, d, 1.0, noise, ridges).test) <= 1e-12).all()
    samples = n * np.geomspace(0.1, 10, 30)
    ridges = nakkiran2021.optimal_ridge(samples, d, 1.0, noise)
    assert (np.diff(nakkiran2021.model_wise_risk(samples, d, d, 1.0, noise, ridges).test) <= 1e-12).all()
    peak = nakkiran2021.model_wise_risk([0.99 * d, d, 1.01 * d], d, d, 1.0, noise).test
    assert peak[1] == inf


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nakkiran2021.optimal_ridge(10, 50, 1.0, 0.1, 40), "p = 50 .*d = 40"),
        (lambda: nakkiran2021.model_wise_risk(10, 50, 40, 1.0, 0.1), "p = 50 .*d = 40"),
        (lambda: nakkiran2021.model_wise_risk(10, 0, 40, 1.0, 0.1), "p = 0"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
