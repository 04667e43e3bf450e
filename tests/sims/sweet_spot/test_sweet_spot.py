"""A problem is found again behind its data, and a forecast holds on rows that it has not seen."""

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from sims import data as datasets
from sims.sweet_spot import command as sweet_spot
from sims.sweet_spot import feature_maps, forecast, spectrum
from theory import Problem, random_features, tradeoff

pytestmark = pytest.mark.jit

N = 300
FAMILY = Problem(
    np.arange(1.0, 601) ** -1.2, np.arange(1.0, 601) ** -1.5 / 2.5, noise=0.2
)  # more dimensions than rows
SMALL = ["--n", "200", "--p-max", "400", "--points", "6", "--trials", "2", "--jobs", "1", "--no-plot"]


def _sample(problem: Problem, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Gaussian eigenfunctions: kernel matrix and noisy targets of n rows."""
    rng = np.random.default_rng(seed)
    Phi = rng.standard_normal((n, len(problem.eigenvalues)))
    target = np.sqrt(problem.power) * rng.choice([-1, 1], len(problem.power))
    noise = np.sqrt(problem.noise) * rng.standard_normal(n)
    return Phi * problem.eigenvalues @ Phi.T, Phi @ target + noise


# ---------------------------------------------------------------- the estimate


def test_the_problem_behind_gaussian_data_is_found() -> None:
    # the mean of 10 samples lies within 4 of its standard errors, a false alarm of 1e-3 at each of 4 points
    # with Student's t; beside 3 %, for a jackknifed fit is not free of bias
    n, p = np.array([75.0, 150.0, 300.0, 300.0]), np.array([100.0, 300.0, 100.0, 1200.0])
    truth = tradeoff.best_ridge(FAMILY, n, p).test
    found = []
    for seed in range(10):
        problem = spectrum.estimate(*_sample(FAMILY, N, seed)).problem
        found.append(tradeoff.best_ridge(problem, n, p).test / truth)
    mean, se = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(10)
    assert (np.abs(mean - 1) < 0.03 + 4.8 * se).all()
    assert (se < 0.05).all()  # else the check could not fail


@pytest.mark.slow
def test_the_jackknife_knows_its_error() -> None:
    point = np.array([200.0]), np.array([200.0])
    truth = tradeoff.best_ridge(FAMILY, *point).test

    def predict(problem: Problem, share: float) -> np.ndarray:
        return np.asarray(tradeoff.best_ridge(problem, share * point[0], share * point[1]).test)

    scores = []
    for seed in range(12):
        K, y = _sample(FAMILY, N, seed)
        told = spectrum.jackknife(K, y, predict, 8, np.random.default_rng(seed))
        scores.append(np.log(told.value / truth)[0] / told.se[0])
    # 12 squares of about normal numbers: outside with chance 1e-3 on either side
    assert 2.2 < np.square(scores).sum() < 40


def test_without_ridge_away_from_the_threshold() -> None:
    problem = spectrum.estimate(*_sample(FAMILY, 600, 0)).problem
    n, p = 300.0, np.array([100.0, 150.0, 600.0, 1500.0])
    assert random_features(problem, n, p).test == pytest.approx(random_features(FAMILY, n, p).test, rel=0.15)
    assert random_features(problem, n, n).test == np.inf


def test_a_singular_matrix_has_its_rank_and_noise() -> None:
    levels = Problem([4.0, 1.0], [1.0, 1.0], [10, 30], noise=0.5)
    wide = Problem(np.repeat([4.0, 1.0], [10, 30]), np.repeat([0.1, 1 / 30], [10, 30]), noise=0.5)
    problem = spectrum.estimate(*_sample(wide, 400, 1)).problem
    assert problem.rank == pytest.approx(levels.rank, rel=0.02)
    assert problem.tail == 0
    assert problem.noise == pytest.approx(0.5, rel=0.2)  # 2 standard errors of a variance are 0.15
    assert problem.power.sum() == pytest.approx(2.0, rel=0.25)


def test_columns_add_up() -> None:
    K, y = _sample(FAMILY, 100, 0)
    one, two = (spectrum.estimate(K, Y) for Y in (y, np.column_stack([y, 2 * y])))
    assert two.loo == pytest.approx(5 * one.loo)
    assert two.problem.noise == pytest.approx(5 * one.problem.noise, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", feature_maps.NAMES)
def test_features_have_their_kernel(name: str) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((5, 3))
    F, same = feature_maps.draw(
        name, X, X, 40_000 // feature_maps.unit(name, 3) * feature_maps.unit(name, 3), 1.5, rng
    )
    K = feature_maps.gram(name, X, 1.5)
    assert np.array_equal(F, same)
    # entries are means over 10 000 draws or more, of standard deviation up to about 5 |K|
    assert np.abs(F @ F.T - K).max() < 0.25 * np.abs(K).max()
    assert np.abs(F @ F.T - 2 * K).max() > 0.25 * np.abs(K).max()


# ---------------------------------------------------------------- the forecast and its judge


def _told(se: float, misfit: float = 0.0) -> forecast.Forecast:
    one = np.ones(4)
    known = spectrum.Estimate(FAMILY, misfit, 1.0, 1.0)
    return forecast.Forecast(known, ridge=one, test=one, se=se * one, ridgeless=one)


@pytest.mark.parametrize(
    ("factor", "se", "misfit", "status"),
    [
        (1.05, 0.05, 0.0, "agrees"),
        (1.6, 0.05, 0.0, "disagrees"),
        (0.6, 0.05, 0.0, "disagrees"),
        (1.6, 0.2, 0.0, "undecided"),
        (1.0, 0.3, 0.0, "not predictable"),
        (1.0, 0.05, 0.5, "not predictable"),
    ],
)
def test_the_judge(factor: float, se: float, misfit: float, status: str) -> None:
    measured = factor * np.ones((1, 4, 1)) * np.linspace(0.95, 1.05, 20)
    assert forecast.judge(_told(se, misfit), forecast.averaged(measured, 1.0)).status == status


def test_the_error_of_a_mean_over_splits() -> None:
    # 200 rows with errors of variance 1, of which 5 splits hold out 80 each
    rng = np.random.default_rng(0)
    means, told = [], []
    for _ in range(1000):
        rows = 10 + rng.standard_normal(200)
        errors = np.array([rng.permutation(rows)[:80].reshape(1, 20, 4).mean(axis=2) for _ in range(5)])
        known = forecast.averaged(errors, 80 / 200)
        means.append(known.mean[0])
        told.append(known.se[0] * known.mean[0])
    # a standard deviation from 1000 means errs by 2.2 %: four times that
    assert np.std(means) == pytest.approx(np.sqrt(np.mean(np.square(told))), rel=0.09)


def test_heavy_tails_are_not_predicted() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 5))
    y = X[:, 0] + rng.standard_cauchy(60)
    told = forecast.forecast(X @ X.T, y, np.array([60.0]), np.array([100.0]), rng)
    assert told.se[0] > forecast.UNSURE


def test_an_exact_target_is_predicted_exactly() -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 5))
    told = forecast.forecast(X @ X.T, X[:, 0], np.array([60.0]), np.array([100.0]), rng)
    assert told.test[0] < 1e-9
    assert np.isfinite(told.se).all()


def test_more_rows_are_on_the_line_of_the_last_doubling() -> None:
    p = np.array([np.inf])
    quarter, half, whole = (forecast.errors(FAMILY, 300, np.array([n]), p)[0] for n in (75.0, 150.0, 300.0))
    assert forecast.errors(FAMILY, 300, np.array([600.0]), p)[0] == pytest.approx(whole**2 / half)
    assert forecast.rows_for(FAMILY, 300, whole**2 / half * 1.0001) == pytest.approx(600, abs=1.5)
    assert forecast.rows_for(FAMILY, 300, quarter) in (75, 76)


# ---------------------------------------------------------------- the command


def _data(path: Path, rows: int = 600) -> str:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((rows, 4))
    y = X[:, 0] - 0.5 * X[:, 1] + 0.3 * rng.standard_normal(rows)
    lines = [",".join(f"{v:.6f}" for v in (*x, t)) for x, t in zip(X, y, strict=True)]
    path.write_text("\n".join(["a,b,c,d,y", *lines]) + "\n", encoding="utf-8")
    return str(path)


def test_what_the_command_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    data = _data(tmp_path / "my data.csv")
    assert sweet_spot.main([data, *SMALL, "--budget", "1e5", "--error", "0.5"]) == 0
    text = capsys.readouterr().out
    for words in (
        "predicted from 200 training rows before any", "peak: at p = n = 200", "leave-one-out", "GCV",
        "within 1 % of it", "within 5 % of it", "twice the data (n = 400", "twice the width", "budget: 1e+05",
        "error 0.5: takes", "1e-10 joules a flop", "verdict: agrees",
        "means of 2 splits, each on 400 rows that were held out", f"{data}: test error of ridge regression",
    ):  # fmt: skip
        assert words in text, words
    assert f"python -m sims.sweet_spot '{data}' --features relu" in text
    for suffix in ("pdf", "png", "csv", "json"):
        assert (tmp_path / "out" / f"sweet_spot-my data-relu.{suffix}").stat().st_size > 0


@pytest.mark.parametrize("features", ["fourier", "linear"])
def test_json_and_csv_hold_the_same_rows(
    features: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [_data(tmp_path / "a.csv"), *SMALL, "--features", features]
    assert sweet_spot.main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {"schema", "command", "config", "seed", "versions", "rows", "verdict", "answers"} <= set(document)
    assert document["rows"][-1]["n"] == 100
    assert all(row["low"] < row["predicted"] < row["high"] for row in document["rows"])
    assert (document["answers"]["peak"] is None) == (features == "linear")  # 4 dimensions
    assert sweet_spot.main([*words, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["measured"]) for row in rows] == [row["measured"] for row in document["rows"]]


def test_what_cannot_be_predicted_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((200, 3)), rng.standard_cauchy(200)
    np.savez(tmp_path / "heavy.npz", X=X, y=X[:, 0] + y)
    assert sweet_spot.main(["heavy.npz", "--quick", "--jobs", "1", "--no-plot"]) == 5
    text = capsys.readouterr().out
    assert "verdict: not predictable" in text
    assert "no answers" in text
    assert "within 1 %" not in text


def test_a_dry_run_predicts_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(sweet_spot, "predict")
    words = [_data(tmp_path / "a.csv"), *SMALL, "--store", str(tmp_path / "s.db"), "--dry-run", "--json"]
    for _ in range(2):
        assert sweet_spot.main(words) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["trials"], told["stored"], told["to_do"]) == (2, 0, 2)
        assert told["seconds"] == 2 * told["seconds_per_trial"] > 0


def test_trials_have_splits_of_their_own(tmp_path: Path) -> None:
    config = sweet_spot.settings(sweet_spot.parser().parse_args([_data(tmp_path / "a.csv"), *SMALL]))
    one, other = (sweet_spot.trial(config, np.random.default_rng(seed)) for seed in (0, 1))
    places = len(sweet_spot.places(config))
    predicted = [values.reshape(places, -1)[:, 0] for values in (one, other)]
    assert not np.isin(*predicted).any()
    np.testing.assert_array_equal(one, sweet_spot.trial(config, np.random.default_rng(0)))


def test_a_missing_extra_gives_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sweet_spot.loaded.cache_clear()
    monkeypatch.setattr(datasets, "find_spec", lambda name: None)
    assert sweet_spot.main(["digits", "--json"]) == 2
    assert re.fullmatch(r"error: .*pip install 'overparam\[data\]'\n", capsys.readouterr().err)


def test_doubled_prices() -> None:
    config = {"n": 100, "d": 4, "p_max": 200, "joules": 1e-9, "budget": 5e5, "error": None}
    bought = spectrum.Spread(np.ones(3), np.zeros(3))
    told = forecast.answers(FAMILY, bought, config)
    one, data, width = told["double"]
    assert one["flops"] == 2 * 100 * 200 * (4 + 100)
    assert one["joules"] == pytest.approx(1e-9 * one["flops"])
    assert data["bytes"] == width["bytes"] == 2 * one["bytes"]
    paid = told["budget"]["p"]
    assert forecast.price(100, paid, 4, 1e-9)["flops"] <= 5e5
    assert told["within"]["0.01"] > told["within"]["0.05"]


@pytest.mark.parametrize(
    ("header", "row", "named"),
    [
        ("a,b,y", "1,,2", "column 'b': 24 missing values"),
        ("a,b,y", "{i},blue,{i}.5", "column 'b': text"),
        ("a,b,y", "{i},3,{i}.5", "column 'b': the same value 3"),
        ("a,b,y", "{i},{i}.5,1", "the target has one value only"),
    ],
)
def test_a_bad_file_is_one_line_and_exit_code_2(
    header: str, row: str, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([header, *(row.format(i=i) for i in range(24))]) + "\n", encoding="utf-8")
    assert sweet_spot.main([str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"error: .*{re.escape(named)}.*\n", err)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--n", "599"], "--n = 599 must be between 16 and 596"),
        (["--n", "3"], "--n = 3"),
        (["--p-max", "1"], "--p-max = 1 must be at least 2"),
        (["--points", "1"], "--points = 1"),
        (["--trials", "0"], "--trials = 0"),
        (["--budget", "-1"], "--budget = -1"),
        (["--error", "nan"], "--error = nan"),
        (["--joules", "inf"], "--joules = inf"),
        (["--seed", "-1"], "--seed = -1"),
        (["--target", "z"], "--target = z"),
    ],
)
def test_a_bad_option_is_one_line_and_exit_code_2(
    words: list[str], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sweet_spot.main([_data(tmp_path / "a.csv"), *words]) == 2
    assert re.fullmatch(rf"error: .*{re.escape(named)}.*\n", capsys.readouterr().err)


# 'Must hold' of the command: predicted from n rows, measured on others, with the best ridge
@pytest.mark.slow
@pytest.mark.parametrize("features", ["relu", "fourier"])
@pytest.mark.parametrize(
    ("name", "n"),
    [("digits", 100), ("digits", 300), ("mnist", 100), ("mnist", 300), ("diabetes", 100), ("diabetes", 300)],
)
def test_the_median_gap_is_below_ten_per_cent(
    features: str, name: str, n: int, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("mlxtend")
    words = [name, "--features", features, "--n", str(n), "--points", "8", "--jobs", "1", "--json"]
    assert sweet_spot.main(words) in (0, 5)
    assert json.loads(capsys.readouterr().out)["verdict"]["median_gap"] < 0.1
