"""Adversarial training: robustness has its price, and may also pay."""

from math import pi, sqrt

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import adversarial_fits
from theory.papers import hastie2022, javanmard2020


def _losses(s: Settings, rng: np.random.Generator) -> Array:
    p = round(s.gamma * s.n)
    X, beta = rng.standard_normal((s.n, p)), np.zeros(p)
    beta[0] = sqrt(s.signal)
    y = X @ beta + sqrt(s.noise) * rng.standard_normal(s.n)
    w = adversarial_fits.fit(X, y, s.epsilon)
    reach = s.epsilon * float(np.linalg.norm(w))
    test = s.noise + float(np.sum((w - beta) ** 2))
    attacked = test + 2 * sqrt(2 / pi * test) * reach + reach**2
    return np.array([test, attacked, adversarial_fits.loss(y - X @ w, reach)])


def _theory(s: Settings, epsilon: float | None = None) -> Array:
    return np.array(javanmard2020.risk(s.gamma, s.epsilon if epsilon is None else epsilon, s.noise, s.signal))


def _plain(s: Settings) -> Array:
    """Least squares of minimum norm, whose coefficients the adversary meets afterwards."""
    found = hastie2022.isotropic(s.gamma, s.signal, s.noise)
    test, reach = float(found.test), s.epsilon * sqrt(float(found.norm))
    return np.array([test, test + 2 * sqrt(2 / pi * test) * reach + reach**2, float(found.train)])


risk = Claim(
    statement="Training against an adversary who may move each input by epsilon has a test error, an error "
    "under attack and a training error that follow from a scalar problem of two unknowns, "
    "whatever p/n.",
    formula="min over (a, b) of E [(|u| + c)^2 + (x - u)^2/(2t)] - gamma b^2/(2t), E (x - u)^2 = gamma b^2, "
    "x = sqrt(test) G, c = epsilon sqrt(a^2 + b^2)",
    source="[javanmard2020, Thm 3.2†]",
    kind="asymptotic",
    defaults={"n": 60, "gamma": 0.5, "epsilon": 0.3, "noise": 0.25, "signal": 1.0},
    simulated="n Gaussian samples in gamma n dimensions, adversarial training by reweighted ridge "
    "regression; exact test error, exact error under attack, and the adversarial loss on the "
    "training set",
    trial=_losses,
    theory=_theory,
    allowance=lambda s: 2.0 / s.n,
    labels=("test error", "under attack", "training loss"),
    grows=("n",),
    trials=160,
    quick=160,
    sabotage={
        "least squares, attacked afterwards": _plain,
        "half the reach": lambda s: _theory(s, s.epsilon / 2),
    },
)


def _attack_teaches(s: Settings, rng: np.random.Generator) -> float:
    """Log test error of least squares less that of adversarial training, without an attack on the test."""
    return float(np.log(_losses(type(s)(**{**vars(s), "epsilon": 0.0}), rng)[0] / _losses(s, rng)[0]))


regulariser = Claim(
    statement="Adversarial training can lower the error without any attack: next to the threshold p = n it "
    "is a regulariser, whatever its price elsewhere.",
    formula="test(epsilon) < test(0) for gamma near 1",
    source="[javanmard2020]; own derivation",
    kind="shape",
    relation=">=",
    defaults={"n": 60, "gamma": 0.8, "epsilon": 0.3, "noise": 0.25, "signal": 1.0},
    simulated="as for javanmard2020.risk, with another data set for least squares; logarithm of the ratio "
    "of the exact test errors",
    trial=_attack_teaches,
    theory=lambda s: 0.0,
    trials=64,
    quick=48,
    sabotage={"with many samples too": {"defaults": {"gamma": 0.05, "n": 200, "epsilon": 0.6}}},
)
