"""Linear attention learns regression in context: from few prompts, and from few tasks by heart."""

from functools import partial

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import prompts as model
from sims.experiments.prompts import Prompting
from theory.papers import lu2025


def _size(s: Settings, d: int) -> Prompting:
    return Prompting(d, round(s.alpha * d), round(s.kappa * d), s.noise)


def _fitted(size: Prompting, tau: float, ridge: float, rng: np.random.Generator) -> Array:
    """Errors on known and fresh tasks after tau d^2 prompts."""
    tasks = model.draw_tasks(size, rng)
    count = max(round(tau * size.d**2), 1)
    return model.errors(size, tasks, model.fit(size, tasks, count, ridge, rng))


def _both_sizes(s: Settings, rng: np.random.Generator) -> Array:
    """Errors at d and at 2 d."""
    return np.concatenate([_fitted(_size(s, d), s.tau, s.ridge, rng) for d in (s.d, 2 * s.d)])


def _risk(s: Settings, **changed: float) -> Array:
    point = {"tau": s.tau, "alpha": s.alpha, "kappa": s.kappa, "noise": s.noise, "ridge": s.ridge}
    return np.array(lu2025.risk(**point | changed))


prompts = Claim(
    statement="Linear attention, fitted by ridge regression on tau d^2 prompts, errs on the tasks of its "
    "training and on fresh ones as the core equation says of the features x (x) h, whose spectrum is that of "
    "the tasks, shifted by the noise of short contexts.",
    formula="K (1 - E L/tau) = ridge, L = (r + q)/(r + q + K), q = (1 + noise)/alpha, r by "
    "Marchenko-Pastur of ratio 1/kappa; errors at d and 2d, extrapolated in 1/d",
    source="[lu2025, Result 1†], in the variables of the core equation",
    kind="asymptotic",
    defaults={"d": 6, "tau": 0.25, "alpha": 1.0, "kappa": 0.5, "noise": 0.1, "ridge": 10.0},
    simulated="tau d^2 prompts of alpha d pairs on kappa d tasks, at d and at 2 d; ridge regression on "
    "x (x) h; exact errors given the fit, twice that at 2 d less that at d",
    trial=_both_sizes,
    theory=_risk,
    statistic=lambda s, mean: 2 * mean[2:] - mean[:2],
    allowance=lambda s: 1.0 / s.d**2,
    labels=("known tasks", "fresh tasks"),
    grows=("d",),
    trials=192,
    quick=2048,
    sabotage={
        "known and fresh tasks exchanged": lambda s: _risk(s)[::-1],
        "endlessly many tasks": lambda s: _risk(s, kappa=np.inf),
        "the labels in context without noise or signal of other inputs": lambda s: _risk(s, alpha=np.inf),
        "a ridge d times larger": lambda s: _risk(s, ridge=s.ridge * s.d),
        "three times the prompts": lambda s: _risk(s, tau=3 * s.tau),
    },
)


def _endless(s: Settings, rng: np.random.Generator) -> Array:
    size = _size(s, s.d)
    tasks = model.draw_tasks(size, rng)
    return model.errors(size, tasks, model.endless(size, tasks))


endless = Claim(
    statement="Endlessly many prompts do not replace tasks: attention then filters the noise of the context "
    "for the tasks that it knows, and errs on fresh ones by more, until there are many more tasks than "
    "dimensions.",
    formula="known = noise + q W, fresh = noise + 1 - W + q W - q (1 + q) W/S; q = (1 + noise)/alpha, "
    "c = 1/kappa, S^2 = (1 + c + q)^2 - 4 c, W = 2/(1 + c + q + S)",
    source="[lu2025], tau -> infinity; closed forms by own derivation",
    kind="asymptotic",
    defaults={"d": 40, "alpha": 1.0, "kappa": 0.5, "noise": 0.1},
    simulated="kappa d random tasks; the population's best linear attention for them, and its exact errors",
    trial=_endless,
    theory=lambda s: np.array(lu2025.risk(np.inf, s.alpha, s.kappa, s.noise)),
    allowance=lambda s: 2.0 / s.d,  # measured gap 1.1/d at d = 20, 40 and 80
    labels=("known tasks", "fresh tasks"),
    grows=("d",),
    trials=256,
    quick=128,
    sabotage={
        "fresh tasks as well as known ones": lambda s: np.repeat(
            lu2025.risk(np.inf, s.alpha, s.kappa, s.noise).known_tasks, 2
        ),
        "endlessly many tasks": lambda s: np.array(lu2025.risk(np.inf, s.alpha, np.inf, s.noise)),
        "the context's noise without that of other inputs": lambda s: np.array(
            lu2025.risk(np.inf, s.alpha * (1 + s.noise) / s.noise, s.kappa, s.noise)
        ),
    },
    exercise=Exercise(
        question="Linear attention x'Gamma h, h = (1/l) sum y_i x_i, has the best Gamma for kappa d tasks "
        "with contexts of l = alpha d pairs. With W = E r/(r + q) and S as given, which errors has it on "
        "tasks that it knows and on fresh ones, in the limit of large d?",
        answer="noise + q*W; noise + 1 - W + q*W - q*(1 + q)*W/S",
        names={
            "q": "(1 + noise)/alpha",
            "c": "1/kappa",
            "S": "sqrt((1 + c + q)^2 - 4*c)",
            "W": "2/(1 + c + q + S)",
        },
        elsewhere={"alpha": 2.0, "kappa": 2.0, "noise": 0.3},
    ),
)

PEAK = (0.4, 1.0, 3.0)
"""Prompts over d^2: before, at and after the peak."""


def _peak(s: Settings, rng: np.random.Generator, ridge: float = 0.0) -> Array:
    """Logarithm of the error on fresh tasks at each tau."""
    return np.log([_fitted(_size(s, s.d), tau, ridge, rng)[1] for tau in PEAK])


peak = Claim(
    statement="Without a ridge, in-context learning has a double descent in the number of prompts: at d^2 "
    "prompts, one for each entry of the attention matrix, fresh tasks are predicted worse than with two "
    "fifths or with three times as many, by more than a factor of two in the geometric mean.",
    formula="E log test(d^2) > E log test(2 d^2/5) + log 2 and > E log test(3 d^2) + log 2",
    source="[lu2025, Fig. 2†]; the factor is ours",
    kind="shape",
    theme="peak-at-n",
    defaults={"d": 8, "alpha": 1.0, "kappa": 2.0, "noise": 0.1},
    simulated="least squares of least norm on x (x) h at tau = 0.4, 1 and 3; "
    "mean logarithms of the exact error on fresh tasks, and their differences",
    trial=_peak,
    theory=lambda s: np.log(2),
    statistic=lambda s, mean: np.array([mean[1] - mean[0], mean[1] - mean[2]]),
    relation=">=",
    labels=("peak over before", "peak over after"),
    trials=192,
    quick=128,
    sabotage={"a ridge of 1": {"trial": partial(_peak, ridge=1.0)}},
)
