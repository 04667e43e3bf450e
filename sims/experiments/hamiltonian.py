"""Hamiltonian Monte Carlo: many chains at once, and the diagnostics by which samples are believed.

Used by the claims of hanin2023 for the weights of Bayesian networks.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Energy = Callable[[Array], tuple[Array, Array]]
"""Minus the logarithm of the density at states (chains, P), up to a constant, and its gradient."""

TARGET = 0.8
"""Acceptance to which the step adapts before anything is kept."""


class Chains(NamedTuple):
    """What was sampled after the warm-up."""

    states: Array
    """(draws, chains, P)"""
    acceptance: float
    """Mean share of proposals that were accepted; below 0.6 the step is too long."""
    step: float
    """The step that the warm-up ended with."""


class Diagnosis(NamedTuple):
    """How far to believe the mean of one quantity."""

    mean: float
    error: float
    """Standard error, from the spread of the chains' means."""
    rhat: float
    """Root of total over within variance, each chain split in two; above 1.01 chains have not mixed."""
    effective: float
    """Independent draws that would have the same error."""


def sample(
    energy: Energy,
    start: Array,
    rng: np.random.Generator,
    draws: int,
    warm_up: int,
    leaps: int = 10,
    step: float = 0.1,
) -> Chains:
    """Draws from the density e^-energy by leapfrog paths from fresh Gaussian momenta.

    The step is adapted during the warm-up and then stays. A path has from 1 to `leaps` steps, at random:
    paths of one length swing to and fro, and never mix where it is half a period.

    >>> gaussian = lambda x: ((x**2).sum(axis=1) / 2, x)
    >>> chains = sample(gaussian, np.zeros((50, 2)), np.random.default_rng(0), draws=100, warm_up=50)
    >>> bool(abs(chains.states.var() - 1) < 0.1 and chains.acceptance > 0.6)
    True
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # of paths that are refused
        return _sample(energy, start, rng, draws, warm_up, leaps, step)


def _sample(
    energy: Energy, start: Array, rng: np.random.Generator, draws: int, warm_up: int, leaps: int, step: float
) -> Chains:
    here = start.copy()
    height, slope = energy(here)
    kept, accepted = np.empty((draws, *here.shape)), 0.0
    for number in range(warm_up + draws):
        size, momentum = step * rng.uniform(0.8, 1.2), rng.standard_normal(here.shape)
        before = height + (momentum**2).sum(axis=1) / 2
        there, force = here, slope
        for _ in range(rng.integers(1, leaps + 1)):
            momentum = momentum - size / 2 * force
            there = there + size * momentum
            new, force = energy(there)
            momentum = momentum - size / 2 * force
        gap = before - new - (momentum**2).sum(axis=1) / 2
        accept = np.log(rng.random(len(here))) < gap  # a path that left the floats has nan, and is refused
        here, height = np.where(accept[:, None], there, here), np.where(accept, new, height)
        slope = np.where(accept[:, None], force, slope)
        if number < warm_up:
            step *= float(np.exp((accept.mean() - TARGET) / (1 + number) ** 0.6))
        else:
            kept[number - warm_up] = here
            accepted += accept.mean() / draws
    return Chains(kept, accepted, step)


def diagnose(values: Array) -> Diagnosis:
    """Mean, error, split R-hat and effective size of one quantity, (draws, chains), of two chains or more.

    >>> diagnose(np.random.default_rng(0).standard_normal((400, 8))).rhat.round(1)
    np.float64(1.0)
    """
    half = len(values) // 2
    split = np.concatenate([values[:half], values[half : 2 * half]], axis=1)
    within, between = split.var(axis=0, ddof=1).mean(), half * split.mean(axis=0).var(ddof=1)
    total = (half - 1) / half * within + between / half
    error = values.mean(axis=0).std(ddof=1) / np.sqrt(values.shape[1])
    return Diagnosis(
        float(values.mean()), float(error), np.sqrt(total / within), float(values.var() / error**2)
    )
