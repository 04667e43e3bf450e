"""d'Ascoli, Refinetti, Biroli, Krzakala 2020: double trouble in double descent.

The random-feature model of mei2022 (psi1 = P/D features and psi2 = N/D samples per dimension), averaged
over an ensemble of K draws of the features on one training set. The paper's error is test - noise; its
noise level tau is a standard deviation, `noise` here is the variance tau^2.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, at_least, broadcast, non_negative, positive
from theory.names import own_names
from theory.papers import Paper, mei2022
from theory.papers.mei2022 import ActivationLike

__dir__ = own_names(globals())

PAPER = Paper(
    key="dascoli2020",
    title="Double trouble in double descent: bias and variance(s) in the lazy regime",
    authors=("d'Ascoli", "Refinetti", "Biroli", "Krzakala"),
    error="test",
    penalty="that of mei2022",
    statements={"decomposition": "verified against the published curves and by simulation"},
    checked={"decomposition": "code"},
    topics=("double descent", "bias-variance decomposition", "ensembles", "lazy training"),
)


class Decomposition(NamedTuple):
    """test = label noise + noise + initialization + sampling + bias."""

    noise: Array
    initialization: Array
    sampling: Array
    bias: Array
    test: Array


def decomposition(
    psi1: ArrayLike,
    psi2: ArrayLike,
    ridge: ArrayLike = 0.0,
    activation: ActivationLike = "relu",
    signal: ArrayLike = 1.0,
    nonlinear: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
    members: ArrayLike = 1,
) -> Decomposition:
    """Where the test error of an ensemble of K random-feature models comes from.

    With the terms of `mei2022.risk`: noise = V_Xe + V_XWe/K, initialization = (V_W + V_XW)/K,
    sampling = V_X, bias = A. Only noise and initialization diverge at psi1 = psi2.

    Parameters
    ----------
    psi1, psi2 : array_like > 0
        Features and samples per dimension; may be inf.
    ridge : array_like >= 0
        The lambda of mei2022.
    activation : str, callable or (mu1, mu_star2)
    signal, nonlinear, noise : array_like >= 0
        Powers of the linear and nonlinear target, variance of the label noise.
    members : array_like >= 1
        K; may be inf.

    Returns
    -------
    Decomposition(noise, initialization, sampling, bias, test); the bias contains `nonlinear`. noise (if
    there is any) and initialization are inf at psi1 = psi2, ridge 0, unless K = inf.

    Source: [dascoli2020, Sec. 3†].

    >>> decomposition(2.0, 1.0, 0.1, noise=0.01, members=10).bias.round(6)
    np.float64(0.370185)
    """
    psi1, psi2, ridge, signal, nonlinear, noise, count = broadcast(
        psi1=positive("psi1", psi1),
        psi2=positive("psi2", psi2),
        ridge=non_negative("ridge", ridge, finite=False),
        signal=non_negative("signal", signal),
        nonlinear=non_negative("nonlinear", nonlinear),
        noise=non_negative("noise", noise),
        members=at_least("members", members, 1),
    )
    fit = mei2022.risk(psi1, psi2, ridge, activation, signal, nonlinear, noise)

    def averaged(variance: Array) -> Array:
        with np.errstate(invalid="ignore"):  # an infinite ensemble has no variance, however large each
            return np.where(np.isinf(count), 0.0, variance / count)

    spread = averaged(fit.var_noise_samples_features) + fit.var_noise_samples
    start = averaged(fit.var_features + fit.var_samples_features)
    test = noise + spread + start + fit.var_samples + fit.bias
    return Decomposition(spread[()], start[()], fit.var_samples, fit.bias, test[()])
