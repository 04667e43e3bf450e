"""Hastie, Montanari, Rosset, Tibshirani 2022: surprises in ridgeless least squares interpolation.

Linear regression on p features, n samples, p/n -> gamma, |beta|^2 = signal. The paper's risk is the
excess test - noise; its "bias" is `bias + var_samples` here.
"""

import numpy as np
from numpy.typing import ArrayLike

from theory._arguments import Array, broadcast, non_negative, positive
from theory.equivalent import _curve
from theory.papers import Paper
from theory.problem import Problem
from theory.risk import Risk

PAPER = Paper(
    key="hastie2022",
    title="Surprises in high-dimensional ridgeless least squares interpolation",
    error="test",
    penalty="ridge beside the mean squared error, as everywhere in overparam",
    statements={
        "isotropic": "proved; theorem numbers of the journal version unverified",
        "optimal_ridge": "proved",
        "ridgeless_minimum": "proved",
    },
)

_ONE_LEVEL = Problem.isotropic(p=1)


def isotropic(
    gamma: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 1.0, ridge: ArrayLike = 0.0
) -> Risk:
    """Ridge(less) regression on an isotropic design, n, p -> infinity with p/n -> gamma.

    Ridgeless: test = noise + noise gamma/(1 - gamma) for gamma < 1, and
    test = noise + signal (1 - 1/gamma) + noise/(gamma - 1) for gamma > 1.

    Parameters
    ----------
    gamma : array_like > 0
        p/n.
    signal, noise : array_like >= 0
        |beta|^2 and the label-noise variance.
    ridge : array_like >= 0
        Penalty on |beta|^2 beside the mean squared error; may be inf.

    Returns
    -------
    Risk; df and df2 per sample. `test` is inf at gamma = 1, ridge 0, noise > 0.

    Source: [hastie2022, Thm 1 and Cor. 5 of the journal version (numbers unverified)].

    >>> float(isotropic(2.0, signal=5.0).test)
    4.5
    """
    gamma = positive("gamma", gamma, finite=True)
    # (n, p) -> (n, p)/gamma is an invariance of the equation: one feature, 1/gamma samples
    risk = _curve(
        _ONE_LEVEL,
        1 / gamma,
        np.inf,
        non_negative("ridge", ridge, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    return risk._replace(df=risk.df * gamma, df2=risk.df2 * gamma)


def optimal_ridge(gamma: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 1.0) -> Array:
    """Ridge of smallest test error: gamma noise / signal.

    Parameters
    ----------
    gamma : array_like > 0
    signal, noise : array_like >= 0

    Returns
    -------
    array; inf where signal = 0 and noise > 0, 0 where noise = 0. With it there is no double descent.

    Source: [hastie2022, Cor. 6 of the journal version (number unverified)]; [dobriban2018, Thm 2.1].

    >>> float(optimal_ridge(2.0, signal=4.0, noise=1.0))
    0.5
    """
    gamma, signal, noise = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(noise == 0, 0.0, gamma * noise / signal)[()]


def ridgeless_minimum(signal: ArrayLike = 1.0, noise: ArrayLike = 1.0) -> Array:
    """Best over-parameterized ridgeless model, over gamma > 1.

    With q = sqrt(signal/noise) > 1: gamma = q/(q - 1), test = 2 q noise; else gamma = inf,
    test = signal + noise.

    Parameters
    ----------
    signal, noise : array_like >= 0

    Returns
    -------
    array [gamma, test] along the last axis; [1, 0] where noise = 0 < signal.

    Source: [hastie2022, Sec. 3 (place unverified)]; minimum of the formula of `isotropic`.

    >>> ridgeless_minimum(signal=4.0, noise=1.0)
    array([2., 4.])
    """
    signal, noise = broadcast(signal=non_negative("signal", signal), noise=non_negative("noise", noise))
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.sqrt(signal / noise)
        inside = (signal > noise) & (noise > 0)
        gamma = np.where(inside, q / (q - 1), np.where(signal > noise, 1.0, np.inf))
        test = np.where(inside, 2 * np.sqrt(signal) * np.sqrt(noise), signal + noise)
    return np.stack([gamma, np.where((noise == 0) & (signal > 0), 0.0, test)], axis=-1)
