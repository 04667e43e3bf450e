"""Rows of random length: the covariance does not say all."""

import numpy as np

from sims.claims import Claim, Settings
from sims.experiments.coordinates import coordinates
from sims.experiments.two_levels import two_levels
from theory import Problem, ridge
from theory.papers import adomaityte2024


def _problem(s: Settings) -> Problem:
    """A third of the features with variance 2, the others with variance 1/2."""
    return two_levels(s.p // 3, s.p - s.p // 3, s.noise, s.signal)


def _scales(s: Settings) -> tuple[list[float], list[float]]:
    """Two scales a and 1/a of mean 1."""
    return [1 / s.spread, s.spread], [s.spread / (1 + s.spread), 1 / (1 + s.spread)]


def _risk(s: Settings, rng: np.random.Generator) -> float:
    """Test error given the design, averaged over label noise and over the directions of the target."""
    problem = _problem(s)
    variances, power = coordinates(problem)
    scales, chances = _scales(s)
    rows = np.sqrt(rng.choice(scales, size=s.n, p=chances))
    X = rng.standard_normal((s.n, s.p)) * np.sqrt(variances) * rows[:, None]
    fit = np.linalg.solve(X.T @ X / s.n + s.ridge * np.eye(s.p), X.T / s.n)
    missed = np.eye(s.p) - fit @ X
    bias = variances @ missed**2 @ (power / variances)
    return float(s.noise + bias + s.noise * variances @ np.sum(fit**2, axis=1))


def _theory(s: Settings) -> float:
    return float(adomaityte2024.risk(_problem(s), s.n, s.ridge, *_scales(s)).test)


risk = Claim(
    statement="Two data sets of the same covariance can teach at different speeds: ridge regression on rows "
    "whose lengths vary has a larger error than on Gaussian rows, and theory for the law of the "
    "lengths gives it.",
    formula="E[s c/(1 + s c)] = T/n, w = E[s/(1 + s c)], ridge = kappa w, amp = D/(n w^2), excess = [sum "
    "v^2 (kappa/(lambda + kappa))^2 + amp noise E s/(1 + s c)^2]/[1 - amp E s^2/(1 + s c)^2]",
    source="[adomaityte2024], [elkaroui2018†]; own derivation for any covariance",
    kind="asymptotic",
    defaults={"n": 90, "p": 60, "signal": 1.0, "noise": 0.3, "ridge": 0.02, "spread": 10.0},
    simulated="n rows of p Gaussian coordinates, each times the root of 1/spread or of spread, of mean 1; "
    "exact test error on rows of scale 1 given the design",
    trial=_risk,
    theory=_theory,
    allowance=lambda s: 4.0 / s.n,
    grows=("n", "p"),
    trials=400,
    quick=300,
    sabotage={
        "Gaussian rows of the same covariance": lambda s: float(ridge(_problem(s), s.n, s.ridge).test),
        "only the long rows count": lambda s: float(ridge(_problem(s), s.n / (1 + s.spread), s.ridge).test),
    },
)
