"""d'Ascoli, Sagun, Biroli 2020: triple descent and the two kinds of overfitting.

The random-feature model of mei2022 with an activation that is known by its linearity alone: mu0 = 0,
mu1^2 = r, mu_star^2 = 1 - r. As samples are added, the test error peaks at n = d (linear peak) and at
n = p (nonlinear peak).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from theory.arguments import SAME, Array, between, broadcast, non_negative, positive
from theory.names import own_names
from theory.papers import Paper, mei2022
from theory.papers.mei2022 import ActivationLike, _spectrum
from theory.risk import Risk

__dir__ = own_names(globals())

PAPER = Paper(
    key="dascoli2020triple",
    title="Triple descent and the two kinds of overfitting: where & why do they appear?",
    authors=("d'Ascoli", "Sagun", "Biroli"),
    error="test",
    penalty="the lambda of mei2022; the authors' analytic code uses psi1 psi2 times it",
    statements={
        "risk": "verified",
        "linearity": "proved (a definition)",
        "spectrum": "verified: own quartic, against moments, known laws and simulation",
        "least_eigenvalue": "verified against the spectrum and by simulation",
    },
    checked={"risk": "code"},
    topics=("triple descent", "double descent", "interpolation threshold", "Marchenko-Pastur"),
)


def risk(
    psi1: ArrayLike,
    psi2: ArrayLike,
    ridge: ArrayLike,
    linearity: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> Risk:
    """Random-feature ridge regression with an activation of given linearity r.

    `mei2022.risk` with mu1^2 = r and mu_star^2 = 1 - r. At r = 0 nothing linear is learnt; at r = 1 it is
    linear regression, with its only peak at min(psi1, psi2) = 1.

    Parameters
    ----------
    psi1, psi2 : array_like > 0
        Features P/D and samples N/D per dimension; may be inf.
    ridge : array_like >= 0
        The lambda of mei2022; the authors' analytic code uses psi1 psi2 lambda.
    linearity : array_like in [0, 1]
        r = mu1^2/(mu1^2 + mu_star^2), see `linearity`.
    signal, noise : array_like >= 0
        Power of the linear target and label-noise variance.

    Returns
    -------
    Risk per dimension (df, df2 and norm are divided by d); inf at psi1 = psi2, ridge 0, r < 1.

    Source: [dascoli2020triple, Sec. 2†]; [mei2022, Thm 2†].

    >>> risk(10.0, [0.3, 1.0, 3.0, 10.0], 1e-4, 0.9, noise=5.0).test.round(2)
    array([ 7.35, 11.06,  9.29, 29.28])
    """
    points = broadcast(
        linearity=between("linearity", linearity, 0, 1),
        psi1=positive("psi1", psi1),
        psi2=positive("psi2", psi2),
        ridge=non_negative("ridge", ridge, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    r = points[0]
    fields = np.empty((len(Risk._fields), *r.shape))
    for value in np.unique(r):  # one spectrum each
        here = r == value
        psi1, psi2, ridge, signal, noise = (point[here] for point in points[1:])
        pair = (float(np.sqrt(value)), float(1 - value))
        fields[:, here] = mei2022.risk(psi1, psi2, ridge, pair, signal, noise=noise)
    return Risk(*(field[()] for field in fields))


def linearity(activation: ActivationLike) -> float:
    """Linearity of an activation: r = mu1^2/(mu1^2 + mu_star^2).

    Parameters
    ----------
    activation : str, callable or (mu1, mu_star2)

    Returns
    -------
    float in [0, 1]; nan for a constant activation.

    Source: [dascoli2020triple, Sec. 2†].

    >>> round(linearity("relu"), 6)
    0.733471
    """
    spectrum = _spectrum(activation)
    linear = float(spectrum.eigenvalues[0])
    total = linear + spectrum.tail
    return linear / total if total > 0 else float("nan")


def spectrum(eigenvalue: ArrayLike, psi1: ArrayLike, psi2: ArrayLike, linearity: ArrayLike) -> Array:
    """Density of the eigenvalues of the Gram matrix of random features, an activation of given linearity r.

    K = H H'/P, N x N, of features H (N, P) with unit power and mean 0, as D, N, P grow in proportion. With
    tau(G) = r/(r + G) + (1 - r)/G the density is |Im tau|/(pi psi2 x) at the complex root G of
        G (psi2 - tau) (1 - tau/psi1) = -x.
    At r = 0 it is the law of Marchenko and Pastur of ratio N/P, at r = 1 that of a product of two matrices.

    Parameters
    ----------
    eigenvalue : array_like >= 0
        x.
    psi1 : array_like > 0
        Features P/D per dimension; may be inf.
    psi2 : array_like > 0
        Samples N/D per dimension.
    linearity : array_like in [0, 1]
        r, see `linearity`.

    Returns
    -------
    array; 0 at x = 0, also where the density has no bound there. It integrates to the share of eigenvalues
    that are not 0: min(1, psi1/psi2), and at r = 1 min(1, psi1/psi2, 1/psi2).

    Source: own derivation and simulation; the spectra are of [dascoli2020triple, Sec. 3†].

    >>> spectrum([0.05, 0.5, 2.0], psi1=5.0, psi2=1.0, linearity=0.9).round(6)
    array([0.      , 0.483769, 0.140788])
    """
    x, psi1, psi2, r = broadcast(
        eigenvalue=non_negative("eigenvalue", eigenvalue),
        psi1=positive("psi1", psi1),
        psi2=positive("psi2", psi2, finite=True),
        linearity=between("linearity", linearity, 0, 1),
    )
    G = _roots(x, psi1, psi2, r)
    # real roots have imaginary parts of rounding, at an edge of the root of rounding
    complex_pair = np.abs(G.imag) > 1e-7 * np.abs(G)
    r, scale = r[..., None], (np.pi * psi2 * x)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        density = np.abs((r / (r + G) + (1 - r) / G).imag) / scale
    return np.where(complex_pair & (scale > 0), density, 0.0).max(axis=-1)[()]


def least_eigenvalue(psi1: ArrayLike, psi2: ArrayLike, linearity: ArrayLike) -> Array:
    """Least positive eigenvalue of the Gram matrix of `spectrum`: where its support begins.

    The maximum of -G (psi2 - tau) (1 - tau/psi1) over the G > 0 with tau(G) between psi1 and psi2. It is 0 at
    N = P for every r < 1, which is the nonlinear peak. At N = D it is not: the nonlinear part of the features
    holds the eigenvalues away from 0, as a ridge does, and this makes the linear peak the milder one.

    Parameters
    ----------
    psi1, psi2 : array_like > 0
        Features P/D and samples N/D per dimension.
    linearity : array_like in [0, 1)
        r, see `linearity`.

    Returns
    -------
    array

    Source: own derivation and simulation; the gap is of [dascoli2020triple, Sec. 3†].

    >>> least_eigenvalue(10.0, [0.3, 1.0, 3.0, 10.0], 0.9).round(4)
    array([0.265 , 0.0733, 0.025 , 0.    ])
    """
    psi1, psi2, r = broadcast(
        psi1=positive("psi1", psi1, finite=True),
        psi2=positive("psi2", psi2, finite=True),
        linearity=between("linearity", linearity, 0, 1, "[)"),
    )
    found = np.empty(r.shape)
    for i in np.ndindex(r.shape):
        found[i] = _edge(float(psi1[i]), float(psi2[i]), float(r[i]))
    return found[()]


def _edge(psi1: float, psi2: float, r: float) -> float:
    def height(tau: float) -> float:
        return -_inverse(tau, r) * (psi2 - tau) * (1 - tau / psi1)

    low, high = min(psi1, psi2), max(psi1, psi2)
    if high - low <= SAME * high:
        return 0.0
    best = minimize_scalar(
        lambda u: -height(float(np.exp(u))), bounds=(np.log(low), np.log(high)), method="bounded",
        options={"xatol": 1e-9},
    )  # fmt: skip
    return float(-best.fun)


def _inverse(tau: float, r: float) -> float:
    """The G > 0 with r/(r + G) + (1 - r)/G = tau: tau G^2 + (r tau - 1) G = r (1 - r)."""
    half = (r * tau - 1) / 2
    root = float(np.hypot(half, np.sqrt(tau * r * (1 - r))))
    return r * (1 - r) / (half + root) if half > 0 else (root - half) / tau


def _roots(x: Array, psi1: Array, psi2: Array, r: Array) -> NDArray[np.complex128]:
    """Roots of (Q - M/psi1) (Q - M/psi2) = -x G (r + G)^2/psi2, Q = G (r + G), M = G + r (1 - r)."""
    both = r * (1 - r)
    (a1, a0), (b1, b0) = ((r - 1 / psi, -both / psi) for psi in (psi1, psi2))
    tilt = x / psi2
    falling = (a1 + b1 + tilt, a0 + b0 + a1 * b1 + 2 * r * tilt, a1 * b0 + a0 * b1 + r**2 * tilt, a0 * b0)
    companion = np.zeros((*r.shape, 4, 4))
    for k, coefficient in enumerate(falling):
        companion[..., 0, k] = -coefficient
    for k in range(3):
        companion[..., k + 1, k] = 1.0
    return np.linalg.eigvals(companion).astype(np.complex128)
