"""Grokking in linear regression: one threshold read off two losses."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from theory import Problem, dynamics
from theory.papers import levi2024


def _problem(s: Settings) -> Problem:
    return Problem.isotropic(s.d, 1.0)


def _times(s: Settings) -> Array:
    return np.array(levi2024.grokking(_problem(s), s.n, s.tolerance, s.level))


def _accuracies(s: Settings, rng: np.random.Generator) -> Array:
    """Training and test accuracy at the time of the first, test accuracy at that of the second."""
    X, beta = rng.standard_normal((s.n, s.d)), rng.standard_normal(s.d) / np.sqrt(s.d)
    values, vectors = np.linalg.eigh(X.T @ X / s.n)
    fresh, found = rng.standard_normal((s.n, s.d)), []
    for time in _times(s):
        missed = vectors @ (np.exp(-values * time) * (vectors.T @ beta))
        found.append([np.mean((rows @ missed) ** 2 < s.tolerance) for rows in (X, fresh)])
    return np.array([found[0][0], found[0][1], found[1][1]])


def _theory(s: Settings) -> Array:
    first, second = (dynamics.gradient_flow(_problem(s), s.n, time) for time in _times(s))
    losses = np.array([first.train, first.test, second.test])
    return levi2024.accuracy(losses, s.tolerance)


grokking = Claim(
    statement="A linear model under gradient flow is almost always right on its training samples long "
    "before it is so on fresh ones, at times that follow from the training and the test loss: "
    "grokking without any change of what is learnt.",
    formula="accuracy = erf(sqrt(tolerance/(2 loss))), the losses of gradient flow at the times where the "
    "training and the test accuracy reach the level",
    source="[levi2024, Eq. 10†], own reading of `theory.dynamics.gradient_flow`",
    kind="asymptotic",
    defaults={"n": 120, "d": 90, "tolerance": 1e-3, "level": 0.95},
    simulated="n Gaussian samples in d dimensions without noise, gradient flow by the eigenvalues of their "
    "covariance; shares of the samples, and of fresh ones, that are right within the tolerance",
    trial=_accuracies,
    theory=_theory,
    allowance=lambda s: 4.0 / s.n,
    labels=("training, early", "test, early", "test, late"),
    grows=("n", "d"),
    trials=200,
    quick=120,
    sabotage={
        "the training loss for both": lambda s: _theory(s)[[0, 0, 2]],
        "the tolerance is on the loss itself": lambda s: levi2024.accuracy([1.0, 1.0, 1.0], s.tolerance),
    },
)
