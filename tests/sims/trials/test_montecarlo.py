"""Seeds and executors: the same bits, whoever runs the trials and in whatever order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from sims.trials import montecarlo
from sims.trials import pool as pool_module
from sims.trials.pool import MOST, cores, local_pool, spread, threads


def _trial(rng: np.random.Generator) -> np.ndarray:
    # a matrix product large enough for BLAS to split it over threads
    x = rng.standard_normal((200, 200))
    return np.array([(x @ x.T @ x).sum(), rng.random()])


def _broken(rng: np.random.Generator) -> np.ndarray:
    raise ArithmeticError("trial failed")


def test_same_bits_for_any_workers() -> None:
    alone = montecarlo.run(_trial, 6, seed=3, experiment="bits").values
    with ThreadPoolExecutor(2) as pool:
        np.testing.assert_array_equal(
            montecarlo.run(_trial, 6, seed=3, experiment="bits", executor=pool).values, alone
        )
    with local_pool(2) as processes:
        np.testing.assert_array_equal(
            montecarlo.run(_trial, 6, seed=3, experiment="bits", executor=processes).values, alone
        )


def _threads(rng: np.random.Generator) -> np.ndarray:
    return np.array([threads()])


def test_a_trial_starts_no_threads_in_a_worker() -> None:
    assert montecarlo.run(_threads, 1, seed=0, experiment="x").values == min(cores(), MOST)
    with local_pool(2) as processes:
        found = montecarlo.run(_threads, 4, seed=0, experiment="x", executor=processes).values
    np.testing.assert_array_equal(found, np.ones((4, 1)))


def test_items_that_are_spread_have_one_blas_thread_and_keep_their_order() -> None:
    def item(i: int) -> tuple[int, set[int]]:
        return i, {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    with threadpool_limits(2):
        before = threadpool_info()
        assert spread(item, range(6)) == [(i, {1}) for i in range(6)]
        assert threadpool_info() == before


def test_an_error_is_raised_at_once_and_starts_no_more_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "threads", lambda: 2)
    free, started = Event(), []

    def item(i: int) -> None:
        started.append(i)
        if i == 0:
            raise ArithmeticError("item failed")
        free.wait(60)

    with pytest.raises(ArithmeticError, match="item failed"):
        spread(item, range(20))
    assert len(started) <= 4  # while one waits, the other may have taken a few before they are cancelled
    free.set()


def test_one_blas_thread_for_trials_in_threads() -> None:
    """A limit set inside a thread is lifted by the first trial to end, or not heeded at all."""
    together, ended, seen = Barrier(2, timeout=60), Event(), []

    def trial(rng: np.random.Generator) -> np.ndarray:
        if together.wait() == 1:
            assert ended.wait(60)
            seen.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
        return np.zeros(1)

    with threadpool_limits(2), ThreadPoolExecutor(2) as pool:
        before = threadpool_info()
        montecarlo.run(trial, 2, seed=0, experiment="x", executor=pool, progress=lambda done: ended.set())
        assert threadpool_info() == before
    assert set(seen) <= {1}


def test_more_trials_keep_the_first_ones() -> None:
    few = montecarlo.run(_trial, 2, seed=0, experiment="x").values
    many = montecarlo.run(_trial, 4, seed=0, experiment="x").values
    np.testing.assert_array_equal(many[:2], few)


def test_trials_points_experiments_and_seeds_differ() -> None:
    draws = {
        montecarlo.generator(*key).random()
        for key in [(0, "a", 0, 0), (0, "a", 0, 1), (0, "a", 1, 0), (0, "b", 0, 0), (1, "a", 0, 0)]
    }
    assert len(draws) == 5


def test_progress_counts_every_trial() -> None:
    seen: list[int] = []
    montecarlo.run(_trial, 3, seed=0, experiment="x", progress=seen.append)
    assert seen == [1, 2, 3]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_a_trial_comes_out(jobs: int) -> None:
    with local_pool(jobs) as pool, pytest.raises(ArithmeticError, match="trial failed"):
        montecarlo.run(_broken, 3, seed=0, experiment="x", executor=pool)


@pytest.mark.parametrize(("trials", "seed"), [(0, 0), (1, -1)])
def test_bad_arguments(trials: int, seed: int) -> None:
    with pytest.raises(ValueError, match=r"= (0|-1) must be"):
        montecarlo.run(_trial, trials, seed=seed, experiment="x")


def test_bad_jobs() -> None:
    with pytest.raises(ValueError, match="jobs = 0"), local_pool(0):
        pass
