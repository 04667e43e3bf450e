"""Rules of training: what one step does with a gradient, in place, to the parameters theta (B, P).

Use `Descent` to compare with theory: in small steps it is gradient flow, and its stable steps are known. Use
`Adam` to fit networks whose gradients differ much in size. `Sgd` is for linear regression on a stream of rows
(`sims.training.sgd`), where theory follows batch, schedule and momentum.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory.arguments import between, integer, real, scalar

Array = NDArray[np.float64]


class Descent(NamedTuple):
    """Gradient descent with momentum: v <- momentum v + gradient + decay theta, theta <- theta - step v.

    >>> Descent(step=0.5).stable(critical=2.0), Descent(step=0.5, momentum=0.5).stable(critical=2.0)
    (2.0, 3.0)
    """

    step: float
    momentum: float = 0.0
    decay: float = 0.0
    """Weight decay: the loss that is descended has decay |theta|^2/2 more, all parameters alike."""

    @property
    def moments(self) -> int:
        """Number of arrays like theta that the rule keeps between steps."""
        return int(self.momentum > 0)

    def update(self, theta: Array, moments: Array, gradient: Array, count: int) -> None:
        """Take step number `count`, the first being 0: change `theta` and `moments`."""
        if self.decay > 0:
            gradient = gradient + self.decay * theta
        if self.momentum > 0:
            moments[0] *= self.momentum
            moments[0] += gradient
            gradient = moments[0]
        theta -= self.step * gradient

    def stable(self, critical: float) -> float:
        """Largest stable step on a quadratic loss, where plain descent is stable below `critical`."""
        return critical * (1 + self.momentum) / (1 + self.decay * critical / 2)

    def check(self) -> None:
        """Raise ValueError unless the momentum is in [0, 1) and the decay is not negative."""
        if not 0 <= scalar("momentum", self.momentum) < 1:
            raise ValueError(f"momentum = {self.momentum:g} must be in [0, 1)")
        scalar("decay", self.decay, low=0.0)


class Adam(NamedTuple):
    """Adam: each step is the running mean of gradients, divided by the root of that of their squares.

        theta <- theta - step m / (sqrt(s) + epsilon),   m and s corrected for their start at 0.

    >>> Adam(step=0.01)
    Adam(step=0.01, mean=0.9, square=0.999, epsilon=1e-08)
    """

    step: float
    mean: float = 0.9
    square: float = 0.999
    epsilon: float = 1e-8

    @property
    def moments(self) -> int:
        """Number of arrays like theta that the rule keeps between steps."""
        return 2

    def update(self, theta: Array, moments: Array, gradient: Array, count: int) -> None:
        """Take step number `count`, the first being 0: change `theta` and `moments`."""
        first, second = moments
        first += (1 - self.mean) * (gradient - first)
        second += (1 - self.square) * (gradient**2 - second)
        size = np.sqrt(second / (1 - self.square ** (count + 1)))
        theta -= self.step / (1 - self.mean ** (count + 1)) * first / (size + self.epsilon)

    def stable(self, critical: float) -> float:
        """nan: which steps are stable depends on the gradients so far."""
        return float("nan")

    def check(self) -> None:
        """Raise ValueError unless the rates of the means are in [0, 1) and epsilon is positive."""
        for name in ("mean", "square"):
            if not 0 <= scalar(name, getattr(self, name)) < 1:
                raise ValueError(f"{name} = {getattr(self, name):g} must be in [0, 1)")
        if not scalar("epsilon", self.epsilon) > 0:
            raise ValueError(f"epsilon = {self.epsilon:g} must be positive")


class Sgd(NamedTuple):
    """Stochastic gradient descent on half the squared error, with a schedule and a heavy ball.

        w <- w + (step_t/batch) sum over batch rows of x (y - x.w) + momentum (w - w one step before).

    >>> Sgd(step=[0.5, 0.25], batch=8).sizes(2)
    array([0.5 , 0.25])
    """

    step: float | Sequence[float]
    """One number, or one for each step."""
    batch: int = 1
    """Rows a step."""
    momentum: float = 0.0

    def sizes(self, steps: int) -> Array:
        """The sizes of that many steps; ValueError for a rule that cannot take them."""
        integer("batch", self.batch, low=1)
        between("momentum", scalar("momentum", self.momentum), 0, 1, "[)")
        sizes = between("step", real("step", self.step), 0, np.finfo(float).max)
        if sizes.shape not in ((), (steps,)):
            raise ValueError(
                f"step has shape {sizes.shape}; pass one number, or one for each of {steps} steps"
            )
        return np.ascontiguousarray(np.broadcast_to(sizes, (steps,)))
