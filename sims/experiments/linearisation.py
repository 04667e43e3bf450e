"""Wide networks against their limit: the tangent kernel, its drift in training, the linearised network.

f(x) = network of width N, K(x, z) = <df(x), df(z)> -> Theta(x, z) as N -> infinity, and f_t stays near the
model linear in the parameters. `python -m sims.ntk` and the claims of lee2019, jacot2018 and chizat2019 use
it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims import features
from sims.network import Network, empirical_ntk, forward, start
from sims.rules import Descent
from sims.training import train
from sims.trials.sample import Sample
from sims.verdict import half_width
from theory import dynamics, kernel

Array = NDArray[np.float64]

FRESH = 4  # test inputs
QUANTITIES = ("fluctuation", "drift", "gap")
"""What `trial` measures at every width; its docstring defines them."""


@dataclass(frozen=True)
class WideNetworks:
    """One data set, and networks of several widths trained on it for about `time` by gradient descent."""

    activation: str = "relu"
    depth: int = 1
    """Hidden layers."""
    n: int = 6
    """Samples."""
    d: int = 3
    """Input dimension."""
    sigma_w2: float = 2.0
    """Variance of the weights, times the number of inputs of a layer."""
    sigma_b2: float = 0.0
    """Variance of the biases."""
    time: float = 8.0
    """Time of gradient flow on half the mean squared error; see `steps`."""
    widths: tuple[int, ...] = (64, 128, 256, 512, 1024, 2048, 4096)
    seed: int = 0
    """Seed of the data, which are the same in every trial."""

    @cached_property
    def data(self) -> tuple[Array, Array, Array]:
        """Inputs (n, d) on the sphere of radius sqrt(d), normal labels (n,), fresh inputs."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(1,)))
        X = features.sphere(self.n + FRESH, self.d, rng)
        return X[: self.n], rng.standard_normal(self.n), X[self.n :]

    @property
    def network(self) -> tuple[int, str, float, float]:
        """Depth, activation and variances, in the order in which the kernels of `theory` take them."""
        return self.depth, self.activation, self.sigma_w2, self.sigma_b2

    @cached_property
    def ntk(self) -> Array:
        """Tangent kernel of infinite width, (n, n)."""
        return kernel.ntk(self.data[0], None, *self.network)

    @cached_property
    def step(self) -> float:
        """Half of the critical step of infinite width."""
        return dynamics.critical_step(self.ntk) / 2

    @property
    def steps(self) -> int:
        """Steps of gradient descent in `time`."""
        return max(1, round(self.time / self.step))


class Sweep(NamedTuple):
    """What the trials of `trial` measured, by its parts."""

    logs: Array
    """(trials, widths, 3) logarithms of the QUANTITIES."""
    entries: Sample
    """Lower triangle of the empirical kernel at the largest width."""
    outputs: Sample
    """Outputs at the fresh inputs after training, at the largest width."""


def trial(setting: WideNetworks, rng: np.random.Generator) -> Array:
    """One network of each width: the three quantities, then the entries and outputs of the widest.

    fluctuation = |K - Theta|/|Theta|, K the empirical kernel at the start; drift = |K' - K|/|K| after
    training; gap = the largest distance between network and linearisation after training, over all inputs,
    divided by the root mean square label.

    >>> trial(WideNetworks(n=2, widths=(8, 16)), np.random.default_rng(0)).shape
    (13,)
    """
    X, y, fresh = setting.data
    everywhere, n = np.concatenate([X, fresh]), setting.n
    values = []
    for width, source in zip(setting.widths, rng.spawn(len(setting.widths)), strict=True):
        network = Network(
            setting.d,
            (width,) * setting.depth,
            activation=setting.activation,
            sigma_w2=setting.sigma_w2,
            sigma_b2=setting.sigma_b2,
        )
        theta = start(network, [source])
        run = train(network, theta, X, y, Descent(setting.step), setting.steps)
        before = empirical_ntk(network, theta, everywhere, X)[0]
        after = empirical_ntk(network, run.theta, X)[0]
        f = forward(network, run.theta, everywhere)[0]
        linear = descend(before, forward(network, theta, everywhere)[0], y, setting.step, setting.steps)
        values += [
            np.log(np.linalg.norm(before[:n] - setting.ntk) / np.linalg.norm(setting.ntk)),
            np.log(np.linalg.norm(after - before[:n]) / np.linalg.norm(before[:n])),
            np.log(np.abs(f - linear).max() / np.sqrt(np.mean(y**2))),
        ]
    return np.concatenate([values, before[:n][np.tril_indices(n)], f[n:]])


def unpack(setting: WideNetworks, sample: Sample) -> Sweep:
    """Split the rows that `trial` returned into their parts.

    >>> setting = WideNetworks(n=2, widths=(8,))
    >>> unpack(setting, Sample(trial(setting, np.random.default_rng(0))[None])).logs.shape
    (1, 1, 3)
    """
    count = len(setting.widths) * len(QUANTITIES)
    logs = sample.values[:, :count].reshape(-1, len(setting.widths), len(QUANTITIES))
    rest = sample.values[:, count:]
    return Sweep(logs, Sample(rest[:, :-FRESH]), Sample(rest[:, -FRESH:]))


def descend(gram: Array, f: Array, y: Array, step: float, steps: int) -> Array:
    """Outputs (m,) of the linear model with this kernel after steps of descent from the outputs f (m,).

    Rows of `gram` (m, n) are inputs, the first n of which are the training set with labels y (n,).

    >>> descend(np.eye(2), np.zeros(2), np.array([1.0, 2.0]), step=1.0, steps=1)
    array([0.5, 1. ])
    """
    n = len(y)
    for _ in range(steps):
        f = f + step / n * gram @ (y - f[:n])
    return f


class Slope(NamedTuple):
    """Slope of a logarithm against log width: the mean over trials, and an interval."""

    value: float
    se: float
    low: float
    high: float


def slope(widths: tuple[int, ...], logs: Array, level: float = 0.99) -> Slope:
    """Least-squares slope of each trial (trials, widths); Student's interval of their mean.

    >>> slope((1, 2, 4), np.log([[1.0, 0.5, 0.25], [3.0, 1.5, 0.75]])).value
    -1.0
    """
    x = np.log(widths) - np.log(widths).mean()
    each = logs @ x / (x @ x)
    mean, trials = float(each.mean()), len(each)
    se = float(each.std(ddof=1) / np.sqrt(trials)) if trials > 1 else np.inf
    half = float(half_width(se, trials, level))
    return Slope(mean, se, mean - half, mean + half)
