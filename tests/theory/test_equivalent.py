"""The equation obeys its laws everywhere, and agrees with 80 digits."""

import re
from dataclasses import replace
from math import inf, nan, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests import witness
from tests.risks import ERRORS, PARTS, THREE, close, fit
from tests.strategies import Point, decades, maybe, near_tie, points, problems
from theory import ConvergenceError, Problem, Risk, random_features, ridge

# -- laws ------------------------------------------------------------------------------------------


@given(points(), st.sampled_from([None, "n", "ridge"]))
@example(Point(Problem([1e-7], [0.0], [0.125]), 0.125, 0.125, 1e8), "n")  # gamma_eff was below kappa
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

    monkeypatch.setattr(equation.fill, "strict", lambda *_: 1)
    with pytest.raises(ConvergenceError, match=r"n = 3, p = 5, ridge = 0\.5"):
        theory.random_features(THREE, [2, 3], 5, 0.5)
