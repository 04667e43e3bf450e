"""Bias and variances of random features: what the draw of the features adds, and what ensembles remove."""

from typing import Any

import numpy as np

from sims import features
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import sphere
from sims.verdict import edge
from theory.papers import dascoli2020


def _terms(s: Settings, **change: Any) -> dascoli2020.Decomposition:
    point = {
        "psi1": s.p / s.d,
        "psi2": s.n / s.d,
        "ridge": getattr(s, "ridge", 0.0),
        "activation": s.activation,
    }
    return dascoli2020.decomposition(
        **{**point, "signal": 1.0, "noise": s.noise, "members": getattr(s, "members", 1), **change}
    )


def _ensemble(s: Settings, rng: np.random.Generator) -> Array:
    """Terms of the error of an ensemble, computed from those of one model."""
    X, W = ([features.sphere(count, s.d, rng) for _ in range(2)] for count in (s.n, s.p))
    of = sphere.variances(X, W, s.activation, s.ridge / s.d, sphere.Target(noise=s.noise))
    noise = of.noise_samples + of.noise_samples_features / s.members
    return np.array([noise, (of.features + of.samples_features) / s.members, of.samples, of.bias])


decomposition = Claim(
    statement="The error of an ensemble of random-feature models is a bias plus three variances: "
    "of label noise, of the draw of the features and of the samples; each has a limit in closed form.",
    formula="test - noise -> noise variance + initialization/K + sampling + bias, K members",
    source="[dascoli2020, Sec. 3†]",
    checked="code",
    kind="asymptotic",
    defaults={"n": 50, "p": 100, "d": 50, "ridge": 0.1, "activation": "tanh", "noise": 0.5, "members": 2},
    simulated="two sets of n samples and two sets of p weights are drawn on the sphere of R^d; "
    "the four terms follow from products of the four fits, exact given both: "
    "in the mean over targets, noise and fresh inputs",
    trial=_ensemble,
    theory=lambda s: _terms(s)[:4],
    allowance=lambda s: 2.5 / s.n,
    labels=("noise", "initialization", "sampling", "bias"),
    grows=("n", "p", "d"),
    trials=128,
    quick=32,
    sabotage={
        "one member": lambda s: _terms(s, members=1)[:4],
        "noise of samples alone, K infinite": lambda s: (_terms(s, members=np.inf)[0], *_terms(s)[1:4]),
        "sampling and initialization swapped": lambda s: np.array(_terms(s))[[0, 2, 1, 3]],
    },
)


def _infinite_ensembles(s: Settings, rng: np.random.Generator, single: bool = False) -> Array:
    """Test errors of infinite ensembles: two models with independent weights in place of one model twice."""
    X, target, errors = features.sphere(s.n, s.d, rng), sphere.Target(noise=s.noise), []
    for p in (s.p, 2 * s.p):
        W = [features.sphere(p, s.d, rng) for _ in range(2)]
        one, two = (sphere.random_features(X, w, s.activation, 0.0) for w in W)
        aligned = sphere.alignment(one, target) + sphere.alignment(two, target)
        errors.append(
            s.noise + target.linear - aligned + sum(sphere.overlap(one, one if single else two, target))
        )
    return np.array(errors)


ensemble = Claim(
    statement="Beyond the threshold at ridge 0, averaging over infinitely many draws "
    "of the features gives the error of infinite width, whatever the width.",
    formula="p > n, ridge = 0, K -> infinity: test(p) = test(p = infinity)",
    source="[dascoli2020, Sec. 4†]",
    checked="text",
    kind="asymptotic",
    defaults={"n": 50, "p": 100, "d": 50, "activation": "tanh", "noise": 0.5},
    simulated="n samples and, for p and for 2 p features, two sets of weights on the sphere of R^d; "
    "the mean error of an infinite ensemble of fits at ridge 0 from the product of two, "
    "exact given the draws",
    trial=_infinite_ensembles,
    theory=lambda s: _terms(s, psi1=np.inf).test,
    allowance=lambda s: 2 / s.n,
    heavy_tailed=lambda s: np.abs(np.array([s.p, 2 * s.p]) - s.n) <= edge(s.n),
    labels=("p features", "2 p features"),
    grows=("n", "p", "d"),
    quick=56,
    sabotage={
        "one model": {"trial": lambda s, rng: _infinite_ensembles(s, rng, single=True)},
        "two members": lambda s: _terms(s, members=2).test,
    },
)
