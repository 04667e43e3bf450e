"""Do we really need a new theory to understand over-parameterization? Classical bounds, double descent."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments.classical_bounds import SHARES, Bound, curves, rank_correlation


def _ranked(s: Settings, rng: np.random.Generator, by: Bound) -> Array:
    """Rank correlation of bound and test error along the whole curve, and beyond the threshold alone."""
    test, bound = curves(s.n, s.d, s.noise, s.ridge, by, rng)
    wide = SHARES > 1
    return np.array([rank_correlation(bound, test), rank_correlation(bound[wide], test[wide])])


WHERE = ("whole curve", "p > n")
SIMULATED = (
    "one design and 8 draws of noisy labels, random ReLU features from p = n/10 to 5n; "
    "rank correlation of the mean bound with the mean of the exact error"
)

norm = Claim(
    statement="A bound by the norm of the coefficients shows double descent: "
    "along the curve in p it orders the models roughly as their test error does, "
    "and beyond the threshold almost without fault, in every draw.",
    formula="rank correlation of |a| sqrt(sum |phi(x_i)|^2)/n with test >= 0.5, and >= 0.9 for p > n "
    "(both limits chosen here)",
    source="[oneto2023] argues so without a theorem; [bartlett2002] is the bound; "
    "the limits 0.5 and 0.9 are our choice",
    kind="shape",
    defaults={"n": 60, "d": 20, "noise": 0.5, "ridge": 0.0},
    simulated=SIMULATED,
    trial=lambda s, rng: _ranked(s, rng, "norm"),
    theory=lambda s: np.array([0.5, 0.9]),
    relation=">=",
    outcome="every",
    labels=WHERE,
    quick=24,
    sabotage={
        "a bound that counts parameters": {"trial": lambda s, rng: _ranked(s, rng, "vc")},
        "the training error": {"trial": lambda s, rng: _ranked(s, rng, "training")},
    },
)

leave_one_out = Claim(
    statement="The leave-one-out error, a classical estimate by stability, "
    "orders the models along double descent nearly as their test error does, "
    "on both sides of the threshold and in every draw.",
    formula="rank correlation of mean_i [(K^+ y)_i/(K^+)_ii]^2 with test >= 0.7 (chosen here), K = H H', "
    "and for p > n",
    source="[oneto2023] argues so without a theorem; the limit 0.7 is our choice",
    kind="shape",
    defaults={"n": 60, "d": 20, "noise": 0.5, "ridge": 0.0},
    simulated=SIMULATED,
    trial=lambda s, rng: _ranked(s, rng, "left out"),
    theory=lambda s: 0.7,
    relation=">=",
    outcome="every",
    labels=WHERE,
    quick=24,
    sabotage={
        "a bound that counts parameters": {"trial": lambda s, rng: _ranked(s, rng, "vc")},
        "the training error": {"trial": lambda s, rng: _ranked(s, rng, "training")},
    },
)

vc = Claim(
    statement="A bound that counts parameters orders the models along double descent "
    "as their test error does.",
    formula="rank correlation of sqrt(8/n (D log(2 e n/D) + log(4/delta))), D = p + 1, with test >= 0.6 "
    "(chosen here), and for p > n",
    source="[oneto2023] says that it does not; the limit 0.6 is our choice",
    kind="shape",
    defaults={"n": 60, "d": 20, "noise": 0.5, "ridge": 0.0},
    simulated=SIMULATED,
    trial=lambda s, rng: _ranked(s, rng, "vc"),
    theory=lambda s: 0.6,
    relation=">=",
    outcome="every",
    labels=WHERE,
    quick=24,
    expected="disagrees",
    why="The bound rises up to p = n and is constant from there on, where the error falls again.",
    sabotage={
        "for wide models in particular": {"theory": lambda s: np.array([0.9, 0.9])},
        "with a small ridge too": {"defaults": {"ridge": 1e-3}},
    },
)
