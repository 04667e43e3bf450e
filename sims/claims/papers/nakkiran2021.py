"""Optimal regularization mitigates double descent: with the best ridge no peak, in samples or in size."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.partial import partial_error
from theory.papers import nakkiran2021


def _best(s: Settings, n: int, p: int) -> float:
    return float(nakkiran2021.optimal_ridge(n, p, s.signal, s.noise, s.d))


def _projected(s: Settings, X: Array, p: int, ridge: float) -> float:
    """Error on the first p of the d coordinates of X, in the mean over a target along all of them."""
    return partial_error(X, p, np.full(s.d, s.signal / s.d), s.noise, ridge)


def _around(s: Settings, rng: np.random.Generator, ridge: float) -> Array:
    X = rng.standard_normal((s.n, s.d))
    there, more, less = (_projected(s, X, s.p, ridge * factor) for factor in (1, s.factor, 1 / s.factor))
    return np.array([more - there, less - there])


def _in_samples(s: Settings, rng: np.random.Generator, ridge: float | None = None) -> Array:
    """Falls of the logarithm of the error with samples, with the best ridge if none is given."""
    sizes = [s.d // 4, s.d // 2, s.d, 2 * s.d, 4 * s.d]
    X = rng.standard_normal((sizes[-1], s.d))
    ridges = [_best(s, n, s.d) if ridge is None else ridge for n in sizes]
    return -np.diff(np.log([_projected(s, X[:n], s.d, r) for n, r in zip(sizes, ridges, strict=True)]))


def _in_size(s: Settings, rng: np.random.Generator, ridge: float | None = None) -> Array:
    """Falls of the logarithm of the error with features, with the best ridge if none is given."""
    sizes = [s.n // 4, s.n // 2, s.n, 2 * s.n, 4 * s.n]
    X = rng.standard_normal((s.n, s.d))
    ridges = [_best(s, s.n, p) if ridge is None else ridge for p in sizes]
    return -np.diff(np.log([_projected(s, X, p, r) for p, r in zip(sizes, ridges, strict=True)]))


def _model_wise(s: Settings, rng: np.random.Generator) -> Array:
    X = rng.standard_normal((s.n, s.d))
    return np.array([_projected(s, X, p, _best(s, s.n, p)) for p in (s.n // 2, s.n, 2 * s.n)])


def _model_wise_theory(s: Settings, scale: float = 1.0, unseen: bool = True) -> Array:
    p = np.array([s.n // 2, s.n, 2 * s.n])
    ridge = scale * nakkiran2021.optimal_ridge(s.n, p, s.signal, s.noise, s.d)
    return nakkiran2021.model_wise_risk(s.n, p, s.d if unseen else p, s.signal, s.noise, ridge).test


best_ridge = Claim(
    statement="On isotropic inputs the best ridge is p noise/(n signal), where the noise includes the power "
    "that the p features do not see and the signal is what they see: "
    "ridges a factor 1.3 larger and smaller both err more.",
    formula="argmin over ridge of test = (p/n) (noise + signal (1 - p/d))/(signal p/d)",
    source="[nakkiran2021, Lemma 2 and Thm 3†]",
    kind="shape",
    defaults={"n": 60, "p": 40, "d": 80, "factor": 1.3, "signal": 1.0, "noise": 0.25},
    simulated="n Gaussian samples of d coordinates that make the labels, ridge regression on p of them; "
    "how much the exact error, given the design, grows on either side",
    trial=lambda s, rng: _around(s, rng, _best(s, s.n, s.p)),
    theory=lambda s: 0.0,
    relation=">=",
    theme="best-ridge",
    labels=("a larger ridge", "a smaller ridge"),
    trials=256,
    quick=96,
    sabotage={
        "times 0.75": {"trial": lambda s, rng: _around(s, rng, 0.75 * _best(s, s.n, s.p))},
        "times 1.35": {"trial": lambda s, rng: _around(s, rng, 1.35 * _best(s, s.n, s.p))},
        "the coordinates left out are not counted as noise": {
            "trial": lambda s, rng: _around(s, rng, s.p * s.noise / (s.n * s.signal))
        },
    },
)

samples_never_hurt = Claim(
    statement="With the best ridge at each n, more samples never hurt: "
    "the test error falls from n = d/4 to d/2, d, 2d and 4d, with no peak at n = d.",
    formula="n -> min over ridge of test(n, ridge) is non-increasing",
    source="[nakkiran2021, Thm 1†]",
    checked="text",
    kind="shape",
    defaults={"d": 60, "signal": 1.0, "noise": 0.25},
    simulated="one growing set of Gaussian samples; falls of the logarithm of the exact error",
    trial=_in_samples,
    theory=lambda s: 0.0,
    relation=">=",
    theme="tuned-monotone",
    trials=128,
    quick=64,
    labels=("d/4 to d/2", "d/2 to d", "d to 2d", "2d to 4d"),
    sabotage={
        "one tiny ridge at every n": {"trial": lambda s, rng: _in_samples(s, rng, 1e-4)},
        "least squares up to rounding": {"trial": lambda s, rng: _in_samples(s, rng, 1e-12)},
    },
)

features_never_hurt = Claim(
    statement="With the best ridge at each p, more features never hurt: "
    "on p random directions of d isotropic coordinates the test error falls "
    "from p = n/4 to n/2, n, 2n and 4n, with no peak at p = n.",
    formula="p -> min over ridge of test(p, ridge) is non-increasing",
    source="[nakkiran2021, Thm 3†]",
    checked="text",
    kind="shape",
    defaults={"n": 60, "d": 240, "signal": 1.0, "noise": 0.25},
    simulated="n Gaussian samples of d coordinates that make the labels, ridge regression on the first p; "
    "falls of the logarithm of the exact error given the design",
    trial=_in_size,
    theory=lambda s: 0.0,
    relation=">=",
    theme="tuned-monotone",
    trials=128,
    quick=64,
    labels=("n/4 to n/2", "n/2 to n", "n to 2n", "2n to 4n"),
    sabotage={
        "one tiny ridge at every p": {"trial": lambda s, rng: _in_size(s, rng, 1e-4)},
        "least squares up to rounding": {"trial": lambda s, rng: _in_size(s, rng, 1e-12)},
    },
)

model_wise = Claim(
    statement="With the best ridge, the error of a fit on p of d directions is that of ridge regression "
    "on p isotropic features for which the other directions act as noise.",
    formula="test(n, p of d, signal, noise) = test(n, p, signal p/d, noise + signal (1 - p/d))",
    source="[nakkiran2021, Thm 3†]",
    kind="asymptotic",
    defaults={"n": 48, "d": 144, "signal": 1.0, "noise": 0.25},
    simulated="n Gaussian samples of d coordinates that make the labels, "
    "ridge regression on the first p = n/2, n and 2n; "
    "the exact error given the design, in the mean over targets and noise",
    trial=_model_wise,
    theory=_model_wise_theory,
    allowance=lambda s: 0.1 / s.n,  # measured gap 0.015/n at n = 48, 96 and 192
    labels=("p = n/2", "p = n", "p = 2n"),
    grows=("n", "d"),
    quick=64,
    trials=128,
    sabotage={
        "the ridge of the sum of squares": lambda s: _model_wise_theory(s, s.n),
        "the coordinates left out are no noise": lambda s: _model_wise_theory(s, unseen=False),
    },
    exercise=Exercise(
        question="What is the test error on p of d isotropic directions with the best ridge, "
        "when n and d are large?",
        answer="2*(noise + signal*(1 - p/d))/(sqrt((ridge + p/n - 1)^2 + 4*ridge) - (ridge + p/n - 1))",
        names={"p": ("n/2", "n", "2*n"), "ridge": "d/n*(noise/signal + 1 - p/d)"},
        elsewhere={"n": 40, "d": 192, "signal": 2.0, "noise": 1.0},
    ),
)
