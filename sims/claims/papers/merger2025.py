"""Linear denoisers, made of n samples."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments.coordinates import coordinates
from theory import Problem
from theory.papers import merger2025


def _problem(s: Settings) -> Problem:
    """A third of the coordinates of large variance."""
    m = np.array([s.d // 3, s.d - s.d // 3], dtype=float)
    return Problem(np.array([s.large, s.small]), np.zeros(2), m)


def _losses(s: Settings, rng: np.random.Generator) -> Array:
    """Losses on fresh samples and on its own, per coordinate, of the denoiser of one data set."""
    problem = _problem(s)
    variances = coordinates(problem).variance
    X = rng.standard_normal((s.n, s.d)) * np.sqrt(variances)
    S = X.T @ X / s.n
    A = np.linalg.solve(S + s.corruption * np.eye(s.d), S)
    left, passed = np.eye(s.d) - A, s.corruption * np.sum(A**2)
    seen = np.einsum("ij,jk,ik->", left, S, left)
    return np.array([np.sum(left**2 * variances) + passed, seen + passed]) / s.d


def _theory(s: Settings, n: float | None = None) -> Array:
    found = merger2025.denoiser(_problem(s), s.n if n is None else n, s.corruption)
    return np.array([found.test, found.train]) / s.d


losses = Claim(
    statement="A linear denoiser made of n samples is better on them than on fresh ones: both losses follow "
    "from the equation of ridge regression, with the noise that is to be removed in the place of "
    "the ridge.",
    formula="kappa (1 - T/n) = corruption = r; train = r T, test = kappa T (u + h (1 - h)/u), u = 1 - D/n, "
    "h = (T - D)/n",
    source="[merger2025]; own derivation",
    kind="asymptotic",
    defaults={"n": 40, "d": 60, "large": 2.0, "small": 0.3, "corruption": 0.2},
    simulated="the best linear denoiser of n Gaussian samples in d dimensions; its exact losses on fresh "
    "samples and on its own, per coordinate",
    trial=_losses,
    theory=_theory,
    allowance=lambda s: 1.0 / s.n,
    labels=("test loss", "training loss"),
    grows=("n", "d"),
    trials=200,
    quick=100,
    sabotage={
        "the denoiser that knows the covariance": lambda s: _theory(s, np.inf),
        "a tenth of the samples is missing": lambda s: _theory(s, 0.9 * s.n),
        "no memory of its own samples": lambda s: _theory(s)[[0, 0]],
    },
)


def _gap(s: Settings, rng: np.random.Generator) -> Array:
    """Test loss over the best one, less 1, with n samples and with twice as many."""
    double = type(s)(**{**vars(s), "n": 2 * s.n})
    best = float(merger2025.denoiser(_problem(s), np.inf, s.corruption).best) / s.d
    return np.array([_losses(each, rng)[0] / best - 1 for each in (s, double)])


cost = Claim(
    statement="What a linear denoiser loses to the one that knows the covariance falls like 1/n once n is "
    "much larger than the dimension: twice the samples halve it.",
    formula="test/best - 1 ~ 1/n, so that its values at n and 2n have the ratio 2",
    source="[merger2025]; own derivation",
    kind="rate",
    defaults={"n": 600, "d": 18, "large": 2.0, "small": 0.3, "corruption": 0.2},
    simulated="as for merger2025.losses with n and with 2n samples; binary logarithm of the ratio of the "
    "excesses",
    trial=_gap,
    statistic=lambda s, mean: np.log2(mean[0] / mean[1]),
    theory=lambda s: 1.0,
    allowance=lambda s: 1.5 * s.d / s.n,
    trials=1000,
    quick=1000,
    sabotage={"like the root of n": lambda s: 0.5, "like n^-2": lambda s: 2.0},
)
