"""Harmless interpolation: the price of fitting noise, and what aliases take of the signal."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.verdict import edge
from theory.papers import muthukumar2020


def _design(n: int, p: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Gaussian rows of an AR(1) covariance, and its symmetric root."""
    covariance = 0.6 ** np.abs(np.subtract.outer(np.arange(p), np.arange(p)))
    eigenvalues, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(eigenvalues)) @ vectors.T
    return rng.standard_normal((n, p)) @ root, root


def _ideal(s: Settings, rng: np.random.Generator) -> Array:
    prices = []
    for factor in (2, 4, 8):
        X, root = _design(s.n, factor * s.n, rng)
        # of all d with X d = noise, that of least d' covariance d
        shift = np.linalg.pinv(np.linalg.solve(root, X.T).T)
        prices.append(s.noise * (1 + np.sum(shift**2)))
    return np.array(prices)


def _ideal_theory(s: Settings) -> Array:
    return muthukumar2020.ideal_interpolator(s.n, s.n * np.array([2, 4, 8]), s.noise)


def _near_threshold(s: Settings) -> Array:
    return s.n * np.array([1, 3, 7]) <= edge(s.n)


ideal = Claim(
    statement="Even an interpolant that knows the target pays for the noise: "
    "the least cost is known exactly for every covariance, and falls like n/p.",
    formula="min test = noise (1 + n/(p - n - 1)) over all f with f(x_i) = y_i",
    source="[muthukumar2020, Thm 1†] for bounds; the value by direct calculation",
    kind="exact",
    defaults={"n": 12, "noise": 1.0},
    simulated="n Gaussian samples of 2n, 4n, 8n correlated coordinates "
    "(correlation 0.6 between neighbours); the least exact test error of any interpolant given the design",
    trial=_ideal,
    theory=_ideal_theory,
    heavy_tailed=_near_threshold,
    theme="inverse-wishart",
    labels=("p = 2n", "p = 4n", "p = 8n"),
    trials=1200,
    quick=320,
    sabotage={
        "n/p": lambda s: s.noise * (1 + 1 / np.array([2, 4, 8])),
        "n/(p - n), as for large n": lambda s: s.noise * (1 + 1 / np.array([1, 3, 7])),
        "n/(p - n + 1)": lambda s: s.noise * (1 + s.n / (s.n * np.array([1, 3, 7]) + 1)),
    },
    exercise=Exercise(
        question="The best of all interpolants knows the target, and still pays for label noise. "
        "What is its test error, exactly?",
        answer="noise*(1 + n/(p - n - 1))",
        limit="noise*(1 + n/(p - n))",
        names={"p": ("2*n", "4*n", "8*n")},
        elsewhere={"n": 20, "noise": 0.5},
    ),
)


def _interpolants(s: Settings, rng: np.random.Generator) -> Array:
    X, root = _design(s.n, s.factor * s.n, rng)
    beta = rng.standard_normal(X.shape[1])
    beta *= np.sqrt(s.signal) / np.linalg.norm(root @ beta)
    errors = []
    for transform in (np.eye(len(root)), np.linalg.inv(root)):
        # least norm of the transformed coefficients
        fit = transform @ np.linalg.pinv(X @ transform)
        errors.append(np.sum((root @ (fit @ (X @ beta) - beta)) ** 2) + s.noise * np.sum((root @ fit) ** 2))
    return s.noise + np.array(errors)


no_better = Claim(
    statement="The interpolants that can be computed without the target, "
    "those of least norm and of least prediction norm, do not beat the one that knows it.",
    formula="test >= noise (1 + n/(p - n - 1)); here 14 % and 29 % above it",
    source="[muthukumar2020, Thm 1†]",
    kind="inequality",
    defaults={"n": 20, "factor": 4, "noise": 1.0, "signal": 0.25},
    simulated="n Gaussian samples of 4n correlated coordinates; "
    "the exact test error, given the design, of the interpolants of least norm and of least prediction norm",
    trial=_interpolants,
    theory=lambda s: muthukumar2020.ideal_interpolator(s.n, s.factor * s.n, s.noise),
    relation=">=",
    heavy_tailed=lambda s: s.n * (s.factor - 1) <= edge(s.n),
    labels=("least norm", "least prediction norm"),
    trials=256,
    quick=64,
    sabotage={
        "the price at p = 2n": lambda s: muthukumar2020.ideal_interpolator(s.n, 2 * s.n, s.noise),
    },
)


def _weights(s: Settings, features: int, rest: float) -> Array:
    """Weights of the frequencies: 1 for the first few, which are favoured, and `rest` for the others."""
    return np.where(np.arange(features) < s.favoured, 1.0, rest)


def _alias(s: Settings, weights: Array, rng: np.random.Generator) -> Array:
    """Test error, survival and cost of noise of one interpolation on the grid."""
    phases = np.outer(np.arange(s.n), np.arange(weights.size)) / s.n
    weighted = np.exp(2j * np.pi * phases) * np.sqrt(weights)
    target = weighted[:, s.index] / np.sqrt(weights[s.index])
    noise = rng.standard_normal(s.n) * np.sqrt(s.noise)
    # least sum of |a|^2/weight; the noise alone beside the whole
    fits = np.sqrt(weights)[:, None] * (np.linalg.pinv(weighted) @ np.stack([target + noise, noise], axis=1))
    lost = fits[:, 0] - (np.arange(weights.size) == s.index)
    return np.array(
        [s.noise + np.sum(np.abs(lost) ** 2), fits[s.index, 0].real, np.sum(np.abs(fits[:, 1]) ** 2)]
    )


def _alias_theory(s: Settings, weights: Array) -> Array:
    known = muthukumar2020.fourier(s.n, weights, s.index, s.noise)
    return np.array([known.test, known.survival, known.noise_cost])


_GRID = {"n": 15, "features": 60, "rest": 0.1, "favoured": 5, "index": 2, "noise": 0.25}

aliases = Claim(
    statement="On a regular grid the interpolant of least weighted norm shares the target among its aliases "
    "in proportion to their weights. How much of the target survives, and what the noise costs, "
    "is known exactly.",
    formula="survival = w/S; noise cost = (noise/n) sum over classes Q/S^2; "
    "w the weight of the target, S, Q the sums of w, w^2 over frequencies equal mod n",
    source="[muthukumar2020, Sec. 3†]",
    kind="exact",
    defaults=_GRID,
    simulated="noisy values of one Fourier feature at n equidistant points, "
    "interpolated with 60 features of which the first few are favoured; the test error and its parts",
    trial=lambda s, rng: _alias(s, _weights(s, s.features, s.rest), rng),
    theory=lambda s: _alias_theory(s, _weights(s, s.features, s.rest)),
    labels=("test", "survival", "cost of noise"),
    trials=2400,
    quick=640,
    sabotage={
        "one alias too many": lambda s: _alias_theory(s, _weights(s, s.features + s.n, s.rest)),
        "equal weights": lambda s: _alias_theory(s, np.ones(s.features)),
        "squared weights": lambda s: _alias_theory(s, _weights(s, s.features, s.rest) ** 2),
    },
    exercise=Exercise(
        question="Frequencies equal mod n are aliases. "
        "Favoured frequencies have weight 1, the others `rest`; the target is a favoured one. "
        "What is the test error of the interpolant of least weighted norm, "
        "what share of the target survives, and what does the noise cost?",
        answer="noise + (1 - 1/S)^2 + (k - 1)*(rest/S)^2 + noise/n*(favoured*(1 + (k - 1)*rest^2)/S^2 + (n "
        "- favoured)/k); "
        "1/S; "
        "noise/n*(favoured*(1 + (k - 1)*rest^2)/S^2 + (n - favoured)/k)",
        names={"k": "features/n", "S": "1 + (k - 1)*rest"},
        elsewhere={"n": 30, "rest": 0.4, "favoured": 28, "noise": 1.0},
    ),
)


def _more_features(s: Settings, rng: np.random.Generator) -> Array:
    few, many = s.features, 4 * s.features
    plain = [_alias(s, np.ones(size), rng) for size in (few, many)]
    prior = _alias(s, _weights(s, many, s.rest), rng)
    return np.array([plain[0][2] - plain[1][2], plain[0][1] - plain[1][1], plain[1][0] - prior[0]])


harmless = Claim(
    statement="More features make fitted noise cheaper but lose more of the signal to aliases; "
    "weights that favour the right features give a lower test error.",
    formula="at equal weights noise cost and survival fall as d grows; favoured test < equal-weight test",
    source="[muthukumar2020, Sec. 3†]",
    kind="shape",
    defaults={**_GRID, "features": 30, "rest": 0.02},
    simulated="as in muthukumar2020.aliases with 30 and 120 features, equal weights and favoured; "
    "differences",
    trial=_more_features,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("cost of noise falls", "survival falls", "favoured is better"),
    trials=256,
    quick=160,
    sabotage={"the wrong features favoured": {"defaults": {"rest": 5.0}}},
)
