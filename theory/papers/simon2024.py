"""Simon, Karkada, Ghosh, Belkin 2024: more is better in modern machine learning.

Random-feature ridge regression with the best ridge: more samples and more features never hurt, and with
power laws there is one best ratio of training to test error, which may be 0: then overfitting is obligatory.
The paper's equations are those of `theory.random_features`; its test error includes the label noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, real
from theory.engines import search
from theory.names import own_names
from theory.papers import Paper
from theory.papers.mei2022 import Optimum
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="simon2024",
    title="More is better in modern machine learning: when infinite overparameterization is optimal and "
    "overfitting is obligatory",
    authors=("Simon", "Karkada", "Ghosh", "Belkin"),
    error="test",
    penalty="delta of the paper = n ridge; `ridge` here is that of overparam",
    statements={
        "optimal": "verified: own derivative; that it falls with n and p is proved in the paper",
        "train_ratio": "verified (simulation); own derivation",
        "obligatory_noise": "verified (simulation); own derivation",
    },
    checked={"optimal": "code"},
    topics=("random features", "optimal regularization", "interpolation", "power law"),
)


def optimal(problem: Problem, n: ArrayLike, p: ArrayLike) -> Optimum:
    """Ridge of smallest test error with p random features, and that error.

    min over ridge >= 0 of random_features(problem, n, p, ridge).test, the global one where there are
    several; it is non-increasing in n and in p.

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0
        Samples and features; may be inf.

    Returns
    -------
    Optimum(ridge, test); ridge 0 where no positive ridge helps, inf where there is nothing to learn but
    noise.

    Source: [simon2024, Thm 1†] for the monotonicity.

    >>> problem = Problem([1.0, 0.05], [0.64, 0.2], [100, 500], noise=0.5)
    >>> optimal(problem, n=100, p=[50, 200]).test.round(6)
    array([1.279238, 1.190601])
    """
    return Optimum(*search.optimum(problem, n, p))


def train_ratio(exponent: ArrayLike, target: ArrayLike, relative_noise: ArrayLike = 0.0) -> Array:
    """Ratio of training to test error of the kernel machine with the best ridge, for power laws and large n.

    With eigenvalues i^-a, target power i^-b and label noise of s times the error that interpolation without
    noise makes, the ratio is r = u^2 with u the root in [0, 1] of
        a - b - (a - 1) b u + a (a - 1) s (1 - u)^b = 0,
    and 0 where there is none: interpolation is best, and to stop short of it costs test error.

    Derivation: T = sum lambda/(lambda + kappa) ~ kappa^(-1/a), so that df2 = T (a - 1)/a and the bias goes
    like T^(1 - b); r = (1 - t)^2 with t = T/n, and test is in proportion to
    (t^(1 - b) + a s)/(1 - t (a - 1)/a), which the equation minimises over t = 1 - u.

    Parameters
    ----------
    exponent : array_like > 1
        a.
    target : array_like in (1, 2 a + 1)
        b; a smoother target, b >= 2 a + 1, is limited by its first component instead.
    relative_noise : array_like >= 0
        s = noise/ridge(problem without noise, n, 0).test: the noise falls with the error as n grows.

    Returns
    -------
    array in [0, 1)

    Raises
    ------
    ValueError
        An exponent <= 1, or a target outside (1, 2 exponent + 1).

    Source: [simon2024] (the theorem on the optimal ratio†); own derivation, above.

    >>> train_ratio(exponent=2.0, target=[1.5, 3.0, 3.0], relative_noise=[0.0, 0.2, 2.0]).round(4)
    array([0.1111, 0.    , 0.0594])
    """
    from scipy.optimize import brentq

    a, b = _exponents(exponent, target)
    a, b, s = broadcast(exponent=a, target=b, relative_noise=non_negative("relative_noise", relative_noise))

    def root(a: float, b: float, s: float) -> float:
        def slope(u: float) -> float:
            return a - b - (a - 1) * b * u + a * (a - 1) * s * (1 - u) ** b

        return 0.0 if slope(0.0) <= 0 else brentq(slope, 0.0, 1.0, xtol=1e-300, rtol=1e-15)

    found = [root(*point) for point in zip(*(x.ravel().tolist() for x in (a, b, s)), strict=True)]
    return np.reshape(np.square(found), a.shape)[()]


def obligatory_noise(exponent: ArrayLike, target: ArrayLike) -> Array:
    """Relative noise up to which interpolation is best: overfitting is obligatory.

    s = (b - a)/(a (a - 1)), the largest at which `train_ratio` is 0; 0 where b <= a.

    Parameters
    ----------
    exponent, target : array_like
        a and b, as in `train_ratio`.

    Returns
    -------
    array >= 0, as a multiple of the error that interpolation without noise makes.

    Raises
    ------
    ValueError
        As for `train_ratio`.

    Source: [simon2024] (the theorem on the optimal ratio†); own derivation.

    >>> obligatory_noise(exponent=2.0, target=[1.5, 3.0, 4.0])
    array([0. , 0.5, 1. ])
    """
    a, b = _exponents(exponent, target)
    return np.maximum(0.0, (b - a) / (a * (a - 1)))[()]


def _exponents(exponent: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    a, b = broadcast(exponent=real("exponent", exponent), target=real("target", target))
    wrong = ~((a > 1) & np.isfinite(a))
    if wrong.any():
        raise ValueError(f"exponent = {a[wrong].flat[0]:g} must be finite and greater than 1")
    wrong = ~((b > 1) & (b < 2 * a + 1))
    if wrong.any():
        given, end = b[wrong].flat[0], 2 * a[wrong].flat[0] + 1
        raise ValueError(f"target = {given:g} must be in (1, 2 exponent + 1) = (1, {end:g})")
    return a, b
