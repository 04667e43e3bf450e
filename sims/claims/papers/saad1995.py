"""A soft committee waits on a plateau."""

import numpy as np

from sims.claims import Claim, Settings
from sims.experiments.teacher_student import trained
from theory.papers import saad1995


def _waits(s: Settings, rng: np.random.Generator) -> float:
    """All units of the student the same: they stay so, on the plateau."""
    w = 0.5 * np.ones((2, 1)) * rng.standard_normal(s.d) / np.sqrt(s.d)
    step = s.pace / s.d
    return trained(w, np.ones(2), np.eye(2, s.d), step, 0.0, s.travel / step, False, rng)


plateau = Claim(
    statement="A student of two units that start alike learns the mean of its teacher's two, and waits "
    "there.",
    formula="excess = (4/pi) (pi/6 - 2 asin(1/4)), for vanishing steps",
    source="[saad1995]",
    kind="asymptotic",
    defaults={"d": 50, "pace": 5.0, "travel": 6.0},
    simulated="online descent in d dimensions by steps of pace/d, teacher with orthogonal units of length 1; "
    "excess error after travel/step passes of d samples",
    trial=_waits,
    theory=lambda s: saad1995.plateau(2).excess,
    grows=("d",),
    allowance=lambda s: 3 / s.d,  # most of it the step: measured 4.5 % at d = 50
    trials=128,
    quick=40,
    sabotage={
        "the error with its factor 1/2": lambda s: saad1995.plateau(2).excess / 2,
        "three units": lambda s: saad1995.plateau(3).excess,
        "no plateau": lambda s: 0.0,
    },
)
