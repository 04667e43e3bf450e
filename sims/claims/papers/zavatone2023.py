"""Least squares through layers of random features: every layer has a double descent of its own."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.coordinates import coordinates
from sims.experiments.two_levels import two_levels
from sims.verdict import edge
from theory import Problem, deep_features
from theory.papers import zavatone2023


def _product(d: int, widths: list[int], rng: np.random.Generator) -> Array:
    """Weights of all layers, (d, last width)."""
    F = np.eye(d)
    for width in widths:
        F = F @ rng.standard_normal((F.shape[1], width)) / np.sqrt(width)
    return F


def _risk(X: Array, F: Array, Sigma: Array, power: Array, noise: float, ridge: float) -> float:
    """Test error of ridge regression on X F, averaged over noise and a target of this power by input."""
    left, values, right = np.linalg.svd(X @ F, full_matrices=False)
    r = min(*X.shape, np.linalg.matrix_rank(F)) if ridge == 0 else len(values)
    gain = values[:r] / (values[:r] ** 2 + len(X) * ridge)
    fit = F @ ((right[:r].T * gain) @ left[:, :r].T)
    missed = fit @ X - np.eye(len(Sigma))
    return float(noise + Sigma @ (missed**2 @ (power / Sigma)) + noise * (Sigma @ fit**2).sum())


def _isotropic(s: Settings, widths: list[int], rng: np.random.Generator) -> float:
    X, F = rng.standard_normal((s.n, s.d)), _product(s.d, widths, rng)
    return _risk(X, F, np.ones(s.d), np.full(s.d, s.signal / s.d), s.noise, 0.0)


def _exact(s: Settings, *widths: float) -> Array:
    return np.asarray(zavatone2023.isotropic(s.n, widths, s.d, s.signal, s.noise))


layers = Claim(
    statement="Fewer samples than inputs and than features in any layer: each layer of random features adds "
    "to the error of least squares as if it were the last one, and their order does not matter.",
    formula="test - noise = signal (1 - n/d + G n/d) + noise (1 + G) n/(d - n - 1), "
    "G = (d - n) [(p - n)/(p - n - 1) (q - n)/(q - n - 1) - 1]",
    source="[zavatone2023, Sec. 3†] in the limit; at finite size derived here",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 8, "p": 18, "q": 20, "d": 24, "signal": 1.0, "noise": 0.5},
    simulated="a Gaussian design and two layers of Gaussian weights; the exact test error given both, "
    "averaged over label noise and the direction of the target",
    trial=lambda s, rng: _isotropic(s, [s.p, s.q], rng),
    theory=lambda s: _exact(s, s.p, s.q),
    heavy_tailed=lambda s: min(abs(size - s.n) for size in (s.p, s.q, s.d)) <= edge(s.n),
    trials=4000,
    quick=2000,
    sabotage={
        "one layer": lambda s: _exact(s, s.p),
        "the limit of large sizes": lambda s: (
            deep_features(Problem.isotropic(s.d, s.signal, s.noise), s.n, [s.p, s.q]).test
        ),
        "a layer of twice the width": lambda s: _exact(s, s.p, 2 * s.q),
    },
    exercise=Exercise(
        question="n samples of d isotropic Gaussian inputs pass two layers of p and of q Gaussian features, "
        "n below all three. What is the test error of least squares of least norm, exactly?",
        answer="noise + signal*(1 - n/d + G*n/d) + noise*(1 + G)*n/(d - n - 1)",
        names={"G": "(d - n)*((p - n)/(p - n - 1)*(q - n)/(q - n - 1) - 1)"},
        elsewhere={"n": 9, "p": 26, "q": 21, "d": 22, "signal": 2.0, "noise": 1.0},
        limit="noise + signal*(1 - n/d)*(1 + n/(p - n) + n/(q - n)) "
        "+ noise*(n/(d - n) + n/(p - n) + n/(q - n))",
    ),
)

bottleneck = Claim(
    statement="Where one layer is narrower than the samples, least squares through any layers is least "
    "squares on as many random projections of the inputs: the other layers do not matter.",
    formula="test = (noise + signal (1 - p/d)) (n - 1)/(n - p - 1), p the narrowest layer",
    source="own derivation; the limit [zavatone2023, Sec. 3†]",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 20, "p": 10, "q": 30, "d": 24, "signal": 1.0, "noise": 0.5},
    simulated="a Gaussian design, a layer of q and one of p < n features; the exact test error given both",
    trial=lambda s, rng: _isotropic(s, [s.q, s.p], rng),
    theory=lambda s: _exact(s, s.q, s.p),
    heavy_tailed=lambda s: abs(min(s.p, s.q, s.d) - s.n) <= edge(s.n),
    trials=1000,
    quick=400,
    sabotage={
        "all inputs are seen": lambda s: s.noise * (s.n - 1) / (s.n - s.p - 1),
        "the limit of large sizes": lambda s: (s.noise + s.signal * (1 - s.p / s.d)) * s.n / (s.n - s.p),
        "n for n - 1": lambda s: (s.noise + s.signal * (1 - s.p / s.d)) * s.n / (s.n - s.p - 1),
    },
    exercise=Exercise(
        question="n samples of d Gaussian inputs pass a layer of q > n Gaussian features and one of "
        "p < n - 1. What is the test error of least squares, exactly?",
        answer="(noise + signal*(1 - p/d))*(n - 1)/(n - p - 1)",
        elsewhere={"n": 24, "p": 12, "d": 15, "signal": 2.0, "noise": 0.2},
        limit="(noise + signal*(1 - p/d))*n/(n - p)",
    ),
)


def _two_levels(s: Settings) -> Problem:
    return two_levels(s.d // 3, s.d - s.d // 3, s.noise)


def _structured(s: Settings, rng: np.random.Generator) -> float:
    Sigma, power = coordinates(_two_levels(s))
    X = rng.standard_normal((s.n, s.d)) * np.sqrt(Sigma)
    return _risk(X, _product(s.d, [s.p, s.q], rng), Sigma, power, s.noise, s.ridge)


def _equation(s: Settings, *widths: float, ridge: float | None = None) -> Array:
    return deep_features(_two_levels(s), s.n, widths, s.ridge if ridge is None else ridge).test


structured = Claim(
    statement="With a ridge and inputs of any covariance, one equation with a factor for the samples and for "
    "every layer gives the error.",
    formula="g (1 - T/n)(1 - T/p)(1 - T/q) = ridge, T = sum m lambda/(lambda + g)",
    source="[zavatone2023†]; [schroder2023†]",
    kind="asymptotic",
    defaults={"n": 40, "p": 60, "q": 50, "d": 60, "noise": 0.3, "ridge": 0.05},
    simulated="a Gaussian design, a third of whose inputs have variance 2, the others 0.5, through two "
    "layers of weights; the exact test error of ridge regression given both",
    trial=_structured,
    theory=lambda s: _equation(s, s.p, s.q),
    allowance=lambda s: 1.0 / s.n,  # measured gap 0.6/n at n = 40, 80 and 160
    grows=("n", "p", "q", "d"),
    trials=400,
    quick=256,
    sabotage={
        "the second layer forgotten": lambda s: _equation(s, s.p),
        "the narrowest layer alone": lambda s: _equation(s, s.q),
        "half of the ridge": lambda s: _equation(s, s.p, s.q, ridge=s.ridge / 2),
    },
)
