"""Bounds: confirmed, called wrong or undecided at the stated rates, with the room that is printed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.trials.sample import Sample
from sims.verdict import Relation, UndefinedError, judge_bound


def _sample(mean: np.ndarray, spread: float, trials: int, seed: int = 0) -> Sample:
    rng = np.random.default_rng(seed)
    return Sample(mean + spread * rng.standard_normal((trials, len(mean))))


@pytest.mark.parametrize("relation", ["<=", ">="])
def test_a_bound_that_is_just_kept_is_rarely_called_wrong_and_rarely_confirmed(
    relation: Relation,
) -> None:
    # 1500 samples of 4 points at their bound, each side at 5 %: 75 at most, binomial sd 8.4. All four are
    # confirmed together with chance (0.05/4)^4.
    truth = np.linspace(1, 2, 4)
    statuses = [
        judge_bound(_sample(truth, 0.1, 8, seed), truth, relation, false_alarm=0.05).status
        for seed in range(1500)
    ]
    assert 35 <= statuses.count("disagrees") <= 75 + 5 * 8.4
    assert statuses.count("agrees") == 0


@given(
    st.integers(0, 10**6),
    st.floats(-3, 3),
    st.floats(0.001, 0.3),
    st.sampled_from(["<=", ">="]),
    st.integers(2, 20),
)
def test_moved_by_more_than_the_resolution_a_bound_is_wrong(
    seed: int, limit: float, spread: float, relation: Relation, trials: int
) -> None:
    sign = 1.0 if relation == ">=" else -1.0
    sample = _sample(np.array([limit + sign * 1.0]), spread, trials, seed)
    judged = judge_bound(sample, limit, relation)
    if abs(limit) < 1e-3 or not np.isfinite(judged.resolution):
        return
    moved = limit + sign * 1.001 * judged.resolution * abs(limit)
    assert judge_bound(sample, moved, relation).status == "disagrees"


def test_the_three_answers() -> None:
    sample = _sample(np.array([1.0]), 0.1, 20)  # 1 +- 0.02
    assert judge_bound(sample, 1.5, "<=").status == "agrees"
    assert judge_bound(sample, 1.5, ">=").status == "disagrees"
    unclear = judge_bound(sample, 1.0, "<=")
    assert unclear.status == "undecided"
    assert unclear.trials_needed > 20
    assert judge_bound(sample, 0.9, "<=").status == "disagrees"
    assert judge_bound(sample, 0.9, "<=", allowance=0.5).status == "agrees"


def test_one_point_beyond_makes_all_wrong_and_one_unclear_none_sure() -> None:
    sample = _sample(np.array([1.0, 2.0]), 0.01, 20)
    assert judge_bound(sample, [0.5, 1.0], ">=").status == "agrees"
    assert judge_bound(sample, [0.5, 3.0], ">=").status == "disagrees"
    assert judge_bound(sample, [0.5, 2.0], ">=").status == "undecided"


def test_equality_without_spread_holds() -> None:
    still = Sample(np.zeros((5, 1)))
    assert judge_bound(still, 0.0, ">=").status == "agrees"
    assert judge_bound(still, 0.0, "<=").status == "agrees"
    assert judge_bound(still, 1e-9, ">=").status == "disagrees"
    rounded = Sample(np.full((5, 1), 1 - 1e-12))
    assert judge_bound(rounded, 1.0, ">=").status == "agrees"


def test_infinity() -> None:
    endless = Sample(np.full((4, 1), np.inf))
    assert judge_bound(endless, 1.0, ">=").status == "agrees"
    assert judge_bound(endless, 1.0, "<=").status == "disagrees"
    some = _sample(np.array([1.0]), 0.1, 5)
    assert judge_bound(some, np.inf, ">=").status == "disagrees"
    vacuous = judge_bound(some, np.inf, "<=")
    assert (vacuous.status, vacuous.resolution) == ("undecided", np.inf)


def test_bad_arguments_are_named() -> None:
    some = _sample(np.array([1.0]), 0.1, 5)
    with pytest.raises(ValueError, match="relation = '<'"):
        judge_bound(some, 1.0, "<")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="false_alarm = 2"):
        judge_bound(some, 1.0, "<=", false_alarm=2)
    with pytest.raises(ValueError, match="allowance = -1"):
        judge_bound(some, 1.0, "<=", allowance=-1)
    with pytest.raises(ValueError, match=r"the bound has shape \(3,\), but 1 points"):
        judge_bound(some, np.ones(3), "<=")
    with pytest.raises(UndefinedError, match="the bound is nan at point 0"):
        judge_bound(some, np.nan, "<=")
    with pytest.raises(UndefinedError, match="simulation is nan at point 0, trial 1"):
        judge_bound(Sample(np.array([[1.0], [np.nan]])), 1.0, "<=")


@pytest.mark.parametrize(
    ("sample", "bound", "allowance", "needed"),
    [
        (Sample(np.ones((1, 1))), -np.inf, 0.0, 5.0),  # one trial has no spread; two decide
        (Sample(np.array([[1.0], [2.0]])), 0.0, np.inf, np.inf),
    ],
)
def test_trials_needed_is_a_number(sample: Sample, bound: float, allowance: float, needed: float) -> None:
    judged = judge_bound(sample, bound, "<=", allowance)
    assert (judged.status, judged.trials_needed) == ("undecided", needed)
