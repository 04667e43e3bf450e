"""Pruning the data: are the hard samples worth more, or the easy ones?"""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.verdict import edge
from theory.papers import sorscher2022


def mistakes(n: int, s: Settings, rng: np.random.Generator, hard: bool) -> float:
    """Chance that least squares errs, on the share of n samples of smallest or of largest margin."""
    X = rng.standard_normal((n, s.d))
    order = np.argsort(np.abs(X[:, 0]))
    count = round(s.keep * n)
    X = X[order[:count] if hard else order[-count:]]
    w = np.linalg.lstsq(X, np.sign(X[:, 0]), rcond=None)[0]
    return float(np.arccos(w[0] / np.linalg.norm(w)) / np.pi)


def _theory(s: Settings, n: int, hard: bool) -> float:
    return float(sorscher2022.error(s.d, n, s.keep, hard))


BASE = {"d": 40, "few": 50, "many": 600, "keep": 0.4}


def _four(s: Settings, rng: np.random.Generator) -> Array:
    return np.array([mistakes(n, s, rng, hard) for n in (s.few, s.many) for hard in (True, False)])


def _four_theory(s: Settings) -> Array:
    return np.array([_theory(s, n, hard) for n in (s.few, s.many) for hard in (True, False)])


def _unpruned(s: Settings) -> Array:
    """As if a random share were kept."""
    return np.repeat([float(sorscher2022.error(s.d, s.keep * n, 1.0)) for n in (s.few, s.many)], 2)


error = Claim(
    statement="A linear classifier of the samples nearest to a teacher's boundary, or of those farthest "
    "from it, has an error that follows from the first two moments of the margins that were kept.",
    formula="error = atan(sqrt(D v/m)/a)/pi, a = m1/(m2 + kappa), v = (1 - 2 a m1 + a^2 m2)/(1 - D/m), m1 = "
    "E|z|, m2 = E z^2 of the m samples kept",
    source="own derivation for the square loss; the question is that of [sorscher2022]",
    kind="asymptotic",
    defaults=BASE,
    simulated="Gaussian samples labelled by the sign of a coordinate, `few` and `many` of them; least "
    "squares on the share `keep` with the smallest or the largest margin; exact error",
    trial=_four,
    theory=_four_theory,
    heavy_tailed=lambda s: np.repeat([abs(s.keep * n - s.d) <= edge(s.d) for n in (s.few, s.many)], 2),
    allowance=lambda s: 1.0 / s.d,
    labels=("few, hard", "few, easy", "many, hard", "many, easy"),
    grows=("d", "few", "many"),
    trials=400,
    quick=300,
    sabotage={
        "a random share": _unpruned,
        "hard and easy exchanged": lambda s: _four_theory(s)[[1, 0, 3, 2]],
    },
)


def _hard_pays(s: Settings, rng: np.random.Generator) -> Array:
    """Log error with easy samples less that with hard ones: with many samples, and its negative with few."""
    few = np.log(mistakes(s.few, s, rng, True) / mistakes(s.few, s, rng, False))
    many = np.log(mistakes(s.many, s, rng, False) / mistakes(s.many, s, rng, True))
    return np.array([few, many])


crossing = Claim(
    statement="With few samples for each dimension it is better to keep the easy ones, with many it is "
    "better to keep the hard ones.",
    formula="error(easy) < error(hard) for n/d small, error(hard) < error(easy) for n/d large",
    source="[sorscher2022] for a perceptron; here by least squares",
    kind="shape",
    relation=">=",
    defaults=BASE,
    simulated="as for sorscher2022.error, with independent samples for each fit; logarithms of the ratios "
    "of the errors",
    trial=_hard_pays,
    theory=lambda s: 0.0,
    labels=("few", "many"),
    trials=256,
    quick=128,
    sabotage={"the hard ones always": {"trial": lambda s, rng: _hard_pays(s, rng) * [-1, 1]}},
)
