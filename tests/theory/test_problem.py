"""Problem: what its constructors build, and that it stays as it was built."""

import re
from dataclasses import FrozenInstanceError, replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.strategies import problems
from theory import Problem, ridge, sphere

PLAIN = Problem([4.0, 0.25], [4.0, 0.5], [100, 300], tail=0.1, tail_power=0.2, noise=0.5)


# -- an immutable value ----------------------------------------------------------------------------


def test_arguments_are_read_as_float64_and_multiplicity_fills_up() -> None:
    problem = Problem([2, 1], (1, 0), multiplicity=3)
    for array in (problem.eigenvalues, problem.power, problem.multiplicity):
        assert array.dtype == np.float64
    assert problem.multiplicity.tolist() == [3.0, 3.0]
    assert Problem([2, 1], [1, 0]).multiplicity.tolist() == [1.0, 1.0]


def test_nothing_can_be_changed() -> None:
    for field in ("eigenvalues", "power", "multiplicity"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(PLAIN, field)[0] = 9.0
    with pytest.raises(FrozenInstanceError):
        PLAIN.noise = 0.0  # type: ignore[misc]


def test_the_arrays_are_copies() -> None:
    mine = np.ones(2)
    problem = Problem(mine, mine, mine)
    mine[:] = 7.0
    assert problem == Problem([1.0, 1.0], [1.0, 1.0])


@given(problems(), problems())
def test_equality_and_hash_follow_the_values(one: Problem, other: Problem) -> None:
    copy = replace(one)
    assert one == copy
    assert hash(one) == hash(copy)
    assert len({one, copy, other}) == 1 + (one != other)


@pytest.mark.parametrize("field", ["eigenvalues", "power", "multiplicity", "tail", "tail_power", "noise"])
def test_every_field_counts_for_equality(field: str) -> None:
    assert replace(PLAIN, **{field: 2 * getattr(PLAIN, field)}) != PLAIN


def test_a_problem_equals_nothing_else() -> None:
    assert PLAIN != "problem"
    assert PLAIN is not None


def test_minus_zero_is_zero() -> None:
    one, other = Problem([0.0], [1.0], noise=0.0), Problem([-0.0], [1.0], noise=-0.0)
    assert one == other
    assert hash(one) == hash(other)


def test_rank_and_signal() -> None:
    assert PLAIN.rank == inf
    assert replace(PLAIN, tail=0.0).rank == 400
    assert Problem([1.0, 0.0], [1.0, 2.0], [5, 7]).rank == 5
    assert Problem([], []).rank == 0
    assert PLAIN.signal == 4.7


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (
            PLAIN,
            "Problem(2 levels, rank inf, eigenvalues 4 .. 0.25, power 4.5, tail 0.1, "
            "unlearnable 0.2, noise 0.5)",
        ),
        (Problem([2.0], [1.0]), "Problem(1 level, rank 1, eigenvalue 2, power 1, noise 0)"),
        (Problem([], [], tail=2.0), "Problem(0 levels, rank inf, power 0, tail 2, noise 0)"),
    ],
)
def test_repr_can_be_read(problem: Problem, text: str) -> None:
    assert repr(problem) == text


# -- constructors ----------------------------------------------------------------------------------


def test_isotropic() -> None:
    assert Problem.isotropic(p=30, signal=5.0, noise=2.0) == Problem([1.0], [5.0], [30], noise=2.0)


def test_power_law() -> None:
    index = np.arange(1.0, 6.0)
    assert Problem.power_law(5, 1.5, 2.5, noise=0.1) == Problem(index**-1.5, index**-2.5, noise=0.1)


@given(st.integers(1, 8), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_from_covariance_is_linear_regression(p: int, samples: int, seed: int) -> None:
    """Sigma = X'X/samples, often singular: the power of the linear target is beta' Sigma beta."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((samples, p))
    Sigma, beta = x.T @ x / samples, rng.standard_normal(p)
    problem = Problem.from_covariance(Sigma, beta, noise=0.3)
    assert_allclose(problem.signal, np.mean((x @ beta) ** 2), rtol=1e-12)
    assert problem.rank == min(samples, p)
    assert problem.noise == 0.3
    # a population fit: the resolvents of the spectrum are those of the matrix
    lam = 0.1
    shrunk = lam * np.linalg.inv(Sigma + lam * np.eye(p))
    assert_allclose(
        ridge(problem, inf, lam).bias, beta @ shrunk @ Sigma @ shrunk @ beta, rtol=1e-11, atol=1e-13
    )
    assert_allclose(ridge(problem, inf, lam).df, p - np.trace(shrunk), rtol=1e-11, atol=1e-13)


def test_from_covariance_knows_the_rank() -> None:
    x = np.random.default_rng(0).standard_normal((30, 90))
    assert Problem.from_covariance(x.T @ x, np.ones(90)).rank == 30


def test_from_kernel_on_sphere() -> None:
    """k = 1/2 + 3 t + t^2 at d = 5: t^2 = 1/5 + (4/5) P_2, so the levels are known."""
    problem = Problem.from_kernel_on_sphere(
        lambda t: 0.5 + 3 * t + t**2, d=5, target_power=[0.1, 0.2, 0.3, 0.4], noise=0.6, degrees=2
    )
    assert problem.multiplicity.tolist() == [1, 5, 14]
    assert_allclose(problem.eigenvalues, [0.7, 3 / 5, 0.8 / 14], rtol=1e-13)
    assert problem.power.tolist() == [0.1, 0.2, 0.3]
    assert (problem.tail, problem.tail_power, problem.noise) == (0.0, 0.4, 0.6)


@pytest.mark.parametrize("d", [2, 3, 10, 1000])
@pytest.mark.parametrize("degrees", [None, 0, 3])
def test_the_trace_of_a_kernel_is_its_diagonal(d: int, degrees: int | None) -> None:
    kernel = lambda t: np.exp(2 * (t - 1)) * 3  # noqa: E731
    problem = Problem.from_kernel_on_sphere(kernel, d, [1.0], degrees=degrees)
    assert_allclose(problem.eigenvalues @ problem.multiplicity + problem.tail, 3.0, rtol=1e-12)
    assert (problem.eigenvalues >= 0).all()
    if degrees is not None:
        assert len(problem.eigenvalues) == degrees + 1
        assert problem.tail > 0


@pytest.mark.parametrize("d", [2, 3, 4, 6, 10, 50])
def test_a_polynomial_kernel_has_no_tail(d: int) -> None:
    problem = Problem.from_kernel_on_sphere(lambda t: (1 + t) ** 2, d, [0.0, 1.0])
    assert problem.tail == 0
    assert problem.rank == 1 + d + (d - 1) * (d + 2) / 2


@pytest.mark.parametrize("kernel", [lambda t: -1 - t, lambda t: 1 - t, lambda t: t**2 - 0.5])
@pytest.mark.parametrize("degrees", [None, 0, 4])
def test_a_kernel_that_is_not_positive_definite_is_refused(kernel: Any, degrees: int | None) -> None:
    with pytest.raises(ValueError, match="kernel is not positive definite"):
        Problem.from_kernel_on_sphere(kernel, 5, [1.0], degrees=degrees)


@pytest.mark.parametrize(("activation", "second"), [("quadratic", None), ("relu", 0.5), ("sign", 1.0)])
@pytest.mark.parametrize("d", [2, 5, 30])
def test_from_activation_on_sphere(activation: str, second: float | None, d: int) -> None:
    """Power adds up to E s^2 over |x|^2 = d: d/2 E t^2 = 1/2 for relu, 1 for sign, 3d/(d + 2) for squares."""
    problem = Problem.from_activation_on_sphere(activation, d, [0.1, 0.2], noise=0.4)
    trace = problem.eigenvalues @ problem.multiplicity + problem.tail
    assert_allclose(trace, 3 * d / (d + 2) if second is None else second, rtol=1e-12)
    xi = sphere.activation_coefficients(activation, np.arange(4), d)
    assert_allclose(problem.eigenvalues[:4], xi**2, rtol=1e-12)
    assert problem.power.tolist()[:3] == [0.1, 0.2, 0.0]
    assert problem.noise == 0.4


# -- bad arguments ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("eigenvalues", [1.0, -2.0], "-2"),
        ("eigenvalues", [1.0, nan], "nan"),
        ("eigenvalues", [inf, 1.0], "inf"),
        ("eigenvalues", [[1.0, 2.0]], "(1, 2)"),
        ("eigenvalues", 1.0, "()"),
        ("eigenvalues", "abc", "'abc'"),
        ("power", [1.0, -2.0], "-2"),
        ("power", [1.0], "(1,)"),
        ("power", [1.0, inf], "inf"),
        ("multiplicity", [1.0, 0.0], "0"),
        ("multiplicity", -1.0, "-1"),
        ("multiplicity", inf, "inf"),
        ("multiplicity", [1.0, 2.0, 3.0], "(3,)"),
        ("tail", -0.5, "-0.5"),
        ("tail", inf, "inf"),
        ("tail", [0.1, 0.2], "[0.1, 0.2]"),
        ("tail_power", -0.5, "-0.5"),
        ("tail_power", nan, "nan"),
        ("noise", -0.5, "-0.5"),
        ("noise", "loud", "'loud'"),
    ],
)
def test_bad_field_is_named(name: str, value: Any, shown: str) -> None:
    with pytest.raises(ValueError, match=f"{name} .*{re.escape(shown)}"):
        Problem(**{"eigenvalues": [2.0, 1.0], "power": [1.0, 1.0], name: value})


def cosine(t: np.ndarray) -> np.ndarray:
    return t


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Problem.isotropic(p=0), "multiplicity = 0|p = 0"),
        (lambda: Problem.isotropic(p=3, signal=-2.0), "power = -2|signal = -2"),
        (lambda: Problem.isotropic(p=inf), "p = inf"),
        (lambda: Problem.power_law(0, 1.0, 1.0), "size = 0"),
        (lambda: Problem.power_law(2.5, 1.0, 1.0), "size = 2.5"),  # type: ignore[arg-type]
        (lambda: Problem.power_law(3, nan, 1.0), "eigenvalue_exponent = nan"),
        (lambda: Problem.power_law(3, 1.0, inf), "power_exponent = inf"),
        (lambda: Problem.from_covariance(np.eye(2), np.ones(3)), r"Sigma .*\(2, 2\).*beta.*\(3,\)"),
        (lambda: Problem.from_covariance([[1.0, 2.0], [0.0, 1.0]], [1.0, 1.0]), "Sigma .*symmetric"),
        (lambda: Problem.from_covariance(np.diag([1.0, -1.0]), [1.0, 1.0]), "Sigma .*-1"),
        (lambda: Problem.from_covariance([[inf]], [1.0]), "Sigma .*infinity"),
        (lambda: Problem.from_covariance([[1.0]], [nan]), "beta .*nan"),
        (lambda: Problem.from_covariance([[1.0]], [1.0], noise=-1.0), "noise = -1"),
        (lambda: Problem.from_kernel_on_sphere(cosine, 1, [1.0]), "d = 1"),
        (lambda: Problem.from_kernel_on_sphere(cosine, 3, [-1.0]), "target_power = -1"),
        (lambda: Problem.from_kernel_on_sphere(cosine, 3, 1.0), r"target_power .*\(\)"),  # type: ignore[arg-type]
        (lambda: Problem.from_kernel_on_sphere(cosine, 3, [1.0], degrees=-1), "degrees = -1"),
        (lambda: Problem.from_kernel_on_sphere(lambda t: 1.0, 3, [1.0]), "kernel"),  # type: ignore[arg-type]
        (lambda: Problem.from_activation_on_sphere("rely", 3, [1.0]), "activation = 'rely'"),
        (lambda: Problem.from_activation_on_sphere("relu", 2.5, [1.0]), "d = 2.5"),  # type: ignore[arg-type]
    ],
)
def test_bad_argument_of_a_constructor_is_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
