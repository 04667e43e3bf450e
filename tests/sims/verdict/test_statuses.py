"""What verdicts share: their order, the median resolution, trials that decide, and intervals of means."""

from itertools import permutations

import numpy as np
import pytest

from sims import verdict
from sims.verdict import half_width, median_resolution, worst


def test_the_worst_status_wins_in_any_order() -> None:
    order = [verdict.FAILED, verdict.DISAGREES, verdict.UNDECIDED, verdict.AGREES]
    for start, status in enumerate(order):
        assert {worst(some) for some in permutations(order[start:])} == {status}


def test_points_with_heavy_tails_have_no_say() -> None:
    assert worst([verdict.HEAVY, verdict.AGREES]) == verdict.AGREES
    assert worst([]) == verdict.AGREES


def test_median_resolution() -> None:
    assert median_resolution([0.0, 0.01, 0.03]) == 0.01  # zero is a resolution
    assert median_resolution([0.04, 0.01, 0.03, 0.02]) == pytest.approx(0.025)
    assert median_resolution([None, 0.02]) == 0.02
    assert median_resolution([None]) is None


@pytest.mark.parametrize("trials", [2, 5, 20])
def test_an_interval_covers_the_mean_at_its_level(trials: int) -> None:
    draws = np.random.default_rng(0).standard_normal((20_000, trials))
    se = draws.std(axis=1, ddof=1) / np.sqrt(trials)
    covered = np.mean(np.abs(draws.mean(axis=1)) <= half_width(se, trials, level=0.9))
    assert abs(covered - 0.9) < 5 * np.sqrt(0.9 * 0.1 / 20_000)


def test_one_trial_has_no_interval() -> None:
    assert half_width(np.inf, trials=1) == np.inf
