"""Scaling laws in linear regression: one pass over sketched features with a step that is halved."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import streams
from sims.rules import Sgd
from sims.training import sgd as run
from theory import Problem, sgd
from theory.papers import lin2024


def _sketch(s: Settings) -> Array:
    """The same at every trial."""
    draw = np.random.default_rng(s.draw)
    return draw.standard_normal((s.width, s.inputs)) / np.sqrt(s.width)


def _variances(s: Settings) -> Array:
    return np.arange(1.0, s.inputs + 1) ** -s.exponent


def _error(s: Settings, S: Array, steps: int, rng: np.random.Generator, schedule: bool = True) -> float:
    """Test error of one pass over rows of a target of random signs, whose covariance is the prior's."""
    lam = _variances(s)
    aim = streams.Target(lam, rng.choice([-1.0, 1.0], s.inputs), s.noise)
    X, y = aim.rows(steps, rng)
    rule = Sgd(lin2024.schedule(s.step, steps).tolist() if schedule else s.step)
    w = run(X @ S.T, y, rule, steps, record=[steps])[0]
    return float(aim.error(w @ S))


def _told(s: Settings, S: Array, sizes: Array) -> float:
    return float(sgd.scheduled(lin2024.problem(s.exponent, S, s.noise), sizes, len(sizes)).test)


def _all_seen(s: Settings) -> float:
    """As if the features were the first coordinates."""
    lam = _variances(s)
    problem = Problem(lam[: s.width], lam[: s.width], noise=s.noise, tail_power=float(lam[s.width :].sum()))
    return float(sgd.scheduled(problem, lin2024.schedule(s.step, s.steps), s.steps).test)


schedule = Claim(
    statement="A linear model on sketched inputs, trained by one pass with a step that is halved again and "
    "again, has a test error that is known exactly, given the sketch: what the sketch cannot express acts as "
    "noise.",
    formula="test = e + sum u, e = noise + power outside the sketch, by the recursion of "
    "paquette2021.one_pass with s_t = s/2^floor(t log2(N)/N), on the levels of S Lambda S'",
    source="[lin2024, Sec. 2†]; exact given the sketch by own derivation",
    kind="exact",
    theme="sgd-moments",
    defaults={
        "width": 8,
        "inputs": 60,
        "exponent": 1.5,
        "noise": 0.3,
        "step": 0.15,
        "steps": 128,
        "draw": 0,
    },
    simulated="a run over fresh Gaussian rows, on one fixed sketch and a target of random signs; "
    "exact test error of the last coefficients",
    trial=lambda s, rng: _error(s, _sketch(s), s.steps, rng),
    theory=lambda s: _told(s, _sketch(s), lin2024.schedule(s.step, s.steps)),
    trials=3000,
    quick=800,
    sabotage={
        "a constant step": lambda s: _told(s, _sketch(s), np.full(s.steps, s.step)),
        "the last step all along": lambda s: _told(s, _sketch(s), np.full(s.steps, s.step / s.steps)),
        "features that are the first coordinates": _all_seen,
        "a run with a constant step": {
            "trial": lambda s, rng: _error(s, _sketch(s), s.steps, rng, schedule=False)
        },
    },
)

DOUBLINGS = np.array([1, 4, 16])


def _by_rows(s: Settings, rng: np.random.Generator) -> Array:
    S = rng.standard_normal((s.width, s.inputs)) / np.sqrt(s.width)
    return np.array([_error(s, S, n, rng) for n in s.steps * DOUBLINGS]) - s.noise


def _slope(s: Settings, excess: Array) -> float:
    x = np.log(DOUBLINGS) - np.log(DOUBLINGS).mean()
    return float(np.log(excess) @ x / (x @ x))


rows_rate = Claim(
    statement="As long as the sketch is wide enough, the excess error of one pass falls with the rows like "
    "N_eff^-(a-1)/a, N_eff = N/log2 N, for input variances i^-a, and label noise does not show in it.",
    formula="test - noise ~ N_eff^(1/a - 1)",
    source="[lin2024], abstract, up to the logarithm",
    checked="text",
    kind="rate",
    defaults={"width": 70, "inputs": 200, "exponent": 2.5, "noise": 0.05, "step": 0.25, "steps": 32},
    simulated="runs over 32, 128 and 512 rows on a fresh sketch and signs; slope of the logarithm of the "
    "mean excess error over log N",
    trial=_by_rows,
    statistic=_slope,
    theory=lambda s: _slope(s, (s.steps * DOUBLINGS / np.log2(s.steps * DOUBLINGS)) ** (1 / s.exponent - 1)),
    allowance=0.04,  # measured: 1 % at these sizes
    trials=1000,
    quick=800,
    sabotage={
        "rows of noise alone: N^-1": lambda s: -1.0,
        "the logarithm forgotten, and each row learns one coordinate: N^-(a-1)": lambda s: 1 - s.exponent,
        "a narrow sketch": {"defaults": {"width": 5}},
    },
)
