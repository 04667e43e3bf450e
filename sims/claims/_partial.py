"""Linear models whose features show a part of the target: regressors left out, latent variables."""

import numpy as np

from sims.claims._claim import Array, Settings
from sims.claims._spectral import fit, ridge


def misspecified_errors(s: Settings, decay: float, ratios: Array, rng: np.random.Generator) -> Array:
    """Ridgeless test errors at these p/n where signal (1 + p/n)^-decay is left out, given the design."""
    X = rng.standard_normal((s.n, int(ratios.max() * s.n)))
    errors = []
    for p in (ratios * s.n).round().astype(int):
        omitted = s.signal * (1 + p / s.n) ** -decay
        # regressors left out are independent: to the fit they are noise
        error = s.noise + omitted
        errors.append(error + fit(X[:, :p], ridge(0.0), s.signal - omitted, error).excess)
    return np.array(errors)


def latent_error(s: Settings, p: int, rng: np.random.Generator) -> float:
    """Ridgeless test error on p noisy views of d latent variables that make the target, given both."""
    W = np.linalg.qr(rng.standard_normal((p, s.d)))[0] * np.sqrt(s.mu * p / s.d)
    Z = rng.standard_normal((s.n, s.d))
    pseudo_inverse = np.linalg.pinv(Z @ W.T + rng.standard_normal((s.n, p)))
    fitted = pseudo_inverse @ Z
    target = np.sum((np.eye(s.d) - W.T @ fitted) ** 2) + np.sum(fitted**2)
    cost = np.sum((W.T @ pseudo_inverse) ** 2) + np.sum(pseudo_inverse**2)
    return float(s.noise + s.signal / s.d * target + s.noise * cost)
