"""Model collapse in regression: each model learns from the labels of the one before."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import taught
from sims.verdict import edge
from theory import Labels, Problem, other_target, ridge
from theory.papers import dohmatob2024

GENERATIONS = (1, 2, 3)


def _chain(problem: Problem, n: int, ridge: float, fresh: float, rng: np.random.Generator) -> Array:
    """Test errors of the generations, given their designs."""
    model, noise, errors = taught.truth(int(problem.rank)), problem.noise, []
    for _ in GENERATIONS:
        model = taught.taught(problem, model, taught.draw(problem, n, rng), ridge, noise)
        errors.append(taught.test(problem, model))
        noise = fresh
    return np.array(errors)


def _errors(s: Settings, rng: np.random.Generator) -> Array:
    return _chain(taught.problem(s.n, s.noise), s.n, s.ridge, s.fresh, rng)


def _told(s: Settings, count: int = 3, **changed: float) -> Array:
    fresh = changed.get("fresh", s.fresh)
    return dohmatob2024.generations(taught.problem(s.n, s.noise), s.n, s.ridge, count, fresh)


def _spread_forgotten(s: Settings) -> Array:
    """Each fit handed on as its mean alone."""
    problem = taught.problem(s.n, s.noise)
    kappa = ridge(problem, s.n, s.ridge).kappa
    kept = (problem.eigenvalues / (problem.eigenvalues + kappa)) ** np.arange(3.0)[:, None]
    noises = (s.noise, s.fresh, s.fresh)
    return np.array([
        other_target(problem, Labels(k**2 * problem.power, k * problem.power, noise), s.n, ridge=s.ridge).test
        for k, noise in zip(kept, noises, strict=True)
    ])  # fmt: skip


generations = Claim(
    statement="Ridge regression on the labels of ridge regression, and so on: each generation shrinks what "
    "the one before has learnt and adds the spread of its fit, level by level of the spectrum; both tell "
    "the error.",
    formula="s^2 -> L^2 s^2 + m L^2 E/n and c -> L c in each level, L = lambda/(lambda + kappa), "
    "E = (noise + sum s^2 (1 - L)^2)/(1 - df2/n); test = noise + sum (v^2 - 2 c + s^2)",
    source="[dohmatob2024]; own derivation for every spectrum and ridge",
    kind="asymptotic",
    defaults={"n": 40, "noise": 0.3, "fresh": 0.1, "ridge": 0.1},
    simulated="three generations of ridge regression on n fresh samples each of 1.5 n eigenfunctions of two "
    "levels; the exact test error of each, given all samples",
    trial=_errors,
    theory=_told,
    allowance=lambda s: 0.6 / s.n,  # measured: 0.4, 0.2 and 0.1 % at n = 40, 80 and 160
    labels=tuple(f"generation {g}" for g in GENERATIONS),
    grows=("n",),
    trials=128,
    quick=64,
    sabotage={
        "one generation more": lambda s: _told(s, count=4)[1:],
        "no fresh noise": lambda s: _told(s, fresh=0.0),
        "the noise of the true labels in all": lambda s: _told(s, fresh=s.noise),
        "the spread of a fit not handed on": _spread_forgotten,
    },
)


def _interpolations(s: Settings, rng: np.random.Generator) -> Array:
    problem = Problem.isotropic(s.p, s.signal, s.noise)
    return _chain(problem, s.n, s.ridge, s.noise, rng) - s.noise


def _forgotten(s: Settings, n: float, above: float, kept: float = 0.0) -> Array:
    """Excess errors where a fit keeps n/p of the power and noise costs n/above."""
    r, g = n / s.p, np.array(GENERATIONS)
    lost = 1 - r ** (g - kept)
    return s.signal * lost + s.noise * n / above * (1 - r**g) / (1 - r)


forgets = Claim(
    statement="Models that interpolate fewer samples than parameters forget: each generation keeps n/p of "
    "what the one before knew. The noise that generations add is forgotten too, so that the error does not "
    "grow for ever, but towards that of a model that knows nothing and is noisy.",
    formula="excess = signal (1 - r^g) + noise n/(p - n - 1) (1 - r^g)/(1 - r), r = n/p",
    source="[dohmatob2024] (collapse beyond the threshold†); derived here for isotropic inputs at finite "
    "size",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 10, "p": 18, "signal": 1.0, "noise": 0.5, "ridge": 0.0},
    simulated="three generations of minimum-norm fits to n fresh Gaussian samples of p coordinates each; "
    "the exact excess error of each, given all samples",
    trial=_interpolations,
    theory=lambda s: _forgotten(s, s.n, s.p - s.n - 1),
    heavy_tailed=lambda s: [abs(s.p - s.n) <= edge(s.n)] * 3,
    labels=tuple(f"generation {g}" for g in GENERATIONS),
    trials=2000,
    quick=400,
    sabotage={
        "noise n/(p - n), its limit": lambda s: _forgotten(s, s.n, s.p - s.n),
        "n + 1 for n": lambda s: _forgotten(s, s.n + 1, s.p - s.n - 2),
        "each generation pays the same": lambda s: (
            np.array(GENERATIONS) * (s.signal * (1 - s.n / s.p) + s.noise * s.n / (s.p - s.n - 1))
        ),
        "the noise never forgotten": lambda s: (
            s.signal * (1 - (s.n / s.p) ** np.array(GENERATIONS))
            + np.array(GENERATIONS) * s.noise * s.n / (s.p - s.n - 1)
        ),
        "a ridge": {"defaults": {"ridge": 0.2}},
    },
    exercise=Exercise(
        question="Generation g interpolates n noisy labels of generation g - 1 (of the true target for g = "
        "1) with p > n + 1 isotropic coordinates. What is its excess test error, exactly? A minimum-norm "
        "fit keeps n/p of the power of its labels' target, and label noise costs it noise n/(p - n - 1).",
        answer="signal*(1 - r^g) + noise*n/(p - n - 1)*(1 - r^g)/(1 - r)",
        names={"r": "n/p", "g": ("1", "2", "3")},
        elsewhere={"n": 8, "p": 20, "signal": 2.0, "noise": 2.0},
        limit="signal*(1 - r^g) + noise*n/(p - n)*(1 - r^g)/(1 - r)",
    ),
)
