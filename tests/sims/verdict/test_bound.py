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
    # 1500 samples of 4 points at their bound, each side at 20 %: by halves, and allowing for skewness, 150 at
    # most, binomial sd 12. All four are confirmed together with chance (0.2/8)^4.
    truth = np.linspace(1, 2, 4)
    statuses = [
        judge_bound(
            _sample(truth, 0.1, 64, seed), truth, relation, false_alarm=0.2, heavy_tailed=False
        ).status
        for seed in range(1500)
    ]
    assert 30 <= statuses.count("disagrees") <= 150 + 5 * 12
    assert statuses.count("agrees") == 0


@given(
    st.integers(0, 10**6),
    st.floats(-3, 3),
    st.floats(0.001, 0.3),
    st.sampled_from(["<=", ">="]),
    st.integers(2, 40),
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
    sample = _sample(np.array([1.0]), 0.1, 64)  # 1 +- 0.0125
    assert judge_bound(sample, 1.5, "<=").status == "agrees"
    assert judge_bound(sample, 1.5, ">=").status == "disagrees"
    unclear = judge_bound(sample, 1.0, "<=")
    assert unclear.status == "undecided"
    assert unclear.trials_needed > 64
    assert judge_bound(sample, 0.9, "<=").status == "disagrees"
    assert judge_bound(sample, 0.9, "<=", allowance=0.5).status == "agrees"


def test_one_point_beyond_makes_all_wrong_and_one_unclear_none_sure() -> None:
    sample = _sample(np.array([1.0, 2.0]), 0.01, 20)
    assert judge_bound(sample, [0.5, 1.0], ">=").status == "agrees"
    assert judge_bound(sample, [0.5, 3.0], ">=").status == "disagrees"
    assert judge_bound(sample, [0.5, 2.0], ">=").status == "undecided"


def test_a_mean_without_spread_decides_nothing_but_each_draw_does() -> None:
    still = Sample(np.zeros((16, 1)))
    for bound in (0.0, 1e-9):
        assert judge_bound(still, bound, ">=").status == "undecided"
    assert judge_bound(still, 0.0, ">=", outcome="every").status == "agrees"
    assert judge_bound(still, 0.0, "<=", outcome="every").status == "agrees"
    assert judge_bound(still, 1e-9, ">=", outcome="every").status == "disagrees"
    rounded = Sample(np.full((16, 1), 1 - 1e-12))
    assert judge_bound(rounded, 1.0, ">=", outcome="every").status == "agrees"


def test_the_bound_of_a_share_is_that_of_the_binomial_law() -> None:
    """Eight of eight: the share is above 0.0005^(1/8) = 0.387 at half of 1e-3."""
    always = Sample(np.ones((8, 1)))
    assert judge_bound(always, 0.38, ">=", outcome="share").status == "agrees"
    assert judge_bound(always, 0.39, ">=", outcome="share").status == "undecided"
    assert judge_bound(always, 0.38, "<=", outcome="share").status == "disagrees"


def test_infinity() -> None:
    endless = Sample(np.full((4, 1), np.inf))
    assert judge_bound(endless, 1.0, ">=").status == "agrees"
    assert judge_bound(endless, 1.0, "<=").status == "disagrees"
    some = _sample(np.array([1.0]), 0.1, 20)
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
        (Sample(np.ones((1, 1))), -np.inf, 0.0, 24.0),  # one trial shows no law
        (Sample(np.array([[1.0], [2.0]])), 0.0, np.inf, np.inf),
    ],
)
def test_trials_needed_is_a_number(sample: Sample, bound: float, allowance: float, needed: float) -> None:
    judged = judge_bound(sample, bound, "<=", allowance)
    assert (judged.status, judged.trials_needed) == ("undecided", needed)
