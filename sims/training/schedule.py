"""The steps of a training: their rule, the samples that each of them sees, and what is recorded when."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.network.arrays import check_generators
from sims.rules import Adam, Descent
from sims.training.arrays import Array, Arrays
from theory.arguments import integer, scalar


class Schedule(NamedTuple):
    """The steps of a training."""

    rule: Descent | Adam
    steps: int
    record: NDArray[np.int64]
    """Steps after which loss and predictions are recorded, increasing."""
    batch: int | None
    """Samples per step; None for all of them."""
    rngs: Sequence[np.random.Generator]
    """One per network for minibatches, else empty."""


def scheduled(
    arrays: Arrays,
    rule: Descent | Adam,
    steps: int,
    record: Sequence[int] | None,
    batch: int | None,
    rngs: Sequence[np.random.Generator],
) -> Schedule:
    """The schedule of checked arguments, or ValueError."""
    if not scalar("step", rule.step) > 0:
        raise ValueError(f"step = {rule.step:g} must be positive")
    rule.check()
    steps = integer("steps", steps, low=0)
    recorded = steps_to_record(record, steps)
    if batch is None:
        return Schedule(rule, steps, recorded, None, ())
    batch, nets, n = integer("batch", batch, low=1), len(arrays.theta), arrays.X.shape[-2]
    check_generators(rngs)
    if batch > n:
        raise ValueError(f"batch = {batch} must not exceed the number of samples, {n}")
    if len(rngs) != nets:
        raise ValueError(f"rngs has {len(rngs)} generators for {nets} networks; give one per network")
    return Schedule(rule, steps, recorded, batch, rngs)


def steps_to_record(record: Sequence[int] | None, steps: int) -> NDArray[np.int64]:
    """`record` as an array of increasing steps in 0..steps; the first and the last step by default."""
    wanted = np.unique((0, steps)) if record is None else np.asarray(record)
    whole = wanted.ndim == 1 and (wanted.size == 0 or wanted.dtype.kind in "iu")
    if not whole or (np.diff(wanted) <= 0).any() or (wanted < 0).any() or (wanted > steps).any():
        raise ValueError(f"record = {record!r} must be a list of increasing steps in 0..{steps}")
    return wanted.astype(np.int64)


def samples_of_step(
    arrays: Arrays, schedule: Schedule, order: NDArray[np.int64], step: int
) -> tuple[Array, Array]:
    """Inputs and targets of one step; each network draws its `order` of the samples anew for each pass."""
    X, Y, batch = arrays.X, arrays.Y, schedule.batch
    if batch is None:
        return X, Y
    n = order.shape[1]
    batch_number = step % (n // batch)
    if batch_number == 0:
        for row, rng in zip(order, schedule.rngs, strict=True):
            row[:] = rng.permutation(n)
    chosen = order[:, batch_number * batch : (batch_number + 1) * batch]
    nets = np.arange(len(order))[:, None]
    x = X[chosen] if X.ndim == 2 else X[nets, chosen]
    return x, Y[nets if len(Y) > 1 else 0, chosen]
