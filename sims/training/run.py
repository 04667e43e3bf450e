"""What a training returns, and the error when it diverges."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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


class DivergenceError(ArithmeticError):
    """The loss of network number `network` exploded after so many steps of size `step`.

    `stable` is the largest step that is stable at the start, nan where none is known.

    >>> print(DivergenceError(step=3.0, stable=1.0, after=7, network=0))
    training of network 0 diverged after 7 steps of size 3; steps below 1 are stable at the start
    """

    def __init__(self, step: float, stable: float, after: int, network: int) -> None:
        super().__init__(step, stable, after, network)  # all of them: it must survive pickling
        self.step, self.stable, self.after, self.network = step, stable, after, network

    def __str__(self) -> str:
        done = f"training of network {self.network} diverged after {self.after} steps of size {self.step:g}"
        if np.isnan(self.stable):
            return f"{done}; use a smaller one"
        return f"{done}; steps below {self.stable:.4g} are stable at the start"
