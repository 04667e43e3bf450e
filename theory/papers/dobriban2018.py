"""Dobriban, Wager 2018: high-dimensional asymptotics of prediction, ridge regression.

Linear regression on p features of any covariance, target coefficients drawn at random with
E beta beta' = (signal/p) I, p/n -> gamma. The paper's error is that of a fresh noisy sample.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines.curve import curve
from theory.names import own_names
from theory.papers import Paper, hastie2022
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="dobriban2018",
    title="High-dimensional asymptotics of prediction: ridge regression and classification",
    authors=("Dobriban", "Wager"),
    error="test",
    penalty="ridge beside the mean squared error, as everywhere in overparam",
    statements={"risk": "verified against the paper's form in the companion Stieltjes transform"},
    topics=("Marchenko-Pastur", "optimal regularization"),
)


def risk(
    eigenvalues: ArrayLike,
    weights: ArrayLike,
    gamma: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 1.0,
    ridge: ArrayLike | None = None,
) -> Array:
    """Test error of ridge regression on a random target, n, p -> infinity with p/n -> gamma.

    The core equation for levels of multiplicity w_i and power signal w_i lambda_i, n = 1/gamma. In the
    paper's v = 1/kappa at noise 1:
        test = (1/(ridge v)) {1 + (ridge signal/gamma - 1)(1 - ridge v'/v)},  v' = dv/dz at z = -ridge,
    which is kappa/ridge at the optimal ridge.

    Parameters
    ----------
    eigenvalues : (L,) array_like >= 0
        Limit spectrum of the covariance.
    weights : (L,) array_like >= 0
        Share of each eigenvalue; they sum to 1.
    gamma : array_like > 0
        p/n.
    signal, noise : array_like >= 0
        E |beta|^2 and the label-noise variance.
    ridge : array_like >= 0, optional
        Penalty beside the mean squared error, may be inf; by default the optimal gamma noise/signal,
        0 where noise = 0.

    Returns
    -------
    array; at ridge 0, inf where 1/gamma is the share of positive eigenvalues and noise > 0.

    Source: [dobriban2018, Thm 2.1†].

    >>> float(risk([3.0, 1.0, 0.2], [0.3, 0.4, 0.3], gamma=1.5, signal=2.0, noise=1.0).round(6))
    2.260452
    """
    share = non_negative("weights", weights)
    if share.ndim != 1 or abs(share.sum() - 1) > 1e-9:
        raise ValueError(f"weights of shape {share.shape} sum to {share.sum():g}; pass shares that sum to 1")
    levels = non_negative("eigenvalues", eigenvalues)
    if levels.shape != share.shape:
        raise ValueError(f"eigenvalues has shape {levels.shape}; pass one per weight, {share.shape}")
    gamma, signal, noise, penalty = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        ridge=np.zeros(()) if ridge is None else non_negative("ridge", ridge, finite=False),
    )
    if ridge is None:
        penalty = hastie2022.optimal_ridge(gamma, signal, noise)
    used = share > 0
    spectrum = Problem(levels[used], (share * levels)[used], share[used])
    with np.errstate(over="ignore"):
        n = 1 / gamma
    return curve(spectrum, n, np.inf, penalty, signal=signal, noise=noise).test
