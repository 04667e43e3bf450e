"""Double descent of linear classifiers on a mixture of two Gaussians."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import gaussian_mixture
from sims.experiments.classifiers import descent_limit
from theory import classification
from theory.papers import deng2022

threshold = Claim(
    statement="Samples of two Gaussian classes become separable by a hyperplane, "
    "so that the training error is 0, at a number of features that is less than half the number of samples "
    "and follows from the distance of the classes.",
    formula="gamma* = min over rho of E(G - r rho)_+^2/(1 - rho^2), G ~ N(0, 1), means at +-mu, r = |mu|",
    source="[deng2022] (Gaussian mixture)",
    kind="asymptotic",
    defaults={"n": 50, "r": 0.5},
    simulated="n samples of two Gaussian classes whose means lie r on either side of 0; "
    "the p at which the first p coordinates come to separate them (half-way to the p before), divided by n",
    trial=lambda s, rng: gaussian_mixture.separability(s.n, s.r, rng),
    theory=lambda s: classification.separability_threshold(s.r),
    allowance=lambda s: 1.0 / s.n,  # measured: no more than chance, 0.6 %, from n = 50 on
    labels=("p/n",),
    grows=("n",),
    trials=1200,
    quick=320,
    sabotage={
        "random labels": lambda s: classification.separability_threshold(0.0),
        "means twice as far apart": lambda s: classification.separability_threshold(2 * s.r),
        "least squares": lambda s: 1.0,
    },
)


def _errors(s: Settings, rng: np.random.Generator) -> Array:
    few, many = (gaussian_mixture.first_coordinate(round(gamma * s.n), s.r) for gamma in (s.few, s.many))
    Z = gaussian_mixture.signed_samples(s.n, many, rng)
    return np.array([gaussian_mixture.error(descent_limit(Z[:, : len(mean)]), mean) for mean in (few, many)])


error = Claim(
    statement="Logistic regression run to the end on two Gaussian classes has the error "
    "of maximum likelihood below the threshold of separability and that of the largest margin above it; "
    "both follow from p/n and the distance of the classes.",
    formula="error = Phi(-r rho(p/n, r)), rho the cosine of the fit and mu: "
    "that of logistic regression for p/n < gamma*, that of the classifier of largest margin above",
    source="[deng2022] (Gaussian mixture)",
    kind="asymptotic",
    defaults={"n": 100, "r": 1.0, "few": 0.1, "many": 1.0},
    simulated="n samples of two Gaussian classes; "
    "the exact error of logistic regression on the first few * n coordinates, "
    "and of the classifier of largest margin on many * n",
    trial=_errors,
    theory=lambda s: deng2022.gmm_error([s.few, s.many], s.r),
    allowance=lambda s: 2.0 / s.n,  # measured: 1.4 and 1.0 % at n = 100, no more than chance at 400
    labels=("below the threshold", "above"),
    grows=("n",),
    trials=512,
    quick=64,
    sabotage={
        "n/p for p/n": lambda s: deng2022.gmm_error([1 / s.few, 1 / s.many], s.r),
        "the direction of the means known": lambda s: np.full(
            2, gaussian_mixture.error(np.ones(1), np.full(1, s.r))
        ),
        "the error of least squares": lambda s: classification.least_squares_error([s.few, s.many], s.r),
    },
)

SHARES = (0.1, 0.22, 0.7, 1.0)  # p/n: the second is at the threshold


def _along_p(s: Settings, rng: np.random.Generator) -> Array:
    mean = np.append(1.0, np.full(s.n - 1, np.sqrt(s.weak / s.n)))
    Z = gaussian_mixture.signed_samples(s.n, mean, rng)
    widths = [round(share * s.n) for share in SHARES]
    errors = [gaussian_mixture.error(descent_limit(Z[:, :p], s.penalty), mean[:p]) for p in widths]
    early, peak, beyond, late = np.log(errors)
    return np.array([peak - early, peak - beyond, early - late])


peak = Claim(
    statement="When every feature is slightly informative, the error of logistic regression run "
    "to the end peaks where the samples become separable, and far beyond it falls below its earlier level.",
    formula="error(p) with r^2 = |mu_S|^2 = 1 + weak p/n: "
    "a maximum at p/n = gamma*(r), a second descent after it",
    source="[deng2022] (Gaussian mixture, features of growing number)",
    kind="shape",
    relation=">=",
    defaults={"n": 200, "weak": 2.0, "penalty": 0.0},
    simulated="one training set; the class means lie 1 on either side of 0 along the first feature, "
    "sqrt(weak/n) along all others; fits on the first p features; "
    "logarithms of the exact error at p = 0.22 n (the threshold) less that at 0.1 n, less that at 0.7 n, "
    "and of the error at 0.1 n less that at n",
    trial=_along_p,
    theory=lambda s: 0.0,
    labels=("peak over 0.1 n", "peak over 0.7 n", "0.1 n over n"),
    trials=192,
    quick=80,
    sabotage={
        "a ridge": {"defaults": {"penalty": 20.0}},
        "an easy direction only": {"defaults": {"weak": 0.0}},
    },
)
