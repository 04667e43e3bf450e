"""What the figures of random features share, and what is special about some of them."""

import numpy as np
import pytest

from figures.marks import Points
from figures.plots import (
    _random_features,
    adlam2020ntk_peaks,
    dascoli2020_decomposition,
    dascoli2020_ensembling,
    mei2022_best_ridge,
    mei2022_risk,
)
from sims.trials.sample import Sample
from theory.papers import mei2022


def test_the_equation_tends_to_the_limit() -> None:
    limit = mei2022.risk(4.0, 2.0, 0.1, noise=0.3)
    gaps = [
        abs(_random_features.equation("relu", 2 * d, 4 * d, d, 0.1, 0.3).test / limit.test - 1)
        for d in (50, 200, 800)
    ]
    assert gaps[0] > 3 * gaps[1] > 9 * gaps[2]


def test_a_column_takes_one_number_of_each_place() -> None:
    places = [Sample(np.array([[1.0, 2.0], [3.0, 4.0]])), Sample(np.array([[5.0, 6.0], [7.0, 8.0]]))]
    np.testing.assert_array_equal(_random_features.column(places, 1).values, [[2.0, 6.0], [4.0, 8.0]])


SETTING = (60, 30, 1e-3, 0.2)
"""Samples, dimension, ridge and noise."""


def test_the_stack_ends_at_the_error_of_one_model() -> None:
    p = np.array([20, 60, 200])
    stacked = dascoli2020_decomposition._equation(*SETTING, p)[-1] + SETTING[-1]
    np.testing.assert_allclose(stacked, dascoli2020_ensembling._equation(*SETTING, p, 1.0), rtol=1e-12)


def test_an_ensemble_without_end_has_no_peak() -> None:
    p = np.array([40, 60, 90])
    _, at, beyond = dascoli2020_ensembling._equation(*SETTING, p, np.inf)
    assert at == pytest.approx(beyond, rel=0.02)
    _, at, beyond = dascoli2020_ensembling._equation(*SETTING, p, 1.0)
    assert at > 1.5 * beyond


def test_the_root_of_points_keeps_their_judgement() -> None:
    one = np.array([4.0])
    found = Points(one, one, one / 4, one * 4, one > 5, one, 0.1, 0.2).through(np.sqrt)
    assert [found.centre[0], found.low[0], found.high[0], found.theory[0]] == [2.0, 1.0, 4.0, 2.0]
    assert found.resolution == 0.1
    assert found.x[0] == 4.0


def test_no_ridge_is_best_from_the_edge_on() -> None:
    below, above = mei2022.optimal(
        np.inf, 2.0, noise=1 / (mei2022_best_ridge.EDGE * np.array([0.99, 1.01]))
    ).ridge
    assert below > 0 == above


def test_numbers_tell_the_peak_from_the_tuned_error() -> None:
    ratio = np.array([0.5, 1.0, 2.0])
    data = {"ratio": ratio, "limit small": np.array([1.0, 9.0, 2.0]), "limit best": np.array([1.0, 0.8, 0.5])}
    assert mei2022_risk.numbers({"small": 1e-3, **data}) == {
        "ridge": 1e-3, "peak_limit": 9.0, "best_ridge_test_at_peak": 0.8,
    }  # fmt: skip


def test_both_layers_peak_at_n_parameters_and_the_read_out_at_n_units() -> None:
    rng = np.random.default_rng(3)
    read_out, both = (
        np.mean(
            [adlam2020ntk_peaks._errors(0.2, trained, [1, 2, 4, 30, 60, 120], rng) for _ in range(20)], axis=0
        )
        for trained in adlam2020ntk_peaks.MODELS
    )
    assert np.argmax(both) == 1
    assert np.argmax(read_out) == 4
    assert (np.diff(both[3:]) < 0).all()
