"""Basis pursuit interpolates noise: its own double descent."""

from math import sqrt

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import sparse_fits


def _gains(s: Settings, rng: np.random.Generator) -> Array:
    """Log test error of basis pursuit near p = n less that far from it, and of the minimum norm less both."""
    few, many = round(s.near * s.n), round(s.far * s.n)
    X, beta = rng.standard_normal((s.n, many)), np.zeros(many)
    beta[: s.k] = sqrt(s.signal / s.k)
    y = X @ beta + sqrt(s.noise) * rng.standard_normal(s.n)
    fits = [sparse_fits.basis_pursuit(X[:, :few], y), sparse_fits.basis_pursuit(X, y), np.linalg.pinv(X) @ y]
    near, far, norm = (np.log(s.noise + np.sum((a - beta[: len(a)]) ** 2)) for a in fits)
    return np.array([near - far, norm - far])


descent = Claim(
    statement="The fit of smallest sum of absolute coefficients that interpolates noisy labels has a double "
    "descent of its own: beyond p = n its error falls again, and for a sparse target far below "
    "that of the minimum norm.",
    formula="test(near n) > test(far n), and test(l1) < test(l2) at p = far n; `bayati2012.lasso` at "
    "penalty 0 and `hastie2022.isotropic` are the curves",
    source="[li2021bp†]",
    kind="shape",
    relation=">=",
    defaults={"n": 30, "near": 1.3, "far": 3.0, "k": 3, "signal": 4.0, "noise": 0.5},
    simulated="n Gaussian samples, k of near n or of far n coefficients equal and the others zero; basis "
    "pursuit as a linear program and the fit of minimum norm; logarithms of the ratios of exact "
    "test errors",
    trial=_gains,
    theory=lambda s: 0.0,
    labels=("near - far", "l2 - l1"),
    trials=128,
    quick=96,
    sabotage={"for a target that is not sparse too": {"defaults": {"k": 36}}},
)
