"""Gradient flow on a factorisation from a small start: the width plays no part."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from theory.papers import stoger2021

STEPS = 3000


def _problem(s: Settings, rng: np.random.Generator, width: int) -> tuple[Array, Array]:
    """A matrix of rank 2 and a random start."""
    V = np.linalg.qr(rng.standard_normal((s.d, 2)))[0]
    return V * [1.0, 0.6] @ V.T, s.scale * rng.standard_normal((s.d, width)) / np.sqrt(width)


def _integrated(M: Array, U: Array, time: float) -> Array:
    """U U' of the flow on all weights, by Heun's rule."""
    h = time / STEPS
    for _ in range(STEPS):
        first = M @ U - U @ (U.T @ U)
        ahead = U + h * first
        U = U + h / 2 * (first + M @ ahead - ahead @ (ahead.T @ ahead))
    return np.asarray(U @ U.T)


def _agreement(s: Settings, rng: np.random.Generator, wrong: float = 1.0) -> float:
    """The flow projected on theory's matrix, at a time scaled by `wrong`."""
    M, U = _problem(s, rng, s.width)
    X, theory = _integrated(M, U, s.time), stoger2021.flow(M, U, wrong * s.time)
    return float((X * theory).sum() / (theory**2).sum())


flow = Claim(
    statement="Gradient flow on the symmetric factorisation of a matrix has an exact solution, for "
    "factors of "
    "any width and every start.",
    formula="U U' = E (I + U_0' G U_0)^-1 E', E = e^(M t) U_0, G = (e^(2 M t) - I) M^-1",
    source="own derivation; model of [stoger2021]",
    kind="exact",
    defaults={"d": 8, "width": 12, "scale": 0.05, "time": 4.0},
    simulated="a random 8 x 8 matrix of rank 2; the flow of the weights by Heun's rule, projected on theory",
    trial=_agreement,
    theory=lambda s: 1.0,
    allowance=2e-5,  # the integration
    outcome="every",
    trials=32,
    quick=20,
    sabotage={
        "the flow of |U U' - M|^2/2, twice as fast": {"trial": lambda s, rng: _agreement(s, rng, 2.0)},
        "1 % more time": {"trial": lambda s, rng: _agreement(s, rng, 1.01)},
    },
)


def _best_errors(s: Settings, rng: np.random.Generator, factor: float = 0.1) -> Array:
    """log10 of the best relative error of the flow, from a scale and from a tenth of it."""
    M, U = _problem(s, rng, s.width)
    times = np.linspace(0, 4 * np.log(1 / s.scale) / 0.6, 60)
    found = [
        min(np.linalg.norm(stoger2021.flow(M, share * U, float(t)) - M) for t in times)
        for share in (1.0, factor)
    ]
    return np.log10(found[0] / np.array(found[1:]))


small_start = Claim(
    statement="The smaller the start, the nearer does the flow come to a matrix of low rank, "
    "however wide the factors: a tenth of the start lowers the best error at least fivefold.",
    formula="log10(best error of scale/best error of scale/10) >= log10(5)",
    source="[stoger2021, Thm 3.3†] (an error that falls with a power of the start); the number is ours",
    kind="inequality",
    relation=">=",
    defaults={"d": 8, "width": 16, "scale": 0.1},
    simulated="a random matrix of rank 2, the exact flow of factors that are wider than it; "
    "the least error on the way, at two scales of the same start",
    trial=_best_errors,
    theory=lambda s: np.log10(5.0),
    outcome="every",
    trials=32,
    quick=20,
    sabotage={"the same start": {"trial": lambda s, rng: _best_errors(s, rng, 1.0)},
              "half the start": {"trial": lambda s, rng: _best_errors(s, rng, 0.5)}},
)  # fmt: skip
