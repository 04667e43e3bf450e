"""Runs on streams: laws of rows, the exact error, theory's mean."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import theory
from sims.experiments import streams
from sims.rules import Sgd
from theory import Problem

LEVELS = np.array([[2.0, 0.5], [1.5, 1.0], [3.0, 8.0]])
PROBLEM = Problem(*LEVELS, noise=0.3, tail_power=0.2)


@pytest.mark.parametrize("law", streams.LAWS)
def test_laws_have_mean_0_and_variance_1(law: str) -> None:
    z = streams.LAWS[law](np.random.default_rng(0), (200_000,))
    assert abs(z.mean()) < 0.015
    assert abs(z.var() - 1) < 0.015


def test_the_error_is_that_on_fresh_rows() -> None:
    aim, rng = streams.target(PROBLEM), np.random.default_rng(1)
    w = rng.standard_normal(11)
    X, y = aim.rows(200_000, rng)
    assert_allclose(np.mean((y - X @ w) ** 2), aim.error(w), rtol=0.02)
    assert_allclose(aim.error(np.zeros(11)), 0.5 + 2.5, rtol=1e-14)


def test_runs_have_the_mean_of_theory() -> None:
    """5 standard errors of 2000 runs."""
    aim, rng = streams.target(PROBLEM), np.random.default_rng(2)
    errors = np.array([streams.one_pass(aim, Sgd(0.05, 2, 0.3), [10, 40], rng) for _ in range(2000)])
    for column, steps in zip(errors.T, (10, 40), strict=True):
        told = theory.sgd.scheduled(PROBLEM, 0.05, steps, 2, 0.3).test
        assert abs(column.mean() - told) < 5 * column.std() / np.sqrt(2000) < 0.05 * told


def test_many_passes_fit_the_rows_better() -> None:
    train, test = streams.many_passes(
        streams.target(PROBLEM), 30, Sgd(0.02), [1, 2000], np.random.default_rng(3)
    )
    assert train[1] < train[0]
    assert train[1] < test[1]
