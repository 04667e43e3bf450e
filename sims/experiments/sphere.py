"""Random features and their kernel on the sphere, measured exactly given samples and weights.

f(x) = sum_j a_j activation(<w_j, x>/sqrt d)/sqrt p, x and w_j on the sphere of radius sqrt(d). Every mean
over a fresh input, over targets and over label noise is a sum over the degrees of spherical harmonics, so no
test set is needed. Used by the claims and figures of mei2022, adlam2020, dascoli2020, dascoli2020triple and
ghorbani2021; `descent_models.random_features` has a test set and every p at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from sims import features
from sims.experiments.gaussian import DesignRisk
from sims.fit.cutoff import svd
from sims.trials.sample import Array
from theory import sphere

DEGREES = 16  # of an activation; of higher degrees distinct points of a sphere with d >= 10 share nothing


@dataclass(frozen=True)
class Target:
    """A random linear function, a random quadratic harmonic, and label noise, each with its power."""

    linear: float = 1.0
    quadratic: float = 0.0
    noise: float = 0.0

    def covariance(self, t: Array, d: int, linear: float = 1.0, quadratic: float = 1.0) -> Array:
        """Covariance of noiseless values at inputs with cosines t; each part may be scaled."""
        second = (d * t**2 - 1) / (d - 1)
        return linear * self.linear * t + quadratic * self.quadratic * second


class RidgeFit(NamedTuple):
    """A ridge regression: f(x) = sum_j (coefficients y)_j g(<centre_j, x>), scale included."""

    X: Array
    centres: Array
    order: int
    """1: g is the activation, 2: its kernel."""
    activation: str
    scale: float
    coefficients: Array
    """(centres, n), labels to coefficients."""
    hat: Array
    """(n, n), labels to fitted values."""


def random_features(X: Array, W: Array, activation: str, ridge: float) -> RidgeFit:
    """Ridge regression on the features activation(<w, x>/sqrt d)/sqrt p, w the rows of W (p, d).

    At ridge 0 it is the minimum-norm fit to the samples X (n, d).

    >>> rng = np.random.default_rng(0)
    >>> random_features(features.sphere(6, 4, rng), features.sphere(3, 4, rng), "relu", 0.1).hat.shape
    (6, 6)
    """
    scale = float(1 / np.sqrt(len(W)))
    H = scale * features.random_features(X, W, activation)
    left, s, right = svd(H)
    gain = s / (s**2 + len(X) * ridge)
    coefficients = (right.T * gain) @ left.T
    return RidgeFit(X, W, 1, activation, scale, coefficients, H @ coefficients)


def kernel_machine(X: Array, activation: str, ridge: float) -> RidgeFit:
    """Ridge regression on infinitely many of these features; at ridge 0 it interpolates the samples X (n, d).

    >>> fit = kernel_machine(features.sphere(6, 4, np.random.default_rng(0)), "relu", 0.0)
    >>> bool(np.allclose(fit.hat, np.eye(6)))
    True
    """
    K = zonal(X, X, activation, 2)
    solve = np.linalg.solve(K + len(X) * ridge * np.eye(len(X)), np.eye(len(X))).astype(np.float64)
    return RidgeFit(X, X, 2, activation, 1.0, solve, K @ solve)


def zonal(X: Array, Z: Array, activation: str, power: int) -> Array:
    """sum_k xi_k^power N(d, k) P_k(cosine): the activation itself (power 1), its kernel (2), and so on.

    X (n, d) and Z (m, d) lie on the sphere of radius sqrt(d); the matrix is (n, m). If X is Z, the diagonal
    of power 2 includes what lies beyond the last degree.

    >>> zonal(np.ones((1, 4)), np.ones((1, 4)), "identity", 2).round(12)
    array([[1.]])
    """
    d = X.shape[1]
    values, rest = _coefficients(activation, d)
    weights = values**power * sphere.multiplicity(np.arange(len(values)), d)
    t = cosines(X, Z)
    total, before, now = np.full_like(t, weights[0]), np.ones_like(t), t
    for k in range(1, len(weights)):  # Legendre's recurrence in d dimensions
        total += weights[k] * now
        before, now = now, ((2 * k + d - 2) * t * now - k * before) / (k + d - 2)
    if X is Z and power == 2:
        total[np.diag_indices_from(total)] = weights.sum() + rest
    return total


def cosines(X: Array, Z: Array) -> Array:
    """Cosines between the rows of X and of Z, which lie on the sphere of radius sqrt(d).

    >>> cosines(np.ones((1, 4)), np.array([[1.0, 1.0, -1.0, -1.0]]))
    array([[0.]])
    """
    return X @ Z.T / X.shape[1]


def overlap(one: RidgeFit, two: RidgeFit, target: Target) -> tuple[float, float]:
    """E f1(x) f2(x) over fresh inputs and targets: its part from the target, and its part from label noise.

    Two fits share label noise if they have the same samples (the same array X).

    >>> fit = kernel_machine(features.sphere(6, 4, np.random.default_rng(0)), "identity", 1.0)
    >>> overlap(fit, fit, Target(noise=0.0))[1]
    0.0
    """
    between = zonal(one.centres, two.centres, one.activation, one.order + two.order)
    product = one.coefficients.T @ (one.scale * two.scale * between) @ two.coefficients
    t = cosines(one.X, two.X)
    signal = np.sum(product * target.covariance(t, one.X.shape[1]))
    return float(signal), float(target.noise * np.trace(product)) if one.X is two.X else 0.0


def alignment(fit: RidgeFit, target: Target) -> float:
    """E f(x) f*(x) over fresh inputs and targets: f the fit, f* the target.

    >>> fit = kernel_machine(features.sphere(9, 4, np.random.default_rng(0)), "identity", 1e-9)
    >>> round(alignment(fit, Target()), 6)
    1.0
    """
    d = fit.X.shape[1]
    first, second = _coefficients(fit.activation, d)[0][1:3] ** fit.order
    shared = target.covariance(cosines(fit.centres, fit.X), d, first, second)
    return float(fit.scale * np.sum(fit.coefficients * shared))


def measure(fit: RidgeFit, target: Target) -> DesignRisk:
    """Test and training error, squared norm (of random features) and degrees of freedom of a fit.

    >>> fit = kernel_machine(features.sphere(9, 4, np.random.default_rng(0)), "identity", 1e-9)
    >>> round(measure(fit, Target()).test, 6)
    0.0
    """
    n, d = fit.X.shape
    labels = target.covariance(cosines(fit.X, fit.X), d) + target.noise * np.eye(n)
    signal, noise = overlap(fit, fit, target)
    test = target.noise + target.linear + target.quadratic - 2 * alignment(fit, target) + signal + noise
    lost = np.eye(n) - fit.hat
    train = np.sum((lost @ labels) * lost) / n
    norm = np.sum((fit.coefficients @ labels) * fit.coefficients)
    return DesignRisk(test, float(train), float(norm), float(np.trace(fit.hat)))


class Variances(NamedTuple):
    """Terms of the error without the noise of the test label: which draws cause them, alone or together."""

    bias: float
    samples: float
    features: float
    samples_features: float
    noise_samples: float
    noise_samples_features: float


def variances(
    X: Sequence[Array], W: Sequence[Array], activation: str, ridge: float, target: Target
) -> Variances:
    """Unbiased estimates from two sets of samples crossed with two sets of weights.

    X are two (n, d), W two (p, d).

    >>> rng = np.random.default_rng(0)
    >>> X, W = ([features.sphere(count, 4, rng) for _ in range(2)] for count in (6, 3))
    >>> variances(X, W, "relu", 0.1, Target()).noise_samples
    0.0
    """
    fits = [[random_features(x, w, activation, ridge) for w in W] for x in X]
    (a, b), (c, d) = fits

    def mean(*pairs: tuple[RidgeFit, RidgeFit]) -> tuple[float, float]:
        signal, noise = np.mean([overlap(*pair, target) for pair in pairs], axis=0)
        return float(signal), float(noise)

    whole, noise = mean((a, a), (b, b), (c, c), (d, d))
    same_X, noise_X = mean((a, b), (c, d))
    same_W, _ = mean((a, c), (b, d))
    apart, _ = mean((a, d), (b, c))
    aligned = np.mean([alignment(fit, target) for fit in (a, b, c, d)])
    return Variances(
        bias=float(target.linear + target.quadratic - 2 * aligned + apart),
        samples=same_X - apart,
        features=same_W - apart,
        samples_features=whole - same_X - same_W + apart,
        noise_samples=noise_X,
        noise_samples_features=noise - noise_X,
    )


def approximation(W: Array, activation: str, ridge: float, target: Target) -> float:
    """Test error of ridge regression on these random features, W (p, d), after infinitely many samples.

    >>> W = features.sphere(9, 4, np.random.default_rng(0))
    >>> round(approximation(W, "identity", 1e-9, Target(noise=0.5)), 6)  # the noise alone is left
    0.5
    """
    p, d = W.shape
    covariance = zonal(W, W, activation, 2) / p
    first, second = _coefficients(activation, d)[0][1:3] ** 2
    aligned = target.covariance(cosines(W, W), d, first, second) / p  # E h_i f* E h_j f* over targets
    solve = np.linalg.inv(covariance + ridge * np.eye(p))
    gained = 2 * aligned - covariance @ solve @ aligned
    return float(target.noise + target.linear + target.quadratic - np.sum(solve * gained))


def noisy_linear_error(
    X: Array, W: Array, mu1: float, rest: float, ridge: float, target: Target, rng: np.random.Generator
) -> float:
    """Test error for a linear target on features (mu1 <w, x>/sqrt d + noise of power `rest`)/sqrt p.

    The features are the Gaussian equivalents of nonlinear ones, at samples X (n, d) and weights W (p, d).

    >>> rng = np.random.default_rng(0)
    >>> X, W = features.sphere(20, 3, rng), features.sphere(9, 3, rng)
    >>> round(noisy_linear_error(X, W, 1.0, 0.0, 1e-9, Target(), rng), 6)
    0.0
    """
    (n, d), p = X.shape, len(W)
    linear = mu1 * W / np.sqrt(d * p)
    H = X @ linear.T + np.sqrt(rest / p) * rng.standard_normal((n, p))
    solve = np.linalg.solve(H.T @ H + n * ridge * np.eye(p), H.T)
    error = linear.T @ solve @ X - np.eye(d)
    fitted = solve @ np.hstack([np.sqrt(target.linear / d) * X, np.sqrt(target.noise) * np.eye(n)])
    total = target.noise + target.linear / d * np.sum(error**2) + rest / p * np.sum(fitted**2)
    return float(total + target.noise * np.sum((linear.T @ solve) ** 2))


@cache
def _coefficients(activation: str, d: int) -> sphere.ActivationSpectrum:
    return sphere.activation_spectrum(activation, DEGREES, d)
