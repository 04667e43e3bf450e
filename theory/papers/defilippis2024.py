"""Defilippis, Loureiro, Misiakiewicz 2024: dimension-free deterministic equivalents.

Random-feature ridge regression for any spectrum, in the paper's nu1 = kappa, nu2 = gamma_eff. Its
"bias" is the whole noiseless excess error, not the squared bias of `Risk`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, broadcast, non_negative, positive, real
from theory.equivalent import random_features
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="defilippis2024",
    title="Dimension-free deterministic equivalents and scaling laws for random feature regression",
    authors=("Defilippis", "Loureiro", "Misiakiewicz"),
    error="excess",
    penalty="lambda of the paper = n ridge; `ridge` here is that of overparam",
    statements={
        "equivalents": "verified against the paper's equations",
        "rates": "verified (slopes of the equivalents, simulation); own derivation",
    },
    topics=("random features", "scaling laws"),
)


class Equivalents(NamedTuple):
    """test = noise + bias + variance."""

    nu1: Array
    nu2: Array
    upsilon: Array
    chi: Array
    bias: Array
    variance: Array


def equivalents(problem: Problem, n: ArrayLike, p: ArrayLike, ridge: ArrayLike = 0.0) -> Equivalents:
    """The paper's equivalents: effective ridges, Upsilon, chi, and the two parts of the excess error.

    With z = T, q = df2, w = z - q at nu2 of the core equation,
    Upsilon = [q (p - z) + w z]/(n (p - q)), chi = sum m lambda/(lambda + nu2)^2 / (p - q),
    variance = noise Upsilon/(1 - Upsilon), bias = (A + chi nu2 C)/(1 - Upsilon).

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0
        Samples and features; may be inf.
    ridge : array_like >= 0
        Penalty on |a|^2 beside the mean squared error; may be inf.

    Returns
    -------
    Equivalents(nu1, nu2, upsilon, chi, bias, variance). At n = p < rank and ridge 0 upsilon is 1, bias
    and (with noise) variance are inf; chi is inf at ridge 0 and p = rank < n.

    Source: [defilippis2024, Sec. 3].

    >>> problem = Problem([1.0, 0.1], [1.0, 0.5], [10, 100], noise=0.1)
    >>> fit = equivalents(problem, n=30, p=60, ridge=1e-3)
    >>> bool(np.isclose(fit.variance, 0.1 * fit.upsilon / (1 - fit.upsilon)))
    True
    """
    risk = random_features(problem, n, p, ridge)
    n, p, kappa, g, z, q = broadcast(
        n=real("n", n),
        p=real("p", p),
        kappa=np.asarray(risk.kappa),
        gamma=np.asarray(risk.gamma_eff),
        df=np.asarray(risk.df),
        df2=np.asarray(risk.df2),
    )
    learnable = problem.eigenvalues > 0
    lam, mult = problem.eigenvalues[learnable], problem.multiplicity[learnable]
    with np.errstate(divide="ignore", invalid="ignore"):
        w_over_g = (mult * lam / (lam + g[..., None]) ** 2).sum(axis=-1)
        if problem.tail > 0:
            w_over_g += problem.tail / g**2
        w = np.where(np.isinf(g), 0.0, g * w_over_g)
        # 1 - T/p = kappa/gamma does not cancel; both vanish at ridge 0 and a rank below n and p
        left = np.where(np.isinf(g), p, np.where(g > 0, p * (kappa / g), _gap(p, z)))
        share = (q * left + w * z) / (left + w)
        upsilon = np.where(np.isinf(p), q, np.where(left + w > 0, share, z)) / n
        chi = np.where(w_over_g > 0, w_over_g / (left + w), 0.0)
    return Equivalents(
        nu1=risk.kappa,
        nu2=risk.gamma_eff,
        upsilon=np.where(np.isinf(n), 0.0, upsilon)[()],
        chi=np.where(np.isinf(p), 0.0, chi)[()],
        bias=risk.bias + risk.var_samples + risk.var_features + risk.var_samples_features,
        variance=risk.var_noise_samples + risk.var_noise_samples_features,
    )


class Rates(NamedTuple):
    """Excess error ~ n^-bias + noise n^-variance; `effective` is the power of n of what is learnt."""

    bias: Array
    variance: Array
    effective: Array


def rates(exponent: ArrayLike, target: ArrayLike, features: ArrayLike, ridge: ArrayLike) -> Rates:
    """Powers of n with which the excess error of random-feature ridge regression falls: a map of phases.

    With eigenvalues i^-a, target power i^-b, p = n^q features and ridge = n^-l,
        t = min(l/a, q, 1),
        bias = min(t min(2 a, b - 1), q - t + t min(a, b - 1)),   variance = 1 - t,
    and the error falls like n^-bias without noise and like n^-min(bias, variance) with it.

    Derivation: n^t directions are learnt, as many as exceed the ridge, up to the smaller of n and p; so
    nu2 ~ n^(-a t). In `equivalents` Upsilon ~ n^t/n, A ~ nu2^min(2, (b - 1)/a), chi nu2 ~ n^t/p and
    C ~ nu2^min(1, (b - 1)/a).

    Use it to choose widths: the features that are enough for the rate of a kernel machine are the least q
    from which on bias does not grow any more.

    Parameters
    ----------
    exponent : array_like > 1
        a.
    target : array_like > 1
        b. With the source r of the paper, b = 1 + 2 a r.
    features : array_like > 0
        q; may be inf. At q = 1 and l > a the constant diverges as p -> n, the rate is that of p = c n.
    ridge : array_like >= 0
        l, of the ridge beside the mean squared error; inf is no ridge. The paper's lambda is n ridge.

    Returns
    -------
    Rates(bias, variance, effective), effective = t. Logarithms of n at b = a + 1 and 2 a + 1 are left out.

    Raises
    ------
    ValueError
        An exponent or a target that is not above 1.

    Source: [defilippis2024, Sec. 4] (scaling laws); own derivation, above.

    >>> rates(exponent=1.5, target=2.0, features=[0.5, 1.0, 2.0], ridge=0.75)
    Rates(bias=array([0.5, 0.5, 0.5]), variance=array([0.5, 0.5, 0.5]), effective=array([0.5, 0.5, 0.5]))
    """
    a, b, q, power = broadcast(
        exponent=_above_one("exponent", exponent),
        target=_above_one("target", target),
        features=positive("features", features),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    t = np.minimum(np.minimum(power / a, q), 1.0)
    bias = np.minimum(t * np.minimum(2 * a, b - 1), q - t + t * np.minimum(a, b - 1))
    return Rates(bias[()], (1 - t)[()], t[()])


def _above_one(name: str, value: ArrayLike) -> Array:
    array = real(name, value)
    wrong = ~((array > 1) & np.isfinite(array))
    if wrong.any():
        raise ValueError(f"{name} = {array[wrong].flat[0]:g} must be finite and greater than 1")
    return array


def _gap(p: Array, rank: Array) -> Array:
    """p - rank, exactly 0 where the two agree to rounding."""
    return np.where(np.abs(p - rank) <= SAME * rank, 0.0, p - rank)
