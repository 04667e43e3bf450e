"""A fine-grained bias-variance decomposition: which draws make the error, alone and together."""

from typing import Any

import numpy as np

from sims import features
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import sphere
from theory.papers import adlam2020

DRAWN = (
    "two sets of n samples and two sets of p weights are drawn on the sphere of R^d, "
    "and the terms follow from products of the four fits"
)
GIVEN = ", exact given samples and weights: in the mean over targets, noise and fresh inputs"


def _terms(s: Settings, **change: Any) -> adlam2020.Decomposition:
    point = {"phi": s.d / s.n, "psi": s.d / s.p, "gamma": s.gamma, "activation": s.activation}
    return adlam2020.decomposition(**{**point, "signal": 1.0, "noise": s.noise, **change})


def _measured(s: Settings, rng: np.random.Generator) -> Array:
    """B, V_X, V_P, V_PX, V_Xe, V_PXe in the paper's order."""
    X, W = ([features.sphere(count, s.d, rng) for _ in range(2)] for count in (s.n, s.p))
    return _order(sphere.variances(X, W, s.activation, s.gamma / s.n, sphere.Target(noise=s.noise)))


def _order(of: sphere.Variances) -> Array:
    return np.array(of)[[0, 2, 1, 3, 4, 5]]


decomposition = Claim(
    statement="The error splits into a bias and the variances that the draws "
    "of weights P, samples X and label noise e cause alone or together. "
    "Each part has a limit in closed form, and label noise acts only together with the samples.",
    formula="test = noise + B + V_P + V_X + V_PX + V_Xe + V_PXe; n, p, d -> infinity, phi = d/n, psi = d/p; "
    "gamma beside the summed squared error",
    source="[adlam2020, Thm 1†]",
    kind="asymptotic",
    defaults={"n": 80, "p": 40, "d": 40, "gamma": 0.5, "activation": "tanh", "noise": 0.5},
    simulated=DRAWN + GIVEN,
    trial=_measured,
    theory=lambda s: _terms(s)[:6],
    allowance=lambda s: 5 / s.n,
    labels=("B", "V_P", "V_X", "V_PX", "V_Xe", "V_PXe"),
    grows=("n", "p", "d"),
    trials=128,
    quick=48,
    sabotage={
        "weights and samples swapped": lambda s: np.array(_terms(s))[[0, 2, 1, 3, 4, 5]],
        "gamma beside the mean squared error": lambda s: _terms(s, gamma=s.gamma * s.n)[:6],
    },
)


def _steeper(s: Settings, rng: np.random.Generator) -> Array:
    X, W = ([features.sphere(count, s.d, rng) for _ in range(2)] for count in (s.n, s.p))
    target = sphere.Target(noise=s.noise)
    gammas = (s.gamma, s.gamma / s.factor)
    return np.concatenate(
        [_order(sphere.variances(X, W, s.activation, gamma / s.n, target)) for gamma in gammas]
    )


def _growth(s: Settings, mean: Array) -> Array:
    """Logarithm of each term's growth, signed so that the claim is that every number exceeds theory's."""
    rise = np.log(mean[6:] / mean[:6])
    return np.array([rise[3], rise[5], *(-np.abs(rise[[0, 1, 2, 4]]))])


peak = Claim(
    statement="At p = n a ten times smaller penalty more than doubles two terms and no other: "
    "the joint variance of weights and samples for the target (V_PX) and for label noise (V_PXe). "
    "These two make the peak.",
    formula="p = n, gamma -> 0: V_PX, V_PXe -> infinity; B, V_P, V_X, V_Xe -> constants",
    source="[adlam2020, Sec. 5†]; the factors ten and two are ours",
    kind="shape",
    theme="peak-at-n",
    defaults={
        "n": 50,
        "p": 50,
        "d": 50,
        "gamma": 0.01,
        "factor": 10.0,
        "activation": "relu",
        "noise": 0.5,
    },
    simulated=DRAWN
    + ", at gamma and at gamma/factor; the growth of the logarithm of each term's mean"
    + GIVEN,
    trial=_steeper,
    statistic=_growth,
    theory=lambda s: np.log([2.0, 2.0, 1 / 2, 1 / 2, 1 / 2, 1 / 2]),
    relation=">=",
    trials=96,
    quick=96,
    labels=("V_PX doubles", "V_PXe doubles", "B does not", "V_P does not", "V_X does not", "V_Xe does not"),
    sabotage={
        "twice as many features": {"defaults": {"p": 100}},
        "V_Xe doubles too": {"theory": lambda s: np.log([2.0, 2.0, 1 / 2, 1 / 2, 1 / 2, 2.0])},
    },
)


def _predictions(s: Settings, X: Array, W: Array, Y: Array, Z: Array) -> Array:
    """What ridge regression on the features of weights W predicts at inputs Z, for each column of labels."""
    H, H_Z = (features.random_features(x, W, s.activation) / np.sqrt(s.p) for x in (X, Z))
    return np.asarray(H_Z @ np.linalg.solve(H.T @ H + s.gamma * np.eye(s.p), H.T @ Y))


def _averages(s: Settings, rng: np.random.Generator) -> Array:
    """Test errors of the mean of `members` predictors: other weights each, and other training sets each."""
    X, W = ([features.sphere(count, s.d, rng) for _ in range(s.members)] for count in (s.n, s.p))
    Z = features.sphere(s.fresh, s.d, rng)
    targets = rng.standard_normal((s.d, s.targets)) / np.sqrt(s.d)
    Y = [x @ targets + np.sqrt(s.noise) * rng.standard_normal((s.n, s.targets)) for x in X]
    ensemble = np.mean([_predictions(s, X[0], w, Y[0], Z) for w in W], axis=0)
    bagged = np.mean([_predictions(s, x, W[0], y, Z) for x, y in zip(X, Y, strict=True)], axis=0)
    return s.noise + np.array([np.mean((f - Z @ targets) ** 2) for f in (ensemble, bagged)])


def _averaged(s: Settings, share: float | None = None) -> Array:
    """What is left of the terms, the averaged ones counted with the given share, 1/members if None."""
    t, left = _terms(s), 1 / s.members if share is None else share
    weights = t.B + t.V_X + t.V_Xe + left * (t.V_P + t.V_PX + t.V_PXe)
    sets = t.B + t.V_P + left * (t.V_X + t.V_PX + t.V_Xe + t.V_PXe)
    return s.noise + np.array([weights, sets])


def _noise_averaged(s: Settings) -> Array:
    """The errors if averaging over weights averaged the label noise too."""
    t = _terms(s)
    return _averaged(s) - np.array([(1 - 1 / s.members) * t.V_Xe, 0.0])


averaging = Claim(
    statement="Averaging the predictions of K models at p = n lowers the peak: with new weights each (an "
    "ensemble) every term that the weights cause, alone or jointly, falls to 1/K; with a new training set "
    "each (bagging with fresh data) every term that samples or label noise cause.",
    formula="K weights: test = noise + B + V_X + V_Xe + (V_P + V_PX + V_PXe)/K; "
    "K training sets: test = noise + B + V_P + (V_X + V_PX + V_Xe + V_PXe)/K",
    source="[adlam2020, Sec. 5†] for infinitely many models; finite K by the same decomposition",
    kind="asymptotic",
    defaults={
        "n": 80,
        "p": 80,
        "d": 40,
        "gamma": 0.05,
        "activation": "tanh",
        "noise": 0.5,
        "members": 4,
        "targets": 8,
        "fresh": 200,
    },
    simulated="`members` ridge regressions on random features, with new weights or with new samples and "
    "labels each, are trained on several random linear targets; the squared error of their mean prediction "
    "at fresh inputs, plus the noise of the test label",
    trial=_averages,
    theory=_averaged,
    allowance=lambda s: 2 / s.n,
    labels=("average over weights", "average over training sets"),
    grows=("n", "p", "d"),
    trials=192,
    quick=128,
    sabotage={
        "one model": lambda s: _terms(s).test,
        "infinitely many models": lambda s: _averaged(s, share=0.0),
        "weights and training sets swapped": lambda s: _averaged(s)[::-1],
        "an ensemble averages label noise": _noise_averaged,
    },
)


OVER = ("PXe", "Xe", "P", "e")


def _biases(s: Settings, rng: np.random.Generator) -> Array:
    """Errors of predictors averaged over some draws: products of two fits that share the other draws."""
    X, W = ([features.sphere(count, s.d, rng) for _ in range(2)] for count in (s.n, s.p))
    target = sphere.Target(noise=s.noise)
    fit, other_W, other_X, other = (
        sphere.random_features(X[i], W[j], s.activation, s.gamma / s.n) for i in (0, 1) for j in (0, 1)
    )
    biases = []
    for over, second in zip(OVER, (other, other_X, other_W, fit), strict=True):
        signal, noise = sphere.overlap(fit, second, target)
        aligned = sphere.alignment(fit, target) + sphere.alignment(second, target)
        biases.append(target.linear - aligned + signal + (0.0 if "e" in over else noise))
    return np.array(biases)


def _classical(s: Settings) -> Array:
    return np.array([adlam2020.classical(_terms(s), over).bias for over in OVER])


splits = Claim(
    statement="What the bias of a random-feature model is depends on the draws that are averaged over: it is "
    "least over all of them, and over label noise alone it is all that is lost of the target. "
    "So reports on whether bias or variance makes the peak differ.",
    formula="over P, X and e: B; over training sets: B + V_P; over weights: B + V_X + V_Xe; over label "
    "noise: B + V_P + V_X + V_PX",
    source="own derivation from the terms; classical splits are compared in [adlam2020, Sec. 3†]",
    kind="asymptotic",
    defaults={"n": 80, "p": 80, "d": 40, "gamma": 0.05, "activation": "tanh", "noise": 0.5},
    simulated="two sets of n samples and two of p weights on the sphere of R^d; the mean product of the "
    "errors of two fits that share only the draws that are not averaged over" + GIVEN,
    trial=_biases,
    theory=_classical,
    labels=("over all", "over training sets", "over weights", "over label noise"),
    allowance=lambda s: 6 / s.n,  # measured 4.9/n
    grows=("n", "p", "d"),
    trials=72,
    quick=72,
    sabotage={
        "the bias of all draws for each": lambda s: _terms(s).B,
        "the ensemble without its label noise": lambda s: _classical(s) - [0, 0, _terms(s).V_Xe, 0],
        "weights and training sets swapped": lambda s: _classical(s)[[0, 2, 1, 3]],
    },
)
