"""Compute-optimal scaling: one pass on random features, exact given them, and the slope of the frontier."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import streams
from sims.rules import Sgd
from sims.training import sgd as run
from theory import sgd
from theory.papers import paquette2024


def _features(s: Settings) -> Array:
    """The same at every trial."""
    return np.random.default_rng(s.draw).standard_normal((s.inputs, s.width)) / np.sqrt(s.width)


def _curve(s: Settings, rng: np.random.Generator) -> Array:
    """Test errors over that of the start, of one run on the features."""
    i = np.arange(1.0, s.inputs + 1)
    W, aim = _features(s), streams.Target(i ** (-2 * s.alpha), i**-s.beta, 0.0)
    X, y = aim.rows(s.steps, rng)
    w = run(X @ W, y, Sgd(s.step), s.steps, record=_stops(s))
    return aim.error(w @ W.T) / aim.error(np.zeros(s.inputs))


def _stops(s: Settings) -> list[int]:
    return [s.steps // 16, s.steps // 4, s.steps]


def _told(s: Settings, batch: float = 1, exponent: float = 0.0) -> Array:
    problem = paquette2024.problem(s.alpha, s.beta + exponent, _features(s))
    start, *errors = sgd.one_pass(problem, s.step, [0, *_stops(s)], batch).test
    return np.array(errors) / start


loss_curve = Claim(
    statement="The loss curve of one-pass stochastic gradient descent on random features of a power law is "
    "known exactly, given the features, at every step and width.",
    formula="loss(t) by the recursion of paquette2021.one_pass on the levels of W'Lambda W; variances "
    "j^-2alpha, target j^-beta, what W cannot express being noise",
    source="[paquette2024, Sec. 1†]; exact given the features by own derivation",
    kind="exact",
    theme="sgd-moments",
    defaults={
        "alpha": 0.8,
        "beta": 0.7,
        "inputs": 80,
        "width": 10,
        "step": 0.15,
        "steps": 160,
        "draw": 1,
    },
    simulated="a run over fresh Gaussian rows on fixed random features, without label noise; its exact loss "
    "over that of the start",
    trial=_curve,
    theory=_told,
    labels=("a sixteenth of the steps", "a quarter", "all steps"),
    trials=3000,
    quick=800,
    sabotage={
        "no noise of the rows": lambda s: _told(s, np.inf),
        "batches of two": lambda s: _told(s, 2),
        "power j^-2beta for j^-2(alpha + beta)": lambda s: _told(s, exponent=-s.alpha),
    },
)

WIDTHS = np.array([6, 9, 13, 19, 28, 42, 60, 90])
ALPHA, BETAS = 1.0, {"Ia": 0.3, "II": 0.7, "III": 1.5}
"""One spectrum, and a target for each phase."""


def _flops(s: Settings) -> Array:
    return np.geomspace(s.least, s.most, 5)


def _logs(s: Settings, rng: np.random.Generator, best: bool = True) -> Array:
    """Logarithm of the loss on the frontier, or (not `best`) of the widest model, for each target."""
    i = np.arange(1.0, s.inputs + 1)
    W, lam = rng.standard_normal((s.inputs, WIDTHS[-1])), i ** (-2 * ALPHA)
    G, found = W.T @ (lam[:, None] * W), []
    spectra = [np.linalg.eigh(G[:d, :d]) for d in WIDTHS]
    for beta in BETAS.values():
        target = W.T @ (lam * i**-beta)
        losses = [
            _loss(v, (V.T @ target[: len(v)]) ** 2 / v, lam @ i ** (-2 * beta), s.share, _flops(s) // len(v))
            for v, V in spectra
        ]
        found.append(np.min(losses, axis=0) if best else losses[-1])
    return np.log(np.ravel(found))


def _loss(v: Array, power: Array, whole: Array, share: float, steps: Array) -> Array:
    """The recursion by the eigenvectors of its dense matrix, in the variables error of a level over v."""
    step, lost = share / v.sum(), whole - power.sum()
    rates, modes = np.linalg.eigh(np.diag(1 - 2 * step * v + 2 * (step * v) ** 2) + step**2 * np.outer(v, v))
    left = rates ** steps[:, None]
    driven = (1 - left) / (1 - rates) * (step**2 * lost * (v @ modes))
    return np.asarray(lost + (left * ((power / v) @ modes) + driven) @ (v @ modes))


def _slopes(s: Settings, logs: Array) -> Array:
    x = np.log(_flops(s)) - np.log(_flops(s)).mean()
    return logs.reshape(len(BETAS), -1) @ x / (x @ x)


frontier_rate = Claim(
    statement="With the best width for each number of flops the loss falls like a power of the flops; "
    "spectrum and target give its exponent, by one formula in each of three phases.",
    formula="loss ~ F^-(2a+2b-1)/(2a+1) for b < 1/2 < a (phase Ia), F^-(2a+2b-1)/(2(a+b)) for 1/2 < b < a "
    "(II), F^-(4a-1)/(4a) for b > a > 1/2 (III)",
    source="[paquette2024, Tab. 1†]; own derivation from the terms of the loss",
    kind="rate",
    defaults={"inputs": 300, "share": 0.7, "least": 1e3, "most": 2e4},
    simulated="up to 90 random features of 300 coordinates; the exact loss, given them and by dense "
    "matrices, of the best of 8 widths at 5 numbers of flops; slope of the mean of its logarithm",
    trial=_logs,
    statistic=_slopes,
    theory=lambda s: [-paquette2024.exponents(ALPHA, beta).error for beta in BETAS.values()],
    allowance=0.07,  # measured: up to 5 %; terms of the loss overlap at these sizes
    labels=tuple(f"phase {name}" for name in BETAS),
    trials=800,
    quick=800,
    sabotage={
        "endless width: the exponent of time": lambda s: [
            -(2 * ALPHA + 2 * beta - 1) / (2 * ALPHA) for beta in BETAS.values()
        ],
        "the formula of phase Ia everywhere": lambda s: [
            -(2 * ALPHA + 2 * beta - 1) / (2 * ALPHA + 1) for beta in BETAS.values()
        ],
        "the widest model always": {"trial": lambda s, rng: _logs(s, rng, best=False)},
    },
)
