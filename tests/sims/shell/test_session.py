"""A session: trials run once, progress is told, and whoever stops is told how to go on."""

import argparse
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sims.shell import console, session
from sims.shell.session import Effort, Plan, Session
from sims.trials.montecarlo import Stopped
from sims.trials.store import FullError

CONFIG = {"n": 2, "trials": 3, "seed": 0}


def _draw(numbers: int, rng: np.random.Generator) -> np.ndarray:
    return rng.random(numbers)


def test_the_same_plan_runs_once_and_another_seed_or_input_again() -> None:
    done: list[int] = []
    opened = Session(advance=lambda count, reused: done.append(count))
    plan = Plan(partial(_draw, 2), "example", CONFIG)
    first = opened.simulate(plan)
    assert opened.simulate(plan) is first
    assert len(done) == 3
    other = opened.simulate(plan._replace(config={**CONFIG, "seed": 1}))
    assert len(done) == 6
    assert not np.array_equal(first.values, other.values)
    assert opened.simulate(plan._replace(trial=partial(_draw, 3))).values.shape == (3, 3)


def test_progress_counts_all_plans_and_the_trials_of_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    effort = Effort(quiet=False, store=tmp_path / "a.sqlite")
    told: list[tuple[int, int]] = []
    for _ in range(2):
        with session.opened(effort, 6, lambda done, reused: told.append((done, reused))) as opened:
            for n in (2, 3):
                opened.simulate(Plan(partial(_draw, 2), "example", {**CONFIG, "n": n}))
    assert told == [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (3, 3), (6, 6)]
    assert capsys.readouterr().err == "reused 6 finished trials\n"


def test_a_watch_that_raises_ends_the_run() -> None:
    def enough(done: int, reused: int) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"), session.opened(Effort(), 3, enough) as opened:
        opened.simulate(Plan(partial(_draw, 2), "example", CONFIG))


@pytest.mark.parametrize("stored", [True, False])
def test_ctrl_c_is_told_where_the_trials_are(stored: bool, tmp_path: Path) -> None:
    effort = Effort(store=tmp_path / "a.sqlite" if stored else None)
    with pytest.raises(KeyboardInterrupt) as stop, session.opened(effort, 3):
        raise KeyboardInterrupt
    assert str(stop.value).startswith(f"finished trials are saved in {effort.store}" if stored else "")
    assert bool(str(stop.value)) == stored


@pytest.mark.parametrize(
    ("stop", "effort", "told"),
    [
        (
            Stopped("time is up", 7, 20, 5),
            Effort(),
            "time is up: 7 of 20 trials are done; no trial was saved; pass --store FILE to save them",
        ),
        (
            Stopped("time is up", 7, 20, 5),
            Effort(store=Path("a.sqlite"), fresh=True),
            "time is up: 7 of 20 trials are done; finished trials are saved in a.sqlite, "
            "and the same command without --fresh goes on from there",
        ),
        (FullError("the disk is full"), Effort(store=Path("a.sqlite")), "the disk is full"),
    ],
)
def test_an_early_stop_says_how_to_go_on(
    stop: Stopped | FullError, effort: Effort, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert session.report_stop(stop, effort) == console.STOPPED
    assert capsys.readouterr().err == f"error: {told}\n"


def _arguments(*words: str) -> argparse.Namespace:
    parser = console.Parser()
    console.add_output(parser)
    console.add_sweep(parser)
    return parser.parse_args(words)


def test_options_become_an_effort(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    effort = session.effort(_arguments("--jobs", "8", "--fresh", "--store", str(path)), trials=3, short=False)
    assert (effort.jobs, effort.store, effort.fresh, effort.deadline) == (3, path, True, float("inf"))
    assert session.effort(_arguments("-q"), trials=3, short=True).jobs == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--max-seconds", "0"], "--max-seconds = 0 must be positive"),
        (["--jobs", "0"], "--jobs = 0 must be at least 1"),
        (["--jobs", "2", "--cluster", "tcp://127.0.0.1:1"], "--jobs has no effect with --cluster"),
    ],
)
def test_options_that_cannot_be_met_are_refused(words: list[str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        session.effort(_arguments(*words), trials=3, short=True)
