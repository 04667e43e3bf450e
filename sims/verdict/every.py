"""Statements on every draw: each trial by itself keeps to theory, and k trials say how rare exceptions are.

A law that breaks the statement with chance x passes k draws with chance (1 - x)^k; so after k draws without
an exception, x is below 1 - level^(1/k) at this level. A single exception refutes the statement, with
certainty.
"""

import numpy as np
from numpy.typing import NDArray

from sims.verdict.inputs import Array, Inputs
from sims.verdict.result import Verdict, points
from sims.verdict.statuses import AGREES, DISAGREES, HEAVY, UNDECIDED

MOST = 0.5
"""Draws that leave room for more exceptions than this share decide nothing."""


def exceptions(level: float, trials: int) -> float:
    """Largest share of exceptions that so many draws without one leave possible at this level.

    >>> round(exceptions(1e-3, 64), 3)
    0.102
    """
    return float(-np.expm1(np.log(level) / trials))


def draws_needed(level: float) -> float:
    """How many draws without an exception bound their share by `MOST`.

    >>> draws_needed(1e-6)
    20.0
    """
    return float(np.ceil(np.log(level) / np.log1p(-MOST)))


def of_every_draw(
    broken: NDArray[np.bool_], resolution: Array, inputs: Inputs, tested: NDArray[np.intp], level: float
) -> Verdict:
    """The verdict on a statement that holds in each trial.

    Parameters
    ----------
    broken : array of bool (trials, points)
        Which trials are exceptions.
    resolution : array (points,)
        Relative error of the theory that every trial would have shown.
    inputs : Inputs
    tested : array of int
        Indices of the points that count.
    level : float in (0, 1)
        Chance that exceptions of a share above the stated one stayed out of all trials, at any point.
    """
    share = exceptions(level / max(len(tested), 1), inputs.trials)
    refuted: NDArray[np.bool_] = np.any(broken, axis=0)
    passed = AGREES if share <= MOST else UNDECIDED
    statuses = [HEAVY] * broken.shape[1]
    for i in tested:
        statuses[i] = DISAGREES if refuted[i] else passed
    wrong = DISAGREES in statuses
    judged = tested[inputs.theory[tested] != 0]  # a zero has no relative error, but nothing beside it passes
    return Verdict(
        status=(DISAGREES if wrong else passed) if len(tested) else HEAVY,
        resolution=float(resolution[tested].min(initial=np.inf)),
        hidden=float(resolution[judged].max()) if len(judged) else np.inf,
        false_alarm=level,
        family=len(tested),
        trials_needed=draws_needed(level / max(len(tested), 1)),
        points=points(statuses, inputs.se, np.full(len(statuses), np.nan), inputs.allowance, resolution),
        exceptions=share,
        outcome="every",
    )
