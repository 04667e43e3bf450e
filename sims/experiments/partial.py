"""Linear models whose features show a part of the target: regressors left out, latent variables.

y = <beta, x> + noise, x ~ N(0, I_d), fitted on the first p coordinates of x alone, or on noisy views of d
latent variables. Used by the claims and figures of hastie2022, nakkiran2021 and belkin2020; `isotropic` is
the case where the features show all of the target.
"""

import numpy as np

from sims.experiments.settings import Settings
from sims.trials.sample import Array


def partial_error(X: Array, p: int, power: Array, noise: float, ridge: float = 0.0) -> float:
    """Test error of ridge regression on the first p coordinates of X (n, d), given the design.

    The labels come from all d coordinates, and the error is the mean over their noise and over targets with
    independent coefficients of mean 0 and variance `power` (d,). Ridge 0 is the fit of minimum norm.

    >>> partial_error(np.array([[2.0, 2.0]]), 1, np.array([1.0, 3.0]), noise=1.0)
    7.25
    """
    seen = X[:, :p]
    if ridge == 0:
        solve = np.linalg.pinv(seen)
    elif p < len(X):
        solve = np.linalg.solve(seen.T @ seen + len(X) * ridge * np.eye(p), seen.T)
    else:
        solve = np.linalg.solve(seen @ seen.T + len(X) * ridge * np.eye(len(X)), seen).T
    lost = solve @ X  # the coefficients that each coordinate's part of the labels gets
    lost[np.arange(p), np.arange(p)] -= 1
    return float(noise + power @ (lost**2).sum(axis=0) + power[p:].sum() + noise * (solve**2).sum())


def fixed_target_parts(X: Array, beta: Array, p: int) -> tuple[float, float]:
    """Minimum-norm fit on the first p coordinates of X (n, d) to labels X beta: what it costs, by its parts.

    The first number is the squared distance of its coefficients from beta[:p] without label noise, the second
    the squared norm of its fit to noise of variance 1. The test error on isotropic inputs is their sum,
    weighted, and noise + |beta[p:]|^2. Use `partial_error` for the mean over targets.

    >>> fixed_target_parts(np.array([[2.0, 2.0]]), np.array([1.0, 3.0]), 1)
    (9.0, 0.25)
    """
    pseudo_inverse = np.linalg.pinv(X[:, :p])
    lost = beta[:p] - pseudo_inverse @ (X @ beta)
    return float(lost @ lost), float(np.sum(pseudo_inverse**2))


def misspecified_errors(s: Settings, decay: float, ratios: Array, rng: np.random.Generator) -> Array:
    """Ridgeless test errors at these ratios p/n, given the design, of a target on 10 n coordinates.

    The target has power signal (1 + p/n)^-decay beyond coordinate p; what lies beyond 10 n counts as noise.
    The settings are n, signal and noise.

    >>> from types import SimpleNamespace
    >>> s = SimpleNamespace(n=8, signal=1.0, noise=0.1)
    >>> misspecified_errors(s, 2.0, np.array([0.5, 2.0]), np.random.default_rng(0)).shape
    (2,)
    """
    left = s.signal * (1 + np.arange(10 * s.n + 1) / s.n) ** -decay
    X = rng.standard_normal((s.n, 10 * s.n))
    sizes = np.round(ratios * s.n).astype(int)
    return np.array([partial_error(X, p, -np.diff(left), s.noise + left[-1]) for p in sizes])


def variance_and_lost(s: Settings, rng: np.random.Generator) -> Array:
    """What the minimum-norm fit makes of label noise alone, and what it loses of one target without noise.

    All p coordinates are fitted. The settings are n, p, signal and noise.
    """
    X = rng.standard_normal((s.n, s.p))
    beta = rng.standard_normal(s.p) * np.sqrt(s.signal / s.p)
    missed, spread = fixed_target_parts(X, beta, s.p)
    return np.array([s.noise * spread, missed])


BEFORE, BEYOND = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), np.array([1.5, 2.0, 2.5, 3.0, 4.0])
"""Ratios p/n in the valley below the threshold and in the one beyond."""


def valleys_of_two_decays(s: Settings, rng: np.random.Generator) -> Array:
    """Errors of `misspecified_errors` in both valleys, at decay `slow` and then at decay `fast`."""
    both = np.concatenate([BEFORE, BEYOND])
    return np.concatenate([misspecified_errors(s, decay, both, rng) for decay in (s.slow, s.fast)])


def deeper_valleys(s: Settings, mean: Array) -> Array:
    """By what power of e the valley beyond is deeper at the slow decay, and that before at the fast one."""
    slow, fast = (np.log(c[: len(BEFORE)].min() / c[len(BEFORE) :].min()) for c in np.split(mean, 2))
    return np.array([slow, -fast])


def latent_error(s: Settings, p: int, rng: np.random.Generator) -> float:
    """Ridgeless test error on p noisy views W z + N(0, I_p) of d latent variables z, given design and W.

    The target is linear in z; W (p, d) has orthogonal columns of squared length mu p/d. The settings are n,
    d, mu, signal and noise.

    >>> from types import SimpleNamespace
    >>> s = SimpleNamespace(n=8, d=2, mu=1.0, signal=1.0, noise=0.1)
    >>> latent_error(s, 16, np.random.default_rng(0)) > 0.1
    True
    """
    W = np.linalg.qr(rng.standard_normal((p, s.d)))[0] * np.sqrt(s.mu * p / s.d)
    Z = rng.standard_normal((s.n, s.d))
    pseudo_inverse = np.linalg.pinv(Z @ W.T + rng.standard_normal((s.n, p)))
    fitted = pseudo_inverse @ Z
    target = np.sum((np.eye(s.d) - W.T @ fitted) ** 2) + np.sum(fitted**2)
    cost = np.sum((W.T @ pseudo_inverse) ** 2) + np.sum(pseudo_inverse**2)
    return float(s.noise + s.signal / s.d * target + s.noise * cost)
