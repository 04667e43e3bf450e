"""The equation obeys its laws everywhere, meets its limits one by one, and agrees with 80 digits."""

import re
from dataclasses import replace
from math import inf, nan, sqrt
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests import witness
from tests.strategies import Point, decades, maybe, near_tie, points, problems
from theory import ConvergenceError, Problem, Risk, random_features, ridge

PARTS = [name for name in Risk._fields if name.startswith("var_")]
ERRORS = ["test", "train", "bias", "variance", *PARTS]


def fit(point: Point) -> Risk:
    return random_features(*point)


def close(one: Risk, other: Risk, factors: dict[str, float] | None = None, rtol: float = 1e-11) -> None:
    """`one` is `other` times the factor of each field (1 where none is given)."""
    for name in Risk._fields:
        expected = getattr(other, name) * (factors or {}).get(name, 1.0)
        assert_allclose(getattr(one, name), expected, rtol=rtol, err_msg=name)


def sums(problem: Problem, g: float) -> tuple[float, float, float, float]:
    """T, q, A, C at g, as they are printed; only for g > 0."""
    lam, m, v2 = problem.eigenvalues, problem.multiplicity, problem.power
    return (
        np.sum(m * lam / (lam + g)) + problem.tail / g,
        np.sum(m * (lam / (lam + g)) ** 2),
        np.sum(v2 * (g / (lam + g)) ** 2) + problem.tail_power,
        np.sum(v2 * lam * g / (lam + g) ** 2),
    )


# -- laws ------------------------------------------------------------------------------------------


@given(points(), st.sampled_from([None, "n", "ridge"]))
def test_every_field_is_a_number_and_the_parts_add_up(point: Point, infinite: str | None) -> None:
    point = point if infinite is None else point._replace(**{infinite: inf})
    risk = fit(point)
    assert not np.isnan(risk).any()
    assert min(risk) >= 0
    assert risk.test == pytest.approx(point.problem.noise + risk.bias + risk.variance, rel=1e-14)
    assert risk.variance == pytest.approx(sum(getattr(risk, name) for name in PARTS), rel=1e-14)
    assert risk.df2 <= risk.df * (1 + 1e-14)
    assert risk.df <= min(point.n, point.p, point.problem.rank) * (1 + 1e-14)
    assert risk.train <= risk.test
    assert risk.kappa <= risk.gamma_eff
    if point.ridge < inf:
        assert risk.kappa >= point.ridge * (1 - 1e-14)


@given(points())
def test_cross_validation_is_exact_in_the_limit(point: Point) -> None:
    risk = fit(point)
    assume(0 < risk.test < inf)
    assert sqrt(risk.train / risk.test) == pytest.approx(1 - risk.df / point.n, abs=1e-14)
    if point.ridge > 0:  # the same without cancellation
        assert risk.train == pytest.approx((point.ridge / risk.kappa) ** 2 * risk.test, rel=1e-11)


@given(points(), decades(-3, 3))
def test_scaling_the_labels(point: Point, c: float) -> None:
    old = point.problem
    scaled = replace(old, power=c * old.power, tail_power=c * old.tail_power, noise=c * old.noise)
    close(fit(point._replace(problem=scaled)), fit(point), dict.fromkeys([*ERRORS, "norm"], c))


@given(points(), st.integers(-20, 20))
def test_scaling_the_eigenvalues(point: Point, k: int) -> None:
    c = 2.0**k  # no rounding
    old = point.problem
    scaled = replace(old, eigenvalues=c * old.eigenvalues, tail=c * old.tail)
    other = fit(point._replace(problem=scaled, ridge=c * point.ridge))
    close(other, fit(point), {"norm": 1 / c, "kappa": c, "gamma_eff": c})


@given(points(), st.integers(-20, 20))
def test_more_of_everything(point: Point, k: int) -> None:
    c = 2.0**k
    problem, n, p, lam = point
    scaled = replace(problem, eigenvalues=problem.eigenvalues / c, multiplicity=c * problem.multiplicity)
    other = random_features(scaled, c * n, c * p, lam / c)
    close(other, fit(point), {"norm": c, "df": c, "df2": c, "kappa": 1 / c, "gamma_eff": 1 / c})


@given(points(), st.data())
def test_permuting_and_splitting_levels(point: Point, data: st.DataObject) -> None:
    old = point.problem
    share = np.array([data.draw(st.sampled_from([0.125, 0.5, 0.875])) for _ in old.eigenvalues])
    order = data.draw(st.permutations(range(2 * len(share))))
    split = replace(
        old,
        eigenvalues=np.tile(old.eigenvalues, 2)[order],
        power=np.concatenate([share * old.power, (1 - share) * old.power])[order],
        multiplicity=np.concatenate([share * old.multiplicity, (1 - share) * old.multiplicity])[order],
    )
    close(fit(point._replace(problem=split)), fit(point))


@given(points(infinite=False))
def test_samples_and_features_are_dual(point: Point) -> None:
    problem, n, p, lam = point
    one, other = fit(point), random_features(problem, p, n, lam)
    for name in ("gamma_eff", "df", "df2", "bias"):
        assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-13, err_msg=name)


@given(points())
def test_infinitely_many_features_are_kernel_ridge(point: Point) -> None:
    problem, n, _, lam = point
    assert random_features(problem, n, inf, lam) == ridge(problem, n, lam)


@given(points())
def test_ever_more_features_approach_kernel_ridge(point: Point) -> None:
    problem, n, _, lam = point
    kernel = ridge(problem, n, lam)
    assume(kernel.test < inf)  # at n = rank features and ridge 0 do not commute
    wide = random_features(problem, n, 1e30 * max(n, 1.0), lam)
    for name in ("test", "norm", "kappa", "gamma_eff", "df"):
        assert_allclose(getattr(wide, name), getattr(kernel, name), rtol=1e-9, err_msg=name)


@given(points(), st.data())
def test_test_error_is_additive_in_target_and_noise(point: Point, data: st.DataObject) -> None:
    """Linear in (power, tail_power, noise) together, hence affine in each."""
    old = point.problem
    other = replace(
        old,
        power=[data.draw(maybe(decades(-6, 6))) for _ in old.power],
        tail_power=data.draw(maybe(decades(-3, 3))),
        noise=data.draw(maybe(decades(-6, 3))),
    )
    both = replace(
        old,
        power=old.power + other.power,
        tail_power=old.tail_power + other.tail_power,
        noise=old.noise + other.noise,
    )
    one, two, sum_ = (fit(point._replace(problem=problem)) for problem in (old, other, both))
    for name in [*ERRORS, "norm"]:
        assert_allclose(
            getattr(sum_, name), getattr(one, name) + getattr(two, name), rtol=1e-13, err_msg=name
        )


@given(points(), decades(0.01, 6))
def test_directions(point: Point, factor: float) -> None:
    """More ridge: more kappa, fewer degrees of freedom.  More samples or features: less bias."""
    problem, n, p, lam = point
    risk = fit(point)
    more_ridge = random_features(problem, n, p, lam * factor + 1e-16)
    assert more_ridge.kappa >= risk.kappa * (1 - 1e-14)
    assert more_ridge.df <= risk.df * (1 + 1e-14)
    for more in (random_features(problem, n * factor, p, lam), random_features(problem, n, p * factor, lam)):
        assert more.bias <= risk.bias * (1 + 1e-13)
        assert more.gamma_eff <= risk.gamma_eff * (1 + 1e-14)
        assert more.df >= risk.df * (1 - 1e-14)


@given(points(ridge=decades(-16, 8)), decades(0.01, 3))
def test_more_is_better_at_equal_resolution(point: Point, factor: float) -> None:
    """With the ridge that keeps gamma_eff, more samples or features lower the error.

    So the smallest error over the ridge is non-increasing in n and p ([simon2024, Thm 1]).
    """
    problem, n, p, lam = point
    risk = fit(point)
    fitted = lam / risk.kappa  # 1 - df/n without cancellation
    more_n = random_features(problem, n * factor, p, risk.kappa * (1 - risk.df / (n * factor)))
    more_p = random_features(problem, n, p * factor, fitted * (risk.gamma_eff * (1 - risk.df / (p * factor))))
    for more in (more_n, more_p):
        assert_allclose(more.gamma_eff, risk.gamma_eff, rtol=1e-11 / (1 - 1 / factor))
        assert more.test <= risk.test * (1 + 1e-11)


@settings(max_examples=20)
@given(points(problem=problems(span=3), ridge=st.just(0.0)), decades(0.1, 3))
def test_the_best_ridge_gains_from_more(point: Point, factor: float) -> None:
    problem, n, p, _ = point
    trial = np.concatenate([[0.0], np.geomspace(1e-12, 1e12, 1500), [inf]])
    best = [
        random_features(problem, a, b, trial).test.min()
        for a, b in [(n, p), (n * factor, p), (n, p * factor)]
    ]
    assert max(best[1:]) <= best[0] * (1 + 1e-3)  # the grid: 4 % steps near a minimum


@given(points(problem=problems(span=2), ridge=st.just(0.0)))
def test_small_ridge_approaches_none(point: Point) -> None:
    sizes = (point.n, point.p, point.problem.rank)
    assume(all(max(a, b) > 1.01 * min(a, b) for a in sizes[:1] for b in sizes[1:]))
    assume(not sizes[1] < 1.01 * sizes[2] or not sizes[2] < 1.01 * sizes[1])
    none, small = fit(point), fit(point._replace(ridge=1e-16))
    for name in Risk._fields:
        assert_allclose(getattr(small, name), getattr(none, name), rtol=1e-6, atol=1e-9, err_msg=name)


@given(points(problem=problems(span=3)), decades(-3, 3))
def test_many_tiny_eigenvalues_are_a_tail(point: Point, trace: float) -> None:
    old, n, p, _ = point
    assume(n != p or point.ridge > 0)
    many = 1e10 * n
    tail = replace(old, tail=trace)
    tiny = replace(
        old,
        eigenvalues=[*old.eigenvalues, trace / many],
        power=[*old.power, 0.0],
        multiplicity=[*old.multiplicity, many],
        tail=0.0,
    )
    one, other = fit(point._replace(problem=tiny)), fit(point._replace(problem=tail))
    for name in ("test", "train", "bias", "norm", "df", "kappa", "gamma_eff"):
        assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-6, err_msg=name)


@given(points(), decades(-12, 12))
def test_for_the_kernel_a_tail_is_a_ridge(point: Point, trace: float) -> None:
    bare = replace(point.problem, tail=0.0)
    one = ridge(replace(bare, tail=trace), point.n, point.ridge)
    other = ridge(bare, point.n, point.ridge + trace / point.n)
    for name in ("test", "bias", "variance", "kappa", "df2"):
        assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-10, err_msg=name)
    assert one.train <= other.train * (1 + 1e-10)


@given(problems(), st.lists(decades(-1, 3), min_size=3, max_size=3))
def test_arguments_broadcast(problem: Problem, sizes: list[float]) -> None:
    n, lam = np.array(sizes), np.array([[0.0], [1.0]])
    risk = random_features(problem, n, 7.0, lam)
    for i, j in np.ndindex(2, 3):
        assert Risk(*(field[i, j] for field in risk)) == random_features(problem, n[j], 7.0, lam[i, 0])
    assert np.shape(random_features(problem, 3, 4).test) == ()
    assert random_features(problem, [], 4.0).test.shape == (0,)


# -- the witness -----------------------------------------------------------------------------------


@given(points())
def test_agrees_with_80_digits(point: Point) -> None:
    problem, n, p, lam = point
    assume(not near_tie(point))
    assume(lam > 0 or (n != p and min(n, p) < problem.rank))
    found = fit(point)._asdict()
    for name, value in witness.risk(point).items():
        if value > 1e-290:  # the rest underflows
            assert_allclose(found[name], float(value), rtol=1e-11, err_msg=name)
        else:
            assert found[name] <= 1e-290


# -- limits, row by row: rf.md 1.4 and linear.md 1.3 of the formula sheets -------------------------

THREE = Problem([4.0, 1.0, 0.25], [4.0, 0.5, 0.7], [100, 200, 100], tail_power=0.3, noise=0.5)
RANK_40 = Problem([3.0, 0.5], [1.0, 2.0], [10, 30], tail_power=0.2, noise=0.1)
INVERSE_TRACE = 10 / 3.0 + 30 / 0.5  # sum m / lambda of RANK_40
INVERSE_POWER = 1 / 3.0 + 2 / 0.5  # sum v^2 / lambda


def zero(risk: Risk, *names: str) -> None:
    for name in names:
        assert getattr(risk, name) == 0, name


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


# -- negative ridge --------------------------------------------------------------------------------


def lowest_kappa(problem: Problem, n: float) -> float:
    """Where df2 = n: there the risk diverges; about 0 where df2 < n everywhere."""
    low, high = 0.0, ridge(problem, n).kappa
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sums(problem, middle)[1] > n else (low, middle)
    return high


@given(points(problem=problems(span=2)), st.floats(0.05, 0.95))
def test_negative_ridge(point: Point, place: float) -> None:
    problem, n = point.problem, point.n
    assume(n < 0.9 * problem.rank)
    lowest, ridgeless = lowest_kappa(problem, n), ridge(problem, n).kappa
    assume(lowest < 0.9 * ridgeless)
    kappa = lowest + place * (ridgeless - lowest)
    T, q, A, C = sums(problem, kappa)
    lam = kappa * (1 - T / n)
    assert lam < 0
    risk = ridge(problem, n, lam)
    test = n * (A + problem.noise) / (n - q)
    # the slope d kappa / d ridge = n/(n - q) hands on the rounding of `lam`
    close = {"rtol": 1e-11 * n / (n - q) + 1e-11}
    assert_allclose(risk.kappa, kappa, **close)
    assert_allclose(risk.test, test, **close)
    assert_allclose(risk.bias, A, **close)
    assert_allclose(risk.df, T, **close)
    assert_allclose(risk.train, (1 - T / n) ** 2 * test, rtol=1e-6)
    w = T - q
    assert_allclose(risk.norm, (w * (A + problem.noise) + (n - q) * C) / (kappa * (n - q)), rtol=1e-6)


def test_negative_ridge_may_be_best() -> None:
    """Kobak, Lomond, Sanchez 2020: the weak features alone are more than enough ridge."""
    spiked = Problem([10.0, 0.1], [10.0, 0.0], [20, 380], noise=0.002)
    assert_allclose(ridge(spiked, 100, [-0.0888420042, 0.0]).test, [0.0150957, 0.0230051], rtol=2e-6)


@pytest.mark.parametrize("n", [60.0, 50.0, 40.0])  # one level of 50
@pytest.mark.parametrize("share", [1e-12, 1e-9, 1e-6, 1e-3])
def test_negative_ridge_that_almost_takes_a_tail_away(n: float, share: float) -> None:
    """One level, in 40 digits: kappa (1 - 50/(n (1 + kappa))) = ridge + tail/n."""
    problem, lam = Problem([1.0], [2.0], [50], tail=3.0, noise=0.1), -3.0 / n * (1 - share)
    with mpmath.workdps(40):
        total = mpmath.mpf(lam) + mpmath.mpf(3) / mpmath.mpf(n)  # what a float leaves of the difference
        half = (total - 1 + 50 / mpmath.mpf(n)) / 2
        kappa = half + mpmath.sqrt(half**2 + total)
        bias = 2 * (kappa / (1 + kappa)) ** 2
        test = (bias + mpmath.mpf(0.1)) / (1 - 50 / (1 + kappa) ** 2 / n)
        df = 50 / (1 + kappa) + 3 / kappa
        norm = 2 / (1 + kappa) ** 2 + test / n * (50 / (1 + kappa) ** 2 + 3 / kappa**2)
        expected = [float(x) for x in (kappa, bias, test, df, lam**2 * test / kappa**2, norm)]
    risk = ridge(problem, n, lam)
    found = [risk.kappa, risk.bias, risk.test, risk.df, risk.train, risk.norm]
    # -3/n and 1/n round: their sum is known to 1e-16/share of itself
    assert_allclose(found, expected, rtol=2e-15 / share + 1e-12)


def test_negative_ridge_that_takes_a_tail_away() -> None:
    """ridge = -tail/n is the limit kappa -> 0 where n exceeds the number of the levels' features."""
    noiseless = Problem([1.0, 0.1], [1.0, 0.2], [10, 10], tail=1.0)
    end, near = ridge(noiseless, 50, -1 / 50), ridge(noiseless, 50, -1 / 50 + 1e-11)
    assert (end.test, end.kappa, end.df) == (0.0, 0.0, inf)
    assert_allclose([end.train, end.norm], [near.train, near.norm], rtol=1e-8)
    noisy = ridge(replace(noiseless, noise=0.1), 50, -1 / 50)
    assert_allclose(noisy.test, 0.1 / (1 - 20 / 50))
    assert (noisy.train, noisy.norm) == (inf, inf)
    just = ridge(noiseless, 20, -1 / 20)
    assert (just.test, just.train, just.norm) == (0.0, inf, inf)
    assert not any(np.isnan(field).any() for risk in (end, noisy, just) for field in risk)


@pytest.mark.parametrize(
    ("problem", "n", "lam"),
    [
        (THREE, 150, -0.37),  # the risk diverges at -0.36904...
        (THREE, 400, -1e-9),  # n = rank
        (THREE, 500, -1e-9),
        (THREE, inf, -0.1),
        (THREE, 150, -inf),
        (replace(THREE, tail=3.0), 500, -3.1 / 500),
    ],
)
def test_ridge_below_its_range(problem: Problem, n: float, lam: float) -> None:
    with pytest.raises(ValueError, match=rf"ridge = {lam:g}"):
        ridge(problem, n, lam)


# -- bad arguments ---------------------------------------------------------------------------------


BAD = [
    ("n", 0, "0"),
    ("n", [3, -2.5], "-2.5"),
    ("n", nan, "nan"),
    ("n", "ten", "'ten'"),
    ("n", 1j, "1j"),
    ("n", None, "None"),
    ("p", 0.0, "0"),
    ("p", [[-7]], "-7"),
    ("p", [1, nan], "nan"),
    ("ridge", nan, "nan"),
    ("ridge", "small", "'small'"),
    ("ridge", -1e9, "-1e+09"),
    ("ridge", [0.0, -1e9], "-1e+09"),
]


@pytest.mark.parametrize(("name", "value", "shown"), BAD)
def test_bad_argument_of_random_features(name: str, value: Any, shown: str) -> None:
    with pytest.raises(ValueError, match=f"{name} = .*{re.escape(shown)}"):
        random_features(THREE, **{"n": 10, "p": 5, "ridge": 0.1} | {name: value})


@pytest.mark.parametrize(("name", "value", "shown"), [row for row in BAD if row[0] != "p"])
def test_bad_argument_of_ridge(name: str, value: Any, shown: str) -> None:
    with pytest.raises(ValueError, match=f"{name} = .*{re.escape(shown)}"):
        ridge(THREE, **{"n": 10, "ridge": 0.1} | {name: value})


def test_random_features_take_no_negative_ridge() -> None:
    with pytest.raises(ValueError, match=r"ridge = -0\.001"):
        random_features(THREE, 10, 20, -0.001)


def test_shapes_that_do_not_broadcast_are_named() -> None:
    with pytest.raises(ValueError, match=r"n \(2,\), p \(3,\)"):
        random_features(THREE, [1, 2], [1, 2, 3])


def test_failure_of_the_solver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from theory.engines import equation

    monkeypatch.setattr(equation, "fill", lambda *_: 1)
    with pytest.raises(ConvergenceError, match=r"n = 3, p = 5, ridge = 0\.5"):
        theory.random_features(THREE, [2, 3], 5, 0.5)


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
