"""Nakkiran, Venkat, Kakade, Ma 2021: optimal regularization can mitigate double descent.

Ridge regression on isotropic Gaussian inputs: with the best ridge, test error never rises with
samples, nor with the size p of a random projection of the d coordinates. The paper's penalty is
lambda |beta|^2 beside the SUM of squares: lambda = n ridge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, fraction, non_negative, positive
from theory.engines.curve import curve
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())

PAPER = Paper(
    key="nakkiran2021",
    title="Optimal regularization can mitigate double descent",
    authors=("Nakkiran", "Venkat", "Kakade", "Ma"),
    error="test",
    penalty="ridge beside the mean squared error; the paper's lambda = n ridge",
    statements={
        "optimal_ridge": "proved, exact at finite n for isotropic inputs",
        "model_wise_risk": "verified (simulation): limit formula at finite n and p",
    },
    topics=("double descent", "optimal regularization"),
)

_ONE_LEVEL = Problem.isotropic(p=1)


def optimal_ridge(
    n: ArrayLike, p: ArrayLike, signal: ArrayLike, noise: ArrayLike, d: ArrayLike | None = None
) -> Array:
    """Ridge of smallest expected test error on isotropic inputs: p noise/(n signal).

    The paper's total penalty n ridge = p noise/signal does not depend on n. With d, p random
    directions of d coordinates: signal p/d, and noise + signal (1 - p/d).

    Parameters
    ----------
    n, p : array_like > 0
        Samples and features.
    signal, noise : array_like >= 0
        |beta|^2 over all d coordinates and the label-noise variance.
    d : array_like >= p, optional
        Coordinates of the input; by default p.

    Returns
    -------
    array; inf where the features carry no signal and there is noise, 0 where there is no noise.

    Source: [nakkiran2021, Lemma 2]; with d [nakkiran2021, Thm 3†].

    >>> float(optimal_ridge(n=100, p=200, signal=1.0, noise=0.1, d=400).round(12))
    2.4
    """
    p = positive("p", p, finite=True)
    n, p, signal, noise, coordinates = broadcast(
        n=positive("n", n, finite=True),
        p=p,
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        d=p if d is None else positive("d", d, finite=True),
    )
    _, effective = _projected(p, coordinates, signal, noise)
    ratio = product((coordinates, 1), (effective, 1), (n, -1), (signal, -1))
    return np.where(effective == 0, 0.0, ratio)[()]


def model_wise_risk(
    n: ArrayLike,
    p: ArrayLike,
    d: ArrayLike,
    signal: ArrayLike,
    noise: ArrayLike,
    ridge: ArrayLike = 0.0,
) -> Risk:
    """Risk of ridge regression on p random orthonormal directions of d isotropic coordinates.

    `theory.ridge` of one level of eigenvalue 1, multiplicity p, power signal p/d and unlearnable power
    signal (1 - p/d): a limit, which depends on n and p through their ratio alone.

    Parameters
    ----------
    n, p : array_like > 0
        Samples and directions.
    d : array_like >= p
        Coordinates of the input.
    signal, noise : array_like >= 0
        |beta|^2 over all d coordinates and the label-noise variance.
    ridge : array_like >= 0
        Penalty beside the mean squared error; may be inf.

    Returns
    -------
    Risk; inf at n = p and ridge 0 unless noise = 0 and p = d. With `optimal_ridge`, test never rises
    with p.

    Source: [nakkiran2021, Thm 3†].

    >>> float(model_wise_risk(n=100, p=200, d=400, signal=1.0, noise=0.1).test.round(6))
    1.45
    """
    n, p, d, signal, noise, ridge = broadcast(
        n=positive("n", n, finite=True),
        p=positive("p", p, finite=True),
        d=positive("d", d, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    seen, effective = _projected(p, d, signal, np.zeros(()))
    with np.errstate(over="ignore"):
        ratio = np.maximum(n / p, 1e-300)  # nothing is learnt long before
    risk = curve(
        _ONE_LEVEL,
        ratio,  # (n, p) -> (n, p)/p is an invariance of the equation
        np.inf,
        ridge,
        signal=seen,
        tail_power=effective,
        noise=noise,
    )
    return risk._replace(df=risk.df * p, df2=risk.df2 * p)


def _projected(p: Array, d: Array, signal: Array, noise: Array) -> tuple[Array, Array]:
    """Power on p of d coordinates, and noise with the power on the others."""
    share = fraction("p", p, "d", d)
    return signal * share, noise + signal * ((d - p) / d)
