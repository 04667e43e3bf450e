"""Adlam, Pennington 2020: a fine-grained bias-variance decomposition.

The random-feature model of mei2022 in the ratios phi = d/n and psi = d/N, with the kernel
F'F/N + gamma I. Every variance is the part of the error that a set of random sources (parameters P,
samples X, label noise e) makes together and no smaller set makes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, option
from theory.names import own_names
from theory.papers import Paper, mei2022
from theory.papers.mei2022 import ActivationLike

__dir__ = own_names(globals())

PAPER = Paper(
    key="adlam2020",
    title="Understanding double descent requires a fine-grained bias-variance decomposition",
    authors=("Adlam", "Pennington"),
    error="test",
    penalty="gamma on the n x n kernel matrix: n times the ridge of overparam",
    statements={
        "classical": "proved (sums of the terms), and verified by simulation",
        "decomposition": "verified by simulation; notation of the paper mapped from secondary sources",
    },
    topics=("double descent", "bias-variance decomposition"),
)


class Decomposition(NamedTuple):
    """test = noise + B + V_P + V_X + V_PX + V_Xe + V_PXe (V_e and V_Pe vanish)."""

    B: Array
    V_P: Array
    V_X: Array
    V_PX: Array
    V_Xe: Array
    V_PXe: Array
    test: Array


class Split(NamedTuple):
    """test = noise + bias + variance."""

    bias: Array
    variance: Array


def decomposition(
    phi: ArrayLike,
    psi: ArrayLike,
    gamma: ArrayLike,
    activation: ActivationLike = "relu",
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> Decomposition:
    """Symmetric decomposition of the test error of random-feature ridge regression.

    The terms of mei2022.risk(psi1 = 1/psi, psi2 = 1/phi, ridge = gamma phi). B falls with the width, V_P
    and V_X stay finite at phi = psi; only V_PX and V_PXe diverge there.

    Parameters
    ----------
    phi, psi : array_like >= 0
        d/n and d/N; 0 is the limit of infinitely many samples or features.
    gamma : array_like >= 0
        Added to the diagonal of the n x n kernel matrix; may be inf.
    activation : str, callable or (mu1, mu_star2)
    signal, noise : array_like >= 0
        Power of the linear target and label-noise variance.

    Returns
    -------
    Decomposition(B, V_P, V_X, V_PX, V_Xe, V_PXe, test); V_PX, V_PXe (if noise > 0) and test are inf at
    phi = psi, gamma = 0.

    Source: [adlam2020, Thm 1†].

    >>> terms = decomposition(0.5, 0.25, 1e-3, "tanh", noise=0.25)
    >>> bool(np.isclose(0.25 + sum(terms[:-1]), terms.test))
    True
    """
    phi, psi, gamma, signal, noise = broadcast(
        phi=non_negative("phi", phi),
        psi=non_negative("psi", psi),
        gamma=non_negative("gamma", gamma, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ridge = np.where(np.isinf(gamma), gamma, gamma * phi)
        risk = mei2022.risk(1 / psi, 1 / phi, ridge, activation, signal, noise=noise)
    return Decomposition(
        B=risk.bias,
        V_P=risk.var_features,
        V_X=risk.var_samples,
        V_PX=risk.var_samples_features,
        V_Xe=risk.var_noise_samples,
        V_PXe=risk.var_noise_samples_features,
        test=risk.test,
    )


def classical(terms: Decomposition, over: str = "PXe") -> Split:
    """Bias and variance in the classical sense, for a predictor that is averaged over some of its draws.

    variance = mean over the other draws of the variance over these = the terms V_S of every set S that meets
    them; bias = B + the terms V_S of every set that does not: the error of the averaged predictor.

    The same test error has as many splits as there are answers to what is random, which is why reports on
    whether the bias or the variance makes the peak differ: over "e" alone V_PX counts as bias.

    Parameters
    ----------
    terms : Decomposition
        From `decomposition`.
    over : str
        The draws that are averaged over:
        "PXe", weights, samples and label noise, all that training draws;
        "Xe", training sets, as in textbooks, for given weights (bagging without end);
        "P", weights, for one training set (an ensemble without end);
        "e", label noise, for given weights and inputs, as in [mei2022] and [hastie2022].

    Returns
    -------
    Split(bias, variance)

    Raises
    ------
    ValueError
        Other draws.

    Source: own derivation from the terms, and simulation; classical splits are compared in
    [adlam2020, Sec. 3†].

    >>> terms = decomposition(0.5, 0.5, 1e-3, "tanh", noise=0.25)
    >>> float(classical(terms, "PXe").bias.round(3)), float(classical(terms, "e").bias.round(3))
    (0.007, 0.299)
    """
    option("over", over, "PXe", "Xe", "P", "e")
    parts = terms._asdict()
    bias, variance = terms.B, np.zeros_like(terms.B)
    for name in ("V_P", "V_X", "V_PX", "V_Xe", "V_PXe"):
        if set(name[2:]) & set(over):
            variance = variance + parts[name]
        else:
            bias = bias + parts[name]
    return Split(bias, variance)
