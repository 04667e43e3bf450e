"""Random-feature ridge regression for any spectrum: deterministic equivalents and scaling laws."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import projections
from theory import Problem
from theory.papers import defilippis2024


def _parts(s: Settings, rng: np.random.Generator) -> Array:
    problem = projections.problem(s.n)
    Phi, features = projections.draw(problem, s.n, 2 * s.n, rng)
    fits = (projections.excess(problem, Phi, features[:, :p], s.ridge) for p in (s.n // 2, s.n, 2 * s.n))
    return np.ravel(list(fits))


def _parts_theory(n: int, ridge: float) -> Array:
    limit = defilippis2024.equivalents(projections.problem(n, noise=1.0), n, [n / 2, n, 2 * n], ridge)
    return np.stack([limit.bias, limit.variance], axis=1).ravel()


def _no_optimism(s: Settings) -> Array:
    """Variance Upsilon and bias A + chi nu2 C, without their common factor 1/(1 - Upsilon)."""
    widths = [s.n / 2, s.n, 2 * s.n]
    limit = defilippis2024.equivalents(projections.problem(s.n, noise=1.0), s.n, widths, s.ridge)
    return (np.stack([limit.bias, limit.variance], axis=1) * (1 - limit.upsilon)[:, None]).ravel()


parts = Claim(
    statement="The test error of ridge regression on p random features has two parts, what is missed of a "
    "target without noise and what label noise costs. From the eigenvalues of the kernel alone follow the "
    "limits of both, below, at and beyond p = n.",
    formula="bias = (A + chi nu2 C)/(1 - Upsilon), variance = noise Upsilon/(1 - Upsilon); "
    "with r_i = lambda_i/(lambda_i + nu2) and z, q, w the sums of r_i, r_i^2, r_i (1 - r_i): "
    "Upsilon = [q (p - z) + w z]/(n (p - q)), chi nu2 = w/(p - q), A and C the sums "
    "of power_i (1 - r_i)^2 and power_i r_i (1 - r_i)",
    source="[defilippis2024, Sec. 3]",
    kind="asymptotic",
    defaults={"n": 50, "ridge": 0.003},
    simulated="n samples and p = n/2, n and 2n random features of three levels of eigenvalues "
    "on one design; the exact error of the fit to the target without noise, "
    "and to noise of variance 1, given samples and features",
    trial=_parts,
    theory=lambda s: _parts_theory(s.n, s.ridge),
    allowance=lambda s: 2.0 / s.n,  # measured: up to 3.0, 1.4 and 0.9 % at n = 50, 100 and 200
    labels=(
        "bias, p = n/2",
        "variance, p = n/2",
        "bias, p = n",
        "variance, p = n",
        "bias, p = 2n",
        "variance, p = 2n",
    ),
    grows=("n",),
    trials=256,
    quick=48,
    sabotage={
        "the factor 1/(1 - Upsilon) dropped": _no_optimism,
        "n ridge for the ridge": lambda s: _parts_theory(s.n, s.n * s.ridge),
        "no ridge": {"defaults": {"ridge": 0.0}, "theory": lambda s: _parts_theory(s.n, 0.003)},
    },
)

DOUBLINGS = np.array([1, 2, 4, 8])
POWERS = (6.0, 2.0)  # exponents of a smooth and of a rough target


def _slopes(s: Settings, errors: Array) -> Array:
    """Exponent of each target's error in the size, by least squares."""
    x = np.log(DOUBLINGS) - np.log(DOUBLINGS).mean()
    return np.log(errors.reshape(len(POWERS), -1)) @ x / (x @ x)


def _spectrum(s: Settings) -> tuple[Array, list[Array]]:
    i = np.arange(1.0, s.rank + 1)
    return i**-s.exponent, [i**-b for b in POWERS]


def _equivalent_slopes(s: Settings, n: Array | float, p: Array | float) -> Array:
    lam, powers = _spectrum(s)
    return _slopes(s, np.array([defilippis2024.equivalents(Problem(lam, v), n, p).bias for v in powers]))


def _by_width(s: Settings, rng: np.random.Generator) -> Array:
    lam, powers = _spectrum(s)
    features = np.sqrt(lam)[:, None] * rng.standard_normal((s.rank, int(s.size * DOUBLINGS[-1])))
    # the share of each eigenfunction in the span of the first p features
    spanned = np.cumsum(np.linalg.qr(features)[0] ** 2, axis=1)[:, s.size * DOUBLINGS - 1]
    return np.ravel([v @ (1 - spanned) for v in powers])


def _by_samples(s: Settings, rng: np.random.Generator) -> Array:
    lam, powers = _spectrum(s)
    Phi = rng.standard_normal((int(s.size * DOUBLINGS[-1]), s.rank))
    errors = []
    for n in s.size * DOUBLINGS:
        seen = Phi[:n] * np.sqrt(lam)
        left, scale, right = np.linalg.svd(seen, full_matrices=False)
        # fit to eigenfunction j: sqrt(lam) right' diag(1/scale) left' Phi_j
        fit = (left / scale).T @ Phi[:n]
        hit = np.sqrt(lam) * (right * fit).sum(axis=0)
        missed = 1 - 2 * hit + (fit * ((right * lam) @ right.T @ fit)).sum(axis=0)
        errors.append([v @ missed for v in powers])
    return np.transpose(errors).ravel()


SCALING = {"size": 20, "rank": 1600, "exponent": 1.5}

width_rate = Claim(
    statement="With plenty of samples, the error falls with the width like p^-a for a smooth target "
    "and like p^-(b - 1) for a rough one: random features of eigenvalues i^-a cannot use all the smoothness.",
    formula="test - noise ~ p^-min(b - 1, a) for lambda_i = i^-a and power i^-b, n = inf",
    source="[defilippis2024, Sec. 4] (scaling laws, width-limited)",
    kind="rate",
    defaults=SCALING,
    simulated="1, 2, 4 and 8 times size random features of eigenvalues i^-1.5; "
    "the exact part of targets with power i^-6 and i^-2 outside their span; "
    "slope of the logarithm of its mean over log p, for theory too",
    trial=_by_width,
    statistic=_slopes,
    theory=lambda s: _equivalent_slopes(s, np.inf, s.size * DOUBLINGS),
    allowance=0.03,  # from 20 features on; measured: 1 %
    labels=("smooth, b = 6", "rough, b = 2"),
    trials=256,
    quick=64,
    sabotage={
        "all smoothness used, 1 - b": lambda s: 1 - np.array(POWERS),
        "the rate in samples": lambda s: _equivalent_slopes(s, s.size * DOUBLINGS, np.inf),
        "samples in place of features": {"trial": _by_samples},
    },
)

sample_rate = Claim(
    statement="With plenty of features, the error of interpolation without noise falls "
    "with the samples like n^-2a for a smooth target, twice the exponent in the width, "
    "and like n^-(b - 1) for a rough one.",
    formula="test ~ n^-min(b - 1, 2a) for lambda_i = i^-a and power i^-b, p = inf, noise 0",
    source="[defilippis2024, Sec. 4] (scaling laws, sample-limited)",
    kind="rate",
    defaults=SCALING,
    simulated="1, 2, 4 and 8 times size Gaussian samples and a kernel of eigenvalues i^-1.5; "
    "the exact error of its interpolation of targets with power i^-6 and i^-2; "
    "slope of the logarithm of its mean over log n, for theory too",
    trial=_by_samples,
    statistic=_slopes,
    theory=lambda s: _equivalent_slopes(s, s.size * DOUBLINGS, np.inf),
    allowance=0.05,  # from 20 samples on; measured: 2 %
    labels=("smooth, b = 6", "rough, b = 2"),
    trials=128,
    quick=56,
    sabotage={
        "all smoothness used, 1 - b": lambda s: 1 - np.array(POWERS),
        "the rate in features": lambda s: _equivalent_slopes(s, np.inf, s.size * DOUBLINGS),
        "features in place of samples": {"trial": _by_width},
    },
)
