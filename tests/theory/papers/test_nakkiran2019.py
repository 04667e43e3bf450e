"""Nakkiran 2019: the best number of samples."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar

from tests.checks import refuses
from tests.strategies import decades
from theory.papers import nakkiran2019


@given(st.integers(2, 2000), decades(-2, 2), decades(-3, 1))
def test_best_number_of_samples(d: int, signal: float, noise: float) -> None:
    best = nakkiran2019.best_samples(d, signal, noise)
    assert 0 <= best <= d - 1
    if best > 0:
        found = minimize_scalar(
            lambda n: float(nakkiran2019.risk(n, d, signal, noise)),
            bounds=(1e-9 * d, d - 1),
            method="bounded",
            options={"xatol": 1e-9 * d},
        )
        assert abs(found.x - best) <= 1e-3 * (d - best)
        least = nakkiran2019.risk(best, d, signal, noise)
        nearby = best * np.array([0.99, 1 - 1e-3]), best + (d - 1 - best) * np.array([1e-3, 0.01])
        assert (least <= nakkiran2019.risk(np.concatenate(nearby), d, signal, noise) * (1 + 1e-12)).all()


def test_best_number_of_samples_at_the_edges() -> None:
    cases = [(100, 1.0, 0.0, 99.0), (100, 0.0, 1.0, 0.0), (100, 0.0, 0.0, 0.0), (100, 1.0, 5.0, 0.0)]
    for d, signal, noise, expected in [*cases, (1, 1.0, 0.5, 0.0), (1, 0.0, 0.5, 0.0)]:
        assert nakkiran2019.best_samples(d, signal, noise) == expected
    d = 1e9
    assert_allclose(nakkiran2019.best_samples(d, 1.0, 0.04) / d, 1 - 0.2, rtol=1e-8)
    assert_allclose(nakkiran2019.best_samples([10, 1000], 1.0, 0.01), [8 - 0.94868 + 1, 899.05001], rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nakkiran2019.risk(10, -5), "d = -5"),
        (lambda: nakkiran2019.best_samples(0.5), r"d = 0\.5"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
