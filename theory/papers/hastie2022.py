"""Hastie, Montanari, Rosset, Tibshirani 2022: surprises in ridgeless least squares interpolation.

Linear regression on p features, n samples, p/n -> gamma, |beta|^2 = signal. The paper's risk is the
excess test - noise; its "bias" is `bias + var_samples` here.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive, real, share
from theory.engines.curve import curve
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())

PAPER = Paper(
    key="hastie2022",
    title="Surprises in high-dimensional ridgeless least squares interpolation",
    authors=("Hastie", "Montanari", "Rosset", "Tibshirani"),
    error="test",
    penalty="ridge beside the mean squared error, as everywhere in overparam",
    statements={
        "isotropic": "proved",
        "optimal_ridge": "proved",
        "ridgeless_minimum": "proved",
        "misspecified": "proved from `isotropic`",
        "latent": "verified against its population covariance",
        "general_covariance": "verified against the paper's Definition 1 of the ridgeless limit",
    },
    topics=("double descent", "interpolation threshold", "Marchenko-Pastur"),
)

_ONE_LEVEL = Problem.isotropic(p=1)


def isotropic(
    gamma: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 1.0, ridge: ArrayLike = 0.0
) -> Risk:
    """Ridge(less) regression on an isotropic design, n, p -> infinity with p/n -> gamma.

    Ridgeless: test = noise + noise gamma/(1 - gamma) for gamma < 1, and
    test = noise + signal (1 - 1/gamma) + noise/(gamma - 1) for gamma > 1.

    Here the features carry the whole target at every gamma; use `misspecified` or `latent` for models that
    see more of it as they grow.

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

    Source: [hastie2022, Thm 1† and Cor. 5†].

    >>> float(isotropic(2.0, signal=5.0).test)
    4.5
    """
    gamma, signal, noise, ridge = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    return _per_sample(_ONE_LEVEL, gamma, signal, np.zeros(()), noise, ridge)


def optimal_ridge(gamma: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 1.0) -> Array:
    """Ridge of smallest test error: gamma noise / signal.

    Parameters
    ----------
    gamma : array_like > 0
    signal, noise : array_like >= 0

    Returns
    -------
    array; inf where signal = 0 and noise > 0, 0 where noise = 0. With it there is no double descent.

    Source: [hastie2022, Cor. 6†]; [dobriban2018, Thm 2.1†].

    >>> float(optimal_ridge(2.0, signal=4.0, noise=1.0))
    0.5
    """
    gamma, signal, noise = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    return np.where(noise == 0, 0.0, product((gamma, 1), (noise, 1), (signal, -1)))[()]


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

    Source: [hastie2022, Sec. 3†]; minimum of the formula of `isotropic`.

    >>> ridgeless_minimum(signal=4.0, noise=1.0)
    array([2., 4.])
    """
    signal, noise = broadcast(signal=non_negative("signal", signal), noise=non_negative("noise", noise))
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(signal)
        inside = (signal > noise) & (noise > 0)
        gamma = np.where(
            inside, (root + np.sqrt(noise)) / (signal - noise) * root, np.where(signal > noise, 1.0, np.inf)
        )
        test = np.where(inside, 2 * root * np.sqrt(noise), signal + noise)
    return np.stack([gamma, np.where((noise == 0) & (signal > 0), 0.0, test)], axis=-1)


def misspecified(
    gamma: ArrayLike, signal: ArrayLike, noise: ArrayLike, decay: ArrayLike, ridge: ArrayLike = 0.0
) -> Risk:
    """`isotropic` with a part of the target out of reach: more features see more of it.

    Of the target power, signal (1 + gamma)^-decay lies on independent regressors that are left out;
    to the fit it is noise. test = E (y - f)^2 includes it, as `bias` does.

    Parameters
    ----------
    gamma : array_like > 0
        p/n.
    signal, noise : array_like >= 0
        Total target power and the label-noise variance.
    decay : array_like >= 0
        Exponent of the power left out; the excess rises from gamma = 0 on iff
        decay < 1 + noise/signal.
    ridge : array_like >= 0
        Penalty on |beta|^2 beside the mean squared error; may be inf.

    Returns
    -------
    Risk; df and df2 per sample. `test` is inf at gamma = 1, ridge 0, unless all power is seen and
    noise = 0.

    Source: [hastie2022, the section on the misspecified model†].

    >>> float(misspecified(2.0, signal=5.0, noise=1.0, decay=2.0).test.round(6))
    5.333333
    """
    gamma, signal, noise, decay, ridge = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        decay=non_negative("decay", decay),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    exponent = -decay * np.log1p(gamma)
    seen, omitted = -signal * np.expm1(exponent), signal * np.exp(exponent)
    return _per_sample(_ONE_LEVEL, gamma, seen, omitted, noise, ridge)


def latent(
    gamma: ArrayLike,
    psi: ArrayLike,
    mu: ArrayLike,
    signal: ArrayLike,
    noise: ArrayLike,
    ridge: ArrayLike = 0.0,
) -> Risk:
    """Features x = W z + u that see d latent variables z through isotropic noise u.

    y = theta.z + noise, |theta|^2 = signal, W'W = (p mu/d) I, psi = d/p. With L = mu/psi: eigenvalues
    1 + L of multiplicity psi p and 1 of multiplicity (1 - psi) p, learnable power signal L/(1 + L)
    on the former, and signal/(1 + L) that no feature can learn.

    Parameters
    ----------
    gamma : array_like > 0
        p/n.
    psi : array_like in (0, 1]
        d/p.
    mu : array_like >= 0
        Strength of the latent variables in the features.
    signal, noise : array_like >= 0
        |theta|^2 and the variance of the label noise.
    ridge : array_like >= 0
        Penalty on |beta|^2 beside the mean squared error; may be inf.

    Returns
    -------
    Risk of E (y - f)^2; df and df2 per sample. Ridgeless, `test` may fall for all gamma > 1.

    Source: [hastie2022, the section on the latent space model†].

    >>> float(latent(2.0, psi=0.1, mu=1.0, signal=1.0, noise=0.1).test.round(6))
    0.430194
    """
    points = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        psi=share("psi", psi),
        mu=non_negative("mu", mu),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    shape = points[0].shape
    ratio, latents, strength, power, label_noise, penalty = (a.ravel() for a in points)
    fields = np.empty((len(Risk._fields), ratio.size))
    for psi_, mu_ in np.unique(np.stack([latents, strength]), axis=1).T:  # one spectrum each
        here = (latents == psi_) & (strength == mu_)
        spike = mu_ / psi_
        levels = np.array([[1 + spike, spike / (1 + spike), psi_], [1.0, 0.0, 1 - psi_]])
        eigenvalues, seen, multiplicity = levels[levels[:, 2] > 0].T
        fields[:, here] = _per_sample(
            Problem(eigenvalues, seen, multiplicity),
            ratio[here],
            power[here],
            power[here] / (1 + spike),
            label_noise[here],
            penalty[here],
        )
    return Risk(*(field.reshape(shape)[()] for field in fields))


def general_covariance(
    Sigma: ArrayLike, beta: ArrayLike, n: ArrayLike, noise: ArrayLike = 1.0, ridge: ArrayLike = 0.0
) -> Risk:
    """Ridge(less) regression on x ~ (0, Sigma) with target x.beta: `theory.ridge` of that problem.

    The paper's limit for H, G, the laws of the eigenvalues of Sigma and of beta over them. Its constant
    of the ridgeless limit, 1 - n/p = int dH(s)/(1 + c0 gamma s), is c0 = 1/(gamma kappa).

    Parameters
    ----------
    Sigma : (p, p) array_like, symmetric positive semi-definite
    beta : (p,) array_like
    n : array_like > 0
        Samples.
    noise : array_like >= 0
    ridge : array_like
        As in `theory.ridge`.

    Returns
    -------
    Risk, with all its cases of inf.

    Source: [hastie2022, Def. 1† and Thm 2] for ridge 0.

    >>> risk = general_covariance([[2.0, 0.0], [0.0, 0.5]], beta=[1.0, 2.0], n=1, noise=0.1)
    >>> float(risk.kappa.round(12))
    1.0
    """
    problem = Problem.from_covariance(Sigma, beta)
    return curve(problem, n, np.inf, real("ridge", ridge), noise=non_negative("noise", noise))


def _per_sample(
    problem: Problem, gamma: Array, signal: Array, omitted: Array, noise: Array, ridge: Array
) -> Risk:
    """Risk of a spectrum of total multiplicity 1 at p/n = gamma; df and df2 per sample.

    (n, p) -> (n, p)/p is an invariance of the equation: one feature, 1/gamma samples. Near the threshold
    the rounding of 1/gamma would count: there it is one sample and gamma features.
    """
    points = [np.array(a, dtype=float) for a in np.broadcast_arrays(gamma, signal, omitted, noise, ridge)]
    gamma, signal, omitted, noise, ridge = points
    with np.errstate(over="ignore"):
        n = 1 / gamma
    risk = curve(problem, n, np.inf, ridge, signal, omitted, noise)
    fields = np.array(risk._replace(df=risk.df * gamma, df2=risk.df2 * gamma))
    for ratio in np.unique(gamma[np.abs(gamma - 1) < 1e-3]):
        here = gamma == ratio
        wide = replace(problem, multiplicity=ratio * problem.multiplicity)
        fields[:, here] = curve(wide, 1.0, np.inf, ridge[here], signal[here], omitted[here], noise[here])
    return Risk(*(field[()] for field in fields))
