"""Trials: seeds that depend on nothing but the trial, run on any executor, in any order."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from sims.sample import Sample

Trial = Callable[[np.random.Generator], NDArray[np.float64]]


def generator(seed: int, experiment: str, point: int, trial: int) -> np.random.Generator:
    """The random numbers of one trial: the same whoever runs it, and whenever.

    >>> a, b = (generator(0, "peak", 0, trial=3).random() for _ in range(2))
    >>> a == b
    True
    """
    key = (crc32(experiment.encode()), point, trial)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def run(
    trial: Trial,
    trials: int,
    seed: int,
    experiment: str,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Sample:
    """Run `trial(rng)` once per trial and stack what it measures, (trials, points).

    Parameters
    ----------
    trial : callable
        Takes a Generator, returns a 1-D array; must be picklable for an executor of processes.
    trials : int >= 1
    seed : int >= 0
    experiment : str
        Name that keeps the random numbers of two experiments with one seed apart.
    executor : concurrent.futures.Executor, optional
        Where the trials run; in this process by default. The result is bit-identical either way.
    progress : callable
        Called with the number of finished trials.

    Returns
    -------
    Sample

    Raises
    ------
    ValueError
        If trials < 1 or seed < 0.

    >>> sample = run(lambda rng: rng.normal(size=2), trials=100, seed=0, experiment="example")
    >>> sample.values.shape
    (100, 2)
    """
    if trials < 1:
        raise ValueError(f"trials = {trials} must be at least 1")
    if seed < 0:
        raise ValueError(f"seed = {seed} must be zero or positive")
    # in threads the limit of one trial would be lifted by the first to end: here it holds for all
    with threadpool_limits(limits=1):
        return Sample(np.array(_rows(trial, trials, seed, experiment, executor, progress)))


def _rows(
    trial: Trial,
    trials: int,
    seed: int,
    experiment: str,
    executor: Executor | None,
    progress: Callable[[int], None],
) -> list[NDArray[np.float64]]:
    rows = [np.empty(0)] * trials
    if executor is None:
        for i in range(trials):
            rows[i] = _one(trial, seed, experiment, i)
            progress(i + 1)
        return rows
    futures = {executor.submit(_one, trial, seed, experiment, i): i for i in range(trials)}
    try:
        for done, future in enumerate(as_completed(futures), start=1):
            rows[futures[future]] = future.result()
            progress(done)
    finally:
        for future in futures:  # on an error or Ctrl-C: do not start what nobody waits for
            future.cancel()
    return rows


@contextmanager
def local_pool(jobs: int) -> Iterator[Executor | None]:
    """`jobs` processes on this machine, or None for one job: then trials run in this process.

    >>> with local_pool(1) as pool:
    ...     print(pool)
    None
    """
    if jobs < 1:
        raise ValueError(f"jobs = {jobs} must be at least 1")
    if jobs == 1:
        yield None
        return
    # spawn: forked processes inherit locks of BLAS threads
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    """Cores that this process may use.

    >>> cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _one(trial: Trial, seed: int, experiment: str, index: int) -> NDArray[np.float64]:
    # one BLAS thread: no fight between workers, and the same bits in any number of them
    with threadpool_limits(limits=1):
        return np.asarray(trial(generator(seed, experiment, 0, index)), dtype=np.float64)
