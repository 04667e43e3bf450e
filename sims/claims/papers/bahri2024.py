"""Scaling laws explained: what a finite width costs, and what a finite sample."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import projections
from sims.experiments.coordinates import coordinates
from sims.verdict import edge
from theory import Problem, random_features
from theory.papers import bahri2024

TIMES = (2, 4)
"""How much the more plentiful of samples and features exceeds the other."""


def without_end(told: Problem, features: Array) -> float:
    """Test error of the best fit on these features: what they do not span, and the noise."""
    weight = coordinates(told).power
    basis, _ = np.linalg.qr(features)
    return float(told.noise + weight @ (1 - (basis**2).sum(axis=1)))


def minimum_norm(told: Problem, Phi: Array, features: Array) -> float:
    """Test error of the minimum-norm fit, given samples and features."""
    parts = projections.excess(told, Phi, features, 0.0)
    return float(told.noise + parts.noiseless[0] + told.noise * parts.noise_part[0])


def prices(told: Problem, size: int, rng: np.random.Generator) -> Array:
    """What samples pay for a finite width, and features for a finite sample, at each of TIMES.

    The same design and the same features throughout, so that only the price varies.
    """
    Phi, features = projections.draw(told, TIMES[-1] * size, TIMES[-1] * size, rng)
    scale = np.sqrt(coordinates(told).variance)
    wide = minimum_norm(told, Phi[:size], np.sqrt(len(scale)) * np.diag(scale))
    long = without_end(told, features[:, :size])
    width = [minimum_norm(told, Phi[:size], features[:, : k * size]) - wide for k in TIMES]
    length = [minimum_norm(told, Phi[: k * size], features[:, :size]) - long for k in TIMES]
    return np.array([*width, *length])


def _told(told: Problem, size: float) -> Array:
    few, many = size, size * np.array(TIMES)
    width = bahri2024.finite_width(told, few, many) - bahri2024.finite_width(told, few, np.inf)
    length = bahri2024.finite_width(told, many, few) - bahri2024.finite_width(told, np.inf, few)
    return np.array([*width, *length])


def _price(s: Settings, noise: float | None = None) -> Array:
    return _told(projections.problem(s.n, s.noise if noise is None else noise), s.n)


def _squared(s: Settings) -> Array:
    """The bias, of squares, in place of the error of n features with all samples."""
    told = projections.problem(s.n, s.noise)
    bias = float(random_features(told, s.n, np.inf).bias)
    return (s.noise + bias) * np.tile([1 / (k - 1) for k in TIMES], 2)


price = Claim(
    statement="Without a ridge, p features cost more than all features by a term over p - n that is exactly "
    "the one by which n samples cost p features more than all samples would, n and p swapped; its size is "
    "the error of as many features as there are fewer of the two, on samples without end.",
    formula="p > n: test(n, p) - test(n, inf) = n test(inf, n)/(p - n); n > p: test(n, p) - test(inf, p) = "
    "p test(inf, p)/(n - p); test(inf, m) = noise + sum v^2 g/(lambda + g), sum lambda/(lambda + g) = m",
    source="derived here; the regimes: [bahri2024]",
    kind="asymptotic",
    defaults={"n": 40, "noise": 0.2},
    simulated="n samples and p random projections of three levels of eigenvalues; the exact test error of "
    "the minimum-norm fit, less that of all features on the same samples, or of the same features on all "
    "samples",
    trial=lambda s, rng: prices(projections.problem(s.n, s.noise), s.n, rng),
    theory=_price,
    allowance=lambda s: 3.0 / s.n,  # measured: 4, 2 and 1.4 % at n = 40, 80 and 160
    heavy_tailed=lambda s: [s.n <= edge(s.n)] * 4,
    labels=("p = 2 n", "p = 4 n", "n = 2 p", "n = 4 p"),
    grows=("n",),
    trials=128,
    quick=128,
    sabotage={
        "n/p in place of n/(p - n)": lambda s: _price(s) * np.tile([1 - 1 / k for k in TIMES], 2),
        "no noise in the price": lambda s: _price(s, noise=0.0),
        "squares of what is not learnt": _squared,
        "the width costs n times the noise alone": lambda s: (
            s.noise * np.tile([1 / (k - 1) for k in TIMES], 2)
        ),
    },
)

isotropic = Claim(
    statement="The four regimes in their simplest case: random projections of isotropic inputs. Many "
    "features approach all, and many samples all samples, like one over their number less that of the other.",
    formula="price = m (noise + signal (1 - m/d))/(M - m), m = min(n, p), M = max(n, p)",
    source="derived here; [bahri2024†] (variance-limited exponents are 1)",
    kind="asymptotic",
    defaults={"m": 30, "ratio": 4, "signal": 1.0, "noise": 0.2},
    simulated="m samples and 2 m or 4 m random projections of ratio times m isotropic inputs, and the "
    "reverse; the exact test error of the minimum-norm fit, less that of all features on the same samples, "
    "or of the same features on all samples",
    trial=lambda s, rng: prices(Problem.isotropic(s.ratio * s.m, s.signal, s.noise), s.m, rng),
    theory=lambda s: (s.noise + s.signal * (1 - 1 / s.ratio)) * np.tile([1 / (k - 1) for k in TIMES], 2),
    allowance=lambda s: 2.0 / s.m,  # measured: 4, 1 and 1 % at m = 30, 60 and 120
    heavy_tailed=lambda s: [s.m <= edge(s.m)] * 4,
    labels=("p = 2 m", "p = 4 m", "n = 2 m", "n = 4 m"),
    grows=("m",),
    trials=192,
    quick=96,
    sabotage={
        "n/p in place of n/(p - n)": lambda s: (
            (s.noise + s.signal * (1 - 1 / s.ratio)) * np.tile([1 / k for k in TIMES], 2)
        ),
        "the whole signal": lambda s: (s.noise + s.signal) * np.tile([1 / (k - 1) for k in TIMES], 2),
        "squares of what is not learnt": lambda s: (
            (s.noise + s.signal * (1 - 1 / s.ratio) ** 2) * np.tile([1 / (k - 1) for k in TIMES], 2)
        ),
    },
    exercise=Exercise(
        question="Of d isotropic inputs, m features that have all samples leave the share 1 - m/d of the "
        "signal. By how much does the test error of minimum-norm regression on n = m samples and M > m "
        "random projections exceed that on all inputs, for large m, M and d? And, with m projections, that "
        "of M samples the one on all samples?",
        answer="m*(noise + signal*(1 - m/d))/(M - m)",
        names={"d": "ratio*m", "M": ("2*m", "4*m", "2*m", "4*m")},
        elsewhere={"m": 40, "ratio": 3, "signal": 2.0, "noise": 1.0},
    ),
)
