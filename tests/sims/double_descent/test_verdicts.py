"""Verdicts of the command: a theory that is off is found, and what cannot be decided is not."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sims.double_descent import command as double_descent
from sims.experiments import descent_models
from tests.sims.commands import assert_valid, the_file

SMALL = ["--n", "40", "--d", "20", "--p-max", "160", "--trials", "24", "--points", "14", "--jobs", "1"]


def _replace_theory(
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[np.ndarray, np.ndarray], np.ndarray],
    model: str = "random-features",
) -> None:
    honest = descent_models.MODELS[model]

    def theory(setting: descent_models.Setting, p: np.ndarray) -> descent_models.CurveTheory:
        predicted = honest.theory(setting, p)
        return predicted._replace(test=change(predicted.test, p))

    monkeypatch.setitem(descent_models.MODELS, model, honest._replace(theory=theory))


@pytest.mark.parametrize(
    ("model", "options"),
    [(model, []) for model in descent_models.MODELS if model != "network"]
    + [("random-features", ["--activation", name]) for name in ("tanh", "erf", "cubic")],
)
@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_a_theory_ten_percent_off_exits_1_at_the_defaults(
    model: str,
    options: list[str],
    factor: float,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At the usual n, d, p-max and trials; eight points away from the threshold carry the verdict."""
    _replace_theory(monkeypatch, lambda test, p: factor * test, model)
    words = ["--model", model, *options, "--points", "8", "--json", "--jobs", "1"]
    assert double_descent.main([*words, "--p-max", "600", "--trials", "16"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"]["status"] == "disagrees"


@pytest.mark.jit
@pytest.mark.parametrize(
    "factor", [pytest.param(0.9, marks=pytest.mark.slow), pytest.param(1.0, marks=pytest.mark.slow), 1.1]
)
def test_network(factor: float, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The widest networks carry the verdict: half the usual width, four points."""
    _replace_theory(monkeypatch, lambda test, p: factor * test, "network")
    words = ["--model", "network", "--p-max", "5632", "--points", "4", "--json", "--jobs", "1"]
    assert double_descent.main(words) == (0 if factor == 1 else 1)
    document = json.loads(capsys.readouterr().out)
    assert_valid("sims.double_descent", document)
    assert document["config"]["ridge"] == 0.01
    assert [row["p"] % 22 for row in document["rows"]] == [0] * 4
    assert document["rows"][-1]["p"] == 5632


@pytest.mark.parametrize("beyond", [50, 20])
def test_an_infinite_theory_exits_1(
    beyond: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _replace_theory(monkeypatch, lambda test, p: np.where(p > beyond, np.inf, test))
    assert double_descent.main([*SMALL, "--out", str(tmp_path)]) == 1
    assert "verdict: disagrees" in capsys.readouterr().out
    saved = json.loads(the_file(tmp_path, "double_descent-random-features-*.json").read_text())
    wrong = [row["p"] for row in saved["rows"] if row["status"] == "disagrees"]
    assert wrong == [row["p"] for row in saved["rows"] if row["p"] > beyond and abs(row["p"] - 40) > 5]


def test_an_infinite_simulation_exits_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    honest = descent_models.MODELS["random-features"]

    def trial(setting: descent_models.Setting, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return np.where((points == 40) | (points == 160), np.inf, honest.trial(setting, points, rng))

    monkeypatch.setitem(descent_models.MODELS, "random-features", honest._replace(trial=trial))
    assert double_descent.main([*SMALL, "--out", str(tmp_path)]) == 1
    assert "verdict: disagrees" in capsys.readouterr().out


def test_nan_is_one_clear_line_and_exit_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    honest = descent_models.MODELS["random-features"]

    def trial(setting: descent_models.Setting, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return np.where(points == 160, np.nan, honest.trial(setting, points, rng))

    monkeypatch.setitem(descent_models.MODELS, "random-features", honest._replace(trial=trial))
    assert double_descent.main([*SMALL, "--json"]) == 3
    assert capsys.readouterr().err == (
        "error: simulation is nan at p = 160, trial 0; a number or inf is needed\n"
    )
    _replace_theory(monkeypatch, lambda test, p: np.where(p == 160, np.nan, test))
    assert double_descent.main([*SMALL, "--json", "-q"]) == 3
    assert capsys.readouterr().err == "error: theory is nan at p = 160; a number or inf is needed\n"


def test_too_few_trials_exit_5(capsys: pytest.CaptureFixture[str]) -> None:
    assert double_descent.main([*SMALL, "--trials", "1", "--no-plot"]) == 5
    seen = capsys.readouterr().out
    assert "undecided (needs about" in seen
    assert double_descent.main([*SMALL, "--trials", "1", "--json"]) == 5
    assert_valid("sims.double_descent", json.loads(capsys.readouterr().out))  # its standard errors are inf


def test_one_point_is_one_point(capsys: pytest.CaptureFixture[str]) -> None:
    assert double_descent.main([*SMALL, "--points", "1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["p"] for row in document["rows"]] == [160]
    assert document["verdict"]["family"] == 1


def test_resolution_without_noise_is_rounding(capsys: pytest.CaptureFixture[str]) -> None:
    small = [word for word in SMALL if word not in ("--d", "20")]
    assert double_descent.main([*small, "--model", "linear", "--noise", "0", "--json"]) == 0
    assert 1e-10 < json.loads(capsys.readouterr().out)["verdict"]["resolution"] < 1e-8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "seed"),
    [(model, seed) for model in descent_models.MODELS for seed in range(3 if model == "network" else 5)],
)
def test_seeds_in_a_row_agree(model: str, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert double_descent.main(["--model", model, "--seed", str(seed), "--json", "--jobs", "1"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"]["resolution"] <= 0.1
