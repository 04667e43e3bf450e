"""Averaging least squares on random parts of the data acts like a ridge."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from theory import Problem, ridge
from theory.consequences import optimal_ridge
from theory.papers import lejeune2020

MEMBERS = 24


def errors(s: Settings, rng: np.random.Generator, shares: tuple[float, ...] = ()) -> Array:
    """Test error of an infinite ensemble given the design, for each share of the features.

    The mean over pairs of different members is unbiased for infinitely many members; the means over targets
    and noise are exact.
    """
    X = rng.standard_normal((s.n, s.p))
    return np.array([_given(s, X, share, rng) for share in shares or (s.share,)])


def _given(s: Settings, X: Array, share: float, rng: np.random.Generator) -> float:
    features, samples = round(share * s.p), round(s.samples * s.n)
    total, own = np.zeros((s.p, s.n)), 0.0
    for _ in range(MEMBERS):
        rows, columns = rng.permutation(s.n)[:samples], rng.permutation(s.p)[:features]
        fit = np.zeros((s.p, s.n))  # labels -> coefficients
        fit[np.ix_(columns, rows)] = np.linalg.pinv(X[np.ix_(rows, columns)])
        miss = fit @ X - np.eye(s.p)
        total += fit
        own += s.noise * np.sum(fit**2) + s.signal / s.p * np.sum(miss**2)
    missed = total @ X - MEMBERS * np.eye(s.p)
    pairs = s.noise * np.sum(total**2) + s.signal / s.p * np.sum(missed**2) - own
    return float(s.noise + pairs / (MEMBERS * (MEMBERS - 1)))


def _best_share(s: Settings) -> float:
    return float(lejeune2020.best_share(s.p / s.n, s.signal, s.noise))


def _best_ridge(s: Settings) -> float:
    problem = Problem.isotropic(s.p, s.signal, s.noise)
    return float(ridge(problem, s.n, optimal_ridge(problem, s.n)).test)


BASE = {"n": 60, "p": 90, "share": 0.4, "samples": 0.75, "signal": 1.0, "noise": 0.25}

risk = Claim(
    statement="The average of many least-squares fits, each on a random share of the features and "
    "of the samples, has the test error of ridge regression, and the share of the samples plays no role.",
    formula="test = (noise + signal (1 - share)^2)/(1 - share^2 gamma), gamma = p/n",
    source="[lejeune2020] (risk at every share by direct calculation)",
    checked="code",
    kind="asymptotic",
    defaults=BASE,
    simulated="n Gaussian samples of p coordinates; 24 fits, each on random shares of features and samples; "
    "exact mean product of the errors of two different fits, as in an infinite ensemble, given the design",
    trial=errors,
    theory=lambda s: lejeune2020.ensemble(s.p / s.n, s.share, s.signal, s.noise),
    allowance=lambda s: 1.2 / s.n,  # the gap is 0.7/n to 0.9/n at n = 60, 120, 240
    grows=("n", "p"),
    trials=64,
    quick=24,
    sabotage={
        "one fit instead of many": lambda s: (
            (s.noise + s.signal * (1 - s.share)) / (1 - s.share * s.p / (s.samples * s.n))
        ),
        "the share of samples divides n": lambda s: (
            (s.noise + s.signal * (1 - s.share) ** 2) / (1 - s.share**2 * s.p / (s.samples * s.n))
        ),
    },
)

best_is_ridge = Claim(
    statement="With the best share of features, the average of many least-squares fits is as good "
    "as ridge regression with the best ridge: no explicit penalty is needed.",
    formula="min over share of test(share) = min over ridge of test(ridge)",
    source="[lejeune2020, Thm 3.6†]",
    checked="text",
    kind="asymptotic",
    defaults={name: value for name, value in BASE.items() if name != "share"},
    simulated="as for lejeune2020.risk, at the share of features that theory calls best",
    trial=lambda s, rng: errors(s, rng, (_best_share(s),)),
    theory=_best_ridge,
    allowance=lambda s: 1.2 / s.n,  # as for the risk
    grows=("n", "p"),
    trials=64,
    quick=24,
    sabotage={
        "no ridge": lambda s: ridge(Problem.isotropic(s.p, s.signal, s.noise), s.n, 0.0).test,
        "half of that share": {"trial": lambda s, rng: errors(s, rng, (_best_share(s) / 2,))},
    },
)
