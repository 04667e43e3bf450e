"""Surprises in high-dimensional ridgeless least squares."""

import numpy as np

from sims.claims import Claim, Settings
from sims.sample import measure
from theory import Problem
from theory.papers import hastie2022


def _isotropic(s: Settings, rng: np.random.Generator) -> float:
    problem = Problem.isotropic(p=s.p, signal=s.signal, noise=s.noise)
    return measure(problem, s.n, None, 0.0, rng).test


ridgeless = Claim(
    statement="Ridgeless least squares on p > n isotropic coordinates errs by the target's part outside the "
    "span of the samples and by noise that falls like 1/(p/n - 1).",
    formula="test = noise + signal (1 - 1/gamma) + noise/(gamma - 1), gamma = p/n > 1",
    source="[hastie2022, Thm 1]",
    kind="asymptotic",
    defaults={"n": 50, "p": 100, "signal": 1.0, "noise": 0.25},
    simulated="n Gaussian samples in p dimensions; the exact risk of the minimum-norm fit given the design",
    trial=_isotropic,
    theory=lambda s: hastie2022.isotropic(s.p / s.n, signal=s.signal, noise=s.noise).test,
    allowance=lambda s: 1.0 / s.n,
    grows=("n", "p"),
    sabotage={
        "n and p swapped": lambda s: hastie2022.isotropic(s.n / s.p, signal=s.signal, noise=s.noise).test,
        "the noise term dropped": lambda s: s.noise + s.signal * (1 - s.n / s.p),
    },
)
