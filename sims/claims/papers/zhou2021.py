"""Over-parameterization, a perspective: capacity counts in the final classifier, not in its features."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import random_relu as relu
from sims.experiments import trained_relu
from sims.verdict import edge
from theory.papers import zhou2021


def _widths(s: Settings) -> list[int]:
    """Units of the fixed transformation: 2 and 8 times as many as the classifier has inputs."""
    return [2 * s.p, 8 * s.p]


def _read_out(s: Settings, rng: np.random.Generator) -> Array:
    """Excess error by label noise of least squares on p random combinations of all units."""
    design = relu.draw(s.n, s.d, max(_widths(s)), rng)
    errors = []
    for width in _widths(s):
        mixes = rng.standard_normal((s.mixes, width, s.p))
        fits = [mix @ np.linalg.pinv(design.features(width) @ mix) for mix in mixes]
        errors.append(s.noise * np.mean([design.power(fitted, width).sum() for fitted in fits]))
    return np.array(errors)


def _read_out_theory(s: Settings, p: int | None = None) -> float:
    return float(zhou2021.noise_cost(s.n, s.p if p is None else p, s.noise))


def _trained(s: Settings, rng: np.random.Generator, widths: tuple[str, str]) -> float:
    """Logarithm of the test error of trained networks: how much it falls between two widths."""
    sizes = [getattr(s, name) for name in widths]
    narrow, wide = np.log(trained_relu.errors(s.n, s.d, s.noise, sizes, s.steps, rng))
    return float(narrow - wide)


classifier = Claim(
    statement="Classical capacity theory governs the classifier built on a fixed transformation: "
    "the cost of noise depends on the number p of the classifier's inputs, "
    "however many parameters the transformation has.",
    formula="test - noise - bias = noise p/(n - p - 1), about noise p/n for p << n, at every width below",
    source="[zhou2021] argues so without a theorem; the value is that of [breiman1983] for Gaussian inputs",
    kind="asymptotic",
    defaults={"n": 80, "d": 32, "p": 16, "noise": 0.5, "mixes": 2},
    simulated="p random combinations of fixed random ReLU units, 2p or 8p of them; "
    "exact excess error of least squares on the p by label noise",
    trial=_read_out,
    theory=_read_out_theory,
    heavy_tailed=lambda s: abs(s.n - s.p) <= edge(s.n),
    theme="inverse-wishart",
    allowance=lambda s: 2.0 / s.n,  # the gap at n = 80, 160 and 320 is below this
    labels=("2p units", "8p units"),
    grows=("n", "d", "p"),
    trials=160,
    quick=96,
    sabotage={
        "the units count as well": lambda s: np.array([_read_out_theory(s, w) for w in (2 * s.p, 3 * s.p)]),
        "p/n alone": lambda s: s.noise * s.p / s.n,
    },
    exercise=Exercise(
        question="What does label noise add to the test error of least squares on p combinations "
        "of fixed random units, when n and p are large?",
        answer="noise*p/(n - p - 1)",
        elsewhere={"n": 60, "p": 8, "noise": 1.0},
    ),
)

transformation = Claim(
    statement="Classical capacity theory does not govern a transformation that is learnt: "
    "a network trained on noisy labels errs less with 20 times as many parameters as samples than "
    "with about as many. (Two units, too few to fit the noise, err less than both.)",
    formula="test(6 units) > test(96 units), about n and 20 n parameters; all layers trained",
    source="[zhou2021] argues so without a theorem",
    kind="shape",
    defaults={"n": 40, "d": 8, "noise": 0.25, "narrow": 2, "middle": 6, "wide": 96, "steps": 120},
    simulated="two-layer ReLU networks of `middle` and `wide` units on the same data, trained by L-BFGS; "
    "fall of the logarithm of the exact error",
    trial=lambda s, rng: _trained(s, rng, ("middle", "wide")),
    theory=lambda s: 0.0,
    relation=">=",
    trials=128,
    quick=64,
    sabotage={
        "below the threshold too": {"trial": lambda s, rng: _trained(s, rng, ("narrow", "middle"))},
    },
)
