"""Gerstgrasser et al. 2024: chains of least squares, against sums, fits, and the paper's bound."""

from collections.abc import Callable
from math import inf, pi

import numpy as np
import pytest
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory import exact
from theory.papers import gerstgrasser2024


def test_the_first_generation_is_least_squares() -> None:
    found = gerstgrasser2024.chain(10, [12, 20, 1000], 0.5, 1)
    told = exact.least_squares([12, 20, 1000], 10, 0.0, 0.5).test - 0.5
    for field in found:
        assert_allclose(field, told, rtol=1e-12)


def test_accumulated_data_bound_the_error() -> None:
    g = np.array([1, 2, 5, 50, inf])
    for d, n in ((10, 12), (10, 40), (10, 100000)):
        found = gerstgrasser2024.chain(d, n, 0.5, g)
        assert (found.accumulate <= found.accumulate_bound * (1 + 1e-15)).all()
        assert (found.accumulate_bound <= pi**2 / 6 * found.accumulate[0] * (1 + 1e-15)).all()
        assert (np.diff(found.accumulate) > 0).all()
        assert np.isinf(found.replace[-1])


def test_many_samples_leave_the_bound() -> None:
    found = gerstgrasser2024.chain(3, 10**9, 1.0, [2, inf])
    assert_allclose(found.accumulate, found.accumulate_bound, rtol=1e-8)


@pytest.mark.parametrize("spectrum", ["isotropic", "falling"])
def test_the_truth_about_fits(spectrum: str) -> None:
    d, n, noise, count, rng = 5, 12, 0.5, 4, np.random.default_rng(0)
    scale = np.ones(d) if spectrum == "isotropic" else np.arange(1.0, d + 1) ** -2
    errors = np.empty((8000, count, 2))
    for row in errors:
        S, b = np.zeros((d, d)), np.zeros(d)
        replaced, grown = np.zeros(d), np.zeros(d)
        for g in range(count):
            X, e = rng.standard_normal((n, d)) * scale, np.sqrt(noise) * rng.standard_normal(n)
            S, b = S + X.T @ X, b + X.T @ (X @ grown + e)
            replaced = np.linalg.solve(X.T @ X, X.T @ (X @ replaced + e))
            grown = np.linalg.solve(S, b)
            row[g] = ((scale * replaced) ** 2).sum(), ((scale * grown) ** 2).sum()
    told = gerstgrasser2024.chain(d, n, noise, np.arange(1, count + 1))
    spread = errors.std(axis=0) / np.sqrt(len(errors))
    assert (np.abs(errors.mean(axis=0) - np.transpose(told[:2])) < 4.5 * spread).all()
    # what is added to the first generation, whose error varies most: the bound is seen to be above it
    added = errors[:, 1:, 1] - errors[:, :1, 1]
    slack = 4.5 * added.std(axis=0) / np.sqrt(len(errors))
    assert (np.abs(added.mean(axis=0) - np.diff(told.accumulate).cumsum()) < slack).all()
    assert (np.diff(told.accumulate_bound).cumsum() - added.mean(axis=0) > slack).all()


def test_thresholds() -> None:
    for n in (10, 11):
        assert gerstgrasser2024.chain(10, n, 0.5, 3) == (inf, inf, inf)
        assert gerstgrasser2024.chain(10, n, 0.0, 3) == (0, 0, 0)
    assert gerstgrasser2024.chain(10, 40, 0.0, inf) == (0, 0, 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gerstgrasser2024.chain(10, 9, 0.5, 1), "n = 9 must be at least d = 10"),
        (lambda: gerstgrasser2024.chain(0, 9, 0.5, 1), "d = 0 must be"),
        (lambda: gerstgrasser2024.chain(2, 9.5, 0.5, 1), "n = 9.5 must be"),
        (lambda: gerstgrasser2024.chain(2, 9, -0.5, 1), "noise = -0.5 must be"),
        (lambda: gerstgrasser2024.chain(2, 9, 0.5, 0), "generation = 0 must be"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(gerstgrasser2024.chain, [10, 40, 0.5, 3])
