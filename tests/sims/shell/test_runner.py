"""Limits, estimates and interruptions of a command: what is done is kept, and the numbers never change."""

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sims.double_descent import command as double_descent
from sims.experiments import descent_models
from sims.ntk import command as ntk
from sims.shell import console, runner
from sims.trials import montecarlo, store
from sims.trials.pool import local_pool

ROOT = Path(__file__).resolve().parents[3]
SMALL = ["--n", "40", "--d", "20", "--p-max", "160", "--points", "6", "--jobs", "1", "--json"]


def _document(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object], str]:
    code = double_descent.main([*SMALL, *words])
    seen = capsys.readouterr()
    return code, json.loads(seen.out), seen.err


TRIAL = 0.02  # seconds that a trial takes by the clock of `timed`
SEEN: list[int] = []  # one entry for each trial of `timed`; no input of it, as what it encloses would be


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A clock that only trials move on; the list grows by one for each."""
    honest = descent_models.MODELS["random-features"]
    SEEN.clear()

    def trial(setting: descent_models.Setting, points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        SEEN.append(1)
        return honest.trial(setting, points, rng)

    for clock in ("monotonic", "perf_counter"):
        monkeypatch.setattr(time, clock, lambda: TRIAL * len(SEEN))
    monkeypatch.setitem(descent_models.MODELS, "random-features", honest._replace(trial=trial))
    return SEEN


def test_more_trials_go_on_and_fresh_starts_anew(
    timed: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    _document(["--trials", "6"], capsys)
    code, more, told = _document(["--trials", "10"], capsys)
    assert (len(timed), told) == (10, "reused 6 finished trials\n")
    assert _document(["--trials", "10", "-q"], capsys) == (code, more, "")
    assert len(timed) == 10
    assert _document(["--trials", "10", "--fresh"], capsys) == (code, more, "")
    assert len(timed) == 20


def test_max_seconds_gives_the_document_of_the_trials_that_are_done(
    timed: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    code, early, told = _document(["--trials", "10000", "--max-seconds", "1"], capsys)
    assert code == console.STOPPED
    done = early["config"]["trials"]  # type: ignore[index, call-overload]
    assert done == len(timed) == pytest.approx(1 / TRIAL, abs=1)
    assert told.startswith(
        f"error: time is up: {done} of 10000 trials are done; finished trials are saved in "
    )
    assert told.endswith(", and the same command goes on from there\n")
    whole, again, told = _document(["--trials", str(done)], capsys)
    # the same trials; looked at when the time is up, and to be continued, they must say more to decide
    for row in (*early["rows"], *again["rows"]):  # type: ignore[index, misc]
        for judged in ("status", "resolution"):
            row.pop(judged, None)
    last, first = again.pop("verdict"), early.pop("verdict")  # type: ignore[attr-defined]
    assert again == early
    assert (first["looks"], last["looks"]) == ("inf", 1)
    assert first["resolution"] > last["resolution"]
    assert (whole in (0, 5), told) == (True, f"reused {done} finished trials\n")


def test_a_limit_too_short_for_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (double_descent, ntk):
        assert command.main(["--json", "--jobs", "1", "--max-seconds", "1e-9"]) == console.STOPPED
        seen = capsys.readouterr()
        assert seen.out == ""
        assert "time is up: 0 of" in seen.err


@pytest.mark.parametrize("form", ["for people", "--json", "--csv"])
def test_the_result_is_shown_before_its_picture_is_drawn(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []

    def draw(document: object) -> None:
        shown.append(capsys.readouterr().out)
        assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".json"}  # a reader may go away
        raise OSError("no ink")

    words = [*SMALL[:-1], "--out", str(tmp_path), *([] if form == "for people" else [form])]
    assert runner.main(double_descent.COMMAND._replace(draw=draw), words) == console.FAILED
    rest = capsys.readouterr()
    assert rest.err.endswith("error: --out: no ink\n")
    if form == "for people":
        assert "verdict: " in shown[0]
        assert [line.split(".")[-1] for line in rest.out.splitlines() if line.startswith("saved: ")] == [
            "csv",
            "json",
        ]
    else:
        assert rest.out == ""
        assert shown[0].startswith("{" if form == "--json" else "p,gamma,theory")


def test_dry_run(timed: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = _document(["--trials", "12", "--dry-run"], capsys)
    assert code == 0
    assert (told["trials"], told["stored"], told["to_do"]) == (12, 0, 12)
    assert told["seconds_per_trial"] == pytest.approx(TRIAL)
    assert told["seconds"] == 12 * told["seconds_per_trial"]  # type: ignore[operator]
    assert len(timed) == 2
    _, _, error = _document(["--trials", "12"], capsys)
    assert (len(timed), error) == (14, "")  # nothing was kept
    assert _document(["--trials", "12", "--dry-run"], capsys)[1]["to_do"] == 0
    assert double_descent.main(["--quick", "--dry-run"]) == 0
    words = capsys.readouterr().out
    assert "16 trials, 0 of them finished in " in words
    assert "one trial takes " in words
    assert ntk.main(["--quick", "--width-max", "256", "--dry-run"]) == 0
    assert "150 trials, 0 of them finished" in capsys.readouterr().out


def test_a_stranger_called_figures_is_refused_before_the_simulation(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "__init__.py").write_text("raise SystemExit('the stranger ran')")
    words = [sys.executable, "-m", "sims.double_descent", "--quick", "--store", "trials.sqlite"]
    refused = subprocess.run(
        words, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (refused.returncode, refused.stdout) == (console.USAGE, "")
    assert refused.stderr.startswith("error: Python finds 'figures' in ")
    assert not (tmp_path / "trials.sqlite").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_what_is_done(jobs: str, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    words = [*SMALL, "--jobs", jobs, "--trials", "100000", "--store", str(path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "sims.double_descent", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a shell's background ignores it
    )  # fmt: skip
    kept = 0
    while not kept and process.poll() is None:
        time.sleep(0.1)
        if path.exists():
            with store.opened(path) as open_store:
                kept = sum(point["trials"] for point in open_store.overview())
    if process.poll() is not None:
        pytest.fail(f"the command ended before it was interrupted: {process.communicate()[1]}")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert error == (
        f"error: interrupted; finished trials are saved in {path}, and the same command goes on from there\n"
    )
    with store.opened(path) as open_store:
        assert sum(point["trials"] for point in open_store.overview()) >= kept
        assert open_store.damage() == []


def _dies(rng: np.random.Generator) -> np.ndarray:
    value = rng.random(1)
    if value < 0.2:
        os._exit(1)
    return value


def test_a_dead_worker_is_no_crash(tmp_path: Path) -> None:
    with store.opened(tmp_path / "a.sqlite") as kept, local_pool(2) as pool:
        with pytest.raises(montecarlo.Stopped, match=r"a worker died .* of 40 trials are done") as stop:
            montecarlo.run(_dies, 40, 0, "dies", pool, store=kept, config={})
        (point,) = kept.overview() or [{"trials": 0}]
    assert point["trials"] == stop.value.done < 40


def test_deadline_in_threads_and_short_trials_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import ThreadPoolExecutor

    seen: list[int] = []

    def slow(rng: np.random.Generator) -> np.ndarray:
        time.sleep(0.01)  # a thousand would take seconds: there is time to stop them
        seen.append(1)
        return rng.random(1)

    with ThreadPoolExecutor(2) as pool:
        with monkeypatch.context() as clock:
            clock.setattr(time, "monotonic", lambda: 1e5 * len(seen))
            with pytest.raises(montecarlo.Stopped) as stop:
                montecarlo.run(slow, 1000, 0, "x", pool, deadline=1e6)
        assert 10 <= stop.value.done == len(seen) < 1000
        assert 0 <= stop.value.finished <= stop.value.done
        many = montecarlo.run(lambda rng: rng.random(1), 5000, 0, "x", pool)
    np.testing.assert_array_equal(many.values, montecarlo.run(lambda rng: rng.random(1), 5000, 0, "x").values)


def test_a_store_needs_settings(tmp_path: Path) -> None:
    with store.opened(tmp_path / "a.sqlite") as kept, pytest.raises(ValueError, match="config = None"):
        montecarlo.run(lambda rng: rng.random(1), 1, 0, "x", store=kept)
