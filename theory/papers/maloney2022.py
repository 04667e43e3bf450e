"""Maloney, Roberts, Sully 2022: a solvable model of neural scaling laws.

Random features without a ridge on data whose spectrum is a power law with as many directions as the latent
space has, and a target with the same power law: one closed form, symmetric in samples and features.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import SAME, Array, broadcast, one, positive, whole_or_inf
from theory.names import own_names
from theory.papers import Paper, mallinar2022
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="maloney2022",
    title="A solvable model of neural scaling laws",
    authors=("Maloney", "Roberts", "Sully"),
    error="test",
    note="there is no label noise",
    penalty="none: minimum norm",
    statements={"risk": "proved"},
    topics=("scaling laws", "random features", "power law"),
)


def risk(exponent: float, n: ArrayLike, p: ArrayLike, size: float) -> Array:
    """Noiseless test error of minimum-norm random features on a power law.

    With lambda_i = v_i^2 = i^-(1 + a), i <= size, m = min(n, p), M = max(n, p) and T(g) = m:
        test = m g/(1 - m/M),     g ~ [(pi/(1 + a))/sin(pi/(1 + a))]^(1 + a) m^-(1 + a) for 1 << m << size,
    so that test ~ m^-a: the scarcer of samples and features sets the error, and the same number of both is
    the worst choice, without a ridge. Where m reaches the size of the latent space all is learnt.

    Parameters
    ----------
    exponent : float > 0
        a.
    n, p : array_like > 0
        Samples and features; may be inf.
    size : whole number >= 1, or inf
        Directions of the latent space.

    Returns
    -------
    array; inf at n = p < size, 0 where n and p reach size.

    Raises
    ------
    ValueError
        An argument out of its range.

    Source: [maloney2022†] for the symmetric form; derived in `theory.proofs`.

    >>> risk(exponent=0.7, n=200, p=[1000, 200, 20], size=200000).round(5)
    array([0.09198,     inf, 0.39663])
    """
    a = one("exponent", positive("exponent", exponent, finite=True))
    latent = one("size", whole_or_inf("size", size, low=1))
    n, p = broadcast(n=positive("n", n), p=positive("p", p))
    fewer, more = np.minimum(n, p), np.maximum(n, p)
    scarce = np.minimum(fewer, latent)
    if np.isinf(latent):
        kappa = np.asarray(mallinar2022.power_law(scarce, 1 + a).kappa)
    else:
        law = Problem.power_law(int(latent), 1 + a, 1 + a)
        kappa = np.asarray(equivalent.ridge(law, scarce).kappa)
    learnt = (fewer >= latent * (1 - SAME)) | np.isinf(fewer)
    with np.errstate(divide="ignore", invalid="ignore"):
        crowded = np.where(np.isinf(more), 1.0, more / (more - fewer))
        return np.where(learnt, 0.0, fewer * kappa * crowded)[()]
