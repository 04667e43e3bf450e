"""The models of double descent: for each, one line of mathematics, two theories and an experiment.

`theory` is the best prediction at finite size, `limit` the paper's asymptotic formula, and `trial`
measures the test error of one random design at every p, exactly given the design: averaged in closed
form over label noise and target directions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import theory
from sims import features, fit
from sims.verdict import edge
from theory import kernel
from theory.papers import adlam2020ntk, belkin2020, hastie2022, mei2022

Array = NDArray[np.float64]
Points = NDArray[np.int64]

# Relative error of the deterministic equivalent, with Delta = 1 - df2/n of the kernel behind the features:
#   max(n, kernel K)/(n Delta^2) + distance/distance + features (F - 3)_+ df/max(n, p)^2,
# K and F the kurtosis of kernel and features (theory.sphere.kurtosis), 3 if they were Gaussian. K ~ 5 for
# ReLU at d = n/2, 60 to 80 at d = 10 and n = 400, where theory is up to 20 % low; F = 50 for the cubic,
# where it is 10 to 40 % low. The largest of fits at n, 2n and 4n over activations, dimensions from 5 to 2n
# and ridges, frozen; tests/sims/test_curves.py repeats them. Beyond K = n Delta^2 (ReLU at d = 3 and ridge
# 0) theory is off by factors and no allowance is known.
# A trained network of p parameters is off the limit of infinite width by up to 1.2 n/p more.
ALLOWANCE = {"n": 1.0, "distance": 2.5, "kernel": 1 / 6, "features": 0.75, "width": 2.0}


@dataclass(frozen=True)
class Setting:
    """What is fixed along a curve in p."""

    model: str = "random-features"
    activation: str = "relu"
    n: int = 200
    d: int = 100
    ridge: float = 0.0
    noise: float = 0.25
    signal: float = 1.0


class Prediction(NamedTuple):
    """Theory of a curve."""

    test: Array
    distance: Array
    """Effective distance from the threshold in samples; |n - p| for random features at ridge 0."""
    exact: bool
    """Whether `test` is the exact mean at finite n."""
    spread: Array | float = 0.0
    """Standard deviation of the risk of one design where it is known, else 0."""
    delta: Array | float = 1.0
    """1 - df2/n: small where the kernel alone is nearly interpolated by its largest eigenvalues."""
    kernel: Array | float = 3.0
    """Kurtosis of the kernel: large where samples see only their neighbours, in low dimension."""
    features: Array | float = 0.0
    """(F - 3)_+ df/max(n, p)^2 with F the kurtosis of the features."""
    width: Array | float = 0.0
    """n/p for a trained network, whose theory is that of infinite width."""


class Model(NamedTuple):
    """A model of double descent."""

    formula: str
    source: str
    theory: Callable[[Setting, Array], Prediction]
    limit: Callable[[Setting, Array], Array]
    trial: Callable[[Setting, Points, np.random.Generator], Array]
    unit: Callable[[Setting], int] = lambda _: 1
    """Every p is a multiple of this."""


def heavy_tailed(setting: Setting, prediction: Prediction) -> NDArray[np.bool_]:
    """Points so near the threshold that the mean or its standard error is useless.

    An infinite theory elsewhere is a claim like any other, and wrong beside a finite mean.
    """
    return prediction.distance <= edge(setting.n) * (1 + 1e-9)  # p on the edge: not a matter of rounding


def allowance(setting: Setting, prediction: Prediction) -> Array:
    """Relative error that the theory is allowed, beyond the standard error; 0 where it is exact.

    It is inf where no allowance has been checked.
    """
    if prediction.exact:
        return np.zeros_like(prediction.test)
    with np.errstate(divide="ignore"):
        kernel, samples = np.asarray(prediction.kernel), setting.n * np.asarray(prediction.delta) ** 2
        granted = np.maximum(ALLOWANCE["n"], ALLOWANCE["kernel"] * kernel) / samples
        granted = granted + ALLOWANCE["distance"] / prediction.distance
    granted = granted + ALLOWANCE["features"] * prediction.features + ALLOWANCE["width"] * prediction.width
    return np.where(kernel <= samples, granted, np.inf)


# ---------------------------------------------------------------- linear, weak-features


def _linear_theory(setting: Setting, p: Array) -> Prediction:
    return _gaussian_theory(setting, p, np.full_like(p, setting.signal), np.zeros_like(p))


def _weak_theory(setting: Setting, p: Array) -> Prediction:
    seen = setting.signal * p / setting.d
    return _gaussian_theory(setting, p, seen, setting.signal * (1 - p / setting.d))


def _gaussian_theory(setting: Setting, p: Array, seen: Array, omitted: Array) -> Prediction:
    """Least squares on p Gaussian coordinates: exact without ridge, the core with it."""
    if setting.ridge == 0:
        test = belkin2020.gaussian(setting.n, p, seen, omitted, setting.noise)
        spread = (setting.noise + omitted) * _inverse_wishart_spread(setting.n, p)
        return Prediction(test, np.abs(setting.n - p), exact=True, spread=spread)
    risk = _gaussian_core(setting, p, seen, omitted)
    return Prediction(risk.test, setting.n - risk.df2, exact=False)


def _inverse_wishart_spread(n: int, p: Array) -> Array:
    """Standard deviation of tr (X'X)^+: variance 2 k (N - 1)/(m (m - 1)^2 (m - 3)), m = N - k > 3."""
    k, N = np.minimum(n, p), np.maximum(n, p)
    m = np.maximum(N - k, 4)  # nearer the threshold it is infinite, and the points do not count
    return np.sqrt(2 * k * (N - 1) / (m * (m - 1) ** 2 * (m - 3)))


def _gaussian_core(setting: Setting, p: Array, seen: Array, omitted: Array) -> theory.Risk:
    risk = hastie2022.isotropic(p / setting.n, seen, setting.noise + omitted, setting.ridge)
    return risk._replace(df2=risk.df2 * setting.n)


def _linear_limit(setting: Setting, p: Array) -> Array:
    return hastie2022.isotropic(p / setting.n, setting.signal, setting.noise, setting.ridge).test


def _weak_limit(setting: Setting, p: Array) -> Array:
    share = p / setting.d
    return _gaussian_core(setting, p, setting.signal * share, setting.signal * (1 - share)).test


def _linear_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    X = features.gaussian(setting.n, int(points.max()), rng)
    return np.array([_least_squares_risk(setting, X[:, :p], setting.signal, setting.noise) for p in points])


def _weak_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    X = features.gaussian(setting.n, setting.d, rng)
    X = features.weak_coordinates(X, int(points.max()), rng)
    share = points / setting.d
    seen, unseen = setting.signal * share, setting.signal * (1 - share)
    # to the fit on p coordinates the omitted ones are independent noise
    return np.array(
        [
            _least_squares_risk(setting, X[:, :p], power, setting.noise + rest)
            for p, power, rest in zip(points, seen, unseen, strict=True)
        ]
    )


def _least_squares_risk(setting: Setting, X: Array, power: float, error: float) -> float:
    """Mean over noise and directions of beta: only the singular values of the design count."""
    n, p = X.shape
    squares = np.linalg.svd(X, compute_uv=False) ** 2
    penalty = n * setting.ridge
    lost = penalty / (squares + penalty) if penalty > 0 else 0.0
    fitted = power / p * lost**2 + error * squares / (squares + penalty) ** 2
    return float(error + power * (p - len(squares)) / p + fitted.sum())


# ---------------------------------------------------------------- Fourier series


def _fourier_theory(setting: Setting, p: Array) -> Prediction:
    limit = _fourier_limit(setting, p)
    if setting.ridge == 0:
        test = setting.signal * belkin2020.haar(setting.n, p, setting.d)
        return Prediction(test, np.abs(setting.n - p), exact=False)
    core = _gaussian_core(setting, p, np.ones_like(p), np.zeros_like(p))
    return Prediction(limit, setting.n - core.df2, exact=False)


def _fourier_limit(setting: Setting, p: Array) -> Array:
    return setting.signal * belkin2020.fourier(setting.n / setting.d, p / setting.d, setting.ridge)


def _fourier_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    d = setting.d
    rows, columns = rng.permutation(d)[: setting.n], rng.permutation(d)[: points.max()]
    A = features.fourier_series(rows, columns, d)
    penalty = setting.n * setting.ridge / d
    risks = []
    for p in points:
        s = np.linalg.svd(A[:, :p], compute_uv=False) ** 2 / d
        # directions beyond the rank, and columns beyond p, are lost with power 1 each
        fitted = (penalty**2 + s * (1 - s)) / (s + penalty) ** 2
        risks.append(setting.signal * (d - len(s) + fitted.sum()) / d)
    return np.array(risks)


# ---------------------------------------------------------------- random features


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


# ---------------------------------------------------------------- trained networks


def _network_kernel(setting: Setting) -> Callable[[Array], Array]:
    """The tangent kernel as a function of the cosine: it does not depend on d for |x|^2 = d."""

    def function(t: Array) -> Array:
        z = np.sqrt(2) * np.stack([t, np.sqrt((1 - t) * (1 + t))], axis=1)
        return kernel.ntk(np.array([np.sqrt(2), 0.0]), z, 1, setting.activation, 1.0)

    return function


def _network_theory(setting: Setting, p: Array) -> Prediction:
    problem = theory.Problem.from_kernel_on_sphere(
        _network_kernel(setting), setting.d, [0.0, setting.signal], setting.noise
    )
    risk = theory.ridge(problem, setting.n, setting.ridge)
    return Prediction(
        np.full_like(p, risk.test),
        np.full_like(p, np.inf),
        exact=False,
        delta=1 - risk.df2 / setting.n,
        width=setting.n / p,
    )


def _network_limit(setting: Setting, p: Array) -> Array:
    width = p / (setting.d + 1)
    return adlam2020ntk.risk(
        setting.d / setting.n,
        setting.d / width,
        setting.n * setting.ridge,
        setting.activation,
        signal=setting.signal,
        noise=setting.noise,
    ).test


def _network_trial(setting: Setting, points: Points, rng: np.random.Generator) -> Array:
    """Networks of every width on one data set, with the kernel machine as a control variate.

    The error of the kernel machine on the same labels is exchanged for its mean over labels: the mean stays,
    most of the spread, which both share, goes.
    """
    from sims.network import Network, start  # a tenth of a second that other models do not wait for
    from sims.solvers import lbfgs

    n, d, held_out = setting.n, setting.d, 1000
    X, fresh = features.sphere(n, d, rng), features.sphere(held_out, d, rng)
    beta, e = rng.standard_normal(d), rng.standard_normal(n)
    beta *= np.sqrt(setting.signal) / np.linalg.norm(beta)
    y, truth = X @ beta + np.sqrt(setting.noise) * e, fresh @ beta
    gram = kernel.ntk(np.concatenate([X, fresh]), X, 1, setting.activation, 1.0)
    hat = np.linalg.solve(gram[:n] + n * setting.ridge * np.eye(n), gram[n:].T).T
    lost = np.sqrt(setting.signal / d) * (fresh - hat @ X)
    control = ((lost**2).sum() + setting.noise * (hat**2).sum()) / held_out - np.mean((truth - hat @ y) ** 2)
    risks = []
    for p in points:
        network = Network(
            d, (int(p) // (d + 1),), activation=setting.activation, sigma_w2=1.0, symmetric=True
        )
        # the condition of the objective is about 1/ridge, and L-BFGS needs the root of it
        steps = int(100 + 5 / np.sqrt(setting.ridge))
        theta = start(network, rng.spawn(1))
        run = lbfgs(network, theta, X, y, steps, ridge=setting.ridge, tolerance=1e-6, X_test=fresh)
        assert run.test is not None
        risks.append(setting.noise + np.mean((truth - run.test[-1, 0]) ** 2) + control)
    return np.array(risks)


MODELS = {
    "linear": Model(
        "y = <beta, x> + noise, x ~ N(0, I_p); least squares on all p coordinates",
        "hastie2022",
        _linear_theory,
        _linear_limit,
        _linear_trial,
    ),
    "weak-features": Model(
        "y = <beta, x> + noise, x ~ N(0, I_D); least squares on p random coordinates of D",
        "belkin2020",
        _weak_theory,
        _weak_limit,
        _weak_trial,
    ),
    "random-features": Model(
        "y = <beta, x> + noise, f(x) = p^-1/2 sum_j a_j s(<w_j, x>/sqrt d), x and w_j on the sphere of R^d",
        "mei2022",
        _random_features_theory,
        _random_features_limit,
        _random_features_trial,
    ),
    "fourier": Model(
        "y = <beta, x>, x a row of the D x D Fourier transform; least squares on p random columns",
        "belkin2020",
        _fourier_theory,
        _fourier_limit,
        _fourier_trial,
    ),
    "network": Model(
        "y = <beta, x> + noise, f(x) = N^-1/2 sum_j a_j s(<w_j, x>/sqrt d), x on the sphere of R^d; all "
        "p = N (d + 1) weights trained from f = 0, theory of infinite width",
        "adlam2020ntk",
        _network_theory,
        _network_limit,
        _network_trial,
        lambda setting: 2 * (setting.d + 1),  # symmetric networks have pairs of units
    ),
}
