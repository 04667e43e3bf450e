"""Kernel regression mode by mode: samples are a budget of learnability."""

import numpy as np
from numpy.typing import NDArray

import theory
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import projections
from sims.experiments.coordinates import coordinates
from sims.experiments.gaussian import measure
from theory import Problem
from theory.papers import simon2023


def _parities(d: int) -> tuple[Array, NDArray[np.int64]]:
    """All parities at all corners of the cube, (corners, parities), and the number of bits of each."""
    bits = (np.arange(2**d)[:, None] >> np.arange(d)) & 1  # of a corner; of a parity, the bits it looks at
    return (-1.0) ** (bits @ bits.T), bits.sum(axis=1)


def _learnt_in_all(s: Settings, rng: np.random.Generator) -> float:
    parities, order = _parities(s.d)
    eigenvalues = s.smallest ** rng.random(s.d + 1)[order]
    seen = rng.permutation(len(parities))[: s.n]
    features = parities * np.sqrt(eigenvalues)
    inputs, labels = features[seen], parities[seen]  # of every parity in turn, a column each
    step = 1 / (np.linalg.norm(inputs, 2) ** 2 + s.n * s.ridge)
    weights = np.zeros_like(parities)
    for _ in range(s.steps):
        weights -= step * (inputs.T @ (inputs @ weights - labels) + s.n * s.ridge * weights)
    # the share of each parity that its own fit has found
    return float((parities * (features @ weights)).mean(axis=0).sum())


def _budget(s: Settings) -> float:
    """Theory's sum of learnabilities for one of the kernels; the sum is the same for all."""
    multiplicity = np.bincount(_parities(s.d)[1]).astype(float)
    problem = Problem(s.smallest ** np.linspace(0, 1, s.d + 1), np.ones(s.d + 1), multiplicity)
    return float(multiplicity @ simon2023.learnability(problem, s.n))


conservation = Claim(
    statement="A kernel machine that interpolates n samples has n units of learnability to spend: "
    "the shares that it learns of all eigenfunctions sum to n, whatever the eigenvalues and the samples.",
    formula="sum over modes of <phi_i, fit to phi_i> = n at ridge 0, for every kernel and every n samples",
    source="[simon2023] (the conservation law)",
    kind="exact",
    defaults={"d": 6, "n": 20, "smallest": 0.05, "ridge": 0.0, "steps": 600},
    simulated="n corners of the d-dimensional cube without repetition and a kernel whose eigenvalues "
    "on parities of 0, 1, ... bits are drawn between the smallest and 1; "
    "the weights of all parities are trained to fit each parity in turn, by gradient descent from 0, "
    "and its share in its own fit taken over all corners",
    trial=_learnt_in_all,
    theory=_budget,
    allowance=1e-4,  # where descent stops
    outcome="every",
    labels=("sum of learnabilities",),
    trials=64,
    quick=32,
    sabotage={
        "a ridge": {"defaults": {"ridge": 0.1}},
        "samples less one": lambda s: s.n - 1,
    },
    exercise=Exercise(
        question="A kernel machine without ridge interpolates n samples. "
        "What is the sum of the shares that it finds of all eigenfunctions?",
        answer="n",
        elsewhere={"n": 30},
    ),
)


def _learnabilities(s: Settings, rng: np.random.Generator) -> Array:
    problem = projections.problem(s.n)
    count, lam = problem.multiplicity.astype(int), coordinates(problem).variance
    Phi = rng.standard_normal((s.n, len(lam)))
    K = (Phi * lam) @ Phi.T + s.n * s.ridge * np.eye(s.n)
    learnt = lam * (Phi * np.linalg.solve(K, Phi)).sum(axis=0)
    first = np.cumsum(count) - count
    return np.add.reduceat(learnt, first) / count


learnability = Claim(
    statement="The share of an eigenfunction that a kernel machine learns from n samples depends "
    "on its eigenvalue and on one number kappa that is common to all eigenfunctions.",
    formula="L_i = lambda_i/(lambda_i + kappa), sum L_i + n ridge/kappa = n",
    source="[simon2023, Eq. 4-6†]",
    checked="code",
    kind="asymptotic",
    defaults={"n": 50, "ridge": 0.0},
    simulated="n Gaussian samples of 0.2 n, n and 4 n eigenfunctions of eigenvalue 1, 0.1 and 0.01; "
    "the share of each in the fit to it, averaged over each group",
    trial=_learnabilities,
    theory=lambda s: simon2023.learnability(projections.problem(s.n), s.n, s.ridge),
    allowance=lambda s: 1.0 / s.n,  # measured: 0.5 % at n = 50, 0.1 % at 100 and 200
    labels=("eigenvalue 1", "0.1", "0.01"),
    grows=("n",),
    trials=128,
    quick=64,
    sabotage={
        "the share of variance, L^2": lambda s: (
            simon2023.learnability(projections.problem(s.n), s.n, s.ridge) ** 2
        ),
        "half the samples": lambda s: simon2023.learnability(projections.problem(s.n), s.n / 2, s.ridge),
        "a ridge": {
            "defaults": {"ridge": 0.01},
            "theory": lambda s: simon2023.learnability(projections.problem(s.n), s.n),
        },
    },
)


def _test_and_train(s: Settings, rng: np.random.Generator) -> Array:
    risk = measure(projections.problem(s.n), s.n, None, s.ridge, rng)
    return np.array([risk.train, risk.test])


def _risk(s: Settings) -> theory.Risk:
    return theory.ridge(projections.problem(s.n), s.n, s.ridge)


def _shrinkage(s: Settings) -> float:
    return float(s.ridge / _risk(s).kappa)


train_test = Claim(
    statement="With a ridge, the test error can be read off the training error: "
    "their ratio depends on the kernel and the ridge alone, and not on the target or the noise.",
    formula="train/test = (ridge/kappa)^2",
    source="[simon2023] (training error)",
    checked="code",
    kind="asymptotic",
    defaults={"n": 50, "ridge": 0.5},
    simulated="n Gaussian samples of 0.2 n, n and 4 n eigenfunctions of eigenvalue 1, 0.1 and 0.01; "
    "exact test and training error given the design, and the ratio of their means",
    trial=_test_and_train,
    statistic=lambda s, mean: mean[0] / mean[1],
    theory=lambda s: _shrinkage(s) ** 2,
    allowance=lambda s: (
        2.0 / s.n
    ),  # measured at ridge 0.02: 1.8, 0.6 and 0.3 % at n = 50, 100 and 200; less here
    labels=("train/test",),
    grows=("n",),
    trials=128,
    quick=64,
    sabotage={
        "without the square": _shrinkage,
        "the degrees of freedom of the variance": lambda s: (1 - _risk(s).df2 / s.n) ** 2,
        "1 - 2 df/n, to first order": lambda s: 1 - 2 * _risk(s).df / s.n,
    },
)
