"""--max-seconds ends a run in the middle of a trial, also of the first."""

import contextlib
import signal
import time

import numpy as np
import pytest

from sims.trials import montecarlo
from sims.trials.deadline import DeadlineError, interrupted_at
from sims.trials.pool import local_pool

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="timers of POSIX")


def slow(rng: np.random.Generator) -> np.ndarray:
    limit = time.perf_counter() + 60
    while time.perf_counter() < limit:
        np.linalg.svd(rng.random((50, 50)))
    return rng.random(1)


def sleeping(rng: np.random.Generator) -> np.ndarray:
    time.sleep(60)
    return rng.random(1)


@pytest.mark.parametrize("trial", [slow, sleeping])
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_first_trial_is_no_exception(trial: montecarlo.Trial, jobs: int) -> None:
    start = time.monotonic()
    with (
        pytest.raises(montecarlo.Stopped, match="time is up: 0 of 4 trials are done"),
        local_pool(jobs) as pool,
    ):
        montecarlo.run(trial, 4, 0, "x", pool, deadline=start + 4)
    assert time.monotonic() - start < 20


def test_what_is_nearly_done_at_the_deadline_is_kept() -> None:
    with local_pool(2) as pool:
        montecarlo.run(_short, 4, 0, "x", pool)  # on a busy machine the processes take seconds to start
        with pytest.raises(montecarlo.Stopped) as stop:
            montecarlo.run(_short, 10_000, 0, "x", pool, deadline=time.monotonic() + 4)
    assert 0 < stop.value.done < 10_000


def _short(rng: np.random.Generator) -> np.ndarray:
    time.sleep(0.05)
    return rng.random(1)


def test_a_clock_that_is_behind_its_timer_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with interrupted_at(0.05):  # as of a clock that stands still
        time.sleep(0.3)
    now[0] = 1.0
    with pytest.raises(DeadlineError), interrupted_at(0.05):
        time.sleep(1)


def test_a_destructor_that_swallows_the_deadline_does_not_stop_it(capfd: pytest.CaptureFixture[str]) -> None:
    class Slow:
        def __del__(self) -> None:
            limit = time.perf_counter() + 0.5
            while time.perf_counter() < limit:
                pass

    def trial() -> None:
        Slow()
        time.sleep(60)

    start = time.monotonic()
    with pytest.raises(DeadlineError), interrupted_at(start + 0.1):
        trial()
    assert time.monotonic() - start < 30
    assert capfd.readouterr().err == ""


@pytest.mark.jit
def test_a_compilation_is_whole_before_the_deadline_counts() -> None:
    """The process goes on, and may need the function."""
    numba = pytest.importorskip("numba")

    @numba.njit
    def norm(x: np.ndarray) -> float:
        return np.sqrt((np.sort(x.T @ x) ** 2).sum())

    x = np.eye(3)
    with contextlib.suppress(DeadlineError), interrupted_at(time.monotonic() + 0.05):
        norm(x)
    assert norm(x) == pytest.approx(np.sqrt(3))
