"""python -m sims.belkin2019: grids, statements that can fail, and what a person sees."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.belkin2019 import command as belkin2019
from sims.belkin2019 import statements
from sims.data import named
from sims.experiments.images import growing_models, grown_networks, tree_ensembles
from sims.experiments.images.growing_models import GrowingModel, Growth, branch_point
from tests.sims.commands import assert_valid, the_file

pytest.importorskip("sklearn")

SMALL = ["--data", "digits", "--n", "60", "--points", "8", "--trials", "4", "--jobs", "1", "-q"]


@pytest.mark.parametrize("model", list(growing_models.LARGEST))
@pytest.mark.parametrize("points", [5, 8, 24])
def test_the_branch_point_is_on_the_grid_and_no_gap_is_wide(model: str, points: int) -> None:
    growing = GrowingModel(model, "digits", 100, points)
    grid, middle = growing_models.sizes(growing), branch_point(growing)
    assert np.all(np.diff(grid) > 0)
    assert grid[-1] == pytest.approx(growing_models.LARGEST[model] * middle, rel=0.05)
    assert np.min(np.abs(np.log(grid / middle))) < 0.05
    assert len(grid) <= points + 1
    if model != "network":  # a network has whole units
        assert middle in grid


def test_unpack_is_what_a_trial_measured() -> None:
    models = tuple(GrowingModel(model, "digits", 40, 6) for model in ("fourier", "forest"))
    values = growing_models.trial(models, np.random.default_rng(0))
    fourier, forest = growing_models.unpack(models, values[None])
    assert fourier.every.shape == (1, 2, 160)
    assert forest.limit.shape == (1, 0)
    for i, size in enumerate(growing_models.sizes(models[0])):
        assert fourier.scores[0, i, statements.TEST] == pytest.approx(fourier.every[0, 0, size - 1], rel=1e-6)
    assert 0 < forest.scores[0, -1, statements.ZERO_ONE] < 1
    again = growing_models.trial(models, np.random.default_rng(0))
    np.testing.assert_array_equal(again, values)


def test_a_full_grown_ensemble_interpolates_and_averages_members() -> None:
    parts = data.split(data.load("digits"), 80, seed=0, test=100)
    full = tree_ensembles.full_size("forest", 80)
    one, two = tree_ensembles.scores("forest", parts, [full, 6 * full], np.random.default_rng(0))
    assert one.train == two.train == 0.0
    assert two.test < one.test
    full = tree_ensembles.full_size("boosting", 80)
    first, half, whole = tree_ensembles.scores(
        "boosting", parts, [10, full // 2, full], np.random.default_rng(0)
    )
    assert first.train > half.train > whole.train
    assert whole.zero_one_train == 0.0


def test_a_wider_network_starts_where_the_narrow_one_ended() -> None:
    from sims.network import forward, start

    rng = np.random.default_rng(0)
    narrow, wide = (grown_networks.network(5, H, 3) for H in (4, 6))
    theta = start(narrow, [rng])
    X = rng.random((7, 5))
    grown = grown_networks.widen(narrow, theta, wide, rng)
    gap = np.abs(forward(wide, grown, X) - forward(narrow, theta, X)).max()
    fresh = np.abs(forward(wide, start(wide, [rng]), X) - forward(narrow, theta, X)).max()
    assert 0 < gap < fresh / 5


def _growth(model: GrowingModel, peak: float, right: float, rng: np.random.Generator) -> Growth:
    """Twelve trials of a curve with a peak of width one at so many times the threshold, and an end."""
    grid = growing_models.sizes(model)
    x = np.log(grid / branch_point(model))
    test = 0.5 + 3 * np.exp(-(((x - np.log(peak)) / 0.2) ** 2)) + (right - 0.5) * (x > 0.3)
    scores = np.tile(test, (12, 5, 1)).transpose(0, 2, 1) * np.exp(
        0.01 * rng.standard_normal((12, len(grid), 5))
    )
    scores[:, :, statements.NORM] = np.exp(-(x**2) - x) * np.exp(0.001 * rng.standard_normal((12, len(grid))))
    return Growth(scores, np.full((12, 5), 0.1), np.zeros((12, 2, 0)))


@pytest.mark.parametrize(
    ("peak", "right", "limit", "falls", "wrong"),
    [
        (1.0, 0.2, 0.1, True, None),
        (2.5, 0.2, 0.1, True, "peaks at the threshold"),
        (0.3, 0.2, 0.1, True, "peaks at the threshold"),
        (1.0, 0.8, 0.1, True, "right end"),
        (1.0, 0.2, 0.9, True, "kernel"),
        (1.0, 0.2, 0.1, False, "norm falls"),
    ],
)
def test_a_wrong_curve_is_found(
    peak: float, right: float, limit: float, falls: bool, wrong: str | None
) -> None:
    """A peak elsewhere, no second descent, a kernel that is worse, a norm that rises."""
    model = GrowingModel("relu", "digits", 100, 12, coarse=True)
    growth = _growth(model, peak, right, np.random.default_rng(0))
    growth.limit[:] = limit
    if not falls:
        growth.scores[:, -1, statements.NORM] *= 30
    found = statements.judged(statements.statements(model, growth))
    failed = {claim["statement"] for claim in found if claim["status"] == "disagrees"}
    if wrong is None:
        assert {claim["status"] for claim in found} == {"agrees"}
    else:
        assert failed
        assert all(wrong in statement for statement in failed)


def test_the_surest_statement_leaves_more_room_to_the_next() -> None:
    # of 64 symmetric trials the test at 1e-2 asks for 2.70 standard errors, at 5e-3 for 3.04
    def statement(score: float) -> statements.Statement:
        values = np.linspace(-1.0, 1.0, 64)
        values = score / 8 + values / values.std(ddof=1)
        return statements.Statement("relu", "", "", values)

    def statuses(*scores: float) -> list[str]:
        return [claim["status"] for claim in statements.judged([statement(score) for score in scores])]

    assert statuses(-2.9) == ["agrees"]
    assert statuses(-2.9, -3.1) == ["agrees", "agrees"]
    assert statuses(-2.9, -2.95) == ["undecided", "undecided"]
    assert statuses(-2.9, -3.1, 0.0) == ["undecided", "undecided", "undecided"]
    assert statuses(-4.0, -3.1, 4.0) == ["agrees", "agrees", "disagrees"]


def test_a_statistic_that_is_always_zero_is_never_decided() -> None:
    [judged] = statements.judged([statements.Statement("relu", "", "", np.zeros(3))])
    assert (judged["status"], judged["trials_needed"]) == ("undecided", 24.0)


def test_one_trial_decides_nothing() -> None:
    model = GrowingModel("relu", "digits", 100, 12, coarse=True)
    growth = _growth(model, 1.0, 0.2, np.random.default_rng(0))
    one = Growth(*(field[:1] for field in growth))
    assert {claim["status"] for claim in statements.judged(statements.statements(model, one))} == {
        "undecided"
    }


@pytest.mark.jit
@pytest.mark.parametrize("experiment", ["fourier", "forest", "boosting"])
def test_document(experiment: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = belkin2019.main([experiment, *SMALL, "--json"])
    document = json.loads(capsys.readouterr().out)
    assert code == {"agrees": 0, "disagrees": 1, "undecided": 5}[document["verdict"]["status"]]
    assert_valid("sims.belkin2019", document)
    assert document["command"].endswith(f"--seed 0 {experiment}")
    assert {row["model"] for row in document["rows"]} == set(growing_models.EXPERIMENTS[experiment])
    for row in document["rows"]:
        assert row["test_low"] <= row["test"] <= row["test_high"]
        assert ("norm" in row) == (experiment == "fourier")
    assert belkin2019.main([experiment, *SMALL, "--csv"]) == code
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["test"]) for row in table] == [row["test"] for row in document["rows"]]


@pytest.mark.slow
def test_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["all", "--n", "20", "--points", "5", "--trials", "2", "--data", "digits", "--jobs", "1", "-q"]
    assert belkin2019.main([*words, "--json"]) in (0, 1, 5)
    document = json.loads(capsys.readouterr().out)
    assert_valid("sims.belkin2019", document)
    assert [model["model"] for model in document["models"]] == list(growing_models.LARGEST)


@pytest.mark.jit
def test_one_trial_of_networks_has_infinite_errors(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["network", "--n", "20", "--points", "5", "--trials", "1", "--jobs", "1", "-q", "--json"]
    assert belkin2019.main(words) == 5
    document = json.loads(capsys.readouterr().out)
    assert_valid("sims.belkin2019", document)
    assert {claim["se"] for claim in document["claims"]} == {"inf"}


@pytest.mark.jit
def test_what_a_person_sees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = belkin2019.main(["relu", *SMALL, "--out", str(tmp_path)])
    seen = capsys.readouterr()
    assert seen.err == ""
    assert code in (0, 5)  # four trials may be too few to tell
    for words in ("threshold N = n at 60", "kernel", "resolution", "verdict: ", "again:  python -m"):
        assert words in seen.out
    assert {path.suffix for path in tmp_path.iterdir()} == {".pdf", ".png", ".csv", ".json"}
    document = json.loads(the_file(tmp_path, "belkin2019-relu-*.json").read_text(encoding="utf-8"))
    assert_valid("sims.belkin2019", document)
    assert all("norm" in row for row in document["rows"])


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--n", "5000"], "--n = 5000 must be at most 4900: mnist has 5000 images"),
        (["--n", "10"], "--n = 10 must be at least 20"),
        (["--points", "4"], "--points = 4 must be at least 5"),
        (["--trials", "0"], "--trials = 0 must be at least 1"),
        (["--seed", "-1"], "--seed = -1"),
        (["--label-noise", "2"], "--label-noise = 2 must be between 0 and 1"),
        (["--n", "100", "--n-max", "150"], "--n-max = 150 must be at least 200"),
        (["forest", "--coarse"], "--coarse: forest is measured"),
    ],
)
def test_bad_arguments(words: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("mlxtend")
    assert belkin2019.main(words) == 2
    seen = capsys.readouterr()
    assert named in seen.err
    assert seen.err.count("\n") == 1
    assert seen.out == ""


def test_a_missing_extra_gives_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    growing_models.loaded.cache_clear()
    monkeypatch.setattr(named, "find_spec", lambda name: None)
    assert belkin2019.main(["--data", "digits"]) == 2
    assert "pip install 'overparam[data]'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("experiment", ["fourier", "relu", "network", "forest", "boosting"])
def test_the_defaults_agree(experiment: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert belkin2019.main([experiment, "--json", "--jobs", "1"]) == 0
