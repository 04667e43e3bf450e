"""Hutter 2021: sums over Zipf laws, directly, by zeta functions of 30 digits, and at their limit."""

from collections.abc import Callable
from math import gamma, inf

import numpy as np
import pytest
from mpmath import binomial, mp, mpf, zeta
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory.papers import hutter2021


@pytest.mark.parametrize("a", [1e-9, 0.05, 1.0, 2.5, 40.0])
@pytest.mark.parametrize("size", [1, 2, 4000, 4001, 300000])
def test_token_by_token(a: float, size: int) -> None:
    weight = np.arange(1.0, size + 1) ** -(1 + a)
    theta, others = weight / weight.sum(), weight[1:].sum() / weight.sum()
    for n in (0.0, 0.5, 7.0, 1e4, 1e8, 1e11):
        with np.errstate(divide="ignore"):
            missed = np.exp(n * np.log1p(-theta[1:]))
        told = theta[0] * others**n + theta[1:] @ missed
        assert_allclose(hutter2021.error(a, n, size), told, rtol=1e-12, atol=1e-320)


@pytest.mark.parametrize("a", [0.05, 0.3, 1.0, 2.5, 30.0])
@pytest.mark.parametrize("n", [0, 1, 30, 10**4])
def test_tokens_without_end(a: float, n: int) -> None:
    """The first tokens one by one, those that are rare by the binomial series and Hurwitz zetas."""
    with mp.workdps(30):
        s, Z = 1 + mpf(a), zeta(1 + mpf(a))
        first = int(max(20, (4 * n / Z) ** (1 / s)))
        theta = [mpf(i) ** -s / Z for i in range(1, first + 1)]
        total = sum(t * (1 - t) ** n for t in theta)
        total += sum(
            binomial(n, k) * (-1) ** k * zeta(s * (k + 1), first + 1) / Z ** (k + 1) for k in range(60)
        )
        assert_allclose(hutter2021.error(a, n, inf), float(total), rtol=1e-12)


@pytest.mark.parametrize("a", [0.2, 1.0, 3.0])
def test_the_limit(a: float) -> None:
    n, b = np.array([1e9, 1e40, 1e290]), a / (1 + a)
    constant = float(zeta(1 + a)) ** -(1 - b) * gamma(b) / (1 + a)
    assert_allclose(hutter2021.error(a, n, inf) * n**b, constant, rtol=1e-8)


def test_the_smallest_laws() -> None:
    """One token is known after one sample; of two, 2^-(1 + a) to 1, one is missed."""
    np.testing.assert_array_equal(hutter2021.error(1.0, [0, 1, inf], 1), [1, 0, 0])
    assert_allclose(hutter2021.error(1.0, 1, 2), 2 * 0.8 * 0.2, rtol=1e-15)
    assert hutter2021.error(1e300, 5, inf) == 0
    assert hutter2021.error(1.0, 0, inf) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hutter2021.error(0.0, 5, 10), "exponent = 0 must be"),
        (lambda: hutter2021.error(1.0, -1, 10), "n = -1 must be"),
        (lambda: hutter2021.error(1.0, 5, 0), "size = 0 must be"),
        (lambda: hutter2021.error(1.0, 5, 2.5), "size = 2.5 must be"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)


def test_every_argument_broadcasts() -> None:
    broadcasts(hutter2021.error, [0.7, 30.0, 50])
