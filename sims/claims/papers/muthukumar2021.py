"""Support vectors of a machine with more dimensions than samples, and the fit of their labels."""

from math import sqrt

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import classifiers
from theory.papers import muthukumar2021


def _duals(s: Settings, rng: np.random.Generator, designs: int = 1) -> Array:
    """y_i (K^-1 y)_i in several data sets; all labels are 1, as good as any others."""
    X = rng.standard_normal((designs, s.n, s.d))
    return np.asarray(np.linalg.solve(X @ X.transpose(0, 2, 1), np.ones((s.n, 1))))[..., 0]


def _share(s: Settings, degrees: int | None = None, samples: int | None = None) -> float:
    """Student's share with other numbers in it."""
    from scipy.special import stdtr

    k = s.d - s.n + 2 if degrees is None else degrees
    return float(stdtr(k, sqrt(k / ((s.n - 1) if samples is None else samples))))


def _normal(s: Settings) -> float:
    from scipy.special import ndtr

    return float(ndtr(sqrt(s.d / s.n - 1)))


positive_share = Claim(
    statement="In the minimum-norm fit of labels +-1 to Gaussian inputs, the share of the samples with a "
    "positive dual, which a support vector needs, is a probability of Student's t, exactly.",
    formula="P(y_i (K^-1 y)_i > 0) = P(t_k < sqrt(k/(n - 1))), k = d - n + 2",
    source="own derivation; the question is that of [muthukumar2021, Thm 1†]",
    kind="exact",
    defaults={"n": 10, "d": 14, "designs": 50},
    simulated="`designs` data sets of n Gaussian samples in d dimensions; share of the samples with a "
    "positive dual",
    trial=lambda s, rng: float(np.mean(_duals(s, rng, s.designs) > 0)),
    theory=lambda s: muthukumar2021.positive_share(s.n, s.d).share,
    trials=1000,
    quick=400,
    sabotage={
        "k = d - n": lambda s: _share(s, degrees=s.d - s.n),
        "n for n - 1": lambda s: _share(s, samples=s.n),
        "a normal law, as for large n": _normal,
    },
)


in_the_limit = Claim(
    statement="With many samples, the share that has a positive dual in the minimum-norm fit of labels +-1 "
    "depends on d/n alone, and goes to 1 as d/n grows.",
    formula="P(y_i (K^-1 y)_i > 0) = Phi(sqrt(d/n - 1))",
    source="own derivation; the question is that of [muthukumar2021†]",
    kind="asymptotic",
    defaults={"n": 40, "d": 60, "designs": 20},
    simulated="as for muthukumar2021.positive_share",
    trial=lambda s, rng: float(np.mean(_duals(s, rng, s.designs) > 0)),
    theory=_normal,
    allowance=lambda s: 1.0 / s.n,
    grows=("n", "d"),
    trials=100,
    quick=100,
    sabotage={
        "sqrt(d/n)": lambda s: muthukumar2021.positive_share(1e6, 1e6 + 1e6 * s.d / s.n).share,
        "one sample out of two": lambda s: 0.5,
    },
    exercise=Exercise(
        question="Labels +-1 of n Gaussian samples in d > n dimensions are fitted by least squares of "
        "minimum norm. At which share of the samples has the dual K^-1 y the sign of the label, "
        "when n and d are large?",
        answer="(1 + erf(sqrt((d/n - 1)/2)))/2",
        elsewhere={"n": 50, "d": 120},
    ),
)


def _machine_is_fit(s: Settings, rng: np.random.Generator) -> float:
    """Do maximum margin and minimum norm agree in whether they are one, in this data set?"""
    Z = rng.standard_normal((s.n, s.d))  # samples times their labels
    _, w = classifiers.max_margin(Z)
    one = np.ptp(Z @ w) < 1e-6 * np.linalg.norm(w)  # then it has the margin in every sample, as the fit does
    return float(one == np.all(np.linalg.solve(Z @ Z.T, np.ones(s.n)) > 0))


same = Claim(
    statement="The hard-margin support vector machine is the minimum-norm fit of the labels +-1 in just "
    "those data sets in which all duals of that fit are positive: then every sample is a support "
    "vector.",
    formula="argmax margin = X'K^-1 y if and only if y_i (K^-1 y)_i > 0 for all i",
    source="[muthukumar2021, Thm 1†], [hsu2021]",
    kind="exact",
    outcome="every",
    defaults={"n": 8, "d": 24},
    simulated="n Gaussian samples in d dimensions with random labels; 1 if all samples are at the same "
    "distance from the machine's boundary just where all duals are positive, else 0",
    trial=_machine_is_fit,
    theory=lambda s: 1.0,
    trials=100,
    quick=40,
    sabotage={
        "in all data sets that can be separated": {
            "trial": lambda s, rng: float(np.all(_duals(s, rng) > 0)),
        },
    },
)
