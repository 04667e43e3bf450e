"""The Lasso on Gaussian inputs, where the single coefficients count."""

from math import sqrt

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import sparse_fits
from theory import Problem
from theory.consequences import optimal_ridge
from theory.papers import bayati2012


def _drawn(s: Settings, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Inputs, labels, and a target of power `signal` in k of the p coefficients."""
    X, beta = rng.standard_normal((s.n, s.p)), np.zeros(s.p)
    beta[: s.k] = sqrt(s.signal / s.k)
    return X, X @ beta + sqrt(s.noise) * rng.standard_normal(s.n), beta


def _lasso(s: Settings, rng: np.random.Generator) -> Array:
    X, y, beta = _drawn(s, rng)
    a = sparse_fits.lasso(X, y, s.penalty / sqrt(s.n), accuracy=1e-7)
    return np.array([s.noise + np.sum((a - beta) ** 2), np.mean((y - X @ a) ** 2), np.count_nonzero(a) / s.n])


def _theory(s: Settings, factor: float = 1.0) -> Array:
    value, penalty = sqrt(s.signal / s.k), factor * s.penalty / sqrt(s.n)
    found = bayati2012.lasso(s.n, s.p, s.k, value, s.noise, penalty)
    return np.array([found.test, found.train, found.active / s.n])


def _without_feedback(s: Settings) -> Array:
    """The soft threshold of independent measurements of each coefficient, of variance noise/n."""
    found = bayati2012.lasso(1e9, s.p, s.k, sqrt(s.signal / s.k), s.noise, s.penalty / sqrt(s.n))
    return np.array([found.test, found.train, found.active / s.n])


lasso = Claim(
    statement="The Lasso's test error, training error and number of coefficients follow from a soft "
    "threshold on each coefficient by itself, seen through noise whose variance is the test error "
    "over n.",
    formula="test = noise + sum E(eta(beta + sG) - beta)^2, s^2 = test/n, threshold z s, penalty = 2 z s (1 "
    "- active/n), train = test (1 - active/n)^2",
    source="[bayati2012, Thm 1.5†]",
    kind="asymptotic",
    defaults={"n": 80, "p": 160, "k": 8, "signal": 4.0, "noise": 0.5, "penalty": 2.0},
    simulated="n Gaussian samples, k of p coefficients equal and the others zero; the Lasso with "
    "penalty/sqrt(n) by coordinate descent, its exact test error, its training error and its "
    "active share of n",
    trial=_lasso,
    theory=_theory,
    allowance=lambda s: 4.0 / s.n,
    labels=("test error", "training error", "active/n"),
    grows=("n", "p", "k"),
    trials=400,
    quick=320,
    sabotage={
        "scikit-learn's alpha for the penalty": lambda s: _theory(s, 2.0),
        "the noise alone disturbs a coefficient": _without_feedback,
        "no correction of the training error": lambda s: _theory(s)[[0, 0, 2]],
    },
)


def _against_ridge(s: Settings, rng: np.random.Generator, dense: bool = False) -> float:
    """Log test error of the ridge of least mean error, less that of the Lasso."""
    if dense:
        s = type(s)(**{**vars(s), "k": s.p})
    X, y, beta = _drawn(s, rng)
    best = s.n * float(optimal_ridge(Problem.isotropic(s.p, s.signal, s.noise), s.n))
    plain = X.T @ np.linalg.solve(X @ X.T + best * np.eye(s.n), y)
    sparse = sparse_fits.lasso(X, y, s.penalty / sqrt(s.n), accuracy=1e-6)
    errors = [s.noise + np.sum((a - beta) ** 2) for a in (plain, sparse)]
    return float(np.log(errors[0] / errors[1]))


sparsity_pays = Claim(
    statement="Where few coefficients matter, the Lasso beats ridge regression with its best ridge: ridge "
    "regression sees the power of the target alone, the Lasso how many coefficients share it.",
    formula="test(Lasso) < min over ridge of test(ridge) for k << n",
    source="[bayati2012], against `theory.ridge` at `theory.optimal_ridge`",
    kind="shape",
    relation=">=",
    defaults={"n": 80, "p": 160, "k": 8, "signal": 4.0, "noise": 0.5, "penalty": 2.0},
    simulated="as for bayati2012.lasso, and ridge regression on the same samples with the ridge of least "
    "mean error; logarithm of its exact test error, less that of the Lasso",
    trial=_against_ridge,
    theory=lambda s: 0.0,
    trials=128,
    quick=64,
    sabotage={
        "with all coefficients alike too": {"trial": lambda s, rng: _against_ridge(s, rng, dense=True)},
    },
)
