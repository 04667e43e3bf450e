"""Early stopping of gradient flow, which is run, against ridge regression, on least squares."""

from collections.abc import Callable

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import gradient_flow
from theory.papers import ali2019, hastie2022

Trial = Callable[[Settings, np.random.Generator], Array]


def _ridge(X: Array, Y: Array, penalties: Array) -> Array:
    """Coefficients (penalties, p, labels) of ridge regression."""
    n, p = X.shape
    covariance, drift = X.T @ X / n, X.T @ Y / n
    return np.array([np.linalg.solve(covariance + penalty * np.eye(p), drift) for penalty in penalties])


def _labels(X: Array, signal: float, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Targets (p, labels) in random directions and noisy labels (n, labels), more of them at small p."""
    n, p = X.shape
    count = max(4, 8 * n // p)
    beta = rng.standard_normal((p, count)) * np.sqrt(signal / p)
    return beta, X @ beta + np.sqrt(noise) * rng.standard_normal((n, count))


def _excess(fits: Array, beta: Array) -> Array:
    """Test error less the noise of the test label, the mean over targets, of each fit."""
    return np.asarray(((fits - beta) ** 2).sum(axis=1).mean(axis=1))


_TIMES = np.array([1.0, 8.0])


def _stopped(s: Settings, rng: np.random.Generator) -> Array:
    errors = []
    for p in (s.n // 2, 2 * s.n):
        X = rng.standard_normal((s.n, p))
        beta, Y = _labels(X, s.signal, s.noise, rng)
        errors.append(s.noise + _excess(gradient_flow.run(X, Y, _TIMES), beta))
    return np.concatenate(errors)


def _risk(s: Settings) -> Array:
    gammas = np.array([[0.5], [2.0]])
    return np.ravel(ali2019.risk(gammas, _TIMES, s.signal, s.noise).test)


risk = Claim(
    statement="The test error of gradient flow at any time is an average over the law of Marchenko "
    "and Pastur, which the eigenvalues of X'X/n follow; beyond the threshold the part of the target outside "
    "the span of the samples is never learnt.",
    formula="test = noise + signal I[e^-2tx] + noise gamma I[(1 - e^-tx)^2/x], gamma = p/n, I[f(x)] the "
    "mean over that law, its atom at 0 included",
    source="[ali2019, Thm 5†]",
    kind="asymptotic",
    theme="flow-marchenko-pastur",
    defaults={"n": 50, "signal": 2.0, "noise": 1.0},
    simulated="n Gaussian samples of n/2 and of 2n coordinates, several random targets each; gradient flow "
    "is run to time 1 and 8, and the test error is exact given its coefficients",
    trial=_stopped,
    theory=_risk,
    labels=("p = n/2, t = 1", "p = n/2, t = 8", "p = 2n, t = 1", "p = 2n, t = 8"),
    allowance=lambda s: 1.0 / s.n,
    grows=("n",),
    trials=256,
    quick=96,
    sabotage={
        "ridge = 1/t": lambda s: np.ravel(
            hastie2022.isotropic(np.array([[0.5], [2.0]]), s.signal, s.noise, 1 / _TIMES).test
        ),
        "the atom forgotten": lambda s: _risk(s) - s.signal * np.array([0.0, 0.0, 0.5, 0.5]),
        "the flow on the whole squared error": lambda s: np.ravel(
            ali2019.risk(np.array([[0.5], [2.0]]), 2 * _TIMES, s.signal, s.noise).test
        ),
    },
)

_GRID = np.geomspace(1 / 8, 16, 8)


def _side_by_side(penalty: float = 1.0, speed: float = 1.0) -> Trial:
    """A trial: excess errors of flow at `speed` times each time, and of ridge = `penalty`/time."""

    def trial(s: Settings, rng: np.random.Generator) -> Array:
        rows = []
        for p in (s.n // 4, 2 * s.n):
            X = rng.standard_normal((s.n, p))
            for signal in (0.0, s.signal):
                beta, Y = _labels(X, signal, s.noise, rng)
                rows.append(_excess(gradient_flow.run(X, Y, speed * _GRID), beta))
                rows.append(_excess(_ridge(X, Y, penalty / _GRID), beta))
        return np.concatenate(rows)

    return trial


def _worst(s: Settings, mean: Array) -> Array:
    """The largest ratio, over times, of the excess of flow to that of ridge."""
    flow, ridge = np.moveaxis(mean.reshape(4, 2, -1), 1, 0)
    return np.asarray((flow / ridge).max(axis=1))


same_time = Claim(
    statement="Gradient flow stopped at time t has at most 1.69 times the excess error "
    "(the noise of the test label left out) of ridge regression with ridge 1/t, in the mean over targets in "
    "random directions. With few coordinates and labels of noise alone it comes within 5 % of the bound.",
    formula="excess(flow, t)/excess(ridge = 1/t) <= sup_x ((1 - e^-x)(1 + x)/x)^2 = 1.686",
    source="[ali2019, Thm 1†]",
    checked="text",
    kind="inequality",
    defaults={"n": 40, "signal": 2.0, "noise": 1.0},
    simulated="n Gaussian samples of n/4 and of 2n coordinates, labels of noise alone and of random targets "
    "and noise; gradient flow is run, ridge regression solved; the largest ratio of the mean excess errors "
    "over times 1/8 ... 16",
    trial=_side_by_side(),
    statistic=_worst,
    theory=lambda s: ali2019.bounds()[0],
    relation="<=",
    labels=("p = n/4, noise alone", "p = n/4", "p = 2n, noise alone", "p = 2n"),
    trials=256,
    quick=64,
    sabotage={
        "1.22, the bound for the tuned pair": lambda s: ali2019.bounds()[1],
        "ridge = 2/t": {"trial": _side_by_side(penalty=2.0)},
        "the flow on the whole squared error": {"trial": _side_by_side(speed=2.0)},
    },
)

_NEAR = np.array([0.5, 1.79, 8.0])


def _noise_alone(s: Settings, rng: np.random.Generator) -> Array:
    X = rng.standard_normal((s.n, s.p))
    beta, Y = _labels(X, 0.0, 1.0, rng)
    return np.concatenate(
        [_excess(gradient_flow.run(X, Y, _NEAR), beta), _excess(_ridge(X, Y, 1 / _NEAR), beta)]
    )


sharp = Claim(
    statement="The factor 1.69 is attained: with many samples and labels of noise alone, "
    "the ratio at time t is that of a single direction, which is largest at t = 1.79.",
    formula="cost(flow, t)/cost(ridge = 1/t) -> ((1 - e^-t)(1 + t)/t)^2 as p/n -> 0",
    source="[ali2019, Thm 1†]; earlier versions state 2.25",
    kind="asymptotic",
    defaults={"n": 200, "p": 5},
    simulated="n Gaussian samples of p coordinates, labels of noise alone; "
    "mean excess of gradient flow, which is run, over that of ridge regression, at t = 0.5, 1.79 and 8",
    trial=_noise_alone,
    statistic=lambda s, mean: mean[:3] / mean[3:],
    theory=lambda s: ali2019.risk_ratio(_NEAR),
    labels=("t = 0.5", "t = 1.79", "t = 8"),
    # eigenvalues spread by sqrt(p/n) about 1: second order
    allowance=lambda s: 1.0 * s.p / s.n,
    grows=("n",),
    trials=128,
    quick=64,
    sabotage={
        "square forgotten": lambda s: np.sqrt(ali2019.risk_ratio(_NEAR)),
        "the flow on the whole squared error": lambda s: (
            ((1 - np.exp(-2 * _NEAR)) * (1 + _NEAR) / _NEAR) ** 2
        ),
        "ridge = 1/(2t)": lambda s: ((1 - np.exp(-_NEAR)) * (2 * _NEAR + 1) / (2 * _NEAR)) ** 2,
    },
    exercise=Exercise(
        question="With many samples and noise alone, what does gradient flow at time t cost "
        "over ridge regression with ridge 1/t? One direction of variance 1 decides.",
        answer="((1 - exp(-t))*(1 + t)/t)^2",
        names={"t": ("0.5", "1.79", "8")},
    ),
)

_STOPS = np.geomspace(1 / 4, 16, 25)
_RIDGES = np.array([0.75, 1.0, 1.35])
_TUNED = {"n": 40, "signal": 2.0, "noise": 1.0}
_SIZES = ("p = n/4", "p = n", "p = 2n")


def _contest(scale: float = 1.0, stops: Array = _STOPS) -> Trial:
    """A trial: excess errors at p = n/4, n and 2n, of flow at these times and of ridges about the best.

    The ridges are scale * 0.75, scale and scale * 1.35 times the best one.
    """

    def trial(s: Settings, rng: np.random.Generator) -> Array:
        rows = []
        for p in (s.n // 4, s.n, 2 * s.n):
            X = rng.standard_normal((s.n, p))
            beta, Y = _labels(X, s.signal, s.noise, rng)
            best = float(hastie2022.optimal_ridge(p / s.n, s.signal, s.noise))
            rows.append(_excess(gradient_flow.run(X, Y, stops), beta))
            rows.append(_excess(_ridge(X, Y, scale * best * _RIDGES), beta))
        return np.concatenate(rows)

    return trial


def _over_the_best(s: Settings, mean: Array) -> Array:
    """Excess over that of the best ridge: of flow at its best time, of a smaller and of a larger ridge."""
    flow, (smaller, best, larger) = np.split(mean.reshape(3, -1).T, [-3])
    return np.concatenate([flow.min(axis=0), smaller, larger]) / np.tile(best, 3)


tuned = Claim(
    statement="Gradient flow stopped at its best time has at most 1.22 times the excess error "
    "(the noise of the test label left out) of ridge regression with its best ridge, in the mean over "
    "targets in random directions. Here it has far less: at most 1.04 times.",
    formula="min_t excess(flow, t)/min_ridge excess <= sup_x (1 + x)(e^-2x + (1 - e^-x)^2/x) = 1.2147",
    source="[ali2019, Thm 3†]; earlier versions state 1.25",
    checked="text",
    kind="inequality",
    defaults=_TUNED,
    simulated="n Gaussian samples of n/4, n and 2n coordinates and targets in random directions; gradient "
    "flow is run, ridge regression solved; the ratio of the mean excess errors, each at its best",
    trial=_contest(),
    statistic=lambda s, mean: _over_the_best(s, mean)[:3],
    theory=lambda s: ali2019.bounds()[1],
    relation="<=",
    labels=_SIZES,
    trials=128,
    quick=64,
    sabotage={
        "as good as ridge": lambda s: 1.0,
        "hardly stopped, at t = 64": {"trial": _contest(stops=np.array([64.0]))},
    },
)

ridge_wins = Claim(
    statement="On a target in a random direction neither gradient flow stopped at its best time "
    "nor any other ridge beats the best ridge, which is p noise/(n signal).",
    formula="min_t excess(flow, t) >= excess(ridge = gamma noise/signal) = min_ridge excess, gamma = p/n",
    source="[ali2019, Thm 3†]: ridge is the Bayes estimate",
    kind="inequality",
    theme="best-ridge",
    defaults=_TUNED,
    simulated="as in ali2019.tuned, with 0.75 and 1.35 times the best ridge as well; "
    "mean excess errors over that of the best ridge",
    trial=_contest(),
    statistic=_over_the_best,
    theory=lambda s: 1.0,
    relation=">=",
    labels=tuple(f"{other}, {size}" for other in ("flow", "0.75 ridge", "1.35 ridge") for size in _SIZES),
    trials=512,
    quick=256,
    sabotage={
        "0.75 times the best ridge": {"trial": _contest(0.75)},
        "1.35 times the best ridge": {"trial": _contest(1.35)},
    },
)
