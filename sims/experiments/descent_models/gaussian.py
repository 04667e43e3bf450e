"""Least squares on Gaussian coordinates: all of them [hastie2022], or some weak ones of many [belkin2020]."""

import numpy as np
from numpy.typing import NDArray

import theory
from sims import features
from sims.experiments import isotropic
from sims.experiments.descent_models.model import Model, Prediction, Setting
from theory.papers import belkin2020, hastie2022

Array = NDArray[np.float64]
Points = NDArray[np.int64]


def _linear_theory(setting: Setting, p: Array) -> Prediction:
    return _gaussian_theory(setting, p, np.full_like(p, setting.signal), np.zeros_like(p))


def _weak_theory(setting: Setting, p: Array) -> Prediction:
    seen = setting.signal * p / setting.d
    return _gaussian_theory(setting, p, seen, setting.signal * (1 - p / setting.d))


def _gaussian_theory(setting: Setting, p: Array, seen: Array, omitted: Array) -> Prediction:
    """Least squares on p Gaussian coordinates: exact at ridge 0, else the deterministic equivalent."""
    if setting.ridge == 0:
        test = belkin2020.gaussian(setting.n, p, seen, omitted, setting.noise)
        spread = (setting.noise + omitted) * _inverse_wishart_spread(setting.n, p)
        return Prediction(test, np.abs(setting.n - p), exact=True, spread=spread)
    risk = equivalent(setting, p, seen, omitted)
    return Prediction(risk.test, setting.n - risk.df2, exact=False)


def _inverse_wishart_spread(n: int, p: Array) -> Array:
    """Standard deviation of tr (X'X)^+: its variance is 2 k (N - 1)/(m (m - 1)^2 (m - 3)), m = N - k > 3."""
    k, N = np.minimum(n, p), np.maximum(n, p)
    m = np.maximum(N - k, 4)  # nearer the threshold it is infinite, and the points do not count
    return np.sqrt(2 * k * (N - 1) / (m * (m - 1) ** 2 * (m - 3)))


def equivalent(setting: Setting, p: Array, seen: Array, omitted: Array) -> theory.Risk:
    """Deterministic equivalent of p coordinates that see the power `seen`; `omitted` acts as label noise.

    >>> equivalent(Setting(n=10, noise=0.0), np.array([20.0]), np.array([1.0]), np.array([0.0])).test
    array([0.5])
    """
    risk = hastie2022.isotropic(p / setting.n, seen, setting.noise + omitted, setting.ridge)
    return risk._replace(df2=risk.df2 * setting.n)


def _linear_limit(setting: Setting, p: Array) -> Array:
    return hastie2022.isotropic(p / setting.n, setting.signal, setting.noise, setting.ridge).test


def _weak_limit(setting: Setting, p: Array) -> Array:
    share = p / setting.d
    return equivalent(setting, p, setting.signal * share, setting.signal * (1 - share)).test


def _linear_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    X = features.gaussian(setting.n, int(points.max()), rng)
    risks = [isotropic.risk(X[:, :p], setting.signal, setting.noise, setting.ridge) for p in points]
    return np.array(risks)


def _weak_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    X = features.gaussian(setting.n, setting.d, rng)
    X = features.weak_coordinates(X, int(points.max()), rng)
    share = points / setting.d
    seen, unseen = setting.signal * share, setting.signal * (1 - share)
    # to the fit on p coordinates the omitted ones are independent noise
    return np.array(
        [
            isotropic.risk(X[:, :p], power, setting.noise + rest, setting.ridge)
            for p, power, rest in zip(points, seen, unseen, strict=True)
        ]
    )


LINEAR = Model(
    "y = <beta, x> + noise, x ~ N(0, I_p); least squares on all p coordinates",
    "hastie2022",
    _linear_theory,
    _linear_limit,
    _linear_trial,
)
WEAK_FEATURES = Model(
    "y = <beta, x> + noise, x ~ N(0, I_D); least squares on p random coordinates of D",
    "belkin2020",
    _weak_theory,
    _weak_limit,
    _weak_trial,
)
