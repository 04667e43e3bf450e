"""Ridges that are chosen on the training set: by cross-validation, or by the training error.

Used by the claims of hastie2022; `theory.validation` has the scores.
"""

import numpy as np

from sims.experiments.settings import Settings
from sims.trials.sample import Array
from theory import validation


def chosen_errors(s: Settings, rng: np.random.Generator) -> Array:
    """Exact test errors of four of thirteen ridges, from 1/64 to 64 times the best one, on one data set.

    They are those of least generalised cross-validation, of least leave-one-out error and of least training
    error, and the best one, p noise/(n signal). The settings are n, p, signal and noise.

    >>> from types import SimpleNamespace
    >>> s = SimpleNamespace(n=8, p=12, signal=1.0, noise=0.1)
    >>> chosen_errors(s, np.random.default_rng(0)).shape
    (4,)
    """
    X, beta = rng.standard_normal((s.n, s.p)), rng.standard_normal(s.p) * np.sqrt(s.signal / s.p)
    kernel, y = X @ X.T, X @ beta + rng.standard_normal(s.n) * np.sqrt(s.noise)
    penalties = s.p / s.n * s.noise / s.signal * 2.0 ** np.arange(-6, 7)
    fits = [X.T @ np.linalg.solve(kernel + s.n * each * np.eye(s.n), y) for each in penalties]
    errors = s.noise + np.sum((np.array(fits) - beta) ** 2, axis=1)
    choices = [np.argmin(score(kernel, y, penalties)) for score in (validation.gcv, validation.loo)]
    train = [np.mean((y - X @ each) ** 2) for each in fits]
    return np.asarray(errors[[*choices, np.argmin(train), len(errors) // 2]])
