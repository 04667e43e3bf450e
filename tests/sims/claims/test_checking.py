"""`check` and `sabotage`: a row for each claim whatever happens to others; the worst sets the exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sims.claims import checking, run
from sims.shell import console
from sims.trials import montecarlo, store

pytestmark = pytest.mark.usefixtures("fake")

Claims = Callable[..., tuple[int, str, str]]


@pytest.fixture
def here(tmp_path: Path) -> list[str]:
    """Options of a run in this process with a store of its own."""
    return ["--jobs", "1", "--store", str(tmp_path / "s.db")]


def test_check_judges_each_and_a_broken_one_stops_no_other(claims: Claims, here: list[str]) -> None:
    code, out, err = claims("check", "fake2000", "--json", *here)
    rows = {row["id"].partition(".")[2]: row for row in json.loads(out)}
    assert (code, err) == (console.FAILED, "")
    assert {name: row["status"] for name, row in rows.items()} == {
        "sound": "agrees", "wrong": "disagrees", "weak": "undecided", "broken": "failed",
    }  # fmt: skip
    assert rows["broken"]["error"].startswith("ZeroDivisionError: ")
    sound = rows["sound"]
    assert (sound["theory"], sound["trials"], sound["confirmed"], sound["paper"]) == (
        1.0,
        40,
        True,
        "fake2000",
    )
    assert abs(sound["observed"] - 1) < 6 * sound["se"] < 0.03
    assert set(checking.COLUMNS) <= {*sound}


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["sound"], console.AGREES),
        (["sound", "wrong"], console.DISAGREES),
        (["sound", "weak"], console.UNDECIDED),
        (["weak", "wrong"], console.DISAGREES),
        (["weak", "wrong", "broken"], console.FAILED),
    ],
)
def test_the_exit_code_is_that_of_the_worst(
    names: list[str], code: int, claims: Claims, here: list[str]
) -> None:
    assert claims("check", *(f"fake2000.{name}" for name in names), "--json", *here)[0] == code


def test_to_agree_where_simulation_should_refute_is_a_wrong_answer(
    claims: Claims, here: list[str], tmp_path: Path
) -> None:
    text = (tmp_path / "fake2000.py").read_text()
    refuted = text + 'refuted = Claim(**{**vars(sound), "expected": "disagrees", "why": "x"})\n'
    (tmp_path / "fake2000.py").write_text(refuted)
    code, out, _ = claims("check", "fake2000.refuted", "fake2000.weak", *here)
    assert code == console.DISAGREES
    assert "(expected: disagrees)" in out


CALLS: list[int] = []  # of a trial: what it encloses would be an input of it


def test_trials_are_found_again_and_fresh_ignores_them(
    claims: Claims, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["check", "fake2000.sound", "--json", *here]
    honest = run.measure
    CALLS.clear()
    monkeypatch.setattr(run, "measure", lambda *given: CALLS.append(1) or honest(*given))
    first = json.loads(claims(*words)[1])
    assert len(CALLS) == 40
    _, out, err = claims(*words)
    assert (len(CALLS), err) == (40, "reused 40 finished trials\n")
    again = json.loads(out)
    assert claims(*words, "-q")[2] == ""
    claims(*words, "--fresh")
    assert len(CALLS) == 80
    for row in (*first, *again):
        del row["seconds"]
    assert first == again


def test_wrong_versions(claims: Claims, here: list[str]) -> None:
    code, out, _ = claims("sabotage", "fake2000.sound", "--json", *here)
    statuses = {row["sabotage"]: row["status"] for row in json.loads(out)}
    assert code == 0
    assert len(statuses) == 5
    assert set(statuses.values()) == {"disagrees"}
    code, out, _ = claims("sabotage", "fake2000.weak", *here)
    assert code == console.UNDECIDED
    assert out.splitlines()[-1] == "0 of 1 wrong versions are rejected"


def test_settings_are_changed_by_name(claims: Claims, here: list[str]) -> None:
    code, out, _ = claims("check", "fake2000.wrong", "--json", *here, "--set", "mean=2", "n=9")
    (row,) = json.loads(out)
    assert (code, row["status"]) == (0, "agrees")
    assert row["sizes"][0]["settings"] == {"n": 9, "law": "normal", "mean": 2.0}


def test_a_failure_names_the_settings_that_were_changed(claims: Claims, here: list[str]) -> None:
    (row,) = json.loads(claims("check", "fake2000.sound", "--json", *here, "--set", "n=0")[1])
    assert row["status"] == "failed"
    assert row["error"].endswith("(with n = 0)")


@pytest.mark.parametrize("word", ["nobody1900", "fake2000.nothing", ""])
def test_an_unknown_name_leaves_the_others_their_run(word: str, claims: Claims, here: list[str]) -> None:
    code, out, err = claims("check", word, "fake2000.sound", "--json", *here)
    assert code == console.USAGE
    assert err.startswith("error: ")
    assert [row["status"] for row in json.loads(out)] == ["agrees"]


def test_a_malformed_setting_leaves_the_others_their_run(claims: Claims, here: list[str]) -> None:
    code, out, err = claims("check", "fake2000.sound", "--json", *here, "--set", "d=3")
    assert (code, json.loads(out), err.count("\n")) == (console.USAGE, [], 1)


def test_what_a_reader_sees(claims: Claims, here: list[str], tmp_path: Path) -> None:
    _, out, _ = claims("check", "fake2000", *here, "--out", str(tmp_path / "out"))
    head, *lines = out.splitlines()
    assert head.split() == ["id", "theory", "observed", "±", "se", "resolution", "status", "seconds"]
    assert lines[1].endswith("(expected: agrees)")
    assert "fake2000.broken  failed: ZeroDivisionError" in lines[3]
    assert "1 of 4 claims as expected" in out
    assert "again:  python -m sims.claims check fake2000 --seed 0" in out
    saved = json.loads((tmp_path / "out" / "claims-fake2000.json").read_text())
    assert len(saved["rows"]) == 4
    table = (tmp_path / "out" / "claims-fake2000.csv").read_text()
    assert table.splitlines()[0] == ",".join(checking.COLUMNS)
    assert claims("check", "fake2000", *here, "--csv", "-q")[1].splitlines()[0] == table.splitlines()[0]


def test_a_dry_run_says_how_long_and_saves_nothing(claims: Claims, here: list[str]) -> None:
    code, out, _ = claims("check", "fake2000.sound", "--dry-run", "--json", *here)
    assert (code, json.loads(out)["trials"]) == (0, 40)
    assert claims("check", "fake2000.sound", "--json", *here)[2] == ""  # nothing to reuse
    _, out, _ = claims("check", "fake2000.sound", "--dry-run", *here)
    assert out.startswith("claims: 1, trials: 40; about ")
    code, out, err = claims("check", "fake2000", "--dry-run", *here)
    assert (code, err) == (
        console.FAILED, "error: fake2000.broken: ZeroDivisionError: integer division or modulo by zero\n",
    )  # fmt: skip
    assert out.startswith("claims: 4, ")


def test_a_stop_keeps_what_is_done(claims: Claims, here: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise montecarlo.Stopped("time is up", 3, 40, 3)

    monkeypatch.setattr(montecarlo, "run", stop)
    code, out, err = claims("check", "fake2000.sound", "--json", *here)
    assert (code, json.loads(out)) == (console.STOPPED, [])
    assert err.startswith("error: time is up after 0 of 1 claims; finished trials are saved in ")

    def full(*_: Any, **__: Any) -> None:
        raise store.FullError("the disk is full")

    monkeypatch.setattr(montecarlo, "run", full)
    assert claims("check", "fake2000.sound", "--json", *here)[0] == console.STOPPED
