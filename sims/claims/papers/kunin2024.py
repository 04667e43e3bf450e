"""Layers out of balance are lazy, balanced ones rich."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.claims.papers.saxe2014 import layers
from theory.papers import kunin2024, saxe2014


def _strengths(s: Settings, rng: np.random.Generator) -> Array:
    return layers(s, rng, s.imbalance)


def _at(s: Settings, imbalance: float) -> Array:
    return np.asarray(saxe2014.strength([s.weak, s.strong], s.start, s.time, imbalance=imbalance))


unbalanced = Claim(
    statement="Two linear layers out of balance learn without a plateau, at the rate of their imbalance, "
    "which gradient flow keeps.",
    formula="u' = sqrt(L^2 + 4 u^2) (s - u), L = a^2 - b^2",
    source="[kunin2024]; own solution",
    kind="exact",
    defaults={"weak": 1.0, "strong": 3.0, "start": 0.01, "time": 0.6, "imbalance": 2.0},
    simulated="two 2 x 2 layers in random bases, integrated by Heun's rule; the strength of both modes",
    trial=_strengths,
    theory=lambda s: _at(s, s.imbalance),
    allowance=1e-5,  # the integration
    outcome="every",
    labels=("weak", "strong"),
    trials=48,
    quick=28,
    sabotage={
        "balanced layers": lambda s: _at(s, 0.0),
        "lazy: the rate L alone": lambda s: (
            (1 - np.exp(-s.imbalance * s.time)) * (np.array([s.weak, s.strong]) - s.start) + s.start
        ),
        "L for a - b": lambda s: _at(s, s.imbalance**2),
    },
)


def _kernels(s: Settings, rng: np.random.Generator) -> Array:
    """Tangent kernel of the strong mode from its strength, which descent on both layers gives."""
    return np.hypot(s.imbalance, 2 * layers(s, rng, s.imbalance)[1:])


lazy = Claim(
    statement="The tangent kernel of two linear layers grows by a factor that their imbalance decides: "
    "it stays where the imbalance is large, the lazy regime.",
    formula="kernel(t) = sqrt(L^2 + 4 u(t)^2)",
    source="[kunin2024]; own solution",
    kind="exact",
    defaults={"weak": 1.0, "strong": 3.0, "start": 0.01, "time": 0.4, "imbalance": 5.0},
    simulated="two 2 x 2 layers in random bases, integrated by Heun's rule; the kernel of the strong mode",
    trial=_kernels,
    theory=lambda s: kunin2024.kernel(s.strong, s.start, s.time, s.imbalance),
    allowance=1e-5,
    outcome="every",
    trials=48,
    quick=28,
    sabotage={
        "a kernel that stays": lambda s: kunin2024.kernel(s.strong, s.start, 0.0, s.imbalance),
        "a kernel that has arrived": lambda s: kunin2024.kernel(s.strong, s.start, np.inf, s.imbalance),
    },
)
