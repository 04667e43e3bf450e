"""The command: exercises are listed and posed, and answers judged on the trials of `check`."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sims.claims import command as claims_command
from sims.claims import registry, run
from sims.shell import console
from sims.shell.schema import schema
from sims.trials import montecarlo

pytestmark = pytest.mark.usefixtures("fake")

ROOT = Path(__file__).resolve().parents[4]
Command = Callable[..., tuple[int, str, str]]
CALLS: list[int] = []  # of this module, since what a trial encloses is in its key


def test_without_an_answer_it_is_posed(command: Command) -> None:
    code, out, _ = command("fake2000.sound")
    assert code == 0
    assert "find       What is it?" in out
    assert "settings   n = 4, slope = 3, law = normal" in out
    assert "given      x = n | 2*n" in out
    assert "asked for  2 numbers (one; two)" in out
    assert "judged     at these settings, and at slope = 2, n = 7" in out
    assert out.splitlines()[-1] == 'python -m sims.claims exercise fake2000.sound "...; ..." --quick'
    assert "slope x" not in out
    code, out, _ = command("fake2000.sound", "--json")
    assert json.loads(out)["settings"] == {"n": 4, "slope": 3.0, "law": "normal"}
    assert "slope*x" not in out
    exercises = [name for name in registry.select([])[0] if registry.find(name).exercise]
    for words in ([], ["fake2000"]):
        _, out, _ = command(*words)
        assert "fake2000.sound" in out
        assert "fake2000.plain" not in out
        assert ("hastie2022.norm" in out) == (not words)
    assert [row["id"] for row in json.loads(command("--json")[1])] == exercises


def test_a_student_s_answers(command: Command) -> None:
    code, out, _ = command("fake2000.sound", "slope * (x)", "--quick")
    assert code == console.AGREES
    assert "answer     slope * x\n" in out
    assert re.search(
        r"verdict: agrees. An answer off by a common factor of [\d.]+ % would have been noticed", out
    )
    assert "formula    slope x\nsource     [fake2000]" in out  # now it may be told

    code, out, _ = command("fake2000.sound", "4*x", "--quick")
    assert code == console.DISAGREES
    assert re.search(r"verdict: disagrees. It is too high by \d+ % or \d+ standard errors", out)
    assert "slope x" not in out

    code, out, _ = command("fake2000.few", "slope*x", "--quick")
    assert code == console.UNDECIDED
    assert "hint: this cannot be told from so few trials" in out

    code, out, _ = command("fake2000.broken", "slope*x", "--quick")
    assert code == console.FAILED
    assert "verdict: failed: ZeroDivisionError" in out


def test_as_json(command: Command) -> None:
    code, out, _ = command("fake2000.sound", "-slope*x", "--quick", "--json", "--set", "n=5", "--seed", "1")
    found = json.loads(out)
    assert code == console.DISAGREES
    assert (found["answer"], found["status"]) == ("-slope * x", "disagrees")
    here, there = (row["sizes"][0] for row in found["rows"])
    assert here["settings"] == {"n": 5, "slope": 3.0, "law": "normal"}
    assert [point["theory"] for point in there["points"]] == [-14.0, -28.0]
    assert "slope x" not in out


def test_json_is_what_the_schema_describes(command: Command) -> None:
    valid = jsonschema.Draft202012Validator(schema("sims.claims.exercises"))
    answers = ("slope*x", "4*x", "x", "slope*n; slope*n")
    words = [["--json"], ["fake2000.sound", "--json"], ["fake2000.grows", "x; x", "--json", "--trials", "8"]]
    words += [["fake2000.sound", answer, "--quick", "--json"] for answer in answers]
    words += [["fake2000.few", "x", "--trials", "1", "--json"], ["fake2000.broken", "slope*x", "--json"]]
    for each in words:
        valid.validate(json.loads(command(*each)[1]))


def test_sims_exercise_is_the_same_command(command: Command) -> None:
    words = ["hastie2022.ridgeless", "--json"]
    run = subprocess.run(
        [sys.executable, "-m", "sims.exercise", *words],
        capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.stdout == command(*words)[1]


@pytest.mark.parametrize("formula", ["-1/3", "-(n)", "-.5", "-slope*x", "-n", "--1"])
def test_a_formula_may_begin_with_a_minus(formula: str, command: Command) -> None:
    if formula == "--1":  # that is an option
        with pytest.raises(SystemExit) as stop:
            command("fake2000.sound", formula, "--quick")
        assert stop.value.code == console.USAGE
    else:
        answer = formula if "x" in formula else f"{formula};{formula}"
        assert command("fake2000.sound", answer, "--quick")[0] == console.DISAGREES


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fake2000.plain"], "fake2000.plain is no exercise: its numbers solve an equation"),
        (["fake2000.nothing"], "fake2000.nothing: no such claim"),
        (["hastie2022.peak", "1"], "hastie2022.peak is no exercise: it states a shape, not a number"),
        (["fake2000.sound", "2x"], "an operator is missing between 2 and x; write 2*x"),
        (["fake2000.sound", "x", "--set", "d=1"], "--set d=1: fake2000.sound has no d; its settings are"),
        (["fake2000.sound", "n", "+", "x"], "n + x: put the formula in quotes"),
        (["fake2000.sound", "x", "--trials", "0"], "--trials = 0 must be at least 1"),
        (["nobody1900"], "nobody1900: no such paper"),
        (["fake2000.sound", "x", "--dry-run"], "--dry-run cannot be combined with an answer"),
    ],
)
def test_usage(words: list[str], told: str, command: Command) -> None:
    code, out, err = command(*words)
    assert (code, out) == (console.USAGE, "")
    assert err.startswith(f"error: {told}")
    assert err.count("\n") == 1


def test_answers_are_judged_on_the_trials_of_check(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CALLS.clear()
    honest = run.measure
    monkeypatch.setattr(run, "measure", lambda *given: CALLS.append(1) or honest(*given))
    words = ["--quick", "--json", "--jobs", "1", "--store", str(tmp_path / "s.db")]
    claims_command.main(["check", "fake2000.sound", *words])
    capsys.readouterr()
    assert len(CALLS) == 100
    command("fake2000.sound", "x", "--quick")
    assert len(CALLS) == 200  # those elsewhere
    command("fake2000.sound", "slope*x", "--quick")
    assert len(CALLS) == 200


def test_a_stop_gives_no_verdict(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise montecarlo.Stopped("time is up", 3, 40, 3)

    monkeypatch.setattr(montecarlo, "run", stop)
    code, out, err = command("fake2000.sound", "x", "--quick")
    assert (code, out) == (console.STOPPED, "")
    assert err.startswith("error: time is up after 0 of 2 claims; finished trials are saved in ")
