"""A solvable model of neural scaling laws: samples and features play the same part."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import projections
from theory import Problem
from theory.papers import maloney2022

WIDTHS = (2, 4)


def _problem(s: Settings) -> Problem:
    return Problem.power_law(s.times * s.n, 1 + s.exponent, 1 + s.exponent)


def _sizes(s: Settings) -> list[tuple[int, int]]:
    """n samples with 2 n and 4 n features, and the reverse."""
    wide = [(s.n, k * s.n) for k in WIDTHS]
    return [*wide, *(pair[::-1] for pair in wide)]


def _errors(s: Settings, rng: np.random.Generator) -> Array:
    told, most = _problem(s), WIDTHS[-1] * s.n
    Phi, features = projections.draw(told, most, most, rng)
    return np.array([
        projections.excess(told, Phi[:n], features[:, :p], s.ridge).noiseless[0] for n, p in _sizes(s)
    ])  # fmt: skip


def _told(s: Settings, exponent: float | None = None) -> Array:
    a = s.exponent if exponent is None else exponent
    return np.array([float(maloney2022.risk(a, n, p, s.times * s.n)) for n, p in _sizes(s)])


symmetric = Claim(
    statement="On a power law, the noiseless test error of random features is symmetric in samples and "
    "features: the scarcer of the two sets it, and the other one matters through its ratio to it alone.",
    formula="test = m g/(1 - m/M), m = min(n, p), M = max(n, p), sum 1/(1 + g i^(1 + a)) = m",
    source="[maloney2022†]; derived in theory.proofs",
    kind="asymptotic",
    defaults={"n": 32, "times": 6, "exponent": 0.7, "ridge": 0.0},
    simulated="n samples and 2 n or 4 n random features of `times` n directions with eigenvalues and target "
    "power i^-(1 + a), and the reverse; the exact test error of the minimum-norm fit given both",
    trial=_errors,
    theory=_told,
    allowance=lambda s: 2.0 / s.n,  # measured: 3, 1.5 and 0.7 % at n = 32, 64 and 128
    labels=("p = 2 n", "p = 4 n", "n = 2 p", "n = 4 p"),
    grows=("n",),
    trials=96,
    quick=96,
    sabotage={
        "the other number without end": lambda s: np.repeat(
            float(maloney2022.risk(s.exponent, s.n, np.inf, s.times * s.n)), 4
        ),
        "a law without end": lambda s: np.array(
            [float(maloney2022.risk(s.exponent, n, p, np.inf)) for n, p in _sizes(s)]
        ),
        "the more plentiful sets the error": lambda s: np.array(
            [float(maloney2022.risk(s.exponent, max(pair), np.inf, s.times * s.n)) for pair in _sizes(s)]
        ),
        "a ridge": {"defaults": {"ridge": 0.02}},
    },
)


def _at_equal_sizes(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithm of the error at p = n over that at p = n/2 and at p = 2 n."""
    told = _problem(s)
    Phi, features = projections.draw(told, s.n, 2 * s.n, rng)
    few, equal, many = (
        np.log(projections.excess(told, Phi, features[:, :p], s.ridge).noiseless[0])
        for p in (s.n // 2, s.n, 2 * s.n)
    )
    return np.array([equal - few, equal - many])


equal_is_worst = Claim(
    statement="Without a ridge, as many features as samples are the worst choice even where no label is "
    "noisy: half as many features, which learn less, err less.",
    formula="test(n, n) > test(n, n/2) and test(n, n) > test(n, 2 n), noise 0, ridge 0",
    source="[maloney2022†] (equal numbers are best with a ridge)",
    kind="shape",
    relation=">=",
    theme="peak-at-n",
    defaults={"n": 40, "times": 10, "exponent": 0.7, "ridge": 0.0},
    simulated="n samples and n/2, n and 2 n random features of `times` n directions on one design; the "
    "logarithm of the exact error at n features less that at the others",
    trial=_at_equal_sizes,
    theory=lambda s: 0.0,
    labels=("over p = n/2", "over p = 2 n"),
    trials=256,
    quick=96,
    sabotage={"a ridge": {"defaults": {"ridge": 0.01}}},
)
