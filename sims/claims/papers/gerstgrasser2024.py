"""Model collapse is not inevitable: least squares on replaced and on accumulated data."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.verdict import edge
from theory.papers import gerstgrasser2024

GENERATIONS = (1, 2, 3)


def replaced(d: int, n: int, noise: float, count: int, rng: np.random.Generator) -> Array:
    """Excess errors of a chain of least squares on n fresh labels each, given the designs (count,)."""
    added = [noise * np.trace(np.linalg.inv(X.T @ X)) for X in rng.standard_normal((count, n, d))]
    return np.cumsum(added)


def accumulated(d: int, n: int, noise: float, count: int, rng: np.random.Generator) -> Array:
    """Excess errors of a chain of least squares on all labels so far, given the designs (count,).

    The labels are fitted as the paper says; what noise does to each model is carried along as its covariance
    with the labels of all generations.
    """
    designs = rng.standard_normal((count, n, d))
    labels = np.zeros((0, count * n))  # rows: labels so far; columns: noise of all generations
    model, errors = np.zeros((d, count * n)), []
    for g, X in enumerate(designs):
        fresh = X @ model
        fresh[:, g * n : (g + 1) * n] += np.eye(n)
        labels = np.concatenate([labels, fresh])
        model = np.linalg.pinv(designs[: g + 1].reshape(-1, d)) @ labels
        errors.append(noise * np.sum(model**2))
    return np.array(errors)


def _added(s: Settings, rng: np.random.Generator) -> Array:
    errors = accumulated(s.d, s.n, s.noise, len(GENERATIONS), rng)
    return np.diff(errors, prepend=0.0)


def _costs(s: Settings, above: float = 1.0, power: float = 1.0) -> Array:
    """noise d/(i (i n - d - 1)), with another number for the 1."""
    i = np.array(GENERATIONS, dtype=float)
    return s.noise * s.d / (i**power * (i * s.n - s.d - above))


def _near(s: Settings) -> bool:
    return abs(s.n - s.d) <= edge(s.d)


replace = Claim(
    statement="Least squares on the labels of least squares: where each generation's data replace those "
    "before, the excess error grows by the same amount each time, without end.",
    formula="excess after g generations = g noise d/(n - d - 1)",
    source="[gerstgrasser2024†]; the mean of an inverse Wishart matrix",
    checked="text",
    kind="exact",
    theme="inverse-wishart",
    defaults={"d": 8, "n": 20, "noise": 0.5},
    simulated="three generations of least squares on n fresh Gaussian samples each; the exact excess error "
    "of each, given all samples, averaged over the noise",
    trial=lambda s, rng: replaced(s.d, s.n, s.noise, len(GENERATIONS), rng),
    theory=lambda s: gerstgrasser2024.chain(s.d, s.n, s.noise, GENERATIONS).replace,
    heavy_tailed=lambda s: [_near(s)] * len(GENERATIONS),
    labels=tuple(f"generation {g}" for g in GENERATIONS),
    trials=2000,
    quick=400,
    sabotage={
        "d/(n - d), its limit": lambda s: np.array(GENERATIONS) * s.noise * s.d / (s.n - s.d),
        "(d + 1)/(n - d - 2)": lambda s: gerstgrasser2024.chain(s.d + 1, s.n, s.noise, GENERATIONS).replace,
        "accumulated data": lambda s: gerstgrasser2024.chain(s.d, s.n, s.noise, GENERATIONS).accumulate,
        "the noise of the first labels alone": lambda s: gerstgrasser2024.chain(s.d, s.n, s.noise, 1).replace,
    },
    exercise=Exercise(
        question="Generation g is least squares in d dimensions on n labels of generation g - 1 (of the "
        "true target for g = 1), with fresh Gaussian inputs and fresh noise. What is its excess test error, "
        "exactly?",
        answer="g*noise*d/(n - d - 1)",
        names={"g": ("1", "2", "3")},
        elsewhere={"d": 5, "n": 15, "noise": 1.0},
        limit="g*noise*d/(n - d)",
    ),
)

accumulate = Claim(
    statement="Where data accumulate, true labels and those of all models together, generation g adds "
    "little: 1/g of what label noise costs least squares on all the samples so far.",
    formula="excess_g - excess_(g-1) = noise d/(g (g n - d - 1))",
    source="derived here; [gerstgrasser2024†] bounds it by the first generation's error over g^2",
    kind="exact",
    theme="inverse-wishart",
    defaults={"d": 8, "n": 14, "noise": 0.5},
    simulated="three generations of least squares on all data so far, n Gaussian samples more for each; the "
    "exact excess error of each, given all samples, less that of the one before",
    trial=_added,
    theory=_costs,
    heavy_tailed=lambda s: [_near(s), False, False],
    labels=tuple(f"generation {g}" for g in GENERATIONS),
    trials=4000,
    quick=1000,
    sabotage={
        "without the 1, its limit": lambda s: _costs(s, above=0.0),
        "2 for 1": lambda s: _costs(s, above=2.0),
        "the paper's bound, as an equation": lambda s: np.diff(
            gerstgrasser2024.chain(s.d, s.n, s.noise, GENERATIONS).accumulate_bound, prepend=0.0
        ),
        "the noise of all labels so far": lambda s: _costs(s, power=0.0),
    },
    exercise=Exercise(
        question="Least squares in d dimensions is fitted to n true labels; then, again and again, n more "
        "Gaussian inputs get their labels from the last fit, with fresh noise, and all data so far are "
        "fitted. How much does generation g add to the excess error of the one before, exactly? Hint: on "
        "its own labels a fit is repeated but for the fresh noise, so w_g = w_(g-1) + S_g^-1 X_g' e_g, S_g "
        "the sum of all X_i'X_i.",
        answer="noise*d/(g*(g*n - d - 1))",
        names={"g": ("1", "2", "3")},
        elsewhere={"d": 5, "n": 11, "noise": 1.0},
        limit="noise*d/(g*(g*n - d))",
    ),
)

bounded = Claim(
    statement="With accumulated data there is no collapse: however many generations, the excess error stays "
    "below pi^2/6 times that of least squares on the true labels.",
    formula="excess after g generations <= pi^2/6 noise d/(n - d - 1)",
    source="[gerstgrasser2024†]; at n = 5 d the error itself ends 7 % below the bound",
    checked="text",
    kind="inequality",
    relation="<=",
    defaults={"d": 6, "n": 30, "noise": 0.5, "count": 12},
    simulated="`count` generations of least squares on all data so far, n Gaussian samples more for each; "
    "the exact excess error of the last, given all samples",
    trial=lambda s, rng: accumulated(s.d, s.n, s.noise, s.count, rng)[-1],
    theory=lambda s: gerstgrasser2024.chain(s.d, s.n, s.noise, np.inf).accumulate_bound,
    heavy_tailed=_near,
    trials=1000,
    quick=200,
    sabotage={
        "replaced data": {"trial": lambda s, rng: replaced(s.d, s.n, s.noise, s.count, rng)[-1]},
        "the first generation's error": lambda s: gerstgrasser2024.chain(s.d, s.n, s.noise, 1).replace,
        "4/3 in place of pi^2/6": lambda s: 4 / 3 * gerstgrasser2024.chain(s.d, s.n, s.noise, 1).replace,
    },
)
