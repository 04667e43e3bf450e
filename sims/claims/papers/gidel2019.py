"""From a small start a linear network climbs through the ranks."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.claims.papers.saxe2014 import layers
from theory.papers import gidel2019


def _error(s: Settings, rng: np.random.Generator) -> Array:
    return ((layers(s, rng) - [s.weak, s.strong]) ** 2).sum(keepdims=True)


error = Claim(
    statement="From a small start the error of two linear layers falls in steps: one for each singular value "
    "of the target, and between the steps the network is its best approximation of low rank.",
    formula="sum (s_i - u_i(t))^2, with u_i of saxe2014",
    source="[gidel2019, Thm 1†]; [saxe2014]",
    kind="exact",
    defaults={"weak": 1.0, "strong": 3.0, "start": 1e-4, "time": 3.0},
    simulated="two 2 x 2 layers in random bases, balanced, integrated by Heun's rule; squared error",
    trial=_error,
    theory=lambda s: gidel2019.error([s.weak, s.strong], s.start, s.time),
    allowance=1e-4,  # the integration
    outcome="every",
    trials=48,
    quick=28,
    sabotage={
        "the limit of a small start": lambda s: sum(
            (x - gidel2019.limit(x, 2 * s.time / np.log(1 / s.start))) ** 2 for x in (s.weak, s.strong)
        ),
        "one layer": lambda s: gidel2019.error([s.weak, s.strong], s.start, s.time / 2),
        "the start twice as large": lambda s: gidel2019.error([s.weak, s.strong], 2 * s.start, s.time),
    },
)
