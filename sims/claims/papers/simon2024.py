"""More is better: random-feature regression with the best ridge."""

import numpy as np

import theory
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import projections
from theory.papers import simon2024

RIDGES = np.geomspace(1e-3, 10.0, 33)  # the best lies between


def _ridges(s: Settings) -> Array:
    return RIDGES if s.tuned else np.array([s.fixed])


def _tests(s: Settings, sizes: list[tuple[int, int]], rng: np.random.Generator) -> Array:
    """Test error at each (n, p), parts of one design, and each ridge."""
    problem = projections.problem(s.n, s.noise)
    Phi, features = projections.draw(problem, max(n for n, _ in sizes), max(p for _, p in sizes), rng)
    excess = (projections.excess(problem, Phi[:n], features[:, :p], _ridges(s)) for n, p in sizes)
    return np.array([s.noise * (1 + e.noise_part) + e.noiseless for e in excess]).ravel()


def _best(s: Settings, mean: Array) -> Array:
    """The mean error of the best ridge, at each size."""
    least: Array = mean.reshape(-1, len(_ridges(s))).min(axis=1)
    return least


def _falls(s: Settings, mean: Array) -> Array:
    return -np.diff(np.log(_best(s, mean)))


def _widths(s: Settings, rng: np.random.Generator) -> Array:
    return _tests(s, [(s.n, s.n * k // 2) for k in (1, 2, 4, 8)], rng)


SETTINGS = {"n": 50, "noise": 0.2, "tuned": 1, "fixed": 1e-4}

more_features = Claim(
    statement="With the best ridge for each width, the test error falls whenever features are added: "
    "there is no peak and no best width.",
    formula="min over ridge of test(n, p, ridge) falls as p grows",
    source="[simon2024, Thm 1†]",
    checked="text",
    kind="shape",
    relation=">=",
    defaults=SETTINGS,
    simulated="n samples and random features of three levels of eigenvalues, p = n/2, n, 2n and 4n on one "
    "design; the mean test error at the best of 33 ridges (tuned = 0: "
    "at the fixed one), its logarithm at each p less that at 2p",
    trial=_widths,
    statistic=_falls,
    theory=lambda s: 0.0,
    labels=("n/2 to n", "n to 2n", "2n to 4n"),
    trials=192,
    quick=48,
    sabotage={"one small ridge for all widths": {"defaults": {"tuned": 0}}},
)


def _samples(s: Settings, rng: np.random.Generator) -> Array:
    return _tests(s, [(s.n * k // 2, s.n) for k in (1, 2, 4, 8)], rng)


more_samples = Claim(
    statement="With the best ridge for each number of samples, "
    "the test error falls whenever samples are added.",
    formula="min over ridge of test(n, p, ridge) falls as n grows",
    source="[simon2024, Thm 1†]",
    checked="text",
    kind="shape",
    relation=">=",
    defaults=SETTINGS,
    simulated="random features of three levels of eigenvalues, as many as n; "
    "n/2, n, 2n and 4n samples of one design; the mean test error at the best of 33 ridges (tuned = 0: "
    "at the fixed one), its logarithm at each size less that at twice as many samples",
    trial=_samples,
    statistic=_falls,
    theory=lambda s: 0.0,
    labels=("n/2 to n", "n to 2n", "2n to 4n"),
    trials=192,
    quick=48,
    sabotage={"one small ridge for all sizes": {"defaults": {"tuned": 0}}},
)


def _optimal(s: Settings, factor: float = 1.0) -> Array:
    problem = projections.problem(s.n, s.noise)
    return np.asarray(simon2024.optimal(problem, factor * s.n, [s.n / 2, s.n, 2 * s.n]).test)


def _small_ridge(s: Settings) -> Array:
    problem = projections.problem(s.n, s.noise)
    return np.asarray(theory.random_features(problem, s.n, [s.n / 2, s.n, 2 * s.n], 1e-3).test)


optimum = Claim(
    statement="The least test error that a ridge can reach with n samples and p random features follows "
    "from the spectrum and the target's power along it.",
    formula="min over ridge of test(n, p, ridge), test that of theory.random_features",
    source="[simon2024] (the equations behind it)",
    checked="code",
    kind="asymptotic",
    defaults=SETTINGS,
    simulated="n samples and random features of three levels of eigenvalues, p = n/2, n and 2n on one "
    "design; the mean test error at the best of 33 ridges (tuned = 0: at the fixed one)",
    trial=lambda s, rng: _tests(s, [(s.n, s.n // 2), (s.n, s.n), (s.n, 2 * s.n)], rng),
    statistic=_best,
    theory=_optimal,
    allowance=lambda s: 1.0 / s.n,  # measured: 0.5, 0.2 and 0.15 % at n = 50, 100 and 200
    labels=("p = n/2", "p = n", "p = 2n"),
    grows=("n",),
    trials=256,
    quick=32,
    sabotage={
        "infinitely many features": lambda s: (
            simon2024.optimal(projections.problem(s.n, s.noise), s.n, np.full(3, np.inf)).test
        ),
        "one small ridge": _small_ridge,
        "the best of twice the samples": lambda s: _optimal(s, 2.0),
        "the noise left out": lambda s: _optimal(s) - s.noise,
    },
)
