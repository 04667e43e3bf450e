"""Mei, Montanari 2022: the generalization error of random features regression.

x, w uniform on the sphere of radius sqrt(d), features activation(<w, x>/sqrt d) without 1/sqrt(N),
objective mean squared error + (N ridge/d) |a|^2. psi1 = N/d, psi2 = n/d; the target has linear power
`signal` and isotropic nonlinear power `nonlinear`. The paper's risk is test - noise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import moments
from theory.arguments import Array, broadcast, non_negative, positive, real, scalar
from theory.engines import rational, search
from theory.engines.curve import curve
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())

ActivationLike = str | Callable[[Array], Array] | tuple[float, float]

PAPER = Paper(
    key="mei2022",
    title="The generalization error of random features regression: precise asymptotics and the double "
    "descent curve",
    authors=("Mei", "Montanari"),
    error="test",
    penalty="the paper's: ridge = d times the ridge of overparam",
    statements={
        "risk": "verified against the paper's own polynomials",
        "coefficients": "verified against the paper's own polynomials",
        "polynomials": "verified",
        "norm": "verified",
        "objective": "verified",
        "optimal": "verified: own derivative of the proved risk, and the closed form for psi1 = inf",
    },
    topics=("double descent", "interpolation threshold", "random features"),
)


class Coefficients(NamedTuple):
    """test = signal B + (noise + nonlinear) V + nonlinear + noise, and chi = nu1 nu2 < 0."""

    B: Array
    V: Array
    chi: Array


class Optimum(NamedTuple):
    """Best ridge and its test error."""

    ridge: Array
    test: Array


def risk(
    psi1: ArrayLike,
    psi2: ArrayLike,
    ridge: ArrayLike = 0.0,
    activation: ActivationLike = "relu",
    signal: ArrayLike = 1.0,
    nonlinear: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
) -> Risk:
    """Random-feature ridge regression as d, N, n -> infinity in proportion.

    The core equation for one eigenvalue mu1^2 and the tail mu_star^2 per dimension:
    random_features(Problem([mu1^2], [signal], tail=mu_star^2, tail_power=nonlinear), psi2, psi1).

    Parameters
    ----------
    psi1, psi2 : array_like > 0
        Features and samples per dimension; may be inf.
    ridge : array_like >= 0
        The paper's lambda; 0 is the limit of small ridge.
    activation : str, callable or (mu1, mu_star2)
    signal, nonlinear, noise : array_like >= 0
        Powers F_1^2 and F_*^2 of the target, label-noise variance tau^2.

    Returns
    -------
    Risk per dimension (df, df2 and norm are divided by d); inf at psi1 = psi2, ridge 0. An activation
    with mu1 = 0 learns nothing linear: `signal` then counts as `nonlinear`.

    Source: [mei2022, Thm 2† and Def. 1†]; decomposition as in [adlam2020].

    >>> float(risk(2.0, 3.0, 1e-3, noise=0.2).test.round(6))
    1.127488
    """
    spectrum = _spectrum(activation)
    psi1, psi2, ridge, signal, nonlinear, noise = broadcast(
        psi1=positive("psi1", psi1),
        psi2=positive("psi2", psi2),
        ridge=non_negative("ridge", ridge, finite=False),
        signal=non_negative("signal", signal),
        nonlinear=non_negative("nonlinear", nonlinear),
        noise=non_negative("noise", noise),
    )
    rest = _unlearnable(spectrum, signal, nonlinear)
    return curve(spectrum, psi2, psi1, ridge, signal=signal, tail_power=rest, noise=noise)


def coefficients(
    psi1: ArrayLike, psi2: ArrayLike, ridge: ArrayLike = 0.0, activation: ActivationLike = "relu"
) -> Coefficients:
    """The paper's B, V and chi: test = signal B + (noise + nonlinear) V + nonlinear + noise.

    Computed from the core, with full accuracy at the threshold; `polynomials` is the paper's form.

    Parameters
    ----------
    psi1, psi2 : array_like > 0
    ridge : array_like >= 0
        The paper's lambda.
    activation : str, callable or (mu1, mu_star2)

    Returns
    -------
    Coefficients(B, V, chi); chi = -mu_star^2/gamma_eff is nan where that is 0/0 (ridge 0 and
    mu_star = 0 < 1 <= psi1, psi2).

    Source: [mei2022, Def. 1† and Thm 2†].

    >>> coefficients(2.0, 3.0, 1e-3).chi.round(6)
    np.float64(-1.165795)
    """
    clean = risk(psi1, psi2, ridge, activation)
    noisy = risk(psi1, psi2, ridge, activation, signal=0.0, noise=1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        chi = -_spectrum(activation).tail / clean.gamma_eff
    return Coefficients(clean.test, noisy.variance, chi)


def polynomials(
    psi1: ArrayLike, psi2: ArrayLike, chi: ArrayLike, zeta2: ArrayLike
) -> tuple[Array, Array, Array]:
    """The paper's polynomials E_0, E_1, E_2 in chi: B = E_1/E_0, V = E_2/E_0.

    Use `coefficients` for numbers: the polynomials lose all digits near psi1 = psi2 at small ridge, and are
    here as a witness.

    Parameters
    ----------
    psi1, psi2 : array_like > 0
    chi : array_like < 0
        nu1 nu2 of the paper's fixed point.
    zeta2 : array_like > 0
        mu1^2/mu_star^2.

    Returns
    -------
    (E_0, E_1, E_2)

    Source: [mei2022, Eq. 18-20†].

    >>> E0, E1, E2 = polynomials(2.0, 3.0, coefficients(2.0, 3.0, 1e-3).chi, 2.751938393884109)
    >>> float((E1 / E0).round(6))
    0.601189
    """
    a, b, x, z = broadcast(
        psi1=positive("psi1", psi1, finite=True),
        psi2=positive("psi2", psi2, finite=True),
        chi=real("chi", chi),
        zeta2=positive("zeta2", zeta2, finite=True),
    )
    outside = (x >= 0) | np.isinf(x)
    if outside.any():
        raise ValueError(f"chi = {x[outside].flat[0]:g} must be finite and negative")
    return rational.polynomials(a, b, x, z)


def norm(
    psi1: ArrayLike,
    psi2: ArrayLike,
    ridge: ArrayLike = 0.0,
    activation: ActivationLike = "relu",
    signal: ArrayLike = 1.0,
    nonlinear: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
) -> Array:
    """Squared norm |a|^2 of the coefficients in the paper's scale: `risk(...).norm`/psi1.

    The paper's features have no factor 1/sqrt(N); with it, as in `risk`, the norm is psi1 times as large.

    Parameters
    ----------
    psi1, psi2, ridge, activation, signal, nonlinear, noise
        As in `risk`.

    Returns
    -------
    array; inf at psi1 = psi2, ridge 0; 0 at psi1 = inf.

    Source: [mei2022, Thm 6†].

    >>> float(norm(2.0, 3.0, 1e-3, noise=0.2).round(6))
    6.217335
    """
    whole = np.asarray(risk(psi1, psi2, ridge, activation, signal, nonlinear, noise).norm)
    width = np.broadcast_to(real("psi1", psi1), whole.shape)
    return np.divide(whole, width, out=np.zeros_like(whole), where=np.isfinite(width))[()]


def objective(
    psi1: ArrayLike,
    psi2: ArrayLike,
    ridge: ArrayLike = 0.0,
    activation: ActivationLike = "relu",
    signal: ArrayLike = 1.0,
    nonlinear: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
) -> Array:
    """Attained training objective, penalty included: (1 - T/psi2)(A + C + noise).

    Parameters
    ----------
    psi1, psi2, ridge, activation, signal, nonlinear, noise
        As in `risk`.

    Returns
    -------
    array; 0 where the fit interpolates.

    Source: [mei2022, Thm 6†].

    >>> float(objective(2.0, 3.0, 1e-3, noise=0.35).round(6))
    0.209948
    """
    lam = real("ridge", ridge)
    fit = risk(psi1, psi2, lam, activation, signal, nonlinear, noise)
    # penalty = ridge |a|^2 in the units of the core; at an infinite ridge a = 0
    return fit.train + np.where(np.isinf(lam), 0.0, lam) * np.where(lam > 0, fit.norm, 0.0)


def optimal(
    psi1: ArrayLike,
    psi2: ArrayLike,
    activation: ActivationLike = "relu",
    signal: ArrayLike = 1.0,
    nonlinear: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
) -> Optimum:
    """Ridge of smallest test error, over all ridge >= 0.

    psi1 = inf: ridge = max(0, mu1^2 (nonlinear + noise)/signal - mu_star^2)/psi2, so that interpolation
    is optimal iff signal/(nonlinear + noise) >= mu1^2/mu_star^2; otherwise a root of d test/d ridge.

    Parameters
    ----------
    psi1, psi2 : array_like > 0
    activation : str, callable or (mu1, mu_star2)
    signal, nonlinear, noise : array_like >= 0

    Returns
    -------
    Optimum(ridge, test); ridge inf where there is nothing to learn (signal or mu1 0, noise > 0), 0 where
    no positive ridge helps.

    Source: [mei2022, Prop. 5.2†]; finite psi1 by our own calculus.

    >>> float(optimal(np.inf, 2.0, nonlinear=0.2, noise=0.4).ridge.round(6))
    0.029577
    """
    spectrum = _spectrum(activation)
    psi1, psi2, signal, nonlinear, noise = broadcast(
        psi1=positive("psi1", psi1),
        psi2=positive("psi2", psi2),
        signal=non_negative("signal", signal),
        nonlinear=non_negative("nonlinear", nonlinear),
        noise=non_negative("noise", noise),
    )
    rest = _unlearnable(spectrum, signal, nonlinear)
    return Optimum(*search.optimum(spectrum, psi2, psi1, signal, rest, noise))


def _unlearnable(spectrum: Problem, signal: Array, nonlinear: Array) -> Array:
    """The nonlinear power, and with mu1 = 0 the linear power too."""
    return nonlinear if spectrum.eigenvalues[0] > 0 else signal + nonlinear


def _spectrum(activation: ActivationLike) -> Problem:
    """The two-number spectrum per dimension, unit linear power."""
    if isinstance(activation, tuple | list | np.ndarray):
        if len(activation) != 2:
            raise ValueError(f"activation = {activation!r} must be a name, a function or (mu1, mu_star2)")
        mu1, mu_star2 = (
            scalar("activation: mu1", activation[0]),
            scalar("activation: mu_star2", activation[1], 0.0),
        )
    else:
        gaussian = moments(activation)
        mu1, mu_star2 = gaussian.mu1, gaussian.mu_star2
    return Problem(np.array([mu1**2]), np.ones(1), tail=mu_star2)
