"""Trials whose numbers depend on nothing but their seed: the same bits on any executor, in any order."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from math import inf
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sims.blas import one_thread
from sims.trials import blocks
from sims.trials.blocks import Task
from sims.trials.committer import Committer
from sims.trials.fingerprint import Provenance
from sims.trials.inputs import digest
from sims.trials.sample import Sample
from sims.trials.store import Result, Store

Trial = Callable[[np.random.Generator], NDArray[np.float64]]
TrialAt = Callable[[Any, np.random.Generator], NDArray[np.float64]]


class Stopped(Exception):
    """A sweep ended early; `finished` trials, counted from the first, are done at every point.

    >>> print(Stopped("time is up", done=7, trials=20, finished=5))
    time is up: 7 of 20 trials are done
    """

    def __init__(self, reason: str, done: int, trials: int, finished: int) -> None:
        super().__init__(reason, done, trials, finished)
        self.reason, self.done, self.trials, self.finished = reason, done, trials, finished

    def __str__(self) -> str:
        return f"{self.reason}: {self.done} of {self.trials} trials are done"


def generator(seed: int, experiment: str, point: int, trial: int) -> np.random.Generator:
    """The random numbers of one trial: the same whoever runs it, and whenever.

    Parameters
    ----------
    seed : int >= 0
    experiment : str
        Name that keeps the random numbers of two experiments with one seed apart.
    point : int >= 0
        Number of the point in its grid.
    trial : int >= 0

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
    **storing: Any,
) -> Sample:
    """Run `trial(rng)` once per trial and stack what it measures, (trials, points): `sweep` at one point.

    Use it where one trial measures a whole curve, and `sweep` where each point has trials of its own.

    Parameters
    ----------
    trial : callable
        Takes a Generator, returns a 1-D array; must be picklable for an executor of processes.
    trials, seed, experiment, executor, progress, **storing
        As for `sweep`.

    Returns
    -------
    Sample

    Raises
    ------
    ValueError
        If trials < 1 or seed < 0, or there is a store but no config.
    Stopped
        At the deadline, or if the executor broke.

    >>> sample = run(lambda rng: rng.normal(size=2), trials=100, seed=0, experiment="example")
    >>> sample.values.shape
    (100, 2)
    """
    without_point = partial(_ignore_point, trial)
    return sweep(without_point, [None], trials, seed, experiment, executor, progress, **storing)[0]


def provenance(trial: Trial, experiment: str, config: Mapping[str, Any], seed: int) -> Provenance:
    """What the trials of `run` are stored under."""
    return Provenance(experiment, config, seed, inputs=digest(partial(_ignore_point, trial)))


def try_out(trial: Trial, provenance: Provenance, trials: Sequence[int]) -> list[Result]:
    """The trials of `run` with these numbers, in this process; for an estimate of the time.

    >>> try_out(lambda rng: rng.normal(size=2), Provenance("example", {}, seed=0), [5])[0].value.shape
    (2,)
    """
    tasks = [Task(provenance.index, provenance.point, number) for number in trials]
    run_task = partial(_run_task, partial(_ignore_point, trial), provenance.seed, provenance.experiment)
    return blocks.run_block(run_task, blocks.HERE, tasks)


def sweep(
    trial: TrialAt,
    grid: Sequence[Any],
    trials: int,
    seed: int,
    experiment: str,
    executor: Executor | None = None,
    progress: Callable[[int], None] = lambda done: None,
    *,
    store: Store | None = None,
    config: Mapping[str, Any] | None = None,
    fresh: bool = False,
    deadline: float = inf,
) -> list[Sample]:
    """Run `trial(point, rng)` so often at every point of the grid; one Sample for each point.

    Parameters
    ----------
    trial : callable
        Takes a point and a Generator, returns a 1-D array; must be picklable for an executor of processes.
    grid : sequence
        Numbers or texts; anything that JSON can hold.
    trials : int >= 1
        At each point.
    seed : int >= 0
    experiment : str
        Name that keeps the random numbers of two experiments with one seed apart.
    executor : concurrent.futures.Executor, optional
        Where the trials run; in this process by default. The result is bit-identical either way. On one
        machine take `pool.local_pool`: threads wait for each other wherever a trial runs Python.
    progress : callable
        Called with the number of finished trials, first with that of the reused ones.
    store : Store, optional
        Where finished trials are saved, and found again.
    config : mapping, optional
        The settings, by which people know the trials in the store; needed with one. What `trial` holds beside
        them, such as a data set, counts as well: see `inputs.digest`.
    fresh : bool
        Do not reuse trials of the store.
    deadline : float
        When to stop, on the clock of time.monotonic().

    Returns
    -------
    list of Sample

    Raises
    ------
    ValueError
        If trials < 1 or seed < 0, or there is a store but no config.
    Stopped
        At the deadline, or if the executor broke, as when a worker died.

    >>> [s.mean.tolist() for s in sweep(lambda point, rng: [2.0 * point], [1, 2], 3, 0, "example")]
    [[2.0], [4.0]]
    """
    if trials < 1:
        raise ValueError(f"trials = {trials} must be at least 1")
    if seed < 0:
        raise ValueError(f"seed = {seed} must be zero or positive")
    if store is not None and config is None:
        raise ValueError("config = None: a store must know what the trials depend on; pass a mapping")
    inputs = "" if store is None else digest(trial)
    provenances = [
        Provenance(experiment, config or {}, seed, i, point, inputs=inputs) for i, point in enumerate(grid)
    ]
    values: dict[tuple[int, int], NDArray[np.float64]] = {}
    if store is not None and not fresh:
        for i, provenance in enumerate(provenances):
            values.update(((i, result.trial), result.value) for result in store.finished(provenance, trials))
    if values:
        progress(len(values))
    missing = blocks.Tasks(grid, trials, values)
    run_task = partial(_run_task, trial, seed, experiment)
    reason = "time is up"
    # in threads the limit of one trial would be lifted by the first to end: here it holds for all
    with one_thread(), Committer(store, provenances) as committer:
        try:
            for task, result in blocks.results(run_task, missing, executor, deadline):
                values[task.index, task.trial] = result.value
                committer.add(task.index, result)
                progress(len(values))
        except BrokenExecutor as error:
            died = isinstance(error, BrokenProcessPool)
            reason = "a worker died (killed, or out of memory)" if died else str(error)
    if len(values) < len(grid) * trials:
        finished = min(_first_missing(values, i, trials) for i in range(len(grid)))
        raise Stopped(reason, len(values), len(grid) * trials, finished)
    return [Sample(np.array([values[i, t] for t in range(trials)])) for i in range(len(grid))]


def _ignore_point(trial: Trial, point: None, rng: np.random.Generator) -> NDArray[np.float64]:
    return trial(rng)


def _run_task(trial: TrialAt, seed: int, experiment: str, task: Task) -> Result:
    start = time.perf_counter()
    value = trial(task.point, generator(seed, experiment, task.index, task.trial))
    seconds = time.perf_counter() - start
    return Result(task.trial, np.asarray(value, dtype=np.float64), seconds)


def _first_missing(values: Mapping[tuple[int, int], Any], index: int, trials: int) -> int:
    return next((trial for trial in range(trials) if (index, trial) not in values), trials)
