"""The command as a newcomer and as a script meet it."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sims.double_descent import command as double_descent
from sims.experiments import descent_models
from sims.experiments.grids import choose_points
from sims.shell import console

SMALL = ["--n", "40", "--d", "20", "--p-max", "160", "--trials", "8", "--points", "14", "--jobs", "1"]
# from any folder these files run, whatever is installed
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
ROW = {"p", "gamma", "theory", "limit", "mean", "se", "trials", "z", "status"}


def _run(*words: str, store: Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sims.double_descent", *words, "--store", str(store)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, cwd=cwd, env=ENVIRONMENT,
    )  # fmt: skip


def test_what_a_newcomer_sees(tmp_path: Path, own_store: Path) -> None:
    done = _run(*SMALL, cwd=tmp_path, store=own_store)
    assert done.returncode == 0, done.stderr
    # no terminal: no progress bar; a fresh machine may be told that fonts are looked for
    assert [line for line in done.stderr.splitlines() if "font cache" not in line] == []
    lines = done.stdout.splitlines()
    assert lines[0].startswith("random-features: y = ")
    header = next(i for i, line in enumerate(lines) if line.split()[:2] == ["p", "p/n"])
    assert lines[header].split() == ["p", "p/n", "theory", "limit", "simulation", "±", "se", "z", "status"]
    statuses = ("agrees", "heavy-tailed", "undecided")
    assert sum(line.endswith(statuses) for line in lines[header + 1 :]) == 14
    text = done.stdout
    for words in ("p=n=40", "verdict: agrees", "false alarm", "resolution:", "seed 0", "again:  python -m"):
        assert words in text
    for suffix in ("pdf", "png", "csv", "json"):
        path = tmp_path / "out" / f"double_descent-random-features.{suffix}"
        assert path.stat().st_size > 0
        assert f"saved:  {Path('out') / path.name}" in text
    assert "\x1b[" not in text  # a pipe gets no colours
    assert max(map(len, lines)) <= 300
    # again: the same words from the trials that are there
    again = _run(*SMALL, cwd=tmp_path, store=own_store)
    assert again.stdout == done.stdout
    assert again.stderr == "reused 8 finished trials\n"


def test_json_is_the_documented_schema_and_repeats(tmp_path: Path, own_store: Path) -> None:
    done = _run(*SMALL, "--json", cwd=tmp_path, store=own_store)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["schema"] == 1
    assert {"command", "config", "seed", "versions", "rows", "verdict"} <= set(document)
    assert {"status", "resolution", "false_alarm", "family"} <= set(document["verdict"])
    rows = document["rows"]
    assert all(set(row) >= ROW for row in rows)
    assert len(rows) == 14
    at_threshold = next(row for row in rows if row["p"] == 40)
    assert at_threshold["theory"] == at_threshold["limit"] == "inf"
    assert at_threshold["status"] == "heavy-tailed"
    assert at_threshold["z"] is None
    assert at_threshold["quantiles"]["0.05"] <= at_threshold["median"] <= at_threshold["quantiles"]["0.95"]
    assert not list(tmp_path.iterdir())  # nothing is saved unless --out says so
    # the printed command gives the same numbers, here on two processes and as CSV as well
    again = document["command"].split()[3:]
    other = tmp_path / "other.sqlite"
    repeated = _run(*again, "--jobs", "2", "--json", store=other)
    assert repeated.stderr == ""
    assert json.loads(repeated.stdout) == document
    table = list(csv.DictReader(io.StringIO(_run(*again, "--csv", store=other).stdout)))
    assert [float(row["mean"]) for row in table] == [row["mean"] for row in rows]


@pytest.mark.parametrize("model", ["linear", "weak-features", "fourier"])
def test_other_models(model: str, tmp_path: Path, own_store: Path) -> None:
    small = [word for word in SMALL if word not in ("--d", "20")]
    done = _run(*small, "--model", model, "--json", "--out", str(tmp_path), store=own_store)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["config"]["d"] == (None if model == "linear" else 160)
    saved = json.loads((tmp_path / f"double_descent-{model}.json").read_text())
    assert saved == document


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--p-max", "0"], "--p-max = 0"),
        (["--model", "network", "--ridge", "0"], "--ridge = 0 must be at least 1e-4"),
        (["--model", "network", "--p-max", "20"], "--p-max = 20 must be at least 22"),
        (["--model", "network", "--activation", "sign"], "sign has no gradient"),
        (["--n", "0"], "--n = 0"),
        (["--trials", "-3"], "--trials = -3"),
        (["--points", "0"], "--points = 0"),
        (["--ridge", "-1"], "--ridge = -1"),
        (["--ridge", "nan"], "--ridge = nan"),
        (["--noise", "inf"], "--noise = inf"),
        (["--signal", "-2"], "--signal = -2"),
        (["--signal", "1e308"], "--signal = 1e+308"),
        (["--model", "linear", "--noise", "1e308"], "--noise = 1e+308"),
        (["--noise", "1e-310"], "--noise = 1e-310"),
        (["--ridge", "1e308"], "--ridge = 1e+308"),
        (["--seed", "-1"], "--seed = -1"),
        (["--jobs", "0"], "--jobs = 0"),
        (["--d", "1"], "--d = 1"),
        (["--activation", "rellu"], "activation = 'rellu'"),
        (["--model", "fourier", "--noise", "0.1"], "--noise = 0.1"),
        (["--model", "weak-features", "--d", "10"], "--d = 10"),
        (["--json", "--csv"], "--json and --csv"),
        (["--model", "quadratic"], "'quadratic'"),
        (["--n", "many"], "'many'"),
        (["--nois", "1"], "--nois"),
        (["--n", "2.5"], "--n: invalid int value: '2.5'"),
        (["--seed", "1e3"], "--seed: invalid int value: '1e3'"),
        (["--ridge"], "--ridge: expected one argument"),
        (["--bogus"], "--bogus"),
        (["extra"], "extra"),
        (["--model", "linear", "--activation", "foo"], "--activation = foo"),
        (["--model", "fourier", "--activation", "relu"], "--activation = relu"),
        (["--model", "linear", "--d", "-5"], "--d = -5"),
        (["--activation", ""], "activation = ''"),
        (["--out", ""], "--out = ''"),
        (["--max-seconds", "0"], "--max-seconds = 0"),
        (["--max-seconds", "nan"], "--max-seconds = nan"),
        (["--store", "."], "is not a file"),
    ],
)
def test_bad_input_exits_2_with_one_line(
    words: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = double_descent.main(words)
    except SystemExit as stopped:  # argparse
        code = int(stopped.code or 0)
    seen = capsys.readouterr()
    assert code == 2
    assert seen.out == ""
    (line,) = seen.err.splitlines()
    assert named in line
    assert line.startswith("error: ")


def test_unwritable_out_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "taken"
    file.write_text("")
    assert double_descent.main([*SMALL, "--out", str(file / "below")]) == 2
    seen = capsys.readouterr()
    assert "--out = " in seen.err
    assert str(file) in seen.err
    assert seen.out == ""


def _replace_theory(
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[np.ndarray, np.ndarray], np.ndarray],
    model: str = "random-features",
) -> None:
    honest = descent_models.MODELS[model]

    def theory(setting: descent_models.Setting, p: np.ndarray) -> descent_models.Prediction:
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
    assert double_descent.main([*words, "--p-max", "600", "--trials", "6"]) == 1
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
    saved = json.loads((tmp_path / "double_descent-random-features.json").read_text())
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


def test_help_ends_with_three_examples_and_the_exit_codes(own_store: Path) -> None:
    done = _run("--help", store=own_store)
    assert done.returncode == 0
    assert done.stdout.count("\n  python -m sims.double_descent") == 3
    assert "exit codes: 0" in done.stdout


def test_a_reader_that_leaves_is_no_error(tmp_path: Path, own_store: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sims.double_descent", *SMALL, "--store", str(own_store)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        cwd=tmp_path, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


def test_a_crash_is_not_a_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    def crash() -> int:
        raise RuntimeError("disk on fire")

    assert console.run(crash) == 3
    assert "disk on fire" in capsys.readouterr().err

    def interrupt() -> int:
        raise KeyboardInterrupt

    assert console.run(interrupt) == 130


@pytest.mark.parametrize("count", [1, 2, 14, 40, 200])
@pytest.mark.parametrize(("n", "p_max"), [(2, 1), (20, 7), (200, 2000), (50, 40), (100, 100)])
def test_points_are_as_many_as_asked(n: int, p_max: int, count: int) -> None:
    points = choose_points(n, p_max, count)
    assert len(points) == min(count, p_max)
    assert points[-1] == p_max
    assert (np.diff(points) > 0).all()
    assert points[0] == 1 or count == 1
    assert n in points or n > p_max or count < 3


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
@pytest.mark.parametrize("model", list(descent_models.MODELS))
def test_ten_seeds_in_a_row_agree(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in range(10):
        assert double_descent.main(["--model", model, "--seed", str(seed), "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["verdict"]["resolution"] <= 0.1
