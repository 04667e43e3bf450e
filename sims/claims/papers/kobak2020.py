"""Many weak features are a ridge, and the best explicit ridge beside them may be negative."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import ridge_slope
from sims.experiments.coordinates import coordinates
from theory import Problem
from theory.consequences import optimal_ridge
from theory.papers import kobak2020

TOTALS = np.geomspace(1e-3, 10.0, 300)
"""Ridges, the implicit one included, at which slopes are measured."""


def _slopes(s: Settings, rng: np.random.Generator) -> Array:
    """Slopes of the mean test error in the ridge, beside infinitely many weak features."""
    X = rng.standard_normal((s.n, s.p))
    return ridge_slope.slopes(X, TOTALS, s.signal, s.noise, rng)


best_ridge = Claim(
    statement="Beside many features of small variance that carry nothing of the target, "
    "the best ridge is negative if they are more of a ridge than the noise asks for.",
    formula="best ridge = p noise/(n signal) - tail/n for p features of variance 1 that carry the target "
    "and infinitely many weak ones whose variances sum to tail",
    source="[kobak2020] argues so by spiked covariances; the formula by own derivation and simulation",
    kind="exact",
    theme="best-ridge",
    defaults={"n": 40, "p": 10, "tail": 2.0, "signal": 1.0, "noise": 0.1},
    simulated="n Gaussian samples of p strong features, and 64 targets with noisy labels; the weak features, "
    "infinitely many, add tail to the diagonal of the Gram matrix; the ridge at which the slope of the mean "
    "test error is 0",
    trial=_slopes,
    statistic=lambda s, mean: ridge_slope.turning_point(TOTALS, mean) - s.tail / s.n,
    theory=lambda s: kobak2020.optimal_ridge(s.n, s.p, s.tail, s.signal, s.noise),
    trials=512,
    quick=320,
    sabotage={
        "the ridge without weak features": lambda s: s.p * s.noise / (s.n * s.signal),
        "a ridge is never negative": lambda s: 0.0,
        "all of the implicit ridge taken away": lambda s: -kobak2020.implicit_ridge(s.n, s.tail),
        "noise over signal, p and n forgotten": lambda s: s.noise / s.signal - s.tail / s.n,
    },
    exercise=Exercise(
        question="Beside p features of variance 1, which carry a target of power `signal`, stand very many "
        "weak ones whose variances sum to `tail`. They act as a ridge; which ridge is best?",
        answer="p*noise/(n*signal) - tail/n",
        elsewhere={"n": 60, "p": 20, "tail": 4.0, "signal": 2.0, "noise": 0.2},
    ),
)


def problem(n: int, noise: float, aligned: float = 1.0) -> Problem:
    """A fifth of n strong directions with a part of the target, and 3.8 n weak ones with the rest."""
    power = 10 * np.array([aligned, 1 - aligned])
    return Problem(np.array([10.0, 0.1]), power, np.array([n // 5, 19 * n // 5]), noise=noise)


def errors(s: Settings, ridges: Array, rng: np.random.Generator) -> Array:
    """Test error at each ridge, exact given a Gaussian design, averaged over target and noise."""
    model = problem(s.n, s.noise, s.aligned)
    lam, power = coordinates(model)
    X = rng.standard_normal((s.n, len(lam))) * np.sqrt(lam)
    scale, basis = np.linalg.eigh(X @ X.T)
    seen = basis.T @ X
    labels = (seen * (power / lam)) @ seen.T + s.noise * np.eye(s.n)
    both, hit = ((seen * lam) @ seen.T) * labels, seen**2 @ power
    gain = 1 / (scale + s.n * ridges[:, None])
    return np.asarray(s.noise + power.sum() - 2 * gain @ hit + np.einsum("rk,kl,rl->r", gain, both, gain))


def _four(s: Settings) -> Array:
    """Ridges: none, the best of theory at little noise, 3/4 of it, and as much of the other sign."""
    best = float(optimal_ridge(problem(s.n, noise=0.002), s.n, negative=True))
    return np.array([0.0, best, 0.75 * best, -best])


negative = Claim(
    statement="With few strong directions that carry the target, many weak ones and little noise, "
    "a negative ridge errs less than interpolation, and interpolation less than a positive ridge.",
    formula="test(-r) < test(-3 r/4) < test(0) < test(r), -r the best ridge of theory",
    source="[kobak2020] (spiked covariances†); the values by theory.optimal_ridge",
    kind="shape",
    theme="best-ridge",
    relation=">=",
    defaults={"n": 100, "noise": 0.002, "aligned": 1.0},
    simulated="n Gaussian samples; n/5 directions of variance 10 and 19n/5 of variance 0.1; the target in "
    "the strong ones (a share `aligned` of its power); logarithms of ratios of the mean test errors",
    trial=lambda s, rng: errors(s, _four(s), rng),
    statistic=lambda s, mean: np.log([mean[2] / mean[1], mean[0] / mean[2], mean[3] / mean[0]]),
    theory=lambda s: 0.0,
    labels=("three quarters over best", "none over three quarters", "positive over none"),
    trials=256,
    quick=192,
    sabotage={
        "25 times the noise": {"defaults": {"noise": 0.05}},
        "half of the target in weak directions": {"defaults": {"aligned": 0.5}},
    },
)
