"""Least squares on random columns of a Fourier transform, without label noise [belkin2020]."""

import numpy as np
from numpy.typing import NDArray

from sims import features
from sims.experiments.descent_models.gaussian import equivalent
from sims.experiments.descent_models.model import CurveTheory, Model, Setting
from sims.fit.cutoff import singular_values
from theory.papers import belkin2020

Array = NDArray[np.float64]
Points = NDArray[np.int64]


def _fourier_theory(setting: Setting, p: Array) -> CurveTheory:
    limit = _fourier_limit(setting, p)
    if setting.ridge == 0:
        test = setting.signal * belkin2020.haar(setting.n, p, setting.d)
        return CurveTheory(test, np.abs(setting.n - p), exact=False)
    risk = equivalent(setting, p, np.ones_like(p), np.zeros_like(p))
    return CurveTheory(limit, setting.n - risk.df2, exact=False)


def _fourier_limit(setting: Setting, p: Array) -> Array:
    return setting.signal * belkin2020.fourier(setting.n / setting.d, p / setting.d, setting.ridge)


def _fourier_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    d = setting.d
    rows, columns = rng.permutation(d)[: setting.n], rng.permutation(d)[: points.max()]
    A = features.fourier_series(rows, columns, d)
    penalty = setting.n * setting.ridge / d
    risks = []
    for p in points:
        s = singular_values(A[:, :p]) ** 2 / d
        # directions beyond the rank, and columns beyond p, are lost with power 1 each
        fitted = (penalty**2 + s * (1 - s)) / (s + penalty) ** 2
        risks.append(setting.signal * (d - len(s) + fitted.sum()) / d)
    return np.array(risks)


FOURIER = Model(
    "y = <beta, x>, x a row of the D x D Fourier transform; least squares on p random columns",
    "belkin2020",
    _fourier_theory,
    _fourier_limit,
    _fourier_trial,
)
