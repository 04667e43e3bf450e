"""python -m sims.belkin2019: grids, statements that can fail, and what a person sees."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.belkin2019 import command as belkin2019
from sims.belkin2019 import statements as claims
from sims.experiments.images import growing_models as trials
from sims.experiments.images import grown_networks, tree_ensembles

pytest.importorskip("sklearn")

SMALL = ["--data", "digits", "--n", "60", "--points", "8", "--trials", "4", "--jobs", "1", "-q"]


@pytest.mark.parametrize("model", list(trials.LARGEST))
@pytest.mark.parametrize("points", [5, 8, 24])
def test_the_turn_is_on_the_grid_and_no_gap_is_wide(model: str, points: int) -> None:
    setting = trials.Setting(model, "digits", 100, points)
    grid, turn = trials.sizes(setting), trials.turn(setting)
    assert np.all(np.diff(grid) > 0)
    assert grid[-1] == pytest.approx(trials.LARGEST[model] * turn, rel=0.05)
    assert np.min(np.abs(np.log(grid / turn))) < 0.05
    assert len(grid) <= points + 1
    if model != "network":  # a network has whole units
        assert turn in grid


def test_unpack_is_what_a_trial_measured() -> None:
    settings = tuple(trials.Setting(model, "digits", 40, 6) for model in ("fourier", "forest"))
    values = trials.trial(settings, np.random.default_rng(0))
    fourier, forest = trials.unpack(settings, values[None])
    assert fourier.every.shape == (1, 2, 160)
    assert forest.limit.shape == (1, 0)
    for i, size in enumerate(trials.sizes(settings[0])):
        assert fourier.scores[0, i, claims.TEST] == pytest.approx(fourier.every[0, 0, size - 1], rel=1e-6)
    assert 0 < forest.scores[0, -1, claims.ZERO_ONE] < 1
    again = trials.trial(settings, np.random.default_rng(0))
    np.testing.assert_array_equal(again, values)


def test_a_full_grown_ensemble_interpolates_and_averages_members() -> None:
    parts = data.split(data.load("digits"), 80, seed=0, test=100)
    turn = tree_ensembles.turn("forest", 80)
    one, two = tree_ensembles.scores("forest", parts, [turn, 6 * turn], np.random.default_rng(0))
    assert one.train == two.train == 0.0
    assert two.test < one.test
    turn = tree_ensembles.turn("boosting", 80)
    first, half, full = tree_ensembles.scores(
        "boosting", parts, [10, turn // 2, turn], np.random.default_rng(0)
    )
    assert first.train > half.train > full.train
    assert full.zero_one_train == 0.0


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


def _measured(
    setting: trials.Setting, peak: float, right: float, rng: np.random.Generator
) -> trials.Measured:
    """Twelve trials of a curve with a peak of width one at so many times the turn, and an end."""
    grid = trials.sizes(setting)
    x = np.log(grid / trials.turn(setting))
    test = 0.5 + 3 * np.exp(-(((x - np.log(peak)) / 0.2) ** 2)) + (right - 0.5) * (x > 0.3)
    scores = np.tile(test, (12, 5, 1)).transpose(0, 2, 1) * np.exp(
        0.01 * rng.standard_normal((12, len(grid), 5))
    )
    scores[:, :, claims.NORM] = np.exp(-(x**2) - x) * np.exp(0.001 * rng.standard_normal((12, len(grid))))
    return trials.Measured(scores, np.full((12, 5), 0.1), np.zeros((12, 2, 0)))


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
    setting = trials.Setting("relu", "digits", 100, 12, coarse=True)
    measured = _measured(setting, peak, right, np.random.default_rng(0))
    measured.limit[:] = limit
    if not falls:
        measured.scores[:, -1, claims.NORM] *= 30
    found = claims.judged(claims.claims(setting, measured))
    failed = {claim["statement"] for claim in found if claim["status"] == "disagrees"}
    if wrong is None:
        assert {claim["status"] for claim in found} == {"agrees"}
    else:
        assert failed
        assert all(wrong in statement for statement in failed)


def test_the_surest_statement_leaves_more_room_to_the_next() -> None:
    # of three trials, Student's t at 1e-2 is 7.0 and at 5e-3 is 9.9
    def statement(score: float) -> claims.Claim:
        values = score / np.sqrt(3) + np.array([-1.0, 0.0, 1.0])
        return claims.Claim("relu", "", "", values)

    def statuses(*scores: float) -> list[str]:
        return [claim["status"] for claim in claims.judged([statement(score) for score in scores])]

    assert statuses(-8.0) == ["agrees"]
    assert statuses(-8.0, -11.0) == ["agrees", "agrees"]
    assert statuses(-8.0, -9.0) == ["undecided", "undecided"]
    assert statuses(-8.0, -11.0, 0.0) == ["undecided", "undecided", "undecided"]
    assert statuses(-13.0, -11.0, 13.0) == ["agrees", "agrees", "disagrees"]


def test_one_trial_decides_nothing() -> None:
    setting = trials.Setting("relu", "digits", 100, 12, coarse=True)
    measured = _measured(setting, 1.0, 0.2, np.random.default_rng(0))
    one = trials.Measured(*(field[:1] for field in measured))
    assert {claim["status"] for claim in claims.judged(claims.claims(setting, one))} == {"undecided"}


@pytest.mark.jit
@pytest.mark.parametrize("experiment", ["fourier", "relu", "forest", "boosting"])
def test_document(experiment: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = belkin2019.main([experiment, *SMALL, "--json"])
    document = json.loads(capsys.readouterr().out)
    assert code == {"agrees": 0, "disagrees": 1, "undecided": 5}[document["verdict"]["status"]]
    assert document["command"].endswith(f"--seed 0 {experiment}")
    assert {row["model"] for row in document["rows"]} == set(trials.EXPERIMENTS[experiment])
    for row in document["rows"]:
        assert row["test_low"] <= row["test"] <= row["test_high"]
        assert ("norm" in row) == (experiment in ("fourier", "relu"))
    assert belkin2019.main([experiment, *SMALL, "--csv"]) == code
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["test"]) for row in table] == [row["test"] for row in document["rows"]]


@pytest.mark.slow
def test_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["all", "--n", "20", "--points", "5", "--trials", "2", "--data", "digits", "--jobs", "1", "-q"]
    assert belkin2019.main([*words, "--json"]) in (0, 1, 5)
    document = json.loads(capsys.readouterr().out)
    assert [model["model"] for model in document["models"]] == list(trials.LARGEST)


@pytest.mark.jit
def test_what_a_person_sees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = belkin2019.main(["relu", *SMALL, "--out", str(tmp_path)])
    seen = capsys.readouterr()
    assert seen.err == ""
    assert code in (0, 5)  # four trials may be too few to tell
    for words in ("threshold N = n at 60", "kernel", "resolution", "verdict: ", "again:  python -m"):
        assert words in seen.out
    assert {path.suffix for path in tmp_path.iterdir()} == {".pdf", ".png", ".csv", ".json"}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--n", "5000"], "--n = 5000: mnist has 5000 images"),
        (["--n", "10"], "--n = 10 must be at least 20"),
        (["--points", "4"], "--points = 4 must be at least 5"),
        (["--trials", "0"], "--trials = 0 must be at least 1"),
        (["--seed", "-1"], "--seed = -1"),
        (["--label-noise", "2"], "--label-noise = 2 must be between 0 and 1"),
        (["--n", "100", "--n-max", "150"], "--n-max = 150 must be at least 200"),
        (["forest", "--coarse"], "--coarse: forest has no path"),
        (["--json", "--csv"], "exclude each other"),
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
    trials.loaded.cache_clear()
    monkeypatch.setattr(data, "find_spec", lambda name: None)
    assert belkin2019.main(["--data", "digits"]) == 2
    assert "pip install 'overparam[data]'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("experiment", ["fourier", "relu", "network", "forest", "boosting"])
def test_the_defaults_agree(experiment: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert belkin2019.main([experiment, "--json"]) == 0
