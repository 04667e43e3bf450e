"""Training of many networks at once by the steps of a rule, interrupted and resumed without a trace.

The loss is (1/2n) sum_i |f(x_i) - y_i|^2, so gradient flow is theta' = -(1/n) J'(f - y), and `steps` steps of
descent of size `step` follow it for a time step * steps.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from os import PathLike

import numpy as np
from numpy.typing import ArrayLike

from sims.blas import one_blas_thread
from sims.network import Network, critical_step, passes
from sims.network.arrays import squeeze
from sims.rules import Adam, Descent
from sims.training.arrays import Array, Arrays, checked, mean_loss
from sims.training.run import DivergenceError, Run
from sims.training.schedule import Schedule, samples_of_step, scheduled
from sims.training.state import State, initial, state_file
from theory.arguments import integer

# Growth of the loss, over its start or the loss of f = 0, that counts as divergence. Descent that settles in
# the end may raise the loss by a factor of about the width first (the catapult), so not by this.
EXPLOSION = 1e6


def train(
    network: Network,
    theta: Array,
    X: ArrayLike,
    y: ArrayLike,
    rule: Descent | Adam,
    steps: int,
    *,
    batch: int | None = None,
    rngs: Sequence[np.random.Generator] = (),
    record: Sequence[int] | None = None,
    X_test: ArrayLike | None = None,
    threads: int = 1,
    checkpoint: str | PathLike[str] | None = None,
    every: int = 1000,
) -> Run:
    """Take `steps` steps of a rule, on the whole training set or on minibatches.

    Use it to follow the course of training; to reach a minimum of the loss use `lbfgs`, and for the limit of
    small steps use `flow`, where the activation is smooth.

    Parameters
    ----------
    network : Network
    theta : array (B, P)
        Where to start; see `sims.network.start`. It is not changed.
    X, y : array_like
        Inputs and targets of the shapes that `sims.network.gradient` takes.
    rule : Descent or Adam
        What a step does with the gradient; see `sims.rules`.
    steps : int >= 0
    batch : int, optional
        Samples per step, n // batch steps per pass over the samples, in an order drawn anew for each pass.
    rngs : list of Generator
        One per network; for minibatches only.
    record : increasing ints, optional
        Steps at which loss and predictions are recorded, (0, steps) by default.
    X_test : array_like (m, d) or (B, m, d), optional
        Inputs at which predictions are recorded.
    threads : int >= 1
        Threads that share the networks; the result is bit-identical for any number.
    checkpoint : path, optional
        File to which the state is written every `every` steps and at the end. If it exists, training goes on
        from it and ends bit-identical to a run without interruption, generators included.
    every : int >= 1
        Steps between two writes of the checkpoint.

    Returns
    -------
    Run

    Raises
    ------
    DivergenceError
        If the loss of a network is not finite or a million times its start.
    ValueError
        If an argument is bad, or the checkpoint is damaged or belongs to other arguments.

    >>> from sims.network import start
    >>> network = Network(2, (8,), symmetric=True)
    >>> theta = start(network, [np.random.default_rng(0)])
    >>> run = train(network, theta, [[1.0, 0.0], [0.0, 1.0]], [1.0, -1.0], Descent(0.5), steps=50)
    >>> run.loss[0], bool(run.loss[-1, 0] < 1e-6)
    (array([0.5]), True)
    """
    arrays = checked(network, theta, X, y, X_test)
    schedule = scheduled(arrays, rule, steps, record, batch, rngs)
    threads, every = integer("threads", threads, low=1), integer("every", every, low=1)

    file = None if checkpoint is None else state_file(checkpoint, arrays, schedule)
    saved = None if file is None else file.read()
    state = initial(arrays, schedule) if saved is None else saved
    highest = EXPLOSION * np.maximum(mean_loss(arrays, arrays.theta), _loss_of_zero(arrays))
    with one_blas_thread(), _quiet_overflow(), _pool(threads) as pool:
        for done in _descend(arrays, schedule, state, highest, pool, threads):
            if file is not None and (done % every == 0 or done == schedule.steps):
                file.write(state)
    predictions = None if arrays.X_test is None else squeeze(network, state.test)
    return Run(state.theta, schedule.record, state.loss, predictions)


def _descend(
    arrays: Arrays,
    schedule: Schedule,
    state: State,
    highest: Array,
    pool: Executor | None,
    threads: int,
) -> Iterator[int]:
    """Take the steps that are left, in `state`; yields the number of steps taken after each."""
    if state.step == 0:
        _record(arrays, schedule, state, highest)
    for step in range(state.step, schedule.steps):
        x, y = samples_of_step(arrays, schedule, state.order, step)
        loss, gradient = passes.gradient(arrays.network, state.theta, x, y, pool, threads)
        _refuse_divergence(arrays, schedule.rule, loss, highest, step)
        schedule.rule.update(state.theta, state.moments, gradient, step)
        state.step = step + 1
        _record(arrays, schedule, state, highest)
        yield state.step


def _record(arrays: Arrays, schedule: Schedule, state: State, highest: Array) -> None:
    """Record loss and predictions if they are due, and look for divergence then and at the end."""
    due = np.flatnonzero(schedule.record == state.step)
    if len(due) or state.step == schedule.steps:
        loss = mean_loss(arrays, state.theta)
        _refuse_divergence(arrays, schedule.rule, loss, highest, state.step)
        state.loss[due] = loss
    if len(due) and arrays.X_test is not None:
        state.test[due] = passes.predict(arrays.network, state.theta, arrays.X_test)


def _refuse_divergence(arrays: Arrays, rule: Descent | Adam, loss: Array, highest: Array, step: int) -> None:
    """DivergenceError for the first network whose loss is above the highest allowed, or nan."""
    diverged = np.flatnonzero(~(loss <= highest))
    if len(diverged):
        first = slice(diverged[0], diverged[0] + 1)
        X = arrays.X if arrays.X.ndim == 2 else arrays.X[first]
        critical = critical_step(arrays.network, arrays.theta[first], X)[0]
        raise DivergenceError(float(rule.step), rule.stable(float(critical)), step, int(diverged[0]))


def _loss_of_zero(arrays: Arrays) -> Array:
    """The loss of f = 0."""
    return np.mean(np.sum(arrays.Y**2, axis=2), axis=1) / 2


def _quiet_overflow() -> np.errstate:
    """No warnings where the loss overflows: `_refuse_divergence` finds it."""
    return np.errstate(over="ignore", invalid="ignore")


def _pool(threads: int) -> AbstractContextManager[Executor | None]:
    return ThreadPoolExecutor(threads) if threads > 1 else nullcontext()
