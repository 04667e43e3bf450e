"""Double descent in epochs: a fast level of features fits noise before a slow level learns the target.

Gradient descent on linear regression learns a level of variance lambda at the pace 1 - rate lambda per step,
so the error is noise + sum over levels of (target not yet learnt + noise already fitted). A small linear
network shows the same. Used by the claims and figures of heckel2021; `early_stopping` has gradient flow in
place of steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sims.network import Network, start
from sims.rules import Descent
from sims.training import train
from theory import Problem

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TwoLevels:
    """Linear regression on two levels of features, of variance 1 and of variance `slow`."""

    n: int
    """Samples."""
    d: int
    """Features of each level."""
    slow: float
    """Variance of the slow features."""
    rate: float
    """Step size of the fast level."""
    fast_power: float
    """Power of the target on the fast level."""
    slow_power: float
    """Power of the target on the slow level."""
    noise: float
    """Variance of the label noise."""

    @property
    def problem(self) -> Problem:
        """The same for `theory`."""
        power = np.array([self.fast_power, self.slow_power])
        return Problem(np.array([1.0, self.slow]), power, np.full(2, float(self.d)), noise=self.noise)

    def rates(self, equal: bool) -> Array:
        """Step size of each level: one for all, or (`equal`) those that make both levels equally fast."""
        return self.rate / np.array([1.0, self.slow]) if equal else np.full(2, self.rate)


def excess(levels: TwoLevels, steps: Sequence[int], equal: bool, rng: np.random.Generator) -> Array:
    """Test error less the noise after these steps on one Gaussian design, averaged over target and noise.

    Parameters
    ----------
    levels : TwoLevels
    steps : (k,) whole numbers
    equal : bool
        Whether the step sizes make both levels equally fast.
    rng : Generator

    Returns
    -------
    (k,) exact given the design

    >>> levels = TwoLevels(n=20, d=2, slow=0.1, rate=0.5, fast_power=1.0, slow_power=0.5, noise=0.1)
    >>> excess(levels, [0], False, np.random.default_rng(0)).round(12)
    array([1.5])
    """
    d, slow = levels.d, levels.slow
    scale = np.repeat(np.sqrt([1.0, slow]), d)
    X = rng.standard_normal((levels.n, 2 * d)) * scale
    C = X.T @ X / levels.n
    rate = np.repeat(levels.rates(equal), d)
    # in the variables weights/sqrt(rate) descent is symmetric
    values, vectors = np.linalg.eigh(np.sqrt(rate)[:, None] * C * np.sqrt(rate))
    left = scale[:, None] * np.sqrt(rate)[:, None] * vectors  # of an error in a mode to errors of prediction
    power = np.repeat([levels.fast_power, levels.slow_power], d) / d  # of each prediction
    right = vectors.T / np.sqrt(rate) / scale
    errors = []
    for k in steps:
        shrunk = (1 - values) ** k
        bias = (left * shrunk) @ right
        noise = levels.noise / levels.n * np.sum(left**2 * (1 - shrunk) ** 2 / values)
        errors.append(np.sum(power * bias**2) + noise)
    return np.array(errors)


@dataclass(frozen=True)
class TwoScaleNetwork:
    """A small two-layer network on inputs with `fast` directions of variance 1 and two of variance `slow`."""

    n: int
    """Samples."""
    fast: int
    """Inputs of variance 1; two more have variance `slow`."""
    slow: float
    fast_power: float
    """Power of the linear target on the fast inputs."""
    slow_power: float
    """Power of the linear target on the two slow inputs."""
    noise: float
    """Variance of the label noise."""
    width: int
    activation: str
    step: float
    """Step size of gradient descent."""


def network_excess(setting: TwoScaleNetwork, record: Sequence[int], rng: np.random.Generator) -> Array:
    """Error of one trained network on 400 fresh inputs without label noise, at the recorded steps.

    >>> setting = TwoScaleNetwork(8, 4, 0.1, 1.0, 1.0, 0.0, width=2, activation="identity", step=0.1)
    >>> network_excess(setting, [0, 5], np.random.default_rng(0)).shape
    (2,)
    """
    scale = np.sqrt(np.repeat([1.0, setting.slow], [setting.fast, 2]))
    power = np.repeat([setting.fast_power / setting.fast, setting.slow_power / 2], [setting.fast, 2])
    beta = rng.standard_normal(len(scale))
    for level in (slice(setting.fast), slice(setting.fast, None)):
        beta[level] *= np.sqrt(beta[level].size) / np.linalg.norm(beta[level])
    beta *= np.sqrt(power) / scale
    X, fresh = (rng.standard_normal((count, len(scale))) * scale for count in (setting.n, 400))
    y = X @ beta + np.sqrt(setting.noise) * rng.standard_normal(setting.n)
    network = Network(
        len(scale), (setting.width,), activation=setting.activation, sigma_w2=1.0, symmetric=True
    )
    theta = start(network, rng.spawn(1))
    run = train(network, theta, X, y, Descent(setting.step), record[-1], record=record, X_test=fresh)
    assert run.test is not None
    errors: Array = np.mean((run.test[:, 0] - fresh @ beta) ** 2, axis=1)
    return errors
