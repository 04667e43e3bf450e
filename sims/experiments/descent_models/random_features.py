"""Ridge regression on random features of inputs on the sphere [mei2022]."""

import numpy as np
from numpy.typing import NDArray

import theory
from sims import features, fit
from sims.experiments.descent_models.model import Model, Prediction, Setting
from theory.papers import mei2022

Array = NDArray[np.float64]
Points = NDArray[np.int64]


def _random_features_theory(setting: Setting, p: Array) -> Prediction:
    problem = theory.Problem.from_activation_on_sphere(
        setting.activation, setting.d, [0.0, setting.signal], setting.noise
    )
    risk = theory.random_features(problem, setting.n, p, setting.ridge)
    left_n, left_p = np.maximum(setting.n - risk.df, 0.0), np.maximum(p - risk.df, 0.0)
    w = risk.df - risk.df2
    # the determinant of the equation in units of samples; |n - p| where one of the two is 0
    full_rank = w <= 1e-9 * risk.df  # linear features and p >= d: least squares on d of them
    distance = left_n + np.where(full_rank, 0.0, left_p + left_n * left_p / np.where(full_rank, 1.0, w))
    # the levels of the problem are the degrees 0, 1, ...
    kurtosis = theory.sphere.kurtosis(
        setting.activation, risk.gamma_eff, len(problem.eigenvalues) - 1, setting.d
    )
    return Prediction(
        risk.test,
        distance,
        exact=False,
        delta=1 - risk.df2 / setting.n,
        kernel=kurtosis.kernel,
        features=np.maximum(kurtosis.features - 3, 0.0) * risk.df / np.maximum(setting.n, p) ** 2,
    )


def _random_features_limit(setting: Setting, p: Array) -> Array:
    return mei2022.risk(
        p / setting.d,
        setting.n / setting.d,
        setting.ridge * setting.d,
        setting.activation,
        signal=setting.signal,
        noise=setting.noise,
    ).test


def _random_features_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    n, d, held_out = setting.n, setting.d, max(200, 2 * setting.n)
    X, fresh = features.sphere(n, d, rng), features.sphere(held_out, d, rng)
    W = features.sphere(int(points.max()), d, rng)
    H, H_fresh = (features.random_features(x, W, setting.activation) for x in (X, fresh))
    # right-hand sides: d directions of the target and n of the noise, each of its mean power
    scale = np.sqrt(setting.signal / d)
    targets = np.hstack([scale * X, np.sqrt(setting.noise) * np.eye(n)])
    fresh_targets = np.hstack([scale * fresh, np.zeros((held_out, n))])
    if setting.ridge == 0:
        path = fit.min_norm_path(H, targets, H_fresh, fresh_targets, points)
        return setting.noise + path.test.sum(axis=1)
    risks = []
    for p in points:
        # by SVD: a kernel would square the condition, and lose a small ridge to rounding
        coefficients = fit.ridge(H[:, :p] / np.sqrt(p), targets, setting.ridge)
        predicted = H_fresh[:, :p] @ coefficients / np.sqrt(p)
        risks.append(setting.noise + ((fresh_targets - predicted) ** 2).sum() / held_out)
    return np.array(risks)


RANDOM_FEATURES = Model(
    "y = <beta, x> + noise, f(x) = p^-1/2 sum_j a_j s(<w_j, x>/sqrt d), x and w_j on the sphere of R^d",
    "mei2022",
    _random_features_theory,
    _random_features_limit,
    _random_features_trial,
)
