"""The equation meets its limits one by one, as the sheets rf.md 1.4 and linear.md 1.3 list them."""

from dataclasses import replace
from math import inf, sqrt

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.risks import ERRORS, PARTS, THREE, close, fit, sums, zero
from tests.strategies import Point, near_tie, points, problems
from theory import Problem, Risk, random_features, ridge


@pytest.mark.parametrize("p", [30, 150, 399, 399.999])
def test_ridgeless_fewer_features_than_samples(p: float) -> None:
    n = 500
    risk = random_features(THREE, n, p)
    T, _, A, C = sums(THREE, risk.gamma_eff)
    assert_allclose(T, p, rtol=1e-13)
    zero(risk, "kappa")
    assert_allclose(risk.df, p, rtol=1e-13)
    assert_allclose(risk.test, n / (n - p) * (A + C + 0.5), rtol=1e-12)
    assert_allclose(risk.train, (1 - p / n) ** 2 * risk.test, rtol=1e-12)


@pytest.mark.parametrize("p", [160, 400, 5000, inf])
def test_ridgeless_fewer_samples_than_features(p: float) -> None:
    n = 150
    risk = random_features(THREE, n, p)
    T, q, A, C = sums(THREE, risk.gamma_eff)
    assert_allclose(T, n, rtol=1e-13)
    zero(risk, "train")
    assert_allclose(risk.df, n, rtol=1e-13)
    second = n / (p - n) * (A + C + 0.5) if p < inf else 0.0
    assert_allclose(risk.test, n / (n - q) * (A + 0.5) + second, rtol=1e-12)
    kernel = ridge(THREE, n)
    for name in ("gamma_eff", "bias", "var_samples", "var_noise_samples"):
        assert getattr(risk, name) == getattr(kernel, name)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_ridgeless_at_the_threshold(noise: float) -> None:
    n = 150
    risk = random_features(replace(THREE, noise=noise), n, n)
    T, q, A, C = sums(THREE, risk.gamma_eff)
    assert_allclose(T, n, rtol=1e-13)
    for name in ("test", "variance", "norm", "var_samples_features"):
        assert getattr(risk, name) == inf, name
    assert risk.var_noise_samples_features == (inf if noise else 0)
    zero(risk, "train", "kappa")
    finite = {
        "bias": A,
        "var_samples": A * q / (n - q),
        "var_features": C,
        "var_noise_samples": noise * q / (n - q),
    }
    for name, value in finite.items():
        assert_allclose(getattr(risk, name), value, rtol=1e-12, err_msg=name)


def test_at_the_threshold_nothing_diverges_if_there_is_nothing_to_fit() -> None:
    nothing = Problem([1.0], [0.0], [50])
    risk = random_features(nothing, 20, 20)
    zero(risk, *ERRORS, "norm")


RANK_40 = Problem([3.0, 0.5], [1.0, 2.0], [10, 30], tail_power=0.2, noise=0.1)


INVERSE_TRACE = 10 / 3.0 + 30 / 0.5  # sum m / lambda of RANK_40


INVERSE_POWER = 1 / 3.0 + 2 / 0.5  # sum v^2 / lambda


@pytest.mark.parametrize("p", [50, 60, 75, inf])
def test_ridgeless_rank_below_samples_and_features(p: float) -> None:
    """No peak at n = p = 60."""
    n, r, error = 60, 40, 0.2 + 0.1
    risk = random_features(RANK_40, n, p)
    zero(risk, "kappa", "gamma_eff", "var_features", "var_samples_features", "var_noise_samples_features")
    assert risk.df == risk.df2 == r
    wide = p / (p - r) if p < inf else 1.0
    expected = {
        "bias": 0.2,
        "test": n / (n - r) * error,
        "train": (n - r) / n * error,
        "var_samples": 0.2 * r / (n - r),
        "var_noise_samples": 0.1 * r / (n - r),
        "norm": wide * (error * INVERSE_TRACE / (n - r) + INVERSE_POWER),
    }
    for name, value in expected.items():
        assert_allclose(getattr(risk, name), value, rtol=1e-13, err_msg=name)


def test_ridgeless_features_at_the_rank() -> None:
    risk = random_features(RANK_40, 60, 40)
    assert_allclose(risk.test, 60 / 20 * 0.3, rtol=1e-13)
    assert risk.norm == inf


@pytest.mark.parametrize("p", [55, 1000, inf])
@pytest.mark.parametrize(("unlearnable", "noise"), [(0.2, 0.1), (0.0, 0.1), (0.2, 0.0), (0.0, 0.0)])
def test_ridgeless_samples_at_the_rank(p: float, unlearnable: float, noise: float) -> None:
    risk = random_features(replace(RANK_40, tail_power=unlearnable, noise=noise), 40, p)
    zero(risk, "train", "kappa", "var_features")
    assert risk.bias == unlearnable
    assert risk.df == risk.df2 == 40
    error = unlearnable + noise
    assert risk.test == risk.variance == (inf if error else 0)
    assert risk.var_samples == (inf if unlearnable else 0)
    assert risk.var_noise_samples == (inf if noise else 0)
    quarter = 40 / (4 * (p - 40)) if p < inf else 0.0
    assert_allclose(risk.var_samples_features, quarter * unlearnable, rtol=1e-13)
    assert_allclose(risk.var_noise_samples_features, quarter * noise, rtol=1e-13)
    wide = p / (p - 40) if p < inf else 1.0
    assert_allclose(risk.norm, inf if error else wide * INVERSE_POWER, rtol=1e-13)


@pytest.mark.parametrize("p", [55, 40])
@pytest.mark.parametrize("noise", [0.1, 0.0])
def test_samples_at_the_rank_is_the_limit_of_small_ridge(p: float, noise: float) -> None:
    """The 1/4 and the 1/3 of the two rows around this test come out of the equation."""
    problem = replace(RANK_40, tail_power=0.0, noise=noise)
    none, small = random_features(problem, 40, p), random_features(problem, 40, p, 1e-30)
    for name in Risk._fields:
        if np.isinf(getattr(none, name)):
            assert getattr(small, name) > 1e6, name
        else:
            assert_allclose(getattr(small, name), getattr(none, name), rtol=1e-8, atol=1e-8, err_msg=name)


@pytest.mark.parametrize(("unlearnable", "noise"), [(0.2, 0.1), (0.0, 0.1), (0.2, 0.0), (0.0, 0.0)])
def test_ridgeless_all_at_the_rank(unlearnable: float, noise: float) -> None:
    risk = random_features(replace(RANK_40, tail_power=unlearnable, noise=noise), 40, 40)
    assert risk.norm == inf
    zero(risk, "train")
    third = 40 * INVERSE_POWER / (3 * INVERSE_TRACE)
    assert_allclose(risk.test, inf if unlearnable + noise else third, rtol=1e-13)
    assert_allclose(risk.var_samples_features, inf if unlearnable else third, rtol=1e-13)


def test_equality_with_the_rank_is_relative() -> None:
    thirds = Problem([1.0, 2.0, 3.0], [1.0] * 3, [0.1, 0.2, 0.3], noise=1.0)
    assert sum([0.1, 0.2, 0.3]) != 0.6
    assert ridge(thirds, 0.6).test == inf
    assert ridge(thirds, 0.6 * (1 + 1e-11)).test < inf


def test_height_of_the_peak_at_small_ridge() -> None:
    n, lam = 150, 1e-16
    g0 = random_features(THREE, n, n).gamma_eff
    _, _, A, C = sums(THREE, g0)
    height = (A + C + 0.5) / 2 * sqrt(g0 / lam)
    assert_allclose(random_features(THREE, n, n, lam).test, height, rtol=1e-6)


@pytest.mark.parametrize("gap", [-1e-7, 1e-7])
def test_pole_at_the_threshold(gap: float) -> None:
    n = 150
    _, _, A, C = sums(THREE, random_features(THREE, n, n).gamma_eff)
    risk = random_features(THREE, n, n * (1 + gap))
    assert_allclose(risk.test * abs(gap), A + C + 0.5, rtol=1e-5)


def test_infinitely_many_samples() -> None:
    p, lam = 90, 0.02
    risk = random_features(THREE, inf, p, lam)
    g = risk.gamma_eff
    T, q, A, C = sums(THREE, g)
    assert_allclose(g * (1 - T / p), lam, rtol=1e-12)
    assert risk.kappa == lam
    V_W = C * (T - q) / (p - q)
    assert_allclose([risk.test, risk.train], 0.5 + A + V_W, rtol=1e-12)
    assert_allclose(risk.var_features, V_W, rtol=1e-12)
    assert_allclose(risk.norm, p * C / (g * (p - q)), rtol=1e-12)
    zero(risk, *(name for name in PARTS if name != "var_features"))


def test_infinitely_many_samples_and_features() -> None:
    risk = random_features(THREE, inf, inf, 0.7)
    assert risk.gamma_eff == risk.kappa == 0.7
    assert_allclose(risk.test, sums(THREE, 0.7)[2] + 0.5, rtol=1e-14)
    assert risk.bias == risk.test - 0.5


@given(points())
def test_power_without_an_eigenvalue_is_unlearnable(point: Point) -> None:
    old = point.problem
    level = replace(
        old,
        eigenvalues=[*old.eigenvalues, 0.0],
        power=[*old.power, 2.0],
        multiplicity=[*old.multiplicity, 7.0],
    )
    tail = replace(old, tail_power=old.tail_power + 2.0)
    close(fit(point._replace(problem=level)), fit(point._replace(problem=tail)), rtol=1e-14)


@pytest.mark.parametrize("lam", [0.0, 0.3])
def test_only_a_tail(lam: float) -> None:
    risk = random_features(Problem([], [], tail=2.0, tail_power=1.5, noise=0.5), 10, 20, lam)
    assert risk.bias == 1.5
    assert_allclose(risk.df, 2.0 / risk.gamma_eff, rtol=1e-13)
    zero(risk, "df2", "var_samples", "var_noise_samples", "var_features")


@given(points())
def test_without_noise_the_noise_terms_are_exactly_zero(point: Point) -> None:
    risk = fit(point._replace(problem=replace(point.problem, noise=0.0)))
    zero(risk, "var_noise_samples", "var_noise_samples_features")


@given(points())
def test_huge_and_infinite_ridge(point: Point) -> None:
    problem, n, p, _ = point
    total = problem.signal + problem.noise
    trace = float(problem.multiplicity @ problem.eigenvalues) + problem.tail
    huge = 1e12 * max(trace, 1e-12) * max(1.0, 1 / n, 1 / p)
    large = random_features(problem, n, p, huge)
    assert_allclose([large.test, large.train], total, rtol=1e-9)
    assert_allclose(large.df, trace / huge, rtol=1e-9)
    infinite = random_features(problem, n, p, inf)
    assert_allclose([infinite.test, infinite.train], total, rtol=1e-14)
    assert_allclose(infinite.bias, problem.signal, rtol=1e-14)
    zero(infinite, "variance", "norm", "df", "df2", *PARTS)
    assert infinite.kappa == infinite.gamma_eff == inf


@pytest.mark.parametrize("lam", [0.0, 1.0])
@pytest.mark.parametrize("p", [3, 8, inf])
def test_rank_zero_predicts_zero(p: float, lam: float) -> None:
    risk = random_features(Problem([0.0], [2.0], tail_power=1.0, noise=0.5), 5, p, lam)
    assert risk.test == risk.train == 3.5
    zero(risk, "df", "df2", "norm", "variance")


def test_noise_part_of_the_norm_of_an_interpolator() -> None:
    noisy, clean = ridge(THREE, 150), ridge(replace(THREE, noise=0.0), 150)
    assert_allclose(noisy.norm - clean.norm, 0.5 / noisy.kappa, rtol=1e-12)


def test_noiseless_and_learnable_is_learnt_exactly() -> None:
    risk = ridge(replace(RANK_40, tail_power=0.0, noise=0.0), [41, 1000])
    assert (risk.test == 0).all()


def test_tail_lets_the_kernel_interpolate() -> None:
    risk = ridge(replace(RANK_40, tail=1e-3), [20.0, 40.0, 60.0])
    assert (risk.train == 0).all()
    assert np.isfinite(risk.test).all()
    assert_allclose(risk.df, [20, 40, 60], rtol=1e-13)


def test_small_ridge_above_and_at_the_rank() -> None:
    lam, h = 1e-14, INVERSE_TRACE / 40
    assert_allclose(ridge(RANK_40, 60, lam).kappa, lam / (1 - 40 / 60), rtol=1e-11)
    at = ridge(RANK_40, 40, lam)
    assert_allclose(at.kappa, sqrt(lam / h), rtol=1e-5)
    assert_allclose(at.var_noise_samples, 0.1 / (2 * sqrt(lam * h)), rtol=1e-5)


@pytest.mark.parametrize("n", [40 * (1 - 1e-6), 40 * (1 + 1e-6)])
def test_noise_near_the_rank(n: float) -> None:
    assert_allclose(ridge(RANK_40, n).var_noise_samples * abs(1 - 40 / n), 0.1, rtol=1e-5)


# -- beside the table ------------------------------------------------------------------------------


def test_one_level_in_closed_form() -> None:
    """The root lies at an end of its bracket: kappa = p/n - 1 without ridge, a quadratic with it."""
    gamma = np.linspace(1.01, 20, 500)
    for size in (1.0, 7.0, 100.0):
        kappa = theory.ridge(Problem.isotropic(size), size / gamma).kappa
        np.testing.assert_allclose(kappa, gamma - 1, rtol=1e-12)
    ridge = np.geomspace(1e-8, 1e8, 500)
    root = (ridge + 1 + np.sqrt((ridge + 1) ** 2 + 4 * ridge)) / 2  # k^2 - (ridge + 1) k - ridge = 0
    np.testing.assert_allclose(theory.ridge(Problem.isotropic(2.0), 1.0, ridge).kappa, root, rtol=1e-12)


@given(points(problem=problems(span=8), ridge=st.sampled_from([5e-324, 1e-320, 1e-310, 2e-308])))
def test_subnormal_ridge(point: Point) -> None:
    """Where u itself has no digits left the equation is solved in its logarithm."""
    problem, n, p, smallest = point
    assume(not near_tie(point))
    fine = random_features(problem, n, p, smallest)
    assert not any(np.isnan(field) for field in fine)
    # the scale of the eigenvalues is free: the same fit with a normal ridge
    scale = 2.0**200
    scaled = replace(problem, eigenvalues=scale * problem.eigenvalues, tail=scale * problem.tail)
    same = random_features(scaled, n, p, scale * smallest)
    for name in ("test", "train", "bias", "df", "df2"):
        assert_allclose(getattr(fine, name), getattr(same, name), rtol=1e-9, err_msg=name)


def test_one_level_and_a_tail_at_the_threshold() -> None:
    """T(g0) = size is a quadratic equation: its root in 40 digits, on both sides of b = 0."""
    for lam, m, tail in ((1.0, 50.0, 3.0), (1e-6, 2.0, 1e4), (1e6, 7.0, 1e-9), (3.0, 1.0, 0.0)):
        for size in (0.3 * m, 0.99 * m, m * (1 - 1e-9), m, m * (1 + 1e-9), 40.0 * m):
            if tail == 0 and size >= m:
                continue
            with mpmath.workdps(40):
                L, M, t, n = (mpmath.mpf(x) for x in (lam, m, tail, size))
                b = (n - M) * L - t
                root = float((mpmath.sqrt(b**2 + 4 * n * t * L) - b) / (2 * n))
            assert_allclose(ridge(Problem([lam], [1.0], [m], tail=tail), size).kappa, root, rtol=1e-13)
