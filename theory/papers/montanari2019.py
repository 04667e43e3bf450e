"""Montanari, Ruan, Sohn, Yan 2019: the generalization error of max-margin linear classifiers.

Isotropic Gaussian features and labels y = sign(x.theta) of a linear teacher, p/n -> psi. (The paper
also has general covariances and noisy links; they are not covered here.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, positive
from theory.engines import monotone
from theory.engines.normal import partial_moments
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="montanari2019",
    title="The generalization error of max-margin linear classifiers: benign overfitting and high "
    "dimensional asymptotics in the overparametrized regime",
    authors=("Montanari", "Ruan", "Sohn", "Yan"),
    error="test",
    note="probability of a wrong label",
    penalty="none: maximum margin",
    statements={
        "max_margin": "verified by simulation; isotropic features and noiseless labels only",
    },
    topics=("classification", "implicit bias", "benign overfitting"),
)

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


class MaxMargin(NamedTuple):
    """The hard-margin classifier on the labels of a linear teacher."""

    margin: Array
    """min_i y_i x_i.w/|w|."""
    overlap: Array
    """Cosine of w and the teacher."""
    error: Array
    """arccos(overlap)/pi."""


def max_margin(psi: ArrayLike) -> MaxMargin:
    """Margin, overlap and test error of the maximum-margin classifier, without a penalty.

    The margin k is where min over rho of E(k - rho |g| + sqrt(1 - rho^2) G)_+^2/(1 - rho^2) is psi,
    for independent standard normal g and G, and overlap is that rho. With c = sqrt(1 - rho^2),
    a(g) = (k - rho |g|)/c and E1, E2 the moments of (a + G)_+:
        E E2(a(g)) = psi,   E (k rho - |g|) E1(a(g)) = 0.

    Parameters
    ----------
    psi : array_like > 0
        p/n. Samples of a noiseless teacher are separable at every psi.

    Returns
    -------
    MaxMargin(margin, overlap, error)

    Source: [montanari2019] (isotropic case).

    >>> max_margin([0.5, 1.0, 2.5]).error.round(6)
    array([0.188479, 0.265711, 0.345683])
    """
    psi = positive("psi", psi, finite=True)
    beta, offset = np.array([_solve(float(each)) for each in psi.ravel()]).reshape(-1, 2).T
    length = np.hypot(1.0, beta)
    fields = (offset / length, beta / length, np.arctan2(1.0, beta) / np.pi)
    return MaxMargin(*(field.reshape(psi.shape)[()] for field in fields))


def _solve(psi: float) -> tuple[float, float]:
    """beta = rho/c and the offset k/c: one root in beta, with the stationary offset for each."""

    def missing(log_beta: float) -> float:
        beta = float(np.exp(log_beta))
        return -float(np.log(_averages(_stationary(beta), beta)[0] / psi))

    # beta ~ 2/(pi psi) for small and sqrt(2/(pi psi)) for large psi
    start = -np.log(psi) * (1.0 if psi < 1 else 0.5)
    beta = float(np.exp(monotone.root(missing, *monotone.bracket(missing, start))))
    return beta, _stationary(beta)


def _stationary(beta: float) -> float:
    """The offset where k rho = offset beta/(1 + beta^2) is the mean of |g| under E1(a(g))."""

    def excess(log_offset: float) -> float:
        offset = float(np.exp(log_offset))
        return log_offset - float(np.log((1 + beta**-2) * _averages(offset, beta)[1]))

    # beta times that mean is at most beta E|g|: excess > 0 beyond
    return float(np.exp(monotone.root(excess, *monotone.bracket(excess))))


def _averages(offset: float, beta: float) -> tuple[float, float]:
    """E E2(offset - beta |g|), and the mean of beta |g| weighted by E1(offset - beta |g|)."""
    unit = min(1.0, 1 / beta)  # one panel: 1.5 in |g| and in beta |g|
    # beyond `reach` one of the two factors is below e^-40 of its value at 0
    reach = min(9.5, (offset + 9.5) / beta) / unit
    panels = int(np.ceil(reach / 1.5))
    half = reach / panels / 2
    g = (half * (2 * np.arange(panels)[:, None] + 1 + _NODES)).ravel()  # |g|/unit
    weight = np.tile(half * _WEIGHTS, panels) * np.exp(-((unit * g) ** 2) / 2) * np.sqrt(2 / np.pi)
    first, second = partial_moments(offset - beta * unit * g)
    return float(weight @ second) * unit, float(weight @ (first * g) / (weight @ first)) * (beta * unit)
