"""Oymak, Soltanolkotabi 2019: step and rate against our certificate."""

from collections.abc import Callable
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.checks import refuses
from tests.strategies import decades
from theory import descent
from theory.papers import oymak2019


@given(decades(-2, 2), st.floats(0.01, 1), decades(-3, 3) | st.just(0.0), decades(-2, 2), st.integers(0, 999))
def test_oymak2019_against_our_certificate(
    beta: float, ratio: float, lipschitz: float, misfit: float, steps: int
) -> None:
    """The paper's step ends within twice ours; its rate at equal step is half of ours."""
    alpha = ratio * beta
    one, step = (
        descent.certificate(alpha, beta, lipschitz, misfit),
        oymak2019.step(alpha, beta, lipschitz, misfit),
    )
    assert step <= 2 * one.step * (1 + 1e-12)
    theirs = oymak2019.misfit_bound(alpha, one.step, misfit, steps)
    ours = descent.misfit_bound(alpha, one.step, misfit, steps)
    assert ours <= theirs * (1 + 1e-12)
    assert_allclose(theirs, misfit * (1 - one.step * alpha**2 / 2) ** (steps / 2), rtol=1e-11)


def test_oymak2019_at_the_edges() -> None:
    assert oymak2019.step(0.5, 2.0, 0.0, 1.0) == oymak2019.step(0.5, 2.0, 3.0, 0.0) == 0.25
    assert oymak2019.step(0.5, 2.0, inf, 1.0) == 0.0
    assert oymak2019.misfit_bound(1.0, 2.0, 3.0, [0, 1, inf]).tolist() == [3.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: oymak2019.step(2.0, 1.0, 1.0, 1.0), "alpha = 2 .*beta = 1"),
        (lambda: oymak2019.misfit_bound(2.0, 1.0, 1.0, 3), r"step alpha\^2/2 = 2"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
