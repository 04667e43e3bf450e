"""Goldt et al. 2019: online descent of an overparameterised student on a teacher, as differential equations.

Inputs N(0, I_d), student sum_k v_k g(w_k.x), teacher sum_m v*_m g(b_m.x) plus label noise, g = erf(./sqrt 2);
every step of size eta/d sees a new sample, and time is steps/d. For d -> infinity the overlaps Q = W W',
R = W B', T = B B' and the second layer v obey closed differential equations; at d inputs a run is off by
about 2/d, relative. The paper divides x by sqrt(d) and has half of this error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, data, flag, non_negative, scalar, symmetric
from theory.engines import committee
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="goldt2019",
    title="Dynamics of stochastic gradient descent for two-layer neural networks "
    "in the teacher-student setup",
    authors=("Goldt", "Advani", "Saxe", "Krzakala", "Zdeborová"),
    error="excess",
    penalty="none: one pass of steps eta/d on half the squared error",
    statements={"excess": "verified by simulation; a limit, own derivation of the integrals"},
    topics=("stochastic gradient descent", "feature learning", "teacher and student", "online learning"),
)


def excess(
    Q: ArrayLike,
    R: ArrayLike,
    T: ArrayLike,
    v: ArrayLike,
    teacher_v: ArrayLike,
    step: float,
    noise: float,
    time: ArrayLike,
    train_second: bool = True,
) -> Array:
    """Excess error E (f - f*)^2 of a student in training, at some times.

    The means over the fields of student and teacher, Gaussian of covariance [[Q, R], [R', T]], are closed;
    the terms of order eta^2 make it stochastic descent rather than gradient flow. With the first layer
    alone in training a student with more units than its teacher ends higher, in proportion to noise and
    step; with both layers it does not.

    Parameters
    ----------
    Q : (K, K) array_like
        Overlaps of the student's units at the start.
    R : (K, M) array_like
        Overlaps of student and teacher.
    T : (M, M) array_like
        Overlaps of the teacher's units.
    v, teacher_v : (K,), (M,) array_like
        Second layers.
    step : float >= 0
        eta.
    noise : float >= 0
        Variance of the label noise.
    time : array_like >= 0
        Steps/d, finite.
    train_second : bool
        Whether the second layer learns too, with the same step.

    Returns
    -------
    array
        Of the shape of `time`; inf where the descent has diverged.

    Raises
    ------
    ValueError
        Shapes that do not fit, or overlaps that no vectors have.

    Source: [goldt2019], Eq. of motion; [saad1995] for the integrals, derived anew.

    >>> start = dict(Q=[[0.5]], R=[[0.2]], T=[[1.0]], v=[1.0], teacher_v=[1.0])
    >>> excess(**start, step=0.5, noise=0.01, time=[0.0, 10.0, 30.0]).round(5)
    array([0.40233, 0.01382, 0.00159])
    """
    v, teacher = data("v", v, 1), data("teacher_v", teacher_v, 1)
    start = committee.Overlaps(data("Q", Q, 2), data("R", R, 2), v)
    T = data("T", T, 2)
    K, M = len(v), len(teacher)
    if (start.Q.shape, start.R.shape, T.shape) != ((K, K), (K, M), (M, M)):
        raise ValueError(
            f"Q, R, T have shapes {start.Q.shape}, {start.R.shape}, {T.shape}; "
            f"v and teacher_v ask for {(K, K)}, {(K, M)}, {(M, M)}"
        )
    whole = np.block([[start.Q, start.R], [start.R.T, T]])
    for name, matrix in (("Q", start.Q), ("T", T)):
        symmetric(name, matrix, SAME * max(float(np.abs(whole).max()), 1e-300))
    least = float(np.linalg.eigvalsh(whole)[0])
    if least < -1e-9 * np.abs(whole).max():
        raise ValueError(
            f"Q, R, T are no overlaps: [[Q, R], [R', T]] has the eigenvalue {least:g}; pass W W', W B', B B'"
        )
    when = non_negative("time", time)
    rate, variance = scalar("step", step, low=0.0), scalar("noise", noise, low=0.0)
    trained = True, flag("train_second", train_second)
    path = committee.run(start, T, teacher, rate, variance, np.atleast_1d(when).ravel(), trained)
    return np.reshape([error for _, error in path], when.shape)[()]
