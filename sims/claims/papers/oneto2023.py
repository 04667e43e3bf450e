"""Do we really need a new theory to understand over-parameterization? Classical bounds, double descent."""

import numpy as np

from sims import fit
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import random_relu as relu
from theory import complexity, validation

SHARES = np.array([0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.7, 2.5, 5.0])
LABELS = 8
"""Draws of target and noise over which errors and bounds of one design are averaged."""


def _bound(s: Settings, H: Array, y: Array, coefficients: Array, by: str) -> float:
    """A bound on (or an estimate of) the error of fits to y (n, k) on features H (n, p), averaged over k."""
    if by == "norm":
        return float(complexity.rademacher_bound(H, np.linalg.norm(coefficients, axis=0)).mean())
    if by == "training":
        # what rounding leaves of interpolated labels counts as nothing
        return max(float(np.mean((y - H @ coefficients) ** 2)), 1e-9)
    if by == "left out":
        K = H @ H.T
        return float(np.mean([validation.leave_one_out(K, labels, s.ridge) ** 2 for labels in y.T]))
    return float(complexity.vc_gap(H.shape[1] + 1, s.n))


def _curves(s: Settings, rng: np.random.Generator, by: str) -> Array:
    """Test error and a bound for minimum-norm fits to one design, at p = n times each share."""
    design = relu.draw(s.n, s.d, int(SHARES.max() * s.n), rng)
    beta = rng.standard_normal((s.d, LABELS)) / np.sqrt(s.d)
    y = design.X @ beta + np.sqrt(s.noise) * rng.standard_normal((s.n, LABELS))
    rows = []
    for p in (SHARES * s.n).astype(int):
        H = design.features(p)
        a = fit.ridge(H, y, s.ridge)
        rows.append((s.noise + design.error(a, beta, p).mean(), _bound(s, H, y, a, by)))
    return np.array(rows).T


def _rank_correlation(a: Array, b: Array) -> float:
    """Spearman's; numbers equal to 1e-12 share a rank."""
    from scipy.stats import rankdata

    first, second = (rankdata(np.round(np.log(c), 12)) for c in (a, b))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0  # a constant orders nothing
    return float(np.corrcoef(first, second)[0, 1])


def _ranked(s: Settings, rng: np.random.Generator, by: str) -> Array:
    """Along the whole curve, and beyond the threshold alone."""
    test, bound = _curves(s, rng, by)
    wide = SHARES > 1
    return np.array([_rank_correlation(bound, test), _rank_correlation(bound[wide], test[wide])])


WHERE = ("whole curve", "p > n")
SIMULATED = (
    "one design and 8 draws of noisy labels, random ReLU features from p = n/10 to 5n; rank correlation of "
    "the mean bound with the mean of the exact error"
)

norm = Claim(
    statement="A bound by the norm of the coefficients knows of double descent: along the curve in p it "
    "orders the models roughly as their test error does, and beyond the threshold almost without fault.",
    formula="rank correlation of |a| sqrt(sum |phi(x_i)|^2)/n with test >= 0.5, and >= 0.9 for p > n",
    source="[oneto2023] argues so without a theorem; [bartlett2002] is the bound",
    kind="shape",
    defaults={"n": 60, "d": 20, "noise": 0.5, "ridge": 0.0},
    simulated=SIMULATED,
    trial=lambda s, rng: _ranked(s, rng, "norm"),
    theory=lambda s: np.array([0.5, 0.9]),
    relation=">=",
    labels=WHERE,
    sabotage={
        "a bound that counts parameters": {"trial": lambda s, rng: _ranked(s, rng, "vc")},
        "the training error": {"trial": lambda s, rng: _ranked(s, rng, "training")},
    },
)

leave_one_out = Claim(
    statement="The leave-one-out error, a classical estimate by stability, orders the models along double "
    "descent as their test error does, on both sides of the threshold.",
    formula="rank correlation of mean_i [(K^+ y)_i/(K^+)_ii]^2 with test >= 0.8, K = H H', and for p > n",
    source="[oneto2023] argues so without a theorem",
    kind="shape",
    defaults={"n": 60, "d": 20, "noise": 0.5, "ridge": 0.0},
    simulated=SIMULATED,
    trial=lambda s, rng: _ranked(s, rng, "left out"),
    theory=lambda s: 0.8,
    relation=">=",
    labels=WHERE,
    sabotage={
        "a bound that counts parameters": {"trial": lambda s, rng: _ranked(s, rng, "vc")},
        "the training error": {"trial": lambda s, rng: _ranked(s, rng, "training")},
    },
)

vc = Claim(
    statement="A bound that counts parameters orders the models along double descent as their test error "
    "does.",
    formula="rank correlation of sqrt(8/n (D log(2 e n/D) + log(4/delta))), D = p + 1, "
    "with test >= 0.6, and for p > n",
    source="[oneto2023] says that it does not",
    kind="shape",
    defaults={"n": 60, "d": 20, "noise": 0.5, "ridge": 0.0},
    simulated=SIMULATED,
    trial=lambda s, rng: _ranked(s, rng, "vc"),
    theory=lambda s: 0.6,
    relation=">=",
    labels=WHERE,
    expected="disagrees",
    why="The bound rises up to p = n and is constant from there on, where the error falls again.",
    sabotage={
        "for wide models in particular": {"theory": lambda s: np.array([0.9, 0.9])},
        "with a small ridge too": {"defaults": {"ridge": 1e-3}},
    },
)
