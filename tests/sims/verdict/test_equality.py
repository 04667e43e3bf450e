"""The verdict on an equality: false alarms as stated, power as printed, honest words elsewhere."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sims.trials.sample import Sample
from sims.verdict import judge


def _sample(mean: np.ndarray, spread: float, trials: int, seed: int = 0) -> Sample:
    rng = np.random.default_rng(seed)
    return Sample(mean + spread * rng.standard_normal((trials, len(mean))))


def test_a_zero_that_every_draw_shows_has_no_relative_error() -> None:
    found = judge(Sample(np.tile([0.0, 2.0], (20, 1))), [0.0, 2.0], outcome="every")
    assert found.status == "agrees"
    assert [point.resolution for point in found.points] == pytest.approx([np.inf, 1e-9])
    assert (found.resolution, found.hidden) == pytest.approx((1e-9, 1e-9))


def test_false_alarms_keep_to_the_stated_rate() -> None:
    # 2000 curves of 10 points at a family-wise rate of 5 %: 100 expected of a test that knows the law to be
    # normal, binomial sd 9.7. One that allows for skewness has fewer; at 256 trials a third of them.
    truth = np.linspace(1, 2, 10)
    alarms = sum(
        judge(_sample(truth, 0.1, 256, seed), truth, 0.0, False, false_alarm=0.05).status == "disagrees"
        for seed in range(2000)
    )
    assert 30 <= alarms <= 100 + 5 * 9.7


@given(st.integers(0, 10**6), st.integers(5, 40), st.floats(0, 0.05), st.floats(1e-4, 0.05))
def test_an_error_beyond_the_resolution_is_always_noticed(
    seed: int, trials: int, allowance: float, spread: float
) -> None:
    truth = np.linspace(1, 3, 7)
    sample = _sample(truth, spread, trials, seed)
    resolution = judge(sample, truth, allowance).resolution
    for wrong in (1 + 1.001 * resolution, 1 - 1.001 * resolution):
        if wrong > 0:
            assert judge(sample, truth * wrong, allowance).status == "disagrees"


def test_allowance_covers_a_gap_and_no_more() -> None:
    truth = np.ones(5)
    sample = _sample(1.03 * truth, 1e-4, 20)
    assert judge(sample, truth, allowance=0.031).status == "agrees"
    assert judge(sample, truth, allowance=0.029).status == "disagrees"
    assert judge(sample, truth).status == "disagrees"


def test_a_skewed_law_needs_its_known_spread() -> None:
    """Inverse chi-square means, as the risk beside the threshold: skewness 1.5 at 14 degrees of freedom."""
    alarms = {0.0: 0, 1.0: 0}
    truth, sd = 14 / 12, np.sqrt(2) * 14 / (12 * np.sqrt(10))
    for seed in range(1500):
        draws = 14 / np.random.default_rng(seed).chisquare(14, size=(20, 10))
        for known in alarms:
            judged = judge(Sample(draws), np.full(10, truth), false_alarm=0.01, spread=known * sd)
            alarms[known] += judged.status == "disagrees"
    # stated 1 %: 15 expected, binomial sd 3.9
    assert alarms[1.0] <= 15
    assert alarms[0.0] > 15 + 5 * 3.9


def test_heavy_tailed_points_do_not_count() -> None:
    truth = np.array([1.0, np.inf, 1.0])
    sample = _sample(np.array([1.0, 50.0, 9.0]), 0.01, 10)
    judged = judge(sample, truth, heavy_tailed=[False, True, True])
    assert [point.status for point in judged.points] == ["agrees", "heavy-tailed", "heavy-tailed"]
    assert judged.points[1].z is None
    assert judged.family == 1
    assert judge(sample, truth, heavy_tailed=True).status == "heavy-tailed"


@pytest.mark.parametrize(
    ("theory", "simulation", "status"),
    [(2.0, 2.0, "agrees"), (2.0, np.inf, "disagrees"), (np.inf, 2.0, "disagrees"),
     (np.inf, np.inf, "agrees"), (np.inf, -np.inf, "disagrees")],
)  # fmt: skip
def test_infinity_agrees_with_itself_alone(theory: float, simulation: float, status: str) -> None:
    truth = np.array([2.0, theory, 2.0])
    values = _sample(np.full(3, 2.0), 0.01, 10).values
    if np.isinf(simulation):  # one infinite trial makes an infinite mean
        values[3, 1] = simulation
    judged = judge(Sample(values), truth, allowance=0.1)
    assert [point.status for point in judged.points] == ["agrees", status, "agrees"]
    assert (judged.status, judged.family) == (status, 3)
    assert judged.resolution < 0.2  # of the finite points
    assert (judged.points[1].z is None) == (np.isinf(theory) or np.isinf(simulation))


def test_nothing_finite_decides_nothing() -> None:
    infinite = np.full((6, 2), np.inf)
    assert judge(Sample(infinite), np.full(2, np.inf)).status == "undecided"
    assert judge(Sample(infinite), np.ones(2)).status == "disagrees"
    assert judge(Sample(np.ones((6, 2))), np.full(2, np.inf)).status == "disagrees"


@pytest.mark.parametrize("heavy", [False, True])
def test_nan_is_refused_by_name(heavy: bool) -> None:
    truth, values = np.full(4, 2.0), _sample(np.full(4, 2.0), 0.1, 8).values
    with pytest.raises(ValueError, match="theory is nan at point 2"):
        judge(Sample(values), np.where(np.arange(4) == 2, np.nan, truth), heavy_tailed=heavy)
    values[5, 3] = np.nan
    with pytest.raises(ValueError, match="simulation is nan at point 3, trial 5"):
        judge(Sample(values), truth, heavy_tailed=heavy)
    values[5, 3], values[6, 3] = np.inf, -np.inf
    with pytest.raises(ValueError, match="over inf and -inf, is nan at point 3"):
        judge(Sample(values), truth, heavy_tailed=heavy)


@pytest.mark.parametrize("trials", [1, 2])
def test_too_few_trials_are_undecided_with_a_number(trials: int) -> None:
    judged = judge(_sample(np.ones(4), 0.1, trials), np.ones(4))
    assert judged.status == "undecided"
    assert 5 <= judged.trials_needed < 100


@pytest.mark.parametrize("seed", range(10))
def test_following_the_advice_on_trials_decides(seed: int) -> None:
    trials = 4
    for _ in range(4):
        judged = judge(_sample(np.ones(4), 0.5, trials, seed), np.ones(4))
        if judged.status == "agrees":
            break
        assert judged.status == "undecided"
        assert trials < judged.trials_needed < 1000
        trials = int(judged.trials_needed)
    assert judged.status == "agrees"


def test_no_number_of_trials_helps_a_wide_allowance() -> None:
    judged = judge(_sample(np.ones(4), 0.01, 20), np.ones(4), allowance=0.3)
    assert judged.status == "undecided"
    assert judged.trials_needed == np.inf


def test_zero_is_zero() -> None:
    # noiseless and interpolating: theory is exactly 0, simulation 0 up to rounding
    truth = np.array([0.0, 1.0])
    sample = Sample(np.tile([1e-17, 1.0], (64, 1)))
    assert [point.status for point in judge(sample, truth, outcome="every").points] == ["agrees", "agrees"]
    off = Sample(np.tile([1e-3, 1.0], (64, 1)))
    assert judge(off, truth, outcome="every").points[0].status == "disagrees"
    beside = judge(Sample(_sample(truth, 0.01, 64).values * [1e-12, 1]), truth)
    assert [point.status for point in beside.points] == ["undecided", "agrees"]


def test_a_sample_that_does_not_show_its_law_is_silent() -> None:
    still = Sample(np.full((64, 2), 2.0))
    few = _sample(np.full(2, 2.0), 0.01, 5)
    atoms = Sample(np.where(np.arange(64)[:, None] < 15, [1.0, 2.0], 0.0))  # 15 others than the zeros
    for sample in (still, few, atoms):
        for theory in ([2.0, 2.0], [2.1, 2.0]):
            judged = judge(sample, theory)
            assert judged.status == "undecided"
            assert np.isinf(judged.hidden)
            assert sample.trials < judged.trials_needed < np.inf
    assert judge(still, [2.0, 2.0], spread=0.0).status == "agrees"
    assert judge(still, [2.1, 2.0], spread=0.0).status == "disagrees"


def test_one_more_outcome_breaks_the_silence() -> None:
    outcomes = np.where(np.arange(64)[:, None] < 16, 1.0, 0.0)
    assert judge(Sample(outcomes), 2.0, heavy_tailed=False).status == "disagrees"


def test_shares_are_judged_by_the_binomial_law() -> None:
    """Three of twenty: by Clopper and Pearson the share is between 0.032 and 0.379 at 95 %."""
    drawn = Sample(np.repeat([[1.0], [0.0]], [3, 17], axis=0))
    statuses = {
        theory: judge(drawn, theory, false_alarm=0.05, outcome="share").status == "disagrees"
        for theory in (0.0, 0.032, 0.0321, 0.378, 0.379, 1.0)
    }
    assert list(statuses.values()) == [True, True, False, False, True, True]
    with pytest.raises(ValueError, match=r"an outcome is 0\.5, but a share counts outcomes of 0 and 1"):
        judge(Sample(np.full((8, 1), 0.5)), 0.5, outcome="share")


def test_every_draw_follows_the_rule_of_k_trials() -> None:
    kept = judge(Sample(np.full((64, 2), 3.0)), 3.0, false_alarm=1e-3, outcome="every")
    assert (kept.status, kept.outcome) == ("agrees", "every")
    assert kept.exceptions == pytest.approx(1 - (1e-3 / 2) ** (1 / 64))
    few = judge(Sample(np.full((8, 1), 3.0)), 3.0, false_alarm=1e-3, outcome="every")
    assert (few.status, few.trials_needed) == ("undecided", 10)  # 2^-10 < 1e-3 < 2^-9
    once = np.full((64, 2), 3.0)
    once[40, 1] = 3.001
    assert judge(Sample(once), 3.0, outcome="every").status == "disagrees"
    assert judge(Sample(once), 3.0, allowance=1e-3, outcome="every").status == "agrees"


def test_a_common_error_is_seen_by_the_points_pooled() -> None:
    """Six means that are all low by 1.8 to 4.6 standard errors: no single one is beyond the level."""
    z = np.array([1.8, 2.3, 2.8, 3.3, 3.9, 4.6])
    noise = np.random.default_rng(5).standard_normal((200, 6))
    noise = (noise - noise.mean(axis=0)) / noise.std(axis=0, ddof=1)
    sample = Sample(1 + 0.01 * (noise - z / np.sqrt(200)))
    judged = judge(sample, np.ones(6), 0.0, False, 1e-6)
    assert [point.z for point in judged.points] == pytest.approx(-z, abs=1e-4)
    assert [point.status for point in judged.points] == ["agrees"] * 6
    assert judged.status == "disagrees"
    assert judged.pooled is not None
    assert judged.pooled < -6
    assert judge(sample, sample.mean, 0.0, False, 1e-6).status == "agrees"


def test_repeated_looks_ask_for_more() -> None:
    sample = _sample(np.full(2, 1.02), 0.1, 256)  # 3.2 standard errors
    assert judge(sample, np.ones(2), 0.0, False, 0.01).status == "disagrees"
    assert judge(sample, np.ones(2), 0.0, False, 0.01, looked_at_often=True).status != "disagrees"
    once = judge(sample, np.ones(2), 0.0, False, 0.01).resolution
    often = judge(sample, np.ones(2), 0.0, False, 0.01, looked_at_often=True).resolution
    assert 1.2 < often / once < 3


def test_who_does_not_vouch_has_a_blunter_verdict() -> None:
    sample = _sample(np.ones(3), 0.1, 16)
    vouched, unknown = judge(sample, np.ones(3), heavy_tailed=False), judge(sample, np.ones(3))
    assert 1.5 * vouched.resolution < unknown.resolution
    assert 1.5 * vouched.hidden < unknown.hidden


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"false_alarm": 0.0}, "false_alarm = 0"),
        ({"false_alarm": 1.5}, "false_alarm = 1.5"),
        ({"allowance": -0.1}, "allowance = -0.1"),
        ({"allowance": np.nan}, "allowance = nan"),
        ({"allowance": np.zeros(3)}, r"allowance has shape \(3,\), but 2 points"),
        ({"theory": np.ones(3)}, r"theory has shape \(3,\), but 2 points"),
        ({"heavy_tailed": [True] * 3}, r"heavy_tailed has shape \(3,\)"),
        ({"spread": np.ones((1, 2))}, r"spread has shape \(1, 2\)"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        judge(_sample(np.ones(2), 0.1, 5), **{"theory": np.ones(2), **arguments})
