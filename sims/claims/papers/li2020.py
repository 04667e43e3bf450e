"""Early stopping is robust to wrong labels on clustered data."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import clustered_labels
from sims.experiments.signed_networks import begin, descend, network
from sims.rules import Descent
from sims.training import train
from sims.training.solvers import lbfgs
from theory.papers import li2020


def _centers(s: Settings, rng: np.random.Generator) -> Array:
    X, y, _ = clustered_labels.draw(s.clusters, s.copies, s.d, s.corruption, 0.0, rng)
    _, run = descend(X, s.size * y, s.width, s.time / s.steps, [s.steps], rng)
    assert run.test is not None
    return run.test[0, 0, :: s.copies] / s.size


def _fit(s: Settings, corruption: float, copies: int, time: float) -> Array:
    return li2020.cluster_fit(*clustered_labels.centers(s.clusters, s.d), copies, corruption, time)


clusters = Claim(
    statement="With m equal inputs in each cluster, of which a share rho has the wrong label, a network "
    "learns 1 - 2 rho times the clean label, and at time t its output is that of the kernel machine "
    "on the centres.",
    formula="f_t = V (1 - exp(-m e t)) V' (1 - 2 rho) labels, H(centers) = V diag(e) V'",
    source="[li2020], its cluster model with equal inputs",
    kind="asymptotic",
    defaults={
        "clusters": 3,
        "copies": 5,
        "d": 5,
        "corruption": 0.2,
        "time": 0.4,
        "steps": 100,
        "width": 512,
        "size": 0.1,
    },
    simulated="networks trained by small steps on repeated inputs, a fixed share of labels wrong, "
    "all labels small; predictions at the centres, scaled back",
    trial=_centers,
    theory=lambda s: _fit(s, s.corruption, s.copies, s.time),
    allowance=lambda s: 5.0 / s.width,  # of the width, and of the steps
    labels=("centre 1", "centre 2", "centre 3"),
    grows=("width", "steps"),
    trials=128,
    quick=48,
    sabotage={
        "wrong labels without effect": lambda s: _fit(s, 0.0, s.copies, s.time),
        "each cluster counted as one input": lambda s: _fit(s, s.corruption, 1, s.time),
        "trained to the end": lambda s: _fit(s, s.corruption, s.copies, np.inf),
    },
)


def _accuracies(s: Settings, rng: np.random.Generator) -> Array:
    """Fall of the accuracy on clean labels from an early stop to the end, and its rise on observed labels."""
    X, y, clean = clustered_labels.draw(s.clusters, s.copies, s.d, s.corruption, s.spread, rng)
    true = np.repeat(clean, s.copies)
    shape = network(s.d, s.width)
    theta = begin(shape, rng)
    early = train(shape, theta, X, y, Descent(len(y) * s.step), s.steps, record=[s.steps], X_test=X).test
    late = lbfgs(shape, theta, X, y, s.end, record=[s.end], X_test=X).test
    assert early is not None
    assert late is not None
    first, last = (np.sign(f[0, 0]) for f in (early, late))
    return np.array(
        [np.mean(first == true) - np.mean(last == true), np.mean(last == y) - np.mean(first == y)]
    )


early_stop = Claim(
    statement="On tight clusters of inputs with a share of wrong labels, a network "
    "that stops early predicts the clean label of every sample, also where the observed label is wrong; "
    "trained to the end it predicts all observed labels, the wrong ones too.",
    formula="accuracy on clean labels: 1 early and 1 - rho late; on observed ones: 1 - rho early and 1 late",
    source="[li2020]",
    kind="exact",
    defaults={
        "clusters": 4,
        "copies": 10,
        "d": 10,
        "corruption": 0.2,
        "spread": 0.05,
        "step": 0.05,
        "steps": 30,
        "width": 200,
        "end": 300,
    },
    simulated="inputs spread about four centres; "
    "a network after few steps of descent, and after L-BFGS to the end: "
    "by how much its accuracy on the clean training labels falls, and on the observed ones rises",
    trial=_accuracies,
    theory=lambda s: s.corruption,
    labels=("fall on clean labels", "rise on observed labels"),
    trials=48,
    quick=24,
    outcome="every",
    sabotage={
        "half of the labels wrong": {"defaults": {"corruption": 0.5}},
        "no descent at all": {"defaults": {"steps": 0}},
    },
    exercise=Exercise(
        question="A share of labels, `corruption`, is wrong. "
        "By how much does the accuracy on the clean labels of the training set fall from an early stop "
        "to the end, and that on the observed ones rise?",
        answer="corruption",
        elsewhere={"corruption": 0.3},
    ),
)
