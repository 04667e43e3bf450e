"""A U-turn on double descent: two complexity axes, and parameters counted at fresh inputs."""

import numpy as np

from sims import fit
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.isotropic import risk
from sims.experiments.regression_trees import grown, predictions, samples
from sims.verdict import edge
from theory import Problem
from theory.papers import curth2023, hastie2022


def _widths(s: Settings) -> list[int]:
    return [s.n // 2, 2 * s.n, 4 * s.n]


def _weights(s: Settings, rng: np.random.Generator) -> Array:
    """n E |s(x)|^2 of minimum-norm fits: n times the error that unit noise causes."""
    X = rng.standard_normal((s.n, max(_widths(s))))
    return s.n * np.array([risk(X[:, :p], 0.0, 1.0) - 1 for p in _widths(s)])


def _ridge_weights(s: Settings, rng: np.random.Generator) -> Array:
    """n mean |s(x)|^2 over training inputs and over fresh ones."""
    X = rng.standard_normal((s.n, s.p))
    fitted = fit.ridge(X, np.eye(s.n), s.ridge)  # column i: the weight that label i has in each coefficient
    return np.array([((X @ fitted) ** 2).sum(), s.n * (fitted**2).sum()])


def _ridge_counts(s: Settings, factor: float = 1.0) -> Array:
    counts = curth2023.effective_parameters(Problem.isotropic(p=s.p), s.n, factor * s.ridge)
    return np.array([counts.train, counts.test])


def _tree_count(s: Settings, rng: np.random.Generator, at_training_inputs: bool = False) -> Array:
    """Logarithms of the factors by which averaging trees lowers effective parameters and error."""
    X, y, fresh, truth = samples(s.n, s.fresh, s.noise, rng)
    trees = [grown(X, y, s.leaves, rng) for _ in range(s.trees)]
    weights = []
    for tree in trees:  # a tree predicts the mean label of the leaf
        same = tree.apply(X if at_training_inputs else fresh)[:, None] == tree.apply(X)
        weights.append(same / same.sum(axis=1, keepdims=True))
    errors = np.array([tree.predict(fresh) for tree in trees]) - truth
    # the mean over trees of what one has, over what their average has
    return np.log(
        [np.mean(np.square(a)) / np.mean(np.mean(a, axis=0) ** 2) for a in (np.array(weights), errors)]
    )


def _switch(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithms of the rise up to the switch from growing to averaging trees, and of the fall beyond."""
    X, y, fresh, truth = samples(s.n, s.fresh, s.noise, rng)

    def error(f: Array) -> float:
        return s.noise + float(np.mean((f - truth) ** 2))

    small = error(predictions(X, y, fresh, s.trees, 2, rng))  # the mean over trees of the error of one
    changes = []
    for leaves in (s.n // 4, s.n):
        each = predictions(X, y, fresh, s.trees, leaves, rng)
        changes += [error(each) / small, error(each) / error(each.mean(axis=0))]
    return np.log(changes)


least_squares = Claim(
    statement="A fit's effective parameters count how strongly its predictions depend on the labels. Counted "
    "at fresh inputs, a minimum-norm fit on p Gaussian features has n p/(n - p - 1) of them for p < n, and "
    "n^2/(p - n - 1) for p > n; beyond n, more features lower the count.",
    formula="n E |s(x)|^2 = n p/(n - p - 1) for p < n - 1, n^2/(p - n - 1) for p > n + 1",
    source="[curth2023, Sec. 4.1†] for the count; values by theory.exact",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 20},
    simulated="one Gaussian design of growing width; the exact n E |s(x)|^2 of its smoother, f(x) = s(x).y",
    trial=_weights,
    theory=lambda s: curth2023.least_squares(s.n, _widths(s)).test,
    heavy_tailed=lambda s: np.abs(np.array(_widths(s)) - s.n) <= edge(s.n),
    labels=("p = n/2", "p = 2n", "p = 4n"),
    trials=2000,
    quick=500,
    sabotage={
        "the limit of many samples": lambda s: s.n * np.array([1.0, 1.0, 1 / 3]),
        "counted at the training inputs": lambda s: curth2023.least_squares(s.n, _widths(s)).train,
        "n and p swapped": lambda s: curth2023.least_squares(np.array(_widths(s)), s.n).test,
    },
    exercise=Exercise(
        question="Counted as n E |s(x)|^2 at fresh inputs, how many effective parameters has a minimum-norm "
        "fit on p Gaussian features, exactly?",
        answer="n*p/(n - p - 1); n^2/(p - n - 1); n^2/(p - n - 1)",
        names={"p": ("n/2", "2*n", "4*n")},
        elsewhere={"n": 24},
        limit="n*p/(n - p); n^2/(p - n); n^2/(p - n)",
    ),
)

ridge = Claim(
    statement="Ridge regression has fewer effective parameters at the training inputs than at fresh ones; "
    "both counts follow from the solution of one equation.",
    formula="train = n [(df/n)^2 + (ridge/kappa)^2 V], test = n V, V = (df2/n)/(1 - df2/n); "
    "df = sum r_i, df2 = sum r_i^2, r_i = lambda_i/(lambda_i + kappa), kappa (1 - df/n) = ridge",
    source="[curth2023, Sec. 4.1†] for the count; values by the core equation",
    kind="asymptotic",
    defaults={"n": 60, "p": 60, "ridge": 0.3},
    simulated="ridge regression by SVD on a Gaussian design; n times the mean |s(x)|^2 of its smoother",
    trial=_ridge_weights,
    theory=_ridge_counts,
    heavy_tailed=lambda s: s.ridge == 0 and abs(s.p - s.n) <= edge(s.n),
    allowance=lambda s: 0.5 / s.n,  # measured gap 0.3/n at n = 60, 120 and 240
    labels=("at training inputs", "at fresh inputs"),
    grows=("n", "p"),
    trials=256,
    quick=128,
    sabotage={
        "the ridge counted twice": lambda s: _ridge_counts(s, 2.0),
        "degrees of freedom in place of both": lambda s: (
            hastie2022.isotropic(s.p / s.n, ridge=s.ridge).df * s.n
        ),
    },
)

averaging_trees = Claim(
    statement="Averaging 20 trees grown down to single samples more than halves the effective parameters "
    "(how strongly predictions depend on the labels) at fresh inputs, and with them the error beyond the "
    "noise.",
    formula="n E |s(x)|^2 of 20 trees < n/2 = half that of one; the same for E (f - truth)^2",
    source="[curth2023, experiments with trees†]; the half is ours",
    kind="shape",
    defaults={"n": 60, "noise": 1.0, "trees": 20, "leaves": 60, "fresh": 300},
    simulated="trees of scikit-learn on noisy samples; "
    "logarithms of the ratios of what one tree has (effective parameters, error) to what their mean has",
    trial=_tree_count,
    theory=lambda s: np.log(2),
    relation=">=",
    labels=("parameters", "error"),
    quick=48,
    sabotage={
        "counted at the training inputs, two samples a leaf": {
            "trial": lambda s, rng: _tree_count(s, rng, True),
            "defaults": {"leaves": 30},
        },
        "two trees": {"defaults": {"trees": 2}},
    },
)

switch = Claim(
    statement="The peak of a tree ensemble stands where one stops growing a tree and begins "
    "to average trees, not at interpolation: "
    "if the switch is at n/4 leaves the peak is there, if at n leaves, there.",
    formula="test(a tree of L leaves) > test(one of 2 leaves), test(20 trees of L leaves), L = n/4 and n",
    source="[curth2023, experiments with trees†]",
    kind="shape",
    defaults={"n": 60, "noise": 1.0, "trees": 20, "fresh": 300},
    simulated="trees of scikit-learn on noisy samples; logarithms of ratios of test errors",
    trial=_switch,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("n/4: over 2 leaves", "n/4: over 20 trees", "n: over 2 leaves", "n: over 20 trees"),
    quick=64,
    sabotage={
        "labels without noise": {"defaults": {"noise": 1e-6}},
    },
)
