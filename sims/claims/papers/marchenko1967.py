"""Eigenvalues of a sample covariance: how they spread, and the gap that closes where p = n."""

from collections.abc import Sequence

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.fit.cutoff import singular_values
from theory.papers import marchenko1967

RATIOS = (0.5, 1.0, 2.0)


def spectrum(n: int, p: int, rng: np.random.Generator) -> Array:
    """Eigenvalues of X'X/n other than 0, of one design of n samples and p features."""
    return singular_values(rng.standard_normal((n, p))) ** 2 / n


def share(edges: Array, ratio: float) -> Array:
    """Shares of theory of all p eigenvalues in bins, without those at 0 itself.

    >>> share(np.array([0.0, 0.25, 2.25]), 0.25).round(6).tolist()
    [0.0, 1.0]
    """
    low, high = marchenko1967.edges(ratio)
    # x = low + (high - low) sin^2(t/2) takes the roots at both ends out of the integral
    t = np.pi * (np.arange(4000) + 0.5) / 4000
    x = low + (high - low) * np.sin(t / 2) ** 2
    mass = marchenko1967.density(x, ratio) * (high - low) * np.sin(t) / 2 * np.pi / 4000
    below = np.append(0.0, np.cumsum(mass))
    at = 2 * np.arcsin(np.sqrt(np.clip((np.asarray(edges) - low) / (high - low), 0.0, 1.0)))
    return np.diff(np.interp(at, np.linspace(0, np.pi, 4001), below))


def _below_one(s: Settings, rng: np.random.Generator) -> Array:
    return np.array([(spectrum(s.n, int(c * s.n), rng) < 1).mean() for c in RATIOS])


def _law(ratios: Sequence[float] = RATIOS) -> Array:
    return np.array([share(np.array([0.0, 1.0]), c)[0] for c in ratios])


law = Claim(
    statement="The eigenvalues of a sample covariance, all 1 in truth, spread by a law of p/n alone: "
    "of those that are not 0, 57 % are below 1 at p = n/2, 61 % at p = n, and 32 % at p = 2 n.",
    formula="share below 1 = int_0^1 sqrt((high - x)(x - low))/(2 pi c x) dx/min(1, 1/c), c = p/n",
    source="[marchenko1967, Sec. 1†]",
    kind="asymptotic",
    defaults={"n": 40},
    simulated="Gaussian designs with p/n = 1/2, 1 and 2; the share of the eigenvalues of X'X/n that are not "
    "0 below 1",
    trial=_below_one,
    theory=lambda s: _law() / np.minimum(1.0, 1 / np.array(RATIOS)),
    allowance=lambda s: 0.6 / s.n,  # measured: at p = 2 n 1.2, 0.5 and 0.3 % at n = 40, 80 and 160
    grows=("n",),
    trials=320,
    quick=160,
    labels=tuple(f"p/n = {c:g}" for c in RATIOS),
    sabotage={
        "n and p swapped": lambda s: (_law() / np.minimum(1.0, 1 / np.array(RATIOS)))[::-1],
        "the eigenvalues 0 counted too": lambda s: _law() + np.maximum(0.0, 1 - 1 / np.array(RATIOS)),
        "half of them": lambda s: 0.5,
    },
)


def _ends(s: Settings, rng: np.random.Generator) -> Array:
    quarter, square = spectrum(s.n, s.n // 4, rng), spectrum(s.n, s.n, rng)
    return np.array([quarter.min(), quarter.max(), square.max()])


def _edges(power: float = 1.0) -> Array:
    (low, high), (_, highest) = (marchenko1967.edges(c**power) for c in (0.25, 1.0))
    return np.array([low, high, highest])


ends = Claim(
    statement="Even the least and the largest eigenvalue of a sample covariance have limits: with fewer "
    "features than samples there is a gap above 0, which closes at p = n.",
    formula="(1 - sqrt c)^2 and (1 + sqrt c)^2, c = p/n",
    source="[marchenko1967, Sec. 1†] for the law; that no eigenvalue leaves it is a later result",
    kind="asymptotic",
    defaults={"n": 80},
    simulated="Gaussian designs: least and largest eigenvalue of X'X/n with p = n/4, the largest with p = n",
    trial=_ends,
    theory=lambda s: _edges(),
    # the ends fluctuate, and are off, by n^(-2/3)
    allowance=lambda s: np.array([4.0, 1.8, 1.3]) * s.n ** (-2 / 3),
    grows=("n",),
    trials=256,
    quick=192,
    labels=("least, p = n/4", "largest, p = n/4", "largest, p = n"),
    sabotage={
        "c for sqrt c": lambda s: _edges(2.0),
        "not squared": lambda s: np.sqrt(_edges()),
        "all 1": lambda s: 1.0,
    },
)
