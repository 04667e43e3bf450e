"""Linearized networks in high dimension learn the degrees of a target one after the other."""

import numpy as np

from sims import features, fit
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import sphere
from theory.papers import ghorbani2021

LINEAR, QUADRATIC = sphere.Target(1.0), sphere.Target(0.0, 1.0)
MARGIN = 1.4  # the gap falls like d^(-1/2): by 2 as d is quadrupled


def _gaps(shares: Array, limits: Array) -> Array:
    """Logarithms of the factors by which the gap to the limit falls from d (first in `shares`) to 4 d."""
    gap = np.abs(shares.reshape(2, -1) - limits)
    return np.log(gap[0] / gap[1])


def _limits(s: Settings, model: str, samples: float, width: float = np.inf) -> Array:
    return np.array(
        [
            float(ghorbani2021.limiting_excess(power, samples, width, model))
            for power in ([0, 1, 0], [0, 0, 1])
        ]
    )


def _kernel(s: Settings, rng: np.random.Generator) -> Array:
    """Share of a linear and of a quadratic target that is not learnt, at d and 4 d."""
    left = []
    for d in (s.d, 4 * s.d):
        X = features.sphere(round(d**s.exponent), d, rng)
        machine = sphere.kernel_machine(X, s.activation, 0.0)
        left += [1 - sphere.alignment(machine, target) for target in (LINEAR, QUADRATIC)]
    return np.array(left)


kernel = Claim(
    statement="From n = d^1.5 samples kernel regression learns the linear part of a target and nothing "
    "of the quadratic one, the more so the larger d.",
    formula="d^l << n << d^(l + 1): excess -> sum over degrees k > l of power_k",
    source="[ghorbani2021, Thm 4†]",
    kind="shape",
    defaults={"d": 16, "exponent": 1.5, "activation": "relu"},
    simulated="d^1.5 samples on the sphere of R^d, then (4 d)^1.5 in R^(4 d); "
    "the share of a linear and of a quadratic target that the fit misses, exact given the samples; "
    "how the gap to 0 and to 1 falls",
    trial=_kernel,
    statistic=lambda s, mean: _gaps(mean, _limits(s, "kernel", s.exponent)),
    theory=lambda s: np.log(MARGIN),
    relation=">=",
    labels=("log fall of the gap, linear target", "quadratic target"),
    quick=40,
    sabotage={
        "the quadratic part is learnt too": {
            "statistic": lambda s, mean: _gaps(mean, _limits(s, "kernel", s.exponent + 1))
        },
        "the linear part is not": {
            "statistic": lambda s, mean: _gaps(mean, _limits(s, "kernel", s.exponent - 1))
        },
    },
)


def _width(s: Settings, rng: np.random.Generator) -> Array:
    left = []
    for d in (s.d, 4 * s.d):
        W = features.sphere(round(d**s.exponent), d, rng)
        left += [sphere.approximation(W, s.activation, 1e-9, target) for target in (LINEAR, QUADRATIC)]
    return np.array(left)


random_features = Claim(
    statement="From any number of samples, N = d^1.5 random features learn the linear part of a target "
    "and nothing of the quadratic one, the more so the larger d.",
    formula="d^l << N << d^(l + 1), n = infinity: excess -> sum over degrees k > l of power_k",
    source="[ghorbani2021, Thm 1†]",
    kind="shape",
    defaults={"d": 14, "exponent": 1.5, "activation": "relu"},
    simulated="d^1.5 weights on the sphere of R^d, then (4 d)^1.5 in R^(4 d); "
    "the share of a linear and of a quadratic target that their best fit to the population misses; "
    "how the gap to 0 and to 1 falls",
    trial=_width,
    statistic=lambda s, mean: _gaps(mean, _limits(s, "random_features", np.inf, s.exponent)),
    theory=lambda s: np.log(MARGIN),
    relation=">=",
    quick=48,
    labels=("log fall of the gap, linear target", "quadratic target"),
    sabotage={
        "one degree more, as for neural tangent": {
            "statistic": lambda s, mean: _gaps(mean, _limits(s, "neural_tangent", np.inf, s.exponent))
        },
        "nothing is learnt": {"statistic": lambda s, mean: _gaps(mean, np.ones(2))},
    },
)


def _few_neurons(s: Settings, rng: np.random.Generator, both: bool = True) -> Array:
    """Share of a target that tangent features of a few neurons learn, and that the neurons miss."""
    width = round(s.d**0.5)
    W, count = features.sphere(width, s.d, rng), 4 * width * s.d
    X, fresh = features.sphere(count, s.d, rng), features.sphere(count, s.d, rng)
    active, active_fresh = (features.random_features(points, W, "relu") > 0 for points in (X, fresh))
    H, H_fresh = (features.layer_gradients(points, on) for on, points in ((active, X), (active_fresh, fresh)))
    y, truth = (x[:, 0] if s.degree == 1 else x[:, 0] * x[:, 1] for x in (X, fresh))  # of power 1, about
    missed = (truth - H_fresh @ fit.min_norm(H, y)) ** 2
    alone = sphere.approximation(W, "relu", 1e-9, LINEAR if s.degree == 1 else QUADRATIC)
    return np.array([1 - missed.mean() if both else 1 - alone, alone])


neural_tangent = Claim(
    statement="Training the first layer of a few neurons, N = d^0.5, "
    "in its linear regime learns the linear part of a target, "
    "one degree more than training their read-out does.",
    formula="n = infinity, N = d^w: neural tangent learns degrees up to floor(w) + 1, random features up "
    "to floor(w); here w = 1/2 and 70 % of the power",
    source="[ghorbani2021, Thm 2†]",
    kind="shape",
    defaults={"d": 25, "degree": 1},
    simulated="d^0.5 ReLU neurons on the sphere of R^d; "
    "least squares of a linear target on their tangent features with four times as many samples, "
    "and the best fit of the neurons themselves",
    trial=_few_neurons,
    theory=lambda s: 0.7,
    relation=">=",
    labels=("share learnt by the first layer", "share missed by the read-out"),
    quick=48,
    sabotage={
        "the read-out in its place": {"trial": lambda s, rng: _few_neurons(s, rng, both=False)},
        "a quadratic target": {"defaults": {"degree": 2}},
    },
)
