"""The scale of the start decides which norm a diagonal linear network makes small: l1 or l2."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments.diagonal_networks import flow_end
from theory.papers import woodworth2020


def _task(s: Settings, rng: np.random.Generator) -> tuple[Array, Array]:
    """Gaussian inputs, labels of a target with one coordinate."""
    X = rng.standard_normal((s.n, s.p))
    return X, X[:, 0].copy()


def _ends(s: Settings, rng: np.random.Generator, alpha: float | None = None) -> Array:
    """The end of the flow projected on theory's coefficients, and the ratio of their l1 norms."""
    X, y = _task(s, rng)
    beta, limit = flow_end(X, y, s.alpha), woodworth2020.limit(X, y, s.alpha if alpha is None else alpha)
    return np.array([beta @ limit / (limit @ limit), np.abs(beta).sum() / np.abs(limit).sum()])


end = Claim(
    statement="Gradient flow on a diagonal linear network, started with all weights equal to alpha, "
    "ends at one interpolator, which theory gives for every alpha.",
    formula="beta = u^2 - v^2 = 2 alpha^2 sinh(X'nu), nu such that X beta = y, for every X and y",
    source="[woodworth2020, Thm 1†]",
    kind="exact",
    defaults={"n": 3, "p": 8, "alpha": 0.1},
    simulated="random inputs; the flow of the weights integrated until the labels are fitted: "
    "its coefficients projected on those of theory, and the ratio of the l1 norms",
    trial=_ends,
    theory=lambda s: 1.0,
    allowance=1e-4,  # the flow as integrated
    outcome="every",
    labels=("projection", "ratio of l1 norms"),
    trials=64,
    quick=24,
    sabotage={
        "the least l2 norm at every alpha": {"trial": lambda s, rng: _ends(s, rng, alpha=1e3)},
        "the coefficients' scale alpha^2 for alpha": {
            "trial": lambda s, rng: _ends(s, rng, alpha=s.alpha**2)
        },
    },
)


def _norms(s: Settings, rng: np.random.Generator) -> Array:
    """By how much log l1 norm rises and log l2 norm falls from the small scale to the large one."""
    X, y = _task(s, rng)
    small, large = flow_end(X, y, s.small), flow_end(X, y, s.large)
    l1, l2 = (np.log(np.linalg.norm(large, k) / np.linalg.norm(small, k)) for k in (1, 2))
    return np.array([l1, -l2])


interpolates = Claim(
    statement="The smaller the start, the smaller is the l1 norm of the solution; "
    "the larger the start, the smaller is its l2 norm.",
    formula="|beta|_1 increases with alpha, |beta|_2 decreases, on every data set",
    source="[woodworth2020, Thm 1†]",
    kind="shape",
    defaults={"n": 3, "p": 8, "small": 0.05, "large": 0.8},
    simulated="the end of the flow from two scales on the same random inputs; "
    "by how much the larger scale raises the logarithm of the l1 norm and lowers that of the l2 norm",
    trial=_norms,
    theory=lambda s: 0.0,
    relation=">=",
    outcome="every",
    labels=("rise of l1", "fall of l2"),
    trials=96,
    quick=60,
    sabotage={"the two norms swapped": {"trial": lambda s, rng: -_norms(s, rng)}},
)
