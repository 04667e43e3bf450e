"""Posteriors of linear networks over all of their weights: Hamiltonian with noise, Gibbs without.

The prior gives every weight the variance 1 over the inputs of its layer. Used by the claims of hanin2023 and
li2021; `theory.papers.hanin2023` integrates over all weights but one number.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sims.experiments import hamiltonian
from sims.experiments.hamiltonian import Chains

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearNetwork:
    """A network of linear layers d -> widths -> 1 on labels y (n,) of inputs X (n, d) with Gaussian noise."""

    X: Array
    y: Array
    noise: float
    widths: tuple[int, ...]

    @cached_property
    def shapes(self) -> list[tuple[int, int]]:
        """Of the layers, the first one first."""
        sizes = (self.X.shape[1], *self.widths, 1)
        return [(out, fan_in) for fan_in, out in pairwise(sizes)]

    def layers(self, states: Array) -> list[Array]:
        """Weights of standard Gaussian prior, (chains, out, in), of states (chains, P)."""
        ends = np.cumsum([out * fan_in for out, fan_in in self.shapes])[:-1]
        parts = np.split(states, ends, axis=1)
        return [part.reshape(-1, *shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def coefficients(self, states: Array) -> Array:
        """The linear function that the network is, (chains, d)."""
        return self._from_above(self.layers(states))[0]

    def _from_above(self, layers: list[Array]) -> list[Array]:
        """The output's derivatives by the inputs of each layer, and by itself."""
        rows = [np.ones((len(layers[0]), 1))]
        for W in reversed(layers):
            rows.insert(0, (rows[0][:, None, :] @ W)[:, 0] / np.sqrt(W.shape[2]))
        return rows

    def energy(self, states: Array) -> tuple[Array, Array]:
        """Minus the log posterior and its gradient."""
        layers = self.layers(states)
        rows = self._from_above(layers)
        residual = rows[0] @ self.X.T - self.y
        height = (states**2).sum(axis=1) / 2 + (residual**2).sum(axis=1) / 2 / self.noise
        below, slopes = residual @ self.X / self.noise, []
        for W, row in zip(layers, rows[1:], strict=True):
            scale = 1 / np.sqrt(W.shape[2])
            slopes.append((row[:, :, None] * (scale * below)[:, None, :]).reshape(len(states), -1))
            below = (W @ below[:, :, None])[:, :, 0] * scale
        return height, states + np.concatenate(slopes, axis=1)

    def sample(
        self, chains: int, draws: int, warm_up: int, rng: np.random.Generator, leaps: int = 10
    ) -> Chains:
        """Chains that start at the prior."""
        count = sum(out * fan_in for out, fan_in in self.shapes)
        start = rng.standard_normal((chains, count))
        return hamiltonian.sample(self.energy, start, rng, draws, warm_up, leaps)


def gibbs_scales(X: Array, y: Array, width: int, draws: int, warm_up: int, rng: np.random.Generator) -> Array:
    """Draws of Q = |a|^2/N for a network a'W x that interpolates: a given W and W given a, in turn.

    Both are Gaussian under linear constraints, for N >= n <= d.

    >>> rng = np.random.default_rng(0)
    >>> gibbs_scales(np.eye(3, 5), np.ones(3), 6, draws=4, warm_up=2, rng=rng).shape
    (4,)
    """
    d, scales = X.shape[1], []
    inverse = np.linalg.pinv(X)
    target = y * np.sqrt(width * d)
    a = rng.standard_normal(width)
    for number in range(warm_up + draws):
        Z = rng.standard_normal((width, d))
        # W'a is moved to where the network interpolates, and nothing else
        W = Z + np.outer(a, inverse @ (target - X @ (Z.T @ a))) / (a @ a)
        M, z = X @ W.T, rng.standard_normal(width)
        a = z + M.T @ np.linalg.solve(M @ M.T, target - M @ z)
        if number >= warm_up:
            scales.append(a @ a / width)
    return np.array(scales)
