"""Belkin, Hsu, Xu 2020: two models of double descent for weak features.

Least squares on p of d coordinates, exactly at finite n (Gaussian model), and on random rows and
columns of the discrete Fourier transform (noiseless, limit).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import exact
from theory.arguments import Array, broadcast, fraction, non_negative, positive, real, share, whole
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="belkin2020",
    title="Two models of double descent for weak features",
    authors=("Belkin", "Hsu", "Xu"),
    error="test",
    penalty="none: minimum norm (`fourier` has the ridge of overparam as an extension of ours)",
    statements={
        "gaussian": "proved",
        "gaussian_random": "proved",
        "prescient": "proved",
        "fourier": "verified; with ridge > 0 own derivation",
        "haar": "proved",
    },
    topics=("double descent", "interpolation threshold"),
)


def gaussian(
    n: ArrayLike,
    p: ArrayLike,
    signal: ArrayLike = 1.0,
    omitted: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
) -> Array:
    """Test error of minimum-norm least squares on p Gaussian features, exact at finite n.

    With e = noise + omitted: e (1 + p/(n - p - 1)) for p <= n - 2, and
    signal (1 - n/p) + e (1 + n/(p - n - 1)) for p >= n + 2: the test error of
    `theory.exact.least_squares`.

    Parameters
    ----------
    n, p : array_like
        Samples n > 0 and selected coordinates p >= 0.
    signal, omitted : array_like >= 0
        Target power on the selected and on the other coordinates.
    noise : array_like >= 0

    Returns
    -------
    array; inf for |n - p| <= 1 unless noise + omitted = 0.

    Source: [belkin2020, Thm 1†].

    >>> float(gaussian(n=20, p=40, signal=0.7, omitted=0.3, noise=0.25).round(6))
    1.478947
    """
    return exact.least_squares(n, p, signal, noise, omitted).test


def gaussian_random(
    n: ArrayLike,
    p: ArrayLike,
    d: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> Array:
    """Test error of minimum-norm least squares on p random coordinates of d, exact at finite n.

    `gaussian` with the power signal p/d selected and signal (1 - p/d) omitted.

    Parameters
    ----------
    n, p, d : array_like
        Samples, selected coordinates 0 <= p <= d, all coordinates.
    signal, noise : array_like >= 0

    Returns
    -------
    array; inf for |n - p| <= 1 unless noise + omitted = 0.

    Source: [belkin2020, Cor. 1†].

    >>> float(gaussian_random(n=40, p=60, d=100, signal=1.0, noise=0.04).round(6))
    1.566316
    """
    n, p, d, signal, noise = broadcast(
        n=positive("n", n, finite=True),
        p=non_negative("p", p),
        d=positive("d", d, finite=True),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    selected = fraction("p", p, "d", d)
    return gaussian(n, p, signal * selected, signal * ((d - p) / d), noise)


def prescient(n: ArrayLike, p: ArrayLike, beta: ArrayLike, noise: ArrayLike = 0.0) -> Array:
    """Test error when the p selected coordinates are those of largest beta_j^2, exact at finite n.

    `gaussian` with the p largest beta_j^2 as signal and the others omitted.

    Parameters
    ----------
    n : array_like > 0
        Samples.
    p : array_like of whole numbers in 0..d
        Selected coordinates.
    beta : (d,) array_like
        Target coefficients, in any order.
    noise : array_like >= 0

    Returns
    -------
    array; inf for |n - p| <= 1 unless noise + omitted = 0.

    Source: [belkin2020, Sec. 2 on prescient selection†].

    >>> prescient(n=40, p=[0, 10, 100], beta=1 / np.arange(1.0, 101), noise=0.04).round(6)
    array([1.674984, 0.168394, 1.048109])
    """
    coefficients, count = real("beta", beta), whole("p", p, low=0)
    if coefficients.ndim != 1 or not coefficients.size:
        raise ValueError(f"beta has shape {coefficients.shape}; pass a one-dimensional array")
    fraction("p", count, "the length of beta", np.asarray(float(coefficients.size)))
    energy = np.sort(coefficients**2)
    smallest = np.concatenate([[0.0], np.cumsum(energy)])
    largest = np.concatenate([[0.0], np.cumsum(energy[::-1])])
    selected = count.astype(int)
    return gaussian(n, count, largest[selected], smallest[energy.size - selected], noise)


def fourier(rho_n: ArrayLike, rho_p: ArrayLike, ridge: ArrayLike = 0.0) -> Array:
    """Noiseless risk on random rows and columns of a large discrete Fourier transform.

    rho_n = n/d, rho_p = p/d of the d x d transform, random target of power 1 over all d
    coordinates, error over all d points. At ridge 0, with k = min and q = max of the two:
    risk = 1 - k (2 - (1 - k)/(q - k)).

    Parameters
    ----------
    rho_n, rho_p : array_like in (0, 1]
    ridge : array_like >= 0
        Penalty beside the mean squared error, features of modulus 1. Positive values are an
        extension of ours: with s the squared singular values of the n x p block (Jacobi law),
        c = rho_n ridge, m = rho_n + rho_p - 2 rho_n rho_p and R^2 = c^2 + 2 m c + (rho_n - rho_p)^2,
        risk = 1 - rho_p + E sum [c^2 + s (1 - s)]/(s + c)^2 / d
             = (1 + 2c)(1 - rho_n - rho_p + R)/(2 (1 + c)^2) + (c + m)/(2 (1 + c) R).

    Returns
    -------
    array; inf at rho_n = rho_p < 1 and ridge 0; 0 at rho_n = rho_p = 1.

    Source: [belkin2020, Thm 2†]; ridge > 0 own derivation.

    >>> float(fourier(0.25, 0.75))
    0.875
    >>> fourier(0.5, 0.5, ridge=[1e-12, 1e-3, 1.0]).round(4)
    array([3.53553391e+05, 1.11943000e+01, 7.69800000e-01])
    """
    rho_n, rho_p, ridge = broadcast(
        rho_n=share("rho_n", rho_n),
        rho_p=share("rho_p", rho_p),
        ridge=non_negative("ridge", ridge),
    )
    # the formula cancels near rho = 1 and at small ridge: here it is a sum of positive terms
    omitted, gap = (1 - rho_n) + (1 - rho_p), np.abs(rho_n - rho_p)
    m = rho_n * (1 - rho_p) + rho_p * (1 - rho_n)
    c, unit = rho_n * ridge, np.maximum(rho_n, rho_p)
    a, b, part = rho_n / unit, rho_p / unit, m / unit  # squares of small shares would underflow
    far = np.hypot(np.sqrt(a) * np.sqrt(ridge) * np.sqrt(a * ridge + 2 * part), gap / unit)
    R = unit * far
    # with the numerator (c + m)^2 - R^2
    pole = product((a, 1), (1 - rho_n, 1), (b, 1), (1 - rho_p, 1), (a * ridge + part + far, -1), (far, -1))
    pole = np.where((rho_n < 1) & (rho_p < 1), 4 * pole, 0.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rise = np.where(c > 0, (2 * m * c + gap**2) / (c + R), gap)  # R - c
    shrink = 1 / (1 + c)
    fit = c * shrink * (R * shrink)
    return (fit + (rise * shrink**2 + (1 + 2 * c) * shrink * (omitted * shrink) + pole * shrink) / 2)[()]


def haar(n: ArrayLike, p: ArrayLike, d: ArrayLike) -> Array:
    """Noiseless risk on n rows and p columns of a Haar unitary d x d matrix, exact at finite d.

    1 - 2k/d + (k/d)(d - k)/|p - n| = 1 - k/d + (k/d)(d - q)/(q - k),  k = min(n, p), q = max(n, p).

    Parameters
    ----------
    n, p, d : array_like
        0 < n, p <= d.

    Returns
    -------
    array; inf at n = p < d, 0 at n = p = d.

    Source: [belkin2020, Thm 2†] is its limit; finite d own derivation.

    >>> float(haar(n=25, p=75, d=100))
    0.875
    """
    d = positive("d", d, finite=True)
    n, p = positive("n", n), positive("p", p)
    fraction("n", n, "d", d)
    fraction("p", p, "d", d)
    n, p, d = broadcast(n=n, p=p, d=d)
    k, q = np.minimum(n, p), np.maximum(n, p)
    risk = (d - k) / d + product((k, 1), (d, -1), (d - q, 1), (q - k, -1))
    return np.where(k == d, 0.0, risk)[()]
