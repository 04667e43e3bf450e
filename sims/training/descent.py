"""Training of many networks at once by the steps of a rule, interrupted and resumed without a trace.

The loss is (1/2n) sum_i |f(x_i) - y_i|^2, so gradient flow is theta' = -(1/n) J'(f - y), and `steps` steps of
descent of size `step` follow it for a time step * steps.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.blas import one_blas_thread
from sims.network import Network, critical_step, passes
from sims.network.arrays import check_generators, inputs_of, parameters_of, squeeze, targets_of
from sims.rules import Adam, Descent
from sims.training import checkpoint as checkpoints
from theory.arguments import integer, scalar

Array = NDArray[np.float64]

# Growth of the loss, over its start or the loss of f = 0, that counts as divergence. Descent that settles in
# the end may raise the loss by a factor of about the width first (the catapult), so not by this.
EXPLOSION = 1e6


class DivergenceError(ArithmeticError):
    """The loss exploded; `step` is the step that was used, `stable` the largest that would have done, or nan.

    >>> print(DivergenceError(step=3.0, stable=1.0, after=7, network=0))
    training of network 0 diverged after 7 steps of size 3; steps below 1 are stable at the start
    """

    def __init__(self, step: float, stable: float, after: int, network: int) -> None:
        super().__init__(step, stable, after, network)  # all of them: it must survive pickling
        self.step, self.stable, self.after, self.network = step, stable, after, network

    def __str__(self) -> str:
        advice = f"steps below {self.stable:.4g} are stable at the start"
        if np.isnan(self.stable):
            advice = "use a smaller one"
        done = f"training of network {self.network} diverged after {self.after} steps of size {self.step:g}"
        return f"{done}; {advice}"


class Run(NamedTuple):
    """Trained networks, and what was recorded on the way."""

    theta: Array
    """Final parameters, (B, P)."""
    steps: NDArray[Any]
    """(K,) steps, or times of a flow, at which loss and test were recorded."""
    loss: Array
    """(K, B) loss on the whole training set."""
    test: Array | None
    """(K, B, m) predictions at X_test, with a last axis for several outputs; None without X_test."""


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

    Parameters
    ----------
    network : Network
    theta : array (B, P)
        Where to start; see `sims.network.start`. It is not changed.
    X, y : array_like
        As for `sims.network.gradient`.
    rule : Descent or Adam
    steps : int >= 0
    batch : int, optional
        Samples per step, n // batch steps per pass over the samples, in an order drawn anew for each pass.
    rngs : list of Generator
        One per network; for minibatches only.
    record : increasing ints, optional
        Steps at which loss and predictions are recorded, (0, steps) by default.
    X_test : array_like (m, d) or (B, m, d), optional
    threads : int >= 1
        Threads that share the networks; the result is bit-identical for any number.
    checkpoint : path, optional
        File to which the state is written every `every` steps and at the end. If it is there, training goes
        on from it and ends bit-identical to a run without interruption, generators included.
    every : int >= 1

    Returns
    -------
    Run

    Raises
    ------
    DivergenceError
        If the loss of a network is not finite or a million times its start.
    ValueError
        Bad arguments; a checkpoint that is damaged or belongs to other arguments.

    >>> from sims.network import start
    >>> network = Network(2, (8,), symmetric=True)
    >>> theta = start(network, [np.random.default_rng(0)])
    >>> run = train(network, theta, [[1.0, 0.0], [0.0, 1.0]], [1.0, -1.0], Descent(0.5), steps=50)
    >>> run.loss[0], bool(run.loss[-1, 0] < 1e-6)
    (array([0.5]), True)
    """
    theta = parameters_of(network, theta)
    X = inputs_of(network, theta, X)
    Y = targets_of(network, theta, X, y)
    test = None if X_test is None else inputs_of(network, theta, X_test, "X_test")
    steps, threads = integer("steps", steps, low=0), integer("threads", threads, low=1)
    every = integer("every", every, low=1)
    if not scalar("step", rule.step) > 0:
        raise ValueError(f"step = {rule.step:g} must be positive")
    rule.check()
    recorded = steps_to_record(record, steps)
    if batch is None:
        rngs = ()
    else:
        batch = integer("batch", batch, low=1)
        check_generators(rngs)
        if batch > X.shape[-2]:
            raise ValueError(f"batch = {batch} exceeds the number of samples, {X.shape[-2]}")
        if len(rngs) != len(theta):
            raise ValueError(f"rngs has {len(rngs)} generators for {len(theta)} networks; give one each")

    B, n = len(theta), X.shape[-2]
    m = 0 if test is None else test.shape[-2]
    state: dict[str, NDArray[Any]] = {
        "step": np.array(0),
        "theta": theta.copy(),
        "moments": np.zeros((rule.moments, *theta.shape)),
        "order": np.zeros((len(rngs), n), dtype=np.int64),
        "loss": np.full((len(recorded), B), np.nan),
        "test": np.full((len(recorded), B, m, network.outputs), np.nan),
    }
    path = None if checkpoint is None else Path(checkpoint)
    key = ""
    if path is not None:
        rule_name = (type(rule).__name__, *map(float, rule))
        settings = (_name(network), rule_name, steps, batch, recorded, checkpoints.states(rngs))
        key = checkpoints.digest(*settings, theta, X, Y, test)
        state = checkpoints.load(path, key, rngs) or state

    without = np.mean(np.sum(Y**2, axis=2), axis=1) / 2  # the loss of f = 0
    limit = EXPLOSION * np.maximum(mean_loss(network, theta, X, Y), without)

    def checked(loss: Array, step: int) -> Array:
        """The loss; DivergenceError if it exploded."""
        bad = np.flatnonzero(~(loss <= limit))
        if len(bad):
            worst = slice(bad[0], bad[0] + 1)
            critical = critical_step(network, theta[worst], X if X.ndim == 2 else X[worst])[0]
            raise DivergenceError(float(rule.step), rule.stable(float(critical)), step, int(bad[0]))
        return loss

    def note(step: int) -> None:
        """Record what is due, and look for divergence at the end."""
        places = np.flatnonzero(recorded == step)
        if len(places) or step == steps:
            state["loss"][places] = checked(mean_loss(network, state["theta"], X, Y), step)
        if len(places) and test is not None:
            state["test"][places] = passes.predict(network, state["theta"], test)

    with ExitStack() as stack:
        stack.enter_context(one_blas_thread())
        stack.enter_context(np.errstate(over="ignore", invalid="ignore"))  # `checked` finds them
        pool = stack.enter_context(ThreadPoolExecutor(threads)) if threads > 1 else None
        if state["step"] == 0:
            note(0)
        for step in range(int(state["step"]), steps):
            x, t = _minibatch(X, Y, state["order"], rngs, batch, step)
            loss, gradient = passes.gradient(network, state["theta"], x, t, pool, threads)
            checked(loss, step)
            rule.update(state["theta"], state["moments"], gradient, step)
            note(step + 1)
            state["step"] = np.array(step + 1)
            if path is not None and ((step + 1) % every == 0 or step + 1 == steps):
                checkpoints.save(path, key, rngs, state)
    predictions = None if test is None else squeeze(network, state["test"])
    return Run(state["theta"], recorded, state["loss"], predictions)


def mean_loss(network: Network, theta: Array, X: Array, Y: Array) -> Array:
    """(1/2n) sum |f - Y|^2 of each network."""
    r = passes.predict(network, theta, X) - Y
    return np.einsum("bij,bij->b", r, r) / (2 * X.shape[-2])


def _minibatch(
    X: Array,
    Y: Array,
    order: NDArray[np.int64],
    rngs: Sequence[np.random.Generator],
    batch: int | None,
    step: int,
) -> tuple[Array, Array]:
    """The samples of one step; at the start of a pass each network draws its order."""
    if batch is None:
        return X, Y
    n = order.shape[1]
    place = step % (n // batch)
    if place == 0:
        for row, rng in zip(order, rngs, strict=True):
            row[:] = rng.permutation(n)
    chosen = order[:, place * batch : (place + 1) * batch]
    nets = np.arange(len(order))[:, None]
    x = X[chosen] if X.ndim == 2 else X[nets, chosen]
    return x, Y[nets if len(Y) > 1 else 0, chosen]


def steps_to_record(record: Sequence[int] | None, steps: int) -> NDArray[np.int64]:
    """Steps to record."""
    wanted = np.asarray((0, steps) if record is None else record)
    if record is None:
        wanted = np.unique(wanted)
    whole = wanted.ndim == 1 and (wanted.size == 0 or wanted.dtype.kind in "iu")
    if not whole or (np.diff(wanted) <= 0).any() or (wanted < 0).any() or (wanted > steps).any():
        raise ValueError(f"record = {record!r} must be increasing steps in 0..{steps}")
    return wanted.astype(np.int64)


def _name(network: Network) -> str:
    """All that counts of a network; functions by their values."""
    fields = asdict(network)
    if not isinstance(network.activation, str):
        grid = np.linspace(-8, 8, 1001)
        fields["activation"] = [checkpoints.digest(np.asarray(f(grid))) for f in network.activation]
    return repr(fields)
