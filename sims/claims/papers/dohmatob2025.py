"""Strong model collapse: a fixed share of labels of another target is not cured by more data."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import taught
from sims.verdict import edge
from theory import Problem
from theory.papers import dohmatob2025

SHIFT = np.array([0.6, 0.8])
"""Power of the shift between the targets, in the two levels of `taught.problem`."""
SHARES = (0.1, 0.5)


def error(
    problem: Problem, shift: Array, share: float, n: int, ridge: float, rng: np.random.Generator
) -> float:
    """Test error given samples and origin of their labels, averaged over both targets and the noise."""
    Phi = taught.draw(problem, n, rng)
    count = problem.multiplicity.astype(int)
    labels = taught.fit(problem, Phi, ridge)
    shifted = labels @ (Phi * (rng.permutation(n) < round(share * n))[:, None])
    wrong = float(np.repeat(shift / count, count) @ (shifted**2).sum(axis=0))
    fit = taught.Model(labels @ Phi, problem.noise * labels @ labels.T)
    return taught.test(problem, fit) + wrong


def _mixed(s: Settings, rng: np.random.Generator) -> Array:
    problem = taught.problem(s.n, s.noise)
    return np.array([error(problem, SHIFT, q, s.n, s.ridge, rng) for q in SHARES])


def _told(s: Settings, shares: Array) -> Array:
    return dohmatob2025.mixture(taught.problem(s.n, s.noise), SHIFT, shares, s.n, s.ridge)


def _all_one_target(s: Settings) -> Array:
    """Labels of the mean target alone: which of them are shifted adds no noise."""
    told = [
        dohmatob2025.mixture(taught.problem(s.n, s.noise), q**2 * SHIFT, 1.0, s.n, s.ridge) for q in SHARES
    ]
    return np.array(told)


mixture = Claim(
    statement="Where a random share q of the labels comes from a shifted target, the fit learns the target "
    "shifted by q, and which of the labels are shifted is noise to it, of q (1 - q) times the shift's power.",
    formula="test = noise + sum v^2 (1 - L)^2 + q^2 sum tau^2 L^2 + amp [noise + sum v^2 (1 - L)^2 "
    "+ q (1 - q) sum tau^2 + q^2 sum tau^2 (1 - L)^2], L = lambda/(lambda + kappa), amp = df2/(n - df2)",
    source="[dohmatob2025]; own derivation",
    kind="asymptotic",
    defaults={"n": 40, "noise": 0.3, "ridge": 0.1},
    simulated="ridge regression on n samples of 1.5 n eigenfunctions of two levels, a tenth or a half of "
    "whose labels come from another target; the exact test error, given the samples and which are shifted",
    trial=_mixed,
    theory=lambda s: _told(s, np.array(SHARES)),
    allowance=lambda s: 0.5 / s.n,  # measured: 0.4, 0.2 and 0.1 % at n = 40, 80 and 160
    labels=tuple(f"share {q:g}" for q in SHARES),
    grows=("n",),
    trials=256,
    quick=128,
    sabotage={
        "which are shifted is no noise": _all_one_target,
        "no shift": lambda s: _told(s, np.zeros(2)),
        "all shifted": lambda s: _told(s, np.ones(2)),
        "the root of the share": lambda s: _told(s, np.sqrt(SHARES)),
    },
)

SIZES = np.array([2, 8, 32])
"""Samples per coordinate."""


def _plain(s: Settings, share: float, rng: np.random.Generator) -> Array:
    """Excess errors of least squares in d dimensions at growing sizes."""
    problem = Problem.isotropic(s.d, 1.0, s.noise)
    shift = np.array([s.shift])
    return np.array([error(problem, shift, share, n, 0.0, rng) for n in s.d * SIZES]) - s.noise


floor = Claim(
    statement="No amount of data cures a fixed share of shifted labels: the excess error of least squares "
    "falls towards the squared share of the shift's power, and never below.",
    formula="test - noise >= q^2 tau^2 at every n > d",
    source="[dohmatob2025]",
    checked="text",
    kind="inequality",
    relation=">=",
    defaults={"d": 10, "noise": 0.3, "share": 0.3, "shift": 4.0},
    simulated="least squares on 2 d, 8 d and 32 d Gaussian samples in d dimensions, a random share of whose "
    "labels comes from a target shifted by a power of 4; the exact excess error, given samples and origins",
    trial=lambda s, rng: _plain(s, s.share, rng),
    theory=lambda s: s.share**2 * s.shift,
    heavy_tailed=lambda s: [abs(s.d * k - s.d) <= edge(s.d * k) for k in SIZES],
    labels=tuple(f"n = {k} d" for k in SIZES),
    trials=384,
    quick=160,
    sabotage={
        "no shifted labels": {"trial": lambda s, rng: _plain(s, 0.0, rng)},
        "the share itself": lambda s: s.share * s.shift,
        "a third of the share": {"trial": lambda s, rng: _plain(s, s.share / 3, rng)},
    },
)

limit = Claim(
    statement="What more data still cure falls like 1/n: beyond the squared share of the shift's power the "
    "excess is that of least squares whose noise has the variance of the labels' origin added.",
    formula="test - noise = q^2 tau^2 + (noise + q (1 - q) tau^2) d/(n - d), to order 1/n",
    source="[dohmatob2025] (the limit n >> d); own derivation",
    kind="asymptotic",
    defaults={"d": 20, "ratio": 4, "noise": 0.3, "share": 0.3, "shift": 4.0},
    simulated="least squares on ratio times d Gaussian samples in d dimensions, a random share of whose "
    "labels comes from a target shifted by a power of 4; the exact excess error, given samples and origins",
    trial=lambda s, rng: (
        error(Problem.isotropic(s.d, 1.0, s.noise), np.array([s.shift]), s.share, s.ratio * s.d, 0.0, rng)
        - s.noise
    ),
    theory=lambda s: s.share**2 * s.shift + (s.noise + s.share * (1 - s.share) * s.shift) / (s.ratio - 1),
    allowance=lambda s: 0.6 / s.d,  # measured: 1.8, 0.9 and 0.3 % at d = 20, 40 and 80
    grows=("d",),
    heavy_tailed=lambda s: abs(s.ratio * s.d - s.d) <= edge(s.ratio * s.d),
    trials=512,
    quick=256,
    sabotage={
        "which are shifted is no noise": lambda s: s.share**2 * s.shift + s.noise / (s.ratio - 1),
        "the limit of all data": lambda s: s.share**2 * s.shift,
        "the share itself": lambda s: (
            s.share * s.shift + (s.noise + s.share * (1 - s.share) * s.shift) / (s.ratio - 1)
        ),
        "all of the shift is noise": lambda s: (s.noise + s.share * s.shift) / (s.ratio - 1),
    },
    exercise=Exercise(
        question="A random share q of n labels in d dimensions (`share`) comes from a target at distance "
        "sqrt(shift) from the true one. What is the excess test error of least squares for large n and d, "
        "n = ratio d? Label noise of variance v costs it v d/(n - d).",
        answer="share^2*shift + (noise + share*(1 - share)*shift)*d/(n - d)",
        names={"n": "ratio*d"},
        elsewhere={"d": 30, "ratio": 3, "share": 0.6, "shift": 2.0, "noise": 1.0},
    ),
)
