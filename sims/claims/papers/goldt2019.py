"""A student with too many units: what the label noise does depends on the layers that learn."""

from types import SimpleNamespace

import numpy as np

from sims.claims import Claim, Settings
from sims.experiments.teacher_student import trained
from theory.papers import goldt2019


def start(s: Settings, units: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A start that is the same in every trial: a little of the teacher, a little of the rest."""
    rng = np.random.default_rng(units)
    W = 0.3 * rng.standard_normal((units, s.d)) / np.sqrt(s.d)
    W[:, :2] += 0.4 * np.eye(units, 2)
    return W, np.full(units, 0.8), np.eye(2, s.d)


def _theory(s: Settings, units: int, step: float, noise: float, second: bool) -> float:
    W, v, B = start(s, units)
    return float(goldt2019.excess(W @ W.T, W @ B.T, B @ B.T, v, np.ones(2), step, noise, s.time, second))


def _run(s: Settings, rng: np.random.Generator) -> float:
    return trained(*start(s, s.units), s.step, s.noise, s.time, True, rng)


dynamics = Claim(
    statement="The error of a student of two layers in online training follows differential equations "
    "for the "
    "overlaps of its units with one another and with the teacher's.",
    formula="excess = sum c_a c_b (2/pi) asin(C_ab/sqrt((1 + C_aa)(1 + C_bb))), C of goldt2019.excess",
    source="[goldt2019]; [saad1995]",
    kind="asymptotic",
    defaults={"d": 100, "units": 3, "step": 0.5, "noise": 0.1, "time": 4.0},
    simulated="online descent of both layers in d dimensions from one start; excess error at that time",
    trial=_run,
    theory=lambda s: _theory(s, s.units, s.step, s.noise, True),
    grows=("d",),
    allowance=lambda s: 2 / s.d,
    trials=160,
    quick=160,
    sabotage={
        "labels without noise": lambda s: _theory(s, s.units, s.step, 0.0, True),
        "gradient flow: no terms of order step^2": lambda s: _theory(
            SimpleNamespace(d=s.d, time=1000 * s.time), s.units, s.step / 1000, s.noise, True
        ),
        "twice the step": lambda s: _theory(s, s.units, 2 * s.step, s.noise, True),
    },
)


def _price_of_units(s: Settings, rng: np.random.Generator) -> float:
    """log error of the wide student over that of the narrow one: first layer alone, less both layers."""
    logs = []
    for second, units in ((False, s.units), (False, 2), (True, s.units), (True, 2)):
        W, v, B = start(s, units)
        v = v if second else np.ones(units)
        logs.append(np.log(trained(W, v, B, s.step, s.noise, s.time, second, rng)))
    return float(logs[0] - logs[1] - logs[2] + logs[3])


both_layers = Claim(
    statement="With noisy labels and its first layer alone in training, a student of six units ends far "
    "worse "
    "than one of two, which its teacher has; with both layers in training the units cost little: "
    "the ratio of the two errors is at least twice as small.",
    formula="log(error_6/error_2), first layer alone, less the same of both layers, >= log 2",
    source="[goldt2019, Fig. 2-3†]; the number is ours",
    kind="inequality",
    relation=">=",
    defaults={"d": 20, "units": 6, "step": 0.5, "noise": 0.1, "time": 80.0},
    simulated="online descent of four students: two or six units, one or both layers; logarithms of "
    "their errors",
    trial=_price_of_units,
    theory=lambda s: np.log(2.0),
    trials=64,
    quick=64,
    sabotage={"the layers swapped": {"trial": lambda s, rng: -_price_of_units(s, rng)},
              "at least twenty times": lambda s: np.log(20.0)},
)  # fmt: skip
