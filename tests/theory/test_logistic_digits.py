"""The 60 digits of `tests.logistic_digits`, against integrals of the functions as they are."""

import pytest
from mpmath import fsum, log1p, mp, mpf
from numpy.testing import assert_allclose

from tests import logistic_digits
from tests.stored import CASES, argument
from theory.activation import dual

FUNCTIONS = {
    "tanh": (mp.tanh, lambda x: mp.sech(x) ** 2),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), lambda x: (mp.sech(x / 2) / 2) ** 2),
    "softplus": (lambda x: log1p(mp.exp(x)), lambda x: 1 / (1 + mp.exp(-x))),
}


@pytest.mark.parametrize("name", logistic_digits.NAMES)
def test_duals(name: str) -> None:
    """The trapezoidal rule on the plane: the poles of the functions leave it 1e-25 at these variances."""
    with mp.workdps(40):
        a, b, c = mpf("0.4"), mpf("0.7"), mpf("-0.3")
        step = mpf("0.12")
        grid = [step * i for i in range(-92, 93)]
        weight = [step * mp.npdf(g) for g in grid]
        across = mp.sqrt(b - c * c / a)
        for part, s in enumerate(FUNCTIONS[name]):
            left = [s(mp.sqrt(a) * g) for g in grid]
            direct = fsum(
                v * f * w * s(c / mp.sqrt(a) * g + across * h)
                for g, v, f in zip(grid, weight, left, strict=True)
                for h, w in zip(grid, weight, strict=True)
            )
            assert abs(direct - logistic_digits.duals(name, c, a, b)[part]) < mpf("1e-25")


@pytest.mark.parametrize("name", logistic_digits.NAMES)
@pytest.mark.parametrize(("a", "b"), [(1e-300, 1e-12), (4.0, 3e5), (1e20, 1e18)])
def test_theory(name: str, a: float, b: float) -> None:
    """Duals of the package at any variances, which the digits do not mind."""
    with mp.workdps(logistic_digits.DIGITS):
        for rho in (-0.99, 0.6):
            c = rho * a**0.5 * b**0.5
            rows = (c, a, b), (a, a, a), (b, b, b)
            truth, first, second = (logistic_digits.duals(name, *map(mpf, row)) for row in rows)
            for part in (0, 1):
                size = float(mp.sqrt(first[part] * second[part]))
                found = dual(name, c, a, b, derivative=bool(part))
                assert abs(found - float(truth[part])) <= 1e-10 * size


def test_the_stored_values_are_of_this_script() -> None:
    [case] = [
        case
        for case in CASES
        if case["how"].startswith("tests.logistic_digits")
        and (case["function"], case["arguments"]["activation"]) == ("theory.kernel.ntk", "softplus")
        and (case["arguments"]["depth"], case["arguments"]["sigma_b2"]) == (2, 0.3)
    ]
    inputs = {name: argument(value) for name, value in case["arguments"].items()}
    with mp.workdps(logistic_digits.DIGITS):
        layers = logistic_digits.recursion(inputs["X"][3], inputs["Z"], 2, "softplus", 1.5, 0.3)
    assert_allclose(case["value"][3], float(layers[2][1]), rtol=1e-15)
