"""Lewkowycz et al. 2020: the catapult, gradient descent with a step that is too large for the start.

f = u.v/sqrt(m), one sample x = 1 with label 0, loss f^2/2. Output and tangent kernel obey a map of their own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, integer, non_negative, positive, real
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="lewkowycz2020",
    title="The large learning rate phase of deep learning: the catapult mechanism",
    authors=("Lewkowycz", "Bahri", "Dyer", "Sohl-Dickstein", "Gur-Ari"),
    error="none",
    note="output and tangent kernel of the network",
    penalty="none: steps on half the squared error",
    statements={"catapult": "proved: exact at every width"},
    topics=("learning rate", "edge of stability", "sharpness", "neural tangent kernel"),
)

_DIVERGED = 1e100


class Catapult(NamedTuple):
    """State of the network after some steps."""

    output: Array
    """f, which should become 0."""
    kernel: Array
    """lambda, which is the sharpness of the loss where f = 0."""


def catapult(output: ArrayLike, kernel: ArrayLike, step: ArrayLike, width: ArrayLike, steps: int) -> Catapult:
    """Output f and tangent kernel lambda = (|u|^2 + |v|^2)/m after some steps of gradient descent.

    f <- f (1 - s lambda + s^2 f^2/m),    lambda <- lambda + (s f^2/m) (s lambda - 4).
    For s < 2/lambda the loss falls and the kernel stays, up to 1/m (lazy). For 2/lambda < s < 4/lambda the
    loss grows until it is of order m, the kernel falls, and descent lands where lambda < 2/s: in a flatter
    minimum. For s > 4/lambda it diverges.

    Parameters
    ----------
    output : array_like
        f at the start.
    kernel : array_like >= 0
        lambda at the start; at least 2 |f|/sqrt(m), which it is in every network.
    step : array_like >= 0
        s.
    width : array_like > 0
        m; infinity is the linear network, whose kernel stays.
    steps : int >= 0

    Returns
    -------
    Catapult
        (output, kernel), arrays; inf once the descent has diverged.

    Raises
    ------
    ValueError
        A kernel that no network has with this output.

    Source: [lewkowycz2020, Sec. 2†]; exact.

    >>> state = catapult(output=0.1, kernel=2.0, step=1.5, width=100, steps=200)
    >>> [float(abs(value).round(4)) for value in state]
    [0.0, 0.1501]
    """
    f, lam, s, m = broadcast(
        output=real("output", output),
        kernel=non_negative("kernel", kernel),
        step=non_negative("step", step),
        width=positive("width", width, finite=False),
    )
    steps = integer("steps", steps, low=0)
    short = lam < 2 * np.abs(f) / np.sqrt(m) * (1 - 1e-12)
    if short.any():
        i = np.flatnonzero(short.ravel())[0]
        raise ValueError(
            f"kernel = {lam.ravel()[i]:g} is below 2 |output|/sqrt(width) = "
            f"{2 * abs(f.ravel()[i]) / np.sqrt(m.ravel()[i]):g}; no network has it, raise kernel"
        )
    for _ in range(steps):
        with np.errstate(over="ignore", invalid="ignore"):
            before, power = f, f**2 / m
            f, lam = f * (1 - s * lam + s**2 * power), lam + s * power * (s * lam - 4)
        lost = ~(np.abs(f) + lam < _DIVERGED)
        f, lam = np.where(lost, np.inf, f), np.where(lost, np.inf, lam)
        if np.array_equal(f, before):
            break
    return Catapult(f[()], lam[()])
