"""Saad, Solla 1995: online learning of a soft committee machine, and the plateau on which it waits.

Student and teacher have K units of weight one each, f(x) = sum_k g(w_k.x), g = erf(./sqrt 2), the teacher's
of length 1 and orthogonal. A small start keeps all units of the student alike until they specialise. The
equations in time are those of `goldt2019.excess` with the first layer alone in training.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, whole
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="saad1995",
    title="On-line learning in soft committee machines",
    authors=("Saad", "Solla"),
    error="excess",
    penalty="none: one pass of small steps on half the squared error",
    statements={"plateau": "proved: a fixed point of the equations for vanishing steps"},
    note="without a factor 1/2",
    topics=("stochastic gradient descent", "plateaus", "saddle points", "teacher and student"),
)


class Plateau(NamedTuple):
    """The symmetric saddle point."""

    student: Array
    """Q, squared length of every unit of the student, all of which are alike."""
    teacher: Array
    """R, overlap of each of them with each unit of the teacher."""
    excess: Array
    """E (f - f*)^2."""


def plateau(units: ArrayLike) -> Plateau:
    """Where a soft committee of K units waits until its units specialise, for small steps.

    Q = 1/(2 K - 1), R = 1/sqrt(K (2 K - 1)), excess = (2 K/pi) (pi/6 - K asin(1/(2 K))): units that are
    all alike point to the mean of the teacher's. For K = 1 it is the target itself. The wait is
    proportional to log(1/asymmetry of the start).

    Parameters
    ----------
    units : array_like, whole numbers >= 1
        K, of student and teacher.

    Returns
    -------
    Plateau
        (student, teacher, excess), arrays.

    Source: [saad1995], with twice its error, which has a factor 1/2.

    >>> [float(value.round(5)) for value in plateau(2)]
    [0.33333, 0.40825, 0.02322]
    """
    K = whole("units", units, low=1)
    # pi/6 = asin(1/2); both angles by their sine, sin(x - y), for they are close where K is small
    shared = K * np.arcsin(1 / (2 * K))
    value = np.where(K == 1, 0.0, 2 * K / np.pi * (np.pi / 6 - shared))
    return Plateau((1 / (2 * K - 1))[()], (1 / np.sqrt(K) / np.sqrt(2 * K - 1))[()], value[()])
