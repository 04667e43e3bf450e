"""A dynamical model of scaling laws: gradient flow on random features, limited by time, width or rows."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import gradient_flow
from sims.experiments.coordinates import coordinates
from sims.experiments.two_levels import two_levels
from theory import Problem
from theory import random_features as random_features_risk
from theory.papers import bordelon2024

TIMES = np.array([0.5, 1.5, 5.0])


def _problem(s: Settings) -> Problem:
    """Two levels; the number of features between n and their rank."""
    return two_levels(s.n // 2, s.n, s.noise)


def _ratio(s: Settings, rng: np.random.Generator, known: bool = True) -> Array:
    """Test error of a flow that was run, over theory's for the same (or for other) features."""
    problem, rank = _problem(s), s.n // 2 + s.n
    M = rng.standard_normal((3 * s.n // 4, rank)) / np.sqrt(3 * s.n // 4)
    each = coordinates(problem)
    lam, beta = each.variance, each.beta
    X = rng.standard_normal((s.n, rank)) * np.sqrt(lam)
    w = np.swapaxes(gradient_flow.run(X @ M.T, np.c_[X @ beta, np.eye(s.n)], TIMES), 1, 2) @ M
    excess = (w[:, 0] - beta) ** 2 @ lam + s.noise * (w[:, 1:] ** 2 @ lam).sum(axis=1)
    told = M if known else np.eye(rank)
    return (s.noise + excess) / bordelon2024.risk(problem, told, s.n, TIMES).test


random_features = Claim(
    statement="Training random features by gradient flow on n rows errs, given the features, as gradient "
    "flow does on the linear problem that they pose; the mean over their draws is the model of scaling in "
    "time, width and rows.",
    formula="test(features W x, n, t) = gradient flow on levels of W Lambda W', what W cannot express being "
    "noise",
    source="[bordelon2024, Sec. 2†]; own derivation given the features",
    kind="asymptotic",
    defaults={"n": 40, "noise": 0.3},
    simulated="gradient flow on 3n/4 random features of 3n/2 Gaussian coordinates, solved as a differential "
    "equation; its exact test error, the mean over label noise included, over theory's for the same "
    "features, at three times",
    trial=_ratio,
    theory=lambda s: 1.0,
    allowance=lambda s: 2.0 / s.n,
    labels=tuple(f"t = {t:g}" for t in TIMES),
    grows=("n",),
    trials=256,
    quick=256,
    sabotage={
        "all coordinates seen": {"trial": lambda s, rng: _ratio(s, rng, known=False)},
        "the noise of labels forgotten": {
            "trial": lambda s, rng: _ratio(s, rng) * (1 + s.noise),
        },
    },
)

WIDTHS = np.array([24, 48, 96])


def _limited(s: Settings, rng: np.random.Generator) -> Array:
    """What width adds to the error on endless rows: early, and all that is left after endless training."""
    i = np.arange(1.0, s.inputs + 1)
    lam, power = i**-s.eigenvalue_exponent, i**-s.power_exponent
    early, late = [], []
    for width in WIDTHS:
        A = rng.standard_normal((width, s.inputs)) / np.sqrt(width) * np.sqrt(lam)
        _, singular, right = np.linalg.svd(A, full_matrices=False)
        # targets of random signs: the mean over them is exact
        moved = 1 - np.exp(-s.time * singular**2)
        early.append(power @ (right.T**2 @ (moved**2 - 2 * moved) - np.expm1(-2 * s.time * lam)))
        late.append(power @ (1 - (right**2).sum(axis=0)))
    return np.array([early, late]).ravel()


def _slopes(s: Settings, added: Array) -> Array:
    x = np.log(WIDTHS) - np.log(WIDTHS).mean()
    return np.log(added.reshape(2, -1)) @ x / (x @ x)


def _late(s: Settings) -> float:
    """The slope at these widths, which are not many and not few beside `inputs`."""
    problem = Problem.power_law(s.inputs, s.eigenvalue_exponent, s.power_exponent)
    x = np.log(WIDTHS) - np.log(WIDTHS).mean()
    return float(np.log(random_features_risk(problem, np.inf, WIDTHS).test) @ x / (x @ x))


width_rate = Claim(
    statement="Early in training finite width costs 1/width, whatever the task; late it costs width^-c, with "
    "c given by spectrum and target: min(b - 1, a) for wide enough models, here what the core equation says.",
    formula="L(t, N) - L(t, inf) ~ N^-1 at fixed t, L(inf, N) ~ N^-min(b - 1, a), for lambda_i = i^-a and "
    "power i^-b",
    source="[bordelon2024], abstract; the exponent c by own derivation",
    checked="text",
    kind="rate",
    defaults={"inputs": 200, "eigenvalue_exponent": 1.3, "power_exponent": 3.5, "time": 3.0},
    simulated="24, 48 and 96 random features, endless rows, targets of random signs; what they add to the "
    "exact error of gradient flow at a fixed time, and the error after endless training; slopes of the "
    "logarithms of the means over log width",
    trial=_limited,
    statistic=_slopes,
    theory=lambda s: [-1.0, _late(s)],
    allowance=0.05,
    labels=("early", "late"),
    trials=1000,
    quick=400,
    sabotage={
        "1/width always": lambda s: [-1.0, -1.0],
        "the late exponent always": lambda s: np.full(2, _late(s)),
        "twice the exponent of the spectrum, as for rows": lambda s: [-1.0, 1 - s.power_exponent],
    },
)
