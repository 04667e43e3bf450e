"""Averaging least squares on random parts of the data acts like a ridge."""

from collections.abc import Iterator

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.verdict import edge
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
    total, own = np.zeros((s.p, s.n)), 0.0
    for fit in _fits(s, X, share, MEMBERS, rng):
        total += fit
        own += _excess(s, X, fit)
    pairs = MEMBERS**2 * _excess(s, X, total / MEMBERS) - own
    return float(s.noise + pairs / (MEMBERS * (MEMBERS - 1)))


def _fits(s: Settings, X: Array, share: float, members: int, rng: np.random.Generator) -> Iterator[Array]:
    """Least squares on random shares of features and samples, as maps of labels to coefficients."""
    features, samples = round(share * s.p), round(s.samples * s.n)
    for _ in range(members):
        rows, columns = rng.permutation(s.n)[:samples], rng.permutation(s.p)[:features]
        fit = np.zeros((s.p, s.n))
        fit[np.ix_(columns, rows)] = np.linalg.pinv(X[np.ix_(rows, columns)])
        yield fit


def _excess(s: Settings, X: Array, fit: Array) -> float:
    """Excess error of a map of labels to coefficients, averaged over targets and noise."""
    return float(s.noise * np.sum(fit**2) + s.signal / s.p * np.sum((fit @ X - np.eye(s.p)) ** 2))


def _best_share(s: Settings) -> float:
    return float(lejeune2020.best_share(s.p / s.n, s.signal, s.noise))


def _best_ridge(s: Settings) -> float:
    problem = Problem.isotropic(s.p, s.signal, s.noise)
    return float(ridge(problem, s.n, optimal_ridge(problem, s.n)).test)


BASE = {"n": 60, "p": 90, "share": 0.4, "samples": 0.75, "signal": 1.0, "noise": 0.25}


def _near(s: Settings, share: float) -> bool:
    """Does a fit see about as many features as samples?"""
    seen = s.samples * s.n
    return abs(share * s.p - seen) <= edge(seen)


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
    heavy_tailed=lambda s: _near(s, s.share),
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
    theme="best-ridge",
    # of 60 samples 54, for 43 features: 45 would be too near the threshold of a single fit
    defaults={name: value for name, value in BASE.items() if name != "share"} | {"samples": 0.9},
    simulated="as for lejeune2020.risk, at the share of features that theory calls best",
    trial=lambda s, rng: errors(s, rng, (_best_share(s),)),
    theory=_best_ridge,
    allowance=lambda s: 1.2 / s.n,  # as for the risk
    heavy_tailed=lambda s: _near(s, _best_share(s)),
    grows=("n", "p"),
    trials=64,
    quick=24,
    sabotage={
        "no ridge": lambda s: ridge(Problem.isotropic(s.p, s.signal, s.noise), s.n, 0.0).test,
        "half of that share": {"trial": lambda s, rng: errors(s, rng, (_best_share(s) / 2,))},
    },
)

COUNTS = (1, 2, 4, 16)
"""Members of the ensembles whose error is compared with theory."""


def averages(s: Settings, rng: np.random.Generator) -> Array:
    """Test error of the average of the first k fits on one design, for each k in COUNTS."""
    X = rng.standard_normal((s.n, s.p))
    total, found = np.zeros((s.p, s.n)), []
    for k, fit in enumerate(_fits(s, X, s.share, max(COUNTS), rng), start=1):
        total += fit
        if k in COUNTS:
            found.append(s.noise + _excess(s, X, total / k))
    return np.array(found)


def _finite(s: Settings, samples: float, members: Array) -> Array:
    return lejeune2020.finite_ensemble(s.p / s.n, s.share, members, samples, s.signal, s.noise)


members = Claim(
    statement="The average of k least-squares fits on random shares of features and samples errs more than "
    "that of infinitely many, by 1/k of what a single fit errs more.",
    formula="test_k = (1 - 1/k) (noise + signal (1 - share)^2)/(1 - share^2 gamma) "
    "+ (1/k) (noise + signal (1 - share))/(1 - share gamma/samples), gamma = p/n",
    source="[lejeune2020]; own derivation, which equals the authors' public code",
    kind="asymptotic",
    defaults={**BASE, "n": 40, "p": 60, "share": 0.3},
    simulated="n Gaussian samples of p coordinates; 16 fits, each on random shares of features and samples; "
    "exact test error of the mean of the first k of them, given the design",
    trial=averages,
    theory=lambda s: _finite(s, s.samples, np.array(COUNTS)),
    allowance=lambda s: 3.0 / s.n,  # measured: up to 4.3, 2.0 and 1.2 % at n = 40, 80 and 160
    heavy_tailed=lambda s: np.full(len(COUNTS), _near(s, s.share)),
    labels=tuple(f"k = {k}" for k in COUNTS),
    grows=("n", "p"),
    trials=128,
    quick=96,
    sabotage={
        "infinitely many fits": lambda s: _finite(s, s.samples, np.full(len(COUNTS), np.inf)),
        "1/k^2 for 1/k": lambda s: _finite(s, s.samples, np.array(COUNTS) ** 2),
        "every fit sees all samples": lambda s: _finite(s, 1.0, np.array(COUNTS)),
        "independent fits: the error falls like 1/k": lambda s: (
            s.noise + (_finite(s, s.samples, np.ones(len(COUNTS))) - s.noise) / np.array(COUNTS)
        ),
    },
    exercise=Exercise(
        question="What is, when n and p are large, the test error of the average of k least-squares fits, "
        "each on a share of the features (`share`) and of the samples (`samples`) of a target of power "
        "`signal`? One fit alone is least squares with the unseen features as noise; of infinitely many it "
        "is (noise + signal (1 - share)^2)/(1 - share^2 gamma).",
        answer="(1 - 1/k)*(noise + signal*(1 - share)^2)/(1 - share^2*gamma) "
        "+ (noise + signal*(1 - share))/(1 - share*gamma/samples)/k",
        names={"gamma": "p/n", "k": ("1", "2", "4", "16")},
        elsewhere={"n": 80, "p": 120, "share": 0.25, "samples": 0.55, "signal": 2.0, "noise": 0.5},
    ),
)
