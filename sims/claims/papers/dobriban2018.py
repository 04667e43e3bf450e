"""Ridge regression on a random target, and discriminant analysis, for any covariance."""

import numpy as np
from scipy.special import ndtr

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import ridge_slope
from sims.experiments.gaussian import measure
from theory import Problem
from theory.papers import dobriban2018, hastie2022

_EIGENVALUES, _WEIGHTS = np.array([3.0, 1.0, 0.2]), np.array([0.3, 0.4, 0.3])
_DEFAULTS = {"n": 40, "p": 60, "signal": 2.0, "noise": 1.0}
_FACTORS = np.array([1.0, 0.1, 10.0])


def _best(s: Settings) -> float:
    return float(hastie2022.optimal_ridge(s.p / s.n, s.signal, s.noise))


def _variances(s: Settings) -> Array:
    """Variance of each coordinate."""
    return np.repeat(_EIGENVALUES, np.round(s.p * _WEIGHTS).astype(int))


def _errors(s: Settings, penalties: Array, rng: np.random.Generator) -> Array:
    count = np.round(s.p * _WEIGHTS)
    problem = Problem(_EIGENVALUES, s.signal / s.p * count * _EIGENVALUES, count, noise=s.noise)
    design = rng.integers(2**63)  # the same for every ridge
    draws = [measure(problem, s.n, None, each, np.random.default_rng(design)) for each in penalties]
    return np.array([each.test for each in draws])


def _theory(s: Settings, penalties: Array) -> Array:
    return dobriban2018.risk(_EIGENVALUES, _WEIGHTS, s.p / s.n, s.signal, s.noise, penalties)


risk = Claim(
    statement="For a target of random coefficients, the spectrum of the covariance decides the error "
    "of ridge regression.",
    formula="test = (1 + (ridge signal/gamma - 1)(1 - ridge v'/v))/(ridge v) at noise 1; "
    "gamma = p/n, v the limit of tr (X X'/n + ridge I)^-1/n, v' its derivative in -ridge",
    source="[dobriban2018, Thm 2.1†]",
    kind="asymptotic",
    defaults=_DEFAULTS,
    simulated="n Gaussian samples of p coordinates, 30 % of variance 3, 40 % of 1, 30 % of 0.2; "
    "the exact test error given the design, with the best ridge, a tenth of it, and ten times as much",
    trial=lambda s, rng: _errors(s, _best(s) * _FACTORS, rng),
    theory=lambda s: _theory(s, _best(s) * _FACTORS),
    labels=("best ridge", "a tenth", "ten times"),
    allowance=lambda s: 1.0 / s.n,
    grows=("n", "p"),
    quick=48,
    sabotage={
        "penalty of the sum of squares": lambda s: _theory(s, s.n * _best(s) * _FACTORS),
        "isotropic, of the same trace": lambda s: (
            hastie2022.isotropic(
                s.p / s.n, s.signal * _WEIGHTS @ _EIGENVALUES, s.noise, _best(s) * _FACTORS
            ).test
        ),
    },
)


_PENALTIES = np.geomspace(0.02, 20.0, 150)


def _slopes(s: Settings, rng: np.random.Generator) -> Array:
    variances = _variances(s)
    X = rng.standard_normal((s.n, s.p)) * np.sqrt(variances)
    return ridge_slope.slopes(X, _PENALTIES, s.signal, s.noise, rng, variances)


best_ridge = Claim(
    statement="Whatever the covariance of the features, the best ridge for a target of independent random "
    "coefficients is that of features of variance 1: gamma noise/signal, gamma = p/n.",
    formula="argmin over ridge of E test = gamma noise/signal, signal the sum of the squared coefficients",
    source="[dobriban2018, Thm 2.1†]",
    kind="exact",
    theme="best-ridge",
    defaults=_DEFAULTS,
    simulated="designs as in dobriban2018.risk, 64 targets with noisy labels; "
    "the ridge at which the slope of the mean test error of the fits is 0",
    trial=_slopes,
    statistic=lambda s, mean: ridge_slope.turning_point(_PENALTIES, mean),
    theory=_best,
    trials=256,
    quick=96,
    sabotage={
        "three quarters of it": lambda s: 0.75 * _best(s),
        "1.35 times as much": lambda s: 1.35 * _best(s),
        "gamma dropped": lambda s: s.noise / s.signal,
        "the power of the target in place of its coefficients'": lambda s: (
            _best(s) / (_WEIGHTS @ _EIGENVALUES)
        ),
        "penalty of the sum of squares": lambda s: s.n * _best(s),
    },
    exercise=Exercise(
        question="Features have variances 3, 1 and 0.2, and a target has independent random coefficients of "
        "mean 0 whose squares sum to `signal` in the mean. Which ridge, beside the mean squared error, "
        "is best?",
        answer="p*noise/(n*signal)",
        elsewhere={"n": 50, "p": 30, "signal": 1.0, "noise": 0.8},
    ),
)


def _test_and_transform(s: Settings, rng: np.random.Generator, factor: float = 1.0) -> Array:
    penalty = factor * _best(s)
    error = _errors(s, np.array([penalty]), rng)
    X = rng.standard_normal((s.n, s.p)) * np.sqrt(_variances(s))
    transform = np.mean(1 / (np.linalg.eigvalsh(X @ X.T / s.n) + penalty))
    return np.append(error, transform)


from_kernel = Claim(
    statement="With the best ridge, the test error can be computed from the eigenvalues "
    "of the kernel matrix, without a test set.",
    formula="test = noise/(ridge* v), v = tr (X X'/n + ridge* I)^-1/n, ridge* = gamma noise/signal",
    source="[dobriban2018, Thm 2.1†] at the best ridge",
    kind="asymptotic",
    theme="best-ridge",
    defaults=_DEFAULTS,
    simulated="two designs as in dobriban2018.risk; "
    "the mean exact test error on one, times the mean of ridge* v/noise on the other",
    trial=_test_and_transform,
    statistic=lambda s, mean: mean[0] * mean[1] * _best(s) / s.noise,
    theory=lambda s: 1.0,
    allowance=lambda s: 1.0 / s.n,
    grows=("n", "p"),
    trials=256,
    quick=32,
    sabotage={
        "transform of X'X/n": {
            "statistic": lambda s, mean: mean[0] * mean[1] * s.n / s.p * _best(s) / s.noise
        },
        "at twice the best ridge": {
            "trial": lambda s, rng: _test_and_transform(s, rng, factor=2.0),
            "statistic": lambda s, mean: mean[0] * mean[1] * 2 * _best(s) / s.noise,
        },
    },
)


_RIDGES = np.array([0.1, 1.0, 10.0])


def _wrong(s: Settings, rng: np.random.Generator) -> Array:
    """Error rates of discriminant analysis given the training data, at three ridges."""
    variance = np.repeat(_EIGENVALUES, np.round(s.p * _WEIGHTS).astype(int))
    delta = np.sqrt(s.signal / s.p) * rng.choice([-1.0, 1.0], s.p)
    y = np.repeat([1.0, -1.0], s.n // 2)
    X = np.outer(y, delta) + np.sqrt(variance) * rng.standard_normal((s.n, s.p))
    up, down = X[: s.n // 2].mean(axis=0), X[s.n // 2 :].mean(axis=0)
    within = X - np.where(y[:, None] > 0, up, down)
    values, vectors = np.linalg.eigh(within.T @ within / s.n)
    w = (vectors / (values + _RIDGES[:, None, None])) @ vectors.T @ (up - down)
    margins = (w @ (delta - (up + down) / 2), w @ (delta + (up + down) / 2))
    return np.mean(ndtr(-np.array(margins) / np.sqrt(w**2 @ variance)), axis=0)


def _rates(s: Settings, **change: float) -> Array:
    point = {"gamma": s.p / s.n, "signal": s.signal, "ridge": _RIDGES, **change}
    return dobriban2018.classification_error(_EIGENVALUES, _WEIGHTS, **point)


classification = Claim(
    statement="Discriminant analysis of two classes with a ridge: the spectrum of the covariance within "
    "classes decides the error rate.",
    formula="error -> Phi(-T), T = signal tau/(signal eta + xi)^(1/2), tau = ridge m v, eta = (v - ridge v')"
    "/gamma, xi = v'/v^2 - 1; m, v the transforms of S and its companion at -ridge, v' = dv/dz, gamma = p/n",
    source="[dobriban2018, Thm 3.1†]",
    kind="asymptotic",
    defaults={"n": 80, "p": 60, "signal": 2.0},
    simulated="n/2 Gaussian samples of each class with covariance as in dobriban2018.risk; the difference of "
    "the means has equal entries of random sign; the exact error rate given the data, with three ridges",
    trial=_wrong,
    theory=_rates,
    labels=("ridge 0.1", "ridge 1", "ridge 10"),
    allowance=lambda s: 3.0 / s.n,  # measured 1.9/n at the smallest ridge
    grows=("n", "p"),
    trials=256,
    quick=192,
    sabotage={
        "the best rule of known classes": lambda s: ndtr(-np.sqrt(s.signal * _WEIGHTS @ (1 / _EIGENVALUES))),
        "penalty of the sum of squares": lambda s: _rates(s, ridge=s.n * _RIDGES),
        "p/n of one class": lambda s: _rates(s, gamma=2 * s.p / s.n),
        "the distance of the means for half of it": lambda s: _rates(s, signal=4 * s.signal),
    },
)
