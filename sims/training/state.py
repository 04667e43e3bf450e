"""Where a training stands after some steps, and the file that keeps it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.network import Network
from sims.training import checkpoint
from sims.training.arrays import Array, Arrays
from sims.training.schedule import Schedule


@dataclass
class State:
    """All that later steps depend on, except the states of the generators, and what was recorded so far."""

    step: int
    """Steps taken."""
    theta: Array
    """(B, P)."""
    moments: Array
    """Arrays like theta that the rule keeps between steps, (count, B, P)."""
    order: NDArray[np.int64]
    """Order of the samples in this pass over them, (B, n); no rows without minibatches."""
    loss: Array
    """(K, B), nan where it is not recorded yet."""
    test: Array
    """(K, B, m, outputs), nan where they are not recorded yet; m = 0 without X_test."""


def initial(arrays: Arrays, schedule: Schedule) -> State:
    """The state before the first step."""
    nets, records, n = len(arrays.theta), len(schedule.record), arrays.X.shape[-2]
    m = 0 if arrays.X_test is None else arrays.X_test.shape[-2]
    return State(
        step=0,
        theta=arrays.theta.copy(),
        moments=np.zeros((schedule.rule.moments, *arrays.theta.shape)),
        order=np.zeros((len(schedule.rngs), n), dtype=np.int64),
        loss=np.full((records, nets), np.nan),
        test=np.full((records, nets, m, arrays.network.outputs), np.nan),
    )


class StateFile(NamedTuple):
    """A checkpoint that belongs to one training, its data and its settings."""

    path: Path
    key: str
    rngs: Sequence[np.random.Generator]

    def read(self) -> State | None:
        """The state in the file, None if there is no file; the generators are put where they were."""
        saved = checkpoint.load(self.path, self.key, self.rngs)
        if saved is None:
            return None
        step = int(saved.pop("step"))
        return State(step, **saved)

    def write(self, state: State) -> None:
        """Replace the file by one with this state and that of the generators."""
        checkpoint.save(self.path, self.key, self.rngs, vars(state) | {"step": np.array(state.step)})


def state_file(path: str | PathLike[str], arrays: Arrays, schedule: Schedule) -> StateFile:
    """The checkpoint of a training whose generators are where the training starts."""
    rule, rngs, data = schedule.rule, schedule.rngs, (arrays.theta, arrays.X, arrays.Y, arrays.X_test)
    settings = (schedule.steps, schedule.batch, schedule.record, checkpoint.states(rngs))
    rule_name = (type(rule).__name__, *map(float, rule))
    key = checkpoint.digest(_describe(arrays.network), rule_name, *settings, *data)
    return StateFile(Path(path), key, rngs)


def _describe(network: Network) -> str:
    """All that the numbers of a network depend on; functions count by their values."""
    fields = asdict(network)
    if not isinstance(network.activation, str):
        grid = np.linspace(-8, 8, 1001)
        fields["activation"] = [checkpoint.digest(np.asarray(f(grid))) for f in network.activation]
    return repr(fields)
