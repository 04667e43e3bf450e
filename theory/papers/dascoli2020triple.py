"""d'Ascoli, Sagun, Biroli 2020: triple descent and the two kinds of overfitting.

The random-feature model of mei2022 with an activation that is known by its linearity alone: mu0 = 0,
mu1^2 = r, mu_star^2 = 1 - r. As samples are added, the test error peaks at n = d (linear peak) and at
n = p (nonlinear peak).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import between, broadcast, non_negative, positive
from theory.names import own_names
from theory.papers import Paper, mei2022
from theory.papers.mei2022 import ActivationLike, _spectrum
from theory.risk import Risk

__dir__ = own_names(globals())

PAPER = Paper(
    key="dascoli2020triple",
    title="Triple descent and the two kinds of overfitting: where & why do they appear?",
    authors=("d'Ascoli", "Sagun", "Biroli"),
    error="test",
    penalty="the lambda of mei2022; the authors' analytic code uses psi1 psi2 times it",
    statements={"risk": "verified", "linearity": "proved (a definition)"},
    checked={"risk": "code"},
    topics=("triple descent", "double descent", "interpolation threshold"),
)


def risk(
    psi1: ArrayLike,
    psi2: ArrayLike,
    ridge: ArrayLike,
    linearity: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> Risk:
    """Random-feature ridge regression with an activation of given linearity r.

    `mei2022.risk` with mu1^2 = r and mu_star^2 = 1 - r. At r = 0 nothing linear is learnt; at r = 1 it is
    linear regression, with its only peak at min(psi1, psi2) = 1.

    Parameters
    ----------
    psi1, psi2 : array_like > 0
        Features P/D and samples N/D per dimension; may be inf.
    ridge : array_like >= 0
        The lambda of mei2022; the authors' analytic code uses psi1 psi2 lambda.
    linearity : array_like in [0, 1]
        r = mu1^2/(mu1^2 + mu_star^2), see `linearity`.
    signal, noise : array_like >= 0
        Power of the linear target and label-noise variance.

    Returns
    -------
    Risk per dimension (df, df2 and norm are divided by d); inf at psi1 = psi2, ridge 0, r < 1.

    Source: [dascoli2020triple, Sec. 2†]; [mei2022, Thm 2†].

    >>> risk(10.0, [0.3, 1.0, 3.0, 10.0], 1e-4, 0.9, noise=5.0).test.round(2)
    array([ 7.35, 11.06,  9.29, 29.28])
    """
    points = broadcast(
        linearity=between("linearity", linearity, 0, 1),
        psi1=positive("psi1", psi1),
        psi2=positive("psi2", psi2),
        ridge=non_negative("ridge", ridge, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    r = points[0]
    fields = np.empty((len(Risk._fields), *r.shape))
    for value in np.unique(r):  # one spectrum each
        here = r == value
        psi1, psi2, ridge, signal, noise = (point[here] for point in points[1:])
        pair = (float(np.sqrt(value)), float(1 - value))
        fields[:, here] = mei2022.risk(psi1, psi2, ridge, pair, signal, noise=noise)
    return Risk(*(field[()] for field in fields))


def linearity(activation: ActivationLike) -> float:
    """Linearity of an activation: r = mu1^2/(mu1^2 + mu_star^2).

    Parameters
    ----------
    activation : str, callable or (mu1, mu_star2)

    Returns
    -------
    float in [0, 1]; nan for a constant activation.

    Source: [dascoli2020triple, Sec. 2†].

    >>> round(linearity("relu"), 6)
    0.733471
    """
    spectrum = _spectrum(activation)
    linear = float(spectrum.eigenvalues[0])
    total = linear + spectrum.tail
    return linear / total if total > 0 else float("nan")
