"""When the smallest sum of absolute coefficients finds a sparse target."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import sparse_fits
from theory.papers import donoho2009

MARGIN = 1.15
"""How far above the transition the target must be found, and below it missed."""


def _outcomes(s: Settings, rng: np.random.Generator, ratio: float | None = None) -> Array:
    """Whether the target is found with more samples than the transition needs, and missed with fewer."""
    at = s.p * float(donoho2009.transition(s.k / s.p) if ratio is None else ratio)
    more, fewer = round(MARGIN * at), round(at / MARGIN)
    X, beta = rng.standard_normal((more, s.p)), np.zeros(s.p)
    beta[: s.k] = rng.choice([-1.0, 1.0], size=s.k)
    found = [
        np.allclose(sparse_fits.basis_pursuit(X[:n], X[:n] @ beta), beta, atol=1e-6) for n in (more, fewer)
    ]
    return np.array([found[0], not found[1]], dtype=float)


transition = Claim(
    statement="Without noise, the interpolating solution of smallest sum of absolute coefficients is, more "
    "often than not, the sparse target itself just where n/p exceeds a number that depends on the "
    "share of coefficients that are not zero. (Here 15 % above it and below.)",
    formula="n/p = min over t of e (1 + t^2) + (1 - e) [2 (1 + t^2) Phi(-t) - 2 t phi(t)], e = k/p",
    source="[donoho2009, Eq. 2†]; the 15 % are chosen here",
    kind="shape",
    relation=">=",
    outcome="share",
    defaults={"p": 100, "k": 12},
    simulated="k of p coefficients are +-1; basis pursuit, as a linear program, with 1.15 times the samples "
    "of the transition and with 1/1.15 of them; 1 if it finds the target with the first, and if "
    "it misses it with the second",
    trial=_outcomes,
    theory=lambda s: 0.5,
    labels=("found above", "missed below"),
    trials=160,
    quick=160,
    sabotage={
        "2 k log(p/k) samples": {
            "trial": lambda s, rng: _outcomes(s, rng, 2 * s.k * np.log(s.p / s.k) / s.p),
        },
        "k + 1 samples, as a search over all subsets needs": {
            "trial": lambda s, rng: _outcomes(s, rng, (s.k + 1) / s.p),
        },
    },
)
