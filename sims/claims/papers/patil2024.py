"""Cross-validation along gradient flow: which score tells when to stop."""

from typing import NamedTuple

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from theory import Problem, dynamics
from theory.papers import patil2024

TIMES = np.array([1.0, 6.0])
LABELS = 50
_DEFAULTS = {"n": 20, "p": 40, "signal": 2.0, "noise": 1.0}
DRAWN = "n Gaussian samples of p coordinates; gradient flow to time 1 and 6, leave-one-out by n refits; "


class _Flow(NamedTuple):
    """Gradient flow on the rows of X (n, p) at `TIMES`, as maps of the labels (times, ., n)."""

    coefficients: Array
    residual: Array
    left_out: Array
    """Residual of each sample in the refit without it."""
    gap: Array
    """1 - df/n, (times,)."""


def _coefficients(X: Array, n: int) -> Array:
    """Maps of the labels of these rows to coefficients, under the flow on sum of squares/(2 n)."""
    left, singular, right = np.linalg.svd(X, full_matrices=False)
    share = -np.expm1(-np.outer(TIMES, singular**2) / n)
    return (right.T * (share / singular)[:, None, :]) @ left.T


def _flow(X: Array) -> _Flow:
    n = len(X)
    fit = _coefficients(X, n)
    residual = np.eye(n) - X @ fit
    left_out = np.tile(np.eye(n), (len(TIMES), 1, 1))
    for i in range(n):
        rest = np.arange(n) != i
        left_out[:, i, rest] = -X[i] @ _coefficients(X[rest], n)
    return _Flow(fit, residual, left_out, np.trace(residual, axis1=1, axis2=2) / n)


def _means(s: Settings, rng: np.random.Generator) -> Array:
    """Leave-one-out and GCV scores, exact in the mean over target and noise."""
    X = rng.standard_normal((s.n, s.p))
    flow = _flow(X)
    labels = s.signal / s.p * X @ X.T + s.noise * np.eye(s.n)
    loo, train = (
        np.sum((residual @ labels) * residual, axis=(1, 2)) / s.n
        for residual in (flow.left_out, flow.residual)
    )
    return np.concatenate([loo, train / flow.gap**2])


def _problem(s: Settings) -> Problem:
    return Problem.isotropic(s.p, s.signal, s.noise)


def _theory(s: Settings) -> Array:
    loo = patil2024.mean_loo(_problem(s), s.n, TIMES)
    return np.concatenate([loo, dynamics.gradient_flow_gcv(_problem(s), s.n, TIMES)])


scores = Claim(
    statement="Along gradient flow the leave-one-out score has the mean of the test error at every time. "
    "Generalised cross-validation has another mean, which is too large late in training.",
    formula="E loo = E test(n - 1, t (n - 1)/n); gcv = train/(1 - df/n)^2 -> another limit; p/n fixed",
    source="[patil2024, Thm 2† and Thm 3†]",
    kind="asymptotic",
    defaults=_DEFAULTS,
    simulated=DRAWN + "both scores, exact in the mean over target and noise",
    trial=_means,
    theory=_theory,
    labels=("leave-one-out, t = 1", "t = 6", "GCV, t = 1", "t = 6"),
    allowance=lambda s: 1.0 / s.n,
    grows=("n", "p"),
    trials=96,
    quick=96,
    checked="text",
    sabotage={
        "GCV has the mean of the test error too": lambda s: np.tile(_theory(s)[:2], 2),
        "leave-one-out has the mean of GCV": lambda s: np.tile(_theory(s)[2:], 2),
        "the training error": lambda s: np.append(
            dynamics.gradient_flow(_problem(s), s.n, TIMES).train, _theory(s)[2:]
        ),
    },
)


def _misses(s: Settings, rng: np.random.Generator) -> Array:
    """Mean squared distances of both scores from the test error of the same fit, late, at n and at 4 n."""
    return np.concatenate([_missed(s, factor * s.n, factor * s.p, rng) for factor in (1, 4)])


def _missed(s: Settings, n: int, p: int, rng: np.random.Generator) -> Array:
    X = rng.standard_normal((n, p))
    flow = _flow(X)
    beta = np.sqrt(s.signal / p) * rng.standard_normal((p, LABELS))
    y = X @ beta + np.sqrt(s.noise) * rng.standard_normal((n, LABELS))
    test = s.noise + ((flow.coefficients[-1] @ y - beta) ** 2).sum(axis=0)
    loo = ((flow.left_out[-1] @ y) ** 2).mean(axis=0)
    gcv = ((flow.residual[-1] @ y) ** 2).mean(axis=0) / flow.gap[-1] ** 2
    return np.array([np.mean((score - test) ** 2) for score in (loo, gcv)])


def _gains(s: Settings, mean: Array, halvings: float = 1.0) -> Array:
    """Logarithms: leave-one-out's gain from 4 n over so many halvings, and GCV's miss over eight times it."""
    loo, _, loo_later, gcv_later = mean
    return np.array([np.log(loo / loo_later) - halvings * np.log(2), np.log(gcv_later / loo_later / 8)])


consistent = Claim(
    statement="The leave-one-out score tends to the test error of the very fit that is at hand: four times "
    "the data at least halve the mean square of its miss. Late in training that of generalised "
    "cross-validation then is more than eight times as large.",
    formula="E (loo - test)^2 -> 0 as n -> infinity at p/n fixed; E (gcv - test)^2 has a positive limit",
    source="[patil2024, Thm 2† and Thm 3†]",
    kind="shape",
    defaults={**_DEFAULTS, "n": 15, "p": 30},
    simulated=DRAWN
    + f"{LABELS} targets and label noises on each of two designs, of n and 4 n samples; by how "
    "much the logarithm of leave-one-out's mean squared miss at time 6 falls, less log 2, and by how much "
    "that of GCV's miss at 4 n exceeds it, less log 8",
    trial=_misses,
    statistic=_gains,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("leave-one-out halves", "GCV over leave-one-out"),
    trials=160,
    quick=160,
    checked="text",
    sabotage={
        "four times the data halve it three times": {
            "statistic": lambda s, mean: _gains(s, mean, halvings=3.0)
        },
        "the scores exchanged": {"statistic": lambda s, mean: _gains(s, mean[[1, 0, 3, 2]])},
    },
)
