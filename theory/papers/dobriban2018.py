"""Dobriban, Wager 2018: high-dimensional asymptotics of prediction, ridge regression.

Linear regression on p features of any covariance, target coefficients drawn at random with
E beta beta' = (signal/p) I, p/n -> gamma. The paper's error is that of a fresh noisy sample.

Regularised discriminant analysis of two balanced classes N(+-delta, Sigma), delta drawn at random with
E delta delta' = (signal/p) I: its error rate has the same ingredients.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

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
    statements={
        "risk": "verified against the paper's form in the companion Stieltjes transform",
        "classification_error": "verified against its form in Stieltjes transforms and by simulation",
    },
    note="`classification_error`: rate of wrong classes",
    topics=("Marchenko-Pastur", "optimal regularization", "classification"),
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
    levels, share = _spectrum(eigenvalues, weights)
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


def classification_error(
    eigenvalues: ArrayLike,
    weights: ArrayLike,
    gamma: ArrayLike,
    signal: ArrayLike = 1.0,
    ridge: ArrayLike = 0.0,
) -> Array:
    """Error rate of regularised discriminant analysis, n, p -> infinity with p/n -> gamma.

    w = (S + ridge I)^-1 (m_+ - m_-)/2 with class means m and the covariance S within classes; the sign of
    w'(x - (m_+ + m_-)/2) decides. With I[f] the mean of f over the spectrum and kappa (1 - gamma I[s/(s +
    kappa)]) = ridge, the error is Phi(-T),
        T^2 = (signal I[1/(s + kappa)])^2 (1 - gamma I[s^2/(s + kappa)^2])/v,
        v = signal I[s/(s + kappa)^2] + gamma I[s^2/(s + kappa)^2].

    Parameters
    ----------
    eigenvalues : (L,) array_like > 0
        Limit spectrum of the covariance within a class.
    weights : (L,) array_like >= 0
        Share of each eigenvalue; they sum to 1.
    gamma : array_like > 0
        p/n, n samples of both classes together, half of them in each.
    signal : array_like >= 0
        E |delta|^2; the class means are 2 delta apart.
    ridge : array_like >= 0
        Beside the covariance within classes. 0 takes its pseudo-inverse; inf is the rule of nearest class
        means, the best one for equal eigenvalues.

    Returns
    -------
    array in [0, 1/2]; 1/2 at ridge 0 and gamma 1, where the covariance within classes is just invertible.

    Raises
    ------
    ValueError
        Weights that do not sum to 1; an eigenvalue that is not positive.

    Source: own derivation and simulation; the limit is of [dobriban2018, Thm 3.1†], whose transforms of S
    it agrees with.

    >>> classification_error([3.0, 1.0, 0.2], [0.3, 0.4, 0.3], 0.5, 4.0, [0.0, 0.1, np.inf]).round(6)
    array([0.026173, 0.015419, 0.06523 ])
    """
    levels, share = _spectrum(eigenvalues, weights)
    positive("eigenvalues", levels, finite=True)
    gamma, power, penalty = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        signal=non_negative("signal", signal),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    with np.errstate(over="ignore"):
        s, power, penalty = (of / levels.max() for of in (levels, power, penalty))
    power = np.minimum(power, 1e300)  # no sample is wrong long before
    kappa = np.asarray(curve(Problem(s, 0 * s, share), 1 / gamma, np.inf, penalty).kappa)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(np.isinf(kappa), 1.0, np.where(kappa > 0, penalty / kappa, np.maximum(1 - gamma, 0)))
        g = kappa[..., None]
        kept = s / (s + g)  # 0 at an infinite kappa
        lost = np.where(np.isinf(g), 1.0, g / (s + g))
        inverse = np.where(np.isinf(g), 1.0, (1 + g) / (s + g))
    # 1 - gamma I[kept^2], as a sum of positive terms
    rest = left + gamma * (kept * lost @ share)
    spread = power * (s * inverse**2 @ share) + gamma * ((s * inverse) ** 2 @ share)
    return ndtr(-power * (inverse @ share) * np.sqrt(rest / spread))[()]


def _spectrum(eigenvalues: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
    """Levels and their shares, checked."""
    share = non_negative("weights", weights)
    if share.ndim != 1 or abs(share.sum() - 1) > 1e-9:
        raise ValueError(f"weights of shape {share.shape} sum to {share.sum():g}; pass shares that sum to 1")
    levels = non_negative("eigenvalues", eigenvalues)
    if levels.shape != share.shape:
        raise ValueError(f"eigenvalues has shape {levels.shape}; pass one per weight, {share.shape}")
    return levels, share
