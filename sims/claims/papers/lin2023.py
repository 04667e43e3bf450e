"""Learning tasks one by one with more features than samples: what is forgotten, exactly."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.verdict import edge
from theory.papers import lin2023


def _two_tasks(s: Settings, rng: np.random.Generator) -> Array:
    """Squared distances to both tasks after both, given the inputs, averaged over label noise.

    Task 1 is of power `signal`; task 2 adds a vector of squared length `shift` at a right angle.
    """
    targets = np.zeros((2, s.p))
    targets[:, 0], targets[1, 1] = np.sqrt(s.signal), np.sqrt(s.shift)
    fit, spread = np.zeros(s.p), np.zeros((s.p, s.p))
    for target in targets:
        X = rng.standard_normal((s.n, s.p))
        inverse = np.linalg.pinv(X)
        unseen = np.eye(s.p) - inverse @ X
        fit = target + unseen @ (fit - target)
        spread = unseen @ spread @ unseen + s.noise * inverse @ inverse.T
    distances: Array = np.sum((fit - targets) ** 2, axis=1) + np.trace(spread)
    return distances


def _theory(s: Settings) -> Array:
    gram, norms = [[0.0, s.shift], [s.shift, 0.0]], [s.signal, s.signal + s.shift]
    return lin2023.distances(s.p, s.n, gram, norms, s.noise, 2)


def _wrong(s: Settings, fitted: float, kept: bool = True) -> float:
    """The distance to task 1 with another price of noise, or with task 1 forgotten."""
    left = 1 - s.n / s.p
    first = left * s.signal + fitted if kept else s.signal
    return left * first + s.n / s.p * s.shift + fitted


BASE = {"n": 10, "p": 24, "signal": 1.0, "shift": 0.7, "noise": 0.5}

forgetting = Claim(
    statement="Of what it has learnt of a first task, a model with more features than samples forgets the "
    "share n/p while it learns a second one from n samples: fewer samples or more features forget "
    "less.",
    formula="E|w_2 - w*_1|^2 = (1 - q) E|w_1 - w*_1|^2 + q |w*_2 - w*_1|^2 + noise n/(p - n - 1), q = n/p; "
    "E|w_1 - w*_1|^2 = (1 - q) |w*_1|^2 + noise n/(p - n - 1)",
    source="[lin2023, Thm 4.1†]",
    kind="exact",
    defaults=BASE,
    simulated="two tasks of n Gaussian samples each, fitted one after the other by the interpolating "
    "solution nearest to the last; squared distances to both targets given the inputs, averaged "
    "over label noise",
    trial=_two_tasks,
    theory=_theory,
    heavy_tailed=lambda s: abs(s.n - s.p) <= edge(s.n),
    labels=("to task 1", "to task 2"),
    trials=4000,
    quick=1500,
    sabotage={
        "noise n/(p - n)": lambda s: np.array([_wrong(s, s.noise * s.n / (s.p - s.n)), _theory(s)[1]]),
        "noise of the second task alone": lambda s: (
            _theory(s) - s.noise * s.n / (s.p - s.n - 1) * (1 - s.n / s.p)
        ),
        "the first task is forgotten wholly": lambda s: _wrong(s, s.noise * s.n / (s.p - s.n - 1), False),
    },
    exercise=Exercise(
        question="A model of p features is fitted to n noisy samples of a task of power signal, by the "
        "minimum norm, and then to n samples of another task, by the solution nearest to the first "
        "fit. The tasks' coefficients differ by a vector of squared length shift. How far is the "
        "model from the coefficients of the first task, and how far from those of the second, in "
        "the mean squared distance and exactly?",
        answer="(1 - n/p)^2*signal + n/p*shift + (2 - n/p)*noise*n/(p - n - 1); "
        "(1 - n/p)*((1 - n/p)*(signal + shift) + n/p*shift) + (2 - n/p)*noise*n/(p - n - 1)",
        limit="(1 - n/p)^2*signal + n/p*shift + (2 - n/p)*noise*n/(p - n); "
        "(1 - n/p)*((1 - n/p)*(signal + shift) + n/p*shift) + (2 - n/p)*noise*n/(p - n)",
        elsewhere={"n": 8, "p": 16, "shift": 2.0, "signal": 2.0, "noise": 0.3},
    ),
)
