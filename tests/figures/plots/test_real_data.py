"""Figures on real data fail where a statement of the paper does, or where the data are not installed."""

from pathlib import Path

import numpy as np
import pytest

from figures import build, files, marks
from figures.plots import _belkin2019, everyday_cost
from sims.data import named
from sims.experiments.images import growing_models as trials
from sims.experiments.images.growing_models import GrowingModel
from theory import Problem

pytest.importorskip("sklearn")
SMALL = GrowingModel("relu", "digits", n=40, points=8)


def test_curves_are_drawn_with_limit_threshold_and_every_size() -> None:
    found = _belkin2019.curves(SMALL, 24, 0)
    assert found["relu test"].x[-1] == 160
    assert found["relu sizes"][-1] == 160
    with files.house_style():
        figure = files.page(1, 2)
        _belkin2019.losses(figure, found, {"relu": ("features N", "N = n")})
    zero_one, squared = figure.axes
    places = [tuple(line.get_xdata()) for line in squared.lines]  # type: ignore[arg-type]
    levels = [tuple(line.get_ydata()) for line in squared.lines]  # type: ignore[arg-type]
    assert (40, 40) in places
    assert (found["relu test limit"],) * 2 in levels
    assert zero_one.get_ylim()[0] == 0
    assert [axes.get_ylabel() for axes in figure.axes] == ["zero-one loss", "squared loss"]


def test_random_labels_have_no_second_descent() -> None:
    with pytest.raises(marks.Disagreement, match=r"relu (disagrees|undecided) with 'the .* right end"):
        _belkin2019.curves(SMALL._replace(label_noise=1.0, coarse=True), 24, 0)


def test_without_the_data_the_figure_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials.loaded.cache_clear()
    monkeypatch.setattr(named, "find_spec", lambda package: None)
    built = build.build("belkin2019_relu", tmp_path, build.Settings())
    assert built.status == "missing"
    assert "python -m pip install 'overparam[data]'" in built.error


def test_arithmetic_bought_with_the_best_ridge_is_never_worse() -> None:
    problem = Problem.power_law(400, 1.5, 2.0, noise=0.05)
    n, p = np.array([[20.0], [60.0]]), np.array([5.0, 30.0, 90.0])
    tuned, ridgeless = (everyday_cost.front_of(problem, kind, n, p) for kind in everyday_cost.KINDS)
    assert ridgeless.test[-1] > tuned.test[-1]
    for cost, test in zip(ridgeless.cost, ridgeless.test, strict=True):
        assert tuned.test[tuned.cost <= cost].min() <= test
