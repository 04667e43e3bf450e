"""The command as a newcomer and as a script meet it."""

import csv
import io
import json
import re
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from sims.double_descent import command as double_descent
from sims.experiments import descent_models
from sims.shell import console
from tests.sims.commands import assert_valid, run, the_file

SMALL = ["--n", "40", "--d", "20", "--p-max", "160", "--trials", "24", "--points", "14", "--jobs", "1"]


class Run(NamedTuple):
    """One run of the command in a process of its own."""

    folder: Path
    store: Path
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        path = the_file(self.folder / "out", "double_descent-random-features-*.json")
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return loaded


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder, store = tmp_path_factory.mktemp("newcomer"), tmp_path_factory.mktemp("store") / "trials.sqlite"
    done = run("sims.double_descent", *SMALL, "--store", str(store), cwd=folder)
    return Run(folder, store, done.returncode, done.stdout, done.stderr)


def test_what_a_newcomer_sees(newcomer: Run) -> None:
    assert newcomer.code == 0, newcomer.err
    # no terminal: no progress bar; a fresh machine may be told that fonts are looked for, or code compiled
    assert re.sub(".*font cache.*\n|compiling .*\n", "", newcomer.err) == ""
    lines = newcomer.out.splitlines()
    assert lines[0].startswith("random-features: y = ")
    header = next(i for i, line in enumerate(lines) if line.split()[:2] == ["p", "p/n"])
    assert "  ".join(lines[header].split("  ")[-2:]).strip() == "z beyond allowance  status"
    statuses = ("agrees", "heavy-tailed", "undecided")
    assert sum(line.endswith(statuses) for line in lines[header + 1 :]) == 14
    for words in ("p=n=40", "verdict: agrees", "false alarm", "resolution:", "seed 0", "again:  python -m"):
        assert words in newcomer.out
    for suffix in ("pdf", "png", "csv", "json"):
        path = the_file(newcomer.folder / "out", f"double_descent-random-features-n40-*.{suffix}")
        assert path.stat().st_size > 0
        assert f"saved:  {Path('out') / path.name}" in newcomer.out
    assert "\x1b[" not in newcomer.out  # a pipe gets no colours
    assert max(map(len, lines)) <= 300


def test_a_second_run_says_the_same_from_the_trials_that_are_there(
    newcomer: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(newcomer.folder)
    assert double_descent.main([*SMALL, "--store", str(newcomer.store)]) == 0
    again = capsys.readouterr()
    assert again.out == newcomer.out
    assert again.err == "reused 24 finished trials\n"


def test_json_is_as_the_schema_says(
    newcomer: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert double_descent.main([*SMALL, "--json", "--store", str(newcomer.store)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == newcomer.document
    assert_valid("sims.double_descent", document)
    assert len(document["rows"]) == 14
    at_threshold = next(row for row in document["rows"] if row["p"] == 40)
    assert at_threshold["theory"] == at_threshold["limit"] == "inf"
    assert at_threshold["status"] == "heavy-tailed"
    assert at_threshold["z"] is None
    assert at_threshold["quantiles"]["0.05"] <= at_threshold["median"] <= at_threshold["quantiles"]["0.95"]
    assert not list(tmp_path.iterdir())  # nothing is saved unless --out says so


def test_the_printed_command_repeats_the_numbers_on_two_processes(
    newcomer: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = [*newcomer.document["command"].split()[3:], "--store", str(tmp_path / "other.sqlite")]
    assert double_descent.main([*again, "--jobs", "2", "--json"]) == 0
    repeated = capsys.readouterr()
    assert repeated.err == ""
    assert json.loads(repeated.out) == newcomer.document
    assert double_descent.main([*again, "--csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["mean"]) for row in table] == [row["mean"] for row in newcomer.document["rows"]]


@pytest.mark.parametrize("model", ["linear", "weak-features", "fourier"])
def test_other_models(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = [word for word in SMALL if word not in ("--d", "20")]
    assert double_descent.main([*small, "--model", model, "--json", "--out", str(tmp_path)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert_valid("sims.double_descent", document)
    assert document["config"]["d"] == (None if model == "linear" else 160)
    saved = json.loads(the_file(tmp_path, f"double_descent-{model}-*.json").read_text())
    assert saved == document


FINISHED: list[int] = []  # trials: what they enclose would be an input of them


def test_a_run_stopped_early_has_the_same_schema(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    honest = descent_models.MODELS["random-features"]
    FINISHED.clear()

    def trial(setting: descent_models.Setting, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        FINISHED.append(1)
        return honest.trial(setting, points, rng)

    monkeypatch.setitem(descent_models.MODELS, "random-features", honest._replace(trial=trial))
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0 * len(FINISHED))  # a trial takes 1000 s
    assert double_descent.main([*SMALL, "--json", "--max-seconds", "2500"]) == console.STOPPED
    document = json.loads(capsys.readouterr().out)
    assert document["config"]["trials"] == len(FINISHED) < 24
    assert_valid("sims.double_descent", document)
