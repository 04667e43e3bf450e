"""Figures of least squares, early stopping and classification: what their titles say, and wrong theories."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from figures import marks, registry
from figures.plots import _curve, _isotropic
from theory import classification, exact
from theory.papers import (
    ali2019,
    hastie2022,
    heckel2021,
    levi2024,
    marchenko1967,
    nakkiran2019,
    nakkiran2021,
    simon2024,
    sorscher2022,
)


def _data(name: str) -> Any:
    return registry.module(name).data()


def _swapped(of: Callable[..., Any]) -> Callable[..., Any]:
    """Theory that takes n for p."""
    return lambda n, p, *rest, **named: of(p, n, *rest, **named)


def _scaled(of: Callable[..., Any], at: int, factor: float) -> Callable[..., Any]:
    """Theory with one argument mistaken by a factor."""
    return lambda *given: of(*given[:at], factor * np.asarray(given[at]), *given[at + 1 :])


@pytest.mark.parametrize(
    ("name", "home", "theory", "wrong"),
    [
        ("hastie2022_snr", None, "least_squares", _swapped(exact.least_squares)),
        ("hastie2022_isotropic", None, "least_squares", _swapped(exact.least_squares)),
        ("hastie2022_optimal_ridge", hastie2022, "isotropic", _scaled(hastie2022.isotropic, 0, 1.2)),
        ("hastie2022_cross_validation", hastie2022, "isotropic", _scaled(hastie2022.isotropic, 3, 2.0)),
        ("nakkiran2019_samplewise", nakkiran2019, "risk", _swapped(nakkiran2019.risk)),
        (
            "nakkiran2021_tuned",
            nakkiran2021,
            "model_wise_risk",
            _scaled(nakkiran2021.model_wise_risk, 5, 1.5),
        ),
        ("ali2019_time", ali2019, "risk", _scaled(ali2019.risk, 1, 1.2)),
        ("heckel2021_epochwise", heckel2021, "risk", _scaled(heckel2021.risk, 3, 1.5)),
        ("marchenko1967_gap", marchenko1967, "density", _scaled(marchenko1967.density, 1, 1.2)),
        ("levi2024_grokking", levi2024, "accuracy", _scaled(levi2024.accuracy, 1, 1.5)),
        ("sorscher2022_crossing", sorscher2022, "error", _scaled(sorscher2022.error, 0, 1.2)),
        ("simon2024_more", simon2024, "optimal", _scaled(simon2024.optimal, 1, 1.2)),
    ],
)
def test_a_wrong_theory_fails_the_build(
    name: str, home: Any, theory: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home or registry.module(name), theory, wrong)
    with pytest.raises(marks.Disagreement, match="simulation disagrees with theory"):
        _data(name)


def test_with_the_best_ridge_more_never_hurts() -> None:
    found = _data("nakkiran2021_tuned")
    for along in ("samples", "features"):
        assert (np.diff(found[f"limit {along} best"]) <= 0).all()
        assert np.diff(found[f"limit {along} 0.01"]).max() > 0


def test_with_the_best_ridge_more_random_features_never_hurt() -> None:
    found = _data("simon2024_more")
    for n in registry.module("simon2024_more").SAMPLES:
        assert (np.diff(found[f"best {n}"]) <= 1e-9).all()
        assert (found[f"best {n}"] <= found[f"small {n}"] + 1e-9).all()


def test_the_deeper_valley_changes_sides_with_the_decay() -> None:
    module = registry.module("hastie2022_misspecified")
    depth = module.numbers(module.data())
    assert depth["valley_beyond_decay_2"] < depth["valley_before_decay_2"]
    assert depth["valley_beyond_decay_5"] > depth["valley_before_decay_5"]


def test_aligned_step_sizes_leave_no_peak() -> None:
    module = registry.module("heckel2021_epochwise")
    found = module.data()
    numbers = module.numbers(found)
    assert numbers["peak_over_valley"] > 1.05
    assert numbers["best_aligned"] < numbers["best_one_step_size"]
    falls = np.diff(found["theory aligned step sizes"]) < 0
    assert (np.diff(falls.astype(int)) <= 0).all()  # down, then up, and no third turn


@pytest.mark.slow
def test_errors_of_a_classifier_peak_where_the_samples_become_separable() -> None:
    found = _data("deng2022_threshold")
    assert abs(np.log(found["gamma"][np.argmax(found["error"])] / found["peak"])) < 0.05
    r = np.sqrt(1 + 2.0 * found["peak"])
    assert classification.separability_threshold(r) == pytest.approx(found["peak"], rel=1e-9)


def test_shapes_of_one_trial_share_their_design() -> None:
    parts = _isotropic.parts([(30, 20), (30, 60), (30, 20)], 3, "shared")
    assert (parts.cost[:, 0] == parts.cost[:, 2]).all()
    assert parts.missed[:, 0] == pytest.approx(0.0, abs=1e-12)
    assert parts.missed[:, 1] == pytest.approx(0.5)
    sample = parts.test(2.0, 0.5)
    assert sample.values[:, 1] == pytest.approx(0.5 + 2.0 * 0.5 + 0.5 * parts.cost[:, 1])


def test_a_curve_is_one_entry_of_the_legend_and_named_in_each_kind() -> None:
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    x = np.array([1.0, 2.0])
    points = marks.Points(x, x, x - 0.1, x + 0.1, np.zeros(2, dtype=bool), x, np.nan, np.nan)
    _curve.curve(axes, "error", "C0", "o", (x, x), (x, x), points)
    _curve.legend(axes, "error")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["error"]
    assert axes.get_legend_handles_labels()[1] == ["error", "error, exact", "error"]


def test_a_legend_may_belong_to_the_figure() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([1.0], label="error")
    _curve.legend(axes, "error", home=figure, loc="outside upper center")
    assert axes.get_legend() is None
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["error"]


def test_the_wild_fit_of_the_picture_is_the_one_at_the_threshold() -> None:
    module = registry.module("everyday_fits")
    found = module.data()
    numbers = module.numbers(found)
    assert numbers["at_threshold"] > 50 * max(numbers["best_below"], numbers["beyond"])
    at, beyond = (
        np.interp(found["inputs"], module.GRID, found[f"fit {name} n"]) for name in ("at", "beyond")
    )
    assert np.abs(at - found["labels"]).max() < 0.02  # both pass through the samples
    assert np.abs(beyond - found["labels"]).max() < 0.02


def test_interpolants_are_of_the_three_kinds() -> None:
    module = registry.module("mallinar2022_interpolants")
    found = module.data()
    assert (np.diff(found["exact benign"]) < 0).all()
    assert np.abs(found["exact tempered"] - 2 / 3).max() < 1e-4
    assert (np.diff(found["exact catastrophic"]) > 0).all()
