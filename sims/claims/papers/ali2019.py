"""Early stopping of gradient flow against ridge regression, on least squares."""

from collections.abc import Callable

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.spectral import along, fit, flow, ridge
from theory.papers import ali2019, hastie2022

_GAMMAS, _TIMES = np.array([0.5, 0.5, 2.0, 2.0]), np.array([1.0, 8.0, 1.0, 8.0])


def _stopped(s: Settings, rng: np.random.Generator) -> Array:
    fits = along(s, rng, _GAMMAS, [flow(time) for time in _TIMES])
    return s.noise + np.array([each.excess for each in fits])


risk = Claim(
    statement="The test error of gradient flow at any time is an average over the law of Marchenko "
    "and Pastur; beyond the threshold the part of the target outside the span "
    "of the samples is never learnt.",
    formula="test = noise + signal I[e^-2tx] + noise gamma I[(1 - e^-tx)^2/x], gamma = p/n, I[f(x)] the "
    "mean over that law, its atom at 0 included",
    source="[ali2019, Thm 5†]",
    kind="asymptotic",
    defaults={"n": 50, "signal": 2.0, "noise": 1.0},
    simulated="n Gaussian samples; gradient flow on n/2 and 2n coordinates to time 1 and 8; "
    "the exact test error given the design",
    trial=_stopped,
    theory=lambda s: ali2019.risk(_GAMMAS, _TIMES, s.signal, s.noise).test,
    labels=("p = n/2, t = 1", "p = n/2, t = 8", "p = 2n, t = 1", "p = 2n, t = 8"),
    allowance=lambda s: 1.0 / s.n,
    grows=("n",),
    trials=128,
    sabotage={
        "ridge = 1/t": lambda s: hastie2022.isotropic(_GAMMAS, s.signal, s.noise, 1 / _TIMES).test,
        "the atom forgotten": lambda s: (
            ali2019.risk(_GAMMAS, _TIMES, s.signal, s.noise).test - s.signal * np.maximum(0, 1 - 1 / _GAMMAS)
        ),
    },
)


def _worst(penalty: float) -> Callable[[Settings, np.random.Generator], Array]:
    """A trial: the largest ratio, over times, of the excess of flow to that of ridge = penalty/time."""

    def trial(s: Settings, rng: np.random.Generator) -> Array:
        X = rng.standard_normal((s.n, 2 * s.n))
        ratios = []
        for p in (s.n // 4, 2 * s.n):
            for signal in (0.0, s.signal):
                ratios.append(
                    max(
                        fit(X[:, :p], flow(time), signal, s.noise).excess
                        / fit(X[:, :p], ridge(penalty / time), signal, s.noise).excess
                        for time in 2.0 ** np.arange(-3, 5)
                    )
                )
        return np.array(ratios)

    return trial


same_time = Claim(
    statement="Gradient flow stopped at time t has at most 1.69 times the excess error "
    "(the noise of the test label left out) of ridge regression with ridge 1/t.",
    formula="excess(flow, t)/excess(ridge = 1/t) <= sup_x ((1 - e^-x)(1 + x)/x)^2 = 1.686",
    source="[ali2019, Thm 1†]",
    checked="text",
    kind="inequality",
    defaults={"n": 40, "signal": 2.0, "noise": 1.0},
    simulated="n Gaussian samples of n/4 and of 2n coordinates, without a target and with one; "
    "the largest ratio of the exact excess errors over times 1/8 ... 16, given the design",
    trial=_worst(1.0),
    theory=lambda s: ali2019.bounds()[0],
    relation="<=",
    labels=("p = n/4, noise alone", "p = n/4", "p = 2n, noise alone", "p = 2n"),
    sabotage={
        "1.22, the bound for the tuned pair": lambda s: ali2019.bounds()[1],
        "ridge = 2/t": {"trial": _worst(2.0)},
    },
)

_NEAR = np.array([0.5, 1.79, 8.0])


def _noise_alone(s: Settings, rng: np.random.Generator) -> Array:
    X = rng.standard_normal((s.n, s.p))
    return np.array([fit(X, keep(time), 0.0, 1.0).cost for keep in (flow, _beside) for time in _NEAR])


def _beside(time: float) -> Callable[[Array], Array]:
    return ridge(1 / time)


sharp = Claim(
    statement="The factor 1.69 is attained: with many samples and labels of noise alone, "
    "the ratio at time t is that of a single direction, which is largest at t = 1.79.",
    formula="cost(flow, t)/cost(ridge = 1/t) -> ((1 - e^-t)(1 + t)/t)^2 as p/n -> 0",
    source="[ali2019, Thm 1†]; earlier versions state 2.25",
    kind="asymptotic",
    defaults={"n": 200, "p": 5},
    simulated="n Gaussian samples of p coordinates, no target; "
    "mean exact excess of gradient flow over that of ridge regression, at t = 0.5, 1.79 and 8",
    trial=_noise_alone,
    statistic=lambda s, mean: mean[:3] / mean[3:],
    theory=lambda s: ali2019.risk_ratio(_NEAR),
    labels=("t = 0.5", "t = 1.79", "t = 8"),
    # eigenvalues spread by sqrt(p/n) about 1: second order
    allowance=lambda s: 1.0 * s.p / s.n,
    grows=("n",),
    sabotage={
        "square forgotten": lambda s: np.sqrt(ali2019.risk_ratio(_NEAR)),
        "1/t for t": lambda s: ali2019.risk_ratio(1 / _NEAR),
    },
    exercise=Exercise(
        question="With many samples and noise alone, what does gradient flow at time t cost "
        "over ridge regression with ridge 1/t? One direction of variance 1 decides.",
        answer="((1 - exp(-t))*(1 + t)/t)^2",
        names={"t": ("0.5", "1.79", "8")},
    ),
)


def _tuned(scale: float, times: Array) -> Callable[[Settings, np.random.Generator], Array]:
    """A trial: the excess of flow at the best of these times over that of `scale` times the best ridge."""

    def trial(s: Settings, rng: np.random.Generator) -> Array:
        X = rng.standard_normal((s.n, 2 * s.n))
        ratios = []
        for p in (s.n // 4, s.n, 2 * s.n):
            penalty = scale * float(hastie2022.optimal_ridge(p / s.n, s.signal, s.noise))
            best = fit(X[:, :p], ridge(penalty), s.signal, s.noise).excess
            ratios.append(min(fit(X[:, :p], flow(t), s.signal, s.noise).excess for t in times) / best)
        return np.array(ratios)

    return trial


_GRID = 2.0 ** np.arange(-2, 6, 0.25)
_TUNED = {"n": 40, "signal": 2.0, "noise": 1.0}

tuned = Claim(
    statement="Gradient flow stopped at its best time has at most 1.22 times the excess error "
    "(the noise of the test label left out) of ridge regression with its best ridge.",
    formula="min_t excess(flow, t)/min_ridge excess <= sup_x (1 + x)(e^-2x + (1 - e^-x)^2/x) = 1.2147",
    source="[ali2019, Thm 3†]; earlier versions state 1.25",
    checked="text",
    kind="inequality",
    defaults=_TUNED,
    simulated="n Gaussian samples of n/4, n and 2n coordinates and a target in a random direction; "
    "the ratio of the exact excess errors, each at its best, given the design",
    trial=_tuned(1.0, _GRID),
    theory=lambda s: ali2019.bounds()[1],
    relation="<=",
    labels=("p = n/4", "p = n", "p = 2n"),
    sabotage={
        "as good as ridge": lambda s: 1.0,
        "never stopped": {"trial": _tuned(1.0, np.array([np.inf]))},
    },
)

ridge_wins = Claim(
    statement="On a target in a random direction no stopping time beats the best ridge.",
    formula="min_t excess(flow, t) >= excess(ridge = gamma noise/signal) = min_ridge excess, gamma = p/n",
    source="[ali2019, Thm 3†]: ridge is the Bayes estimate",
    kind="inequality",
    defaults=_TUNED,
    simulated="as in ali2019.tuned",
    trial=_tuned(1.0, _GRID),
    theory=lambda s: 1.0,
    relation=">=",
    labels=("p = n/4", "p = n", "p = 2n"),
    sabotage={
        "a fourth of the best ridge": {"trial": _tuned(0.25, _GRID)},
        "four times the best ridge": {"trial": _tuned(4.0, _GRID)},
    },
)
