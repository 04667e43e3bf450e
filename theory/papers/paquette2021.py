"""Paquette, Lee, Pedregosa, Paquette 2021: stochastic gradient descent on least squares, in the large.

    w <- w + step x_i (y_i - x_i.w),     from w = 0, i drawn anew from n fixed rows at every step,

in high dimension: the training error obeys a Volterra equation, and the step is critical at 2/tr(X'X/n).
With fresh rows at every step `theory.sgd` is exact at finite size.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, data, non_negative, positive, scalar, symmetric
from theory.engines import volterra
from theory.engines.spectral import significant
from theory.names import own_names
from theory.papers import Paper, ali2019

__dir__ = own_names(globals())

PAPER = Paper(
    key="paquette2021",
    title="SGD in the large: average-case analysis, asymptotics, and stepsize criticality",
    authors=("Paquette", "Lee", "Pedregosa", "Paquette"),
    error="test",
    penalty="none: stopped after so many steps, of descent on half the squared error of one row",
    statements={
        "multi_pass": "verified (simulation, the equation solved step by step)",
        "given_design": "verified (simulation, the equation solved step by step)",
        "critical_step": "proved from the equation; verified (simulation)",
    },
    topics=("stochastic gradient descent", "critical step", "Marchenko-Pastur"),
)

_NEAR = 1e-6  # of the critical rate


class Errors(NamedTuple):
    """Mean squared errors on the fixed rows, and on a fresh noisy row."""

    train: Array
    test: Array


def multi_pass(
    ratio: ArrayLike,
    rate: ArrayLike,
    time: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> Errors:
    """Errors of stochastic gradient descent on fixed isotropic rows, d and n to infinity.

    With c = d/n, steps of rate r/d, d u of them, and averages I over the law of Marchenko and Pastur of ratio
    c, train = 2 psi,
        psi(u) = [signal I(x e^-2xru) + noise (1 - c + c I(e^-2xru))]/2
                 + r^2 int_0^u I(x^2 e^-2xr(u-v)) psi(v) dv,
        test(u) = noise + signal I(e^-2xru) + noise c I((1 - e^-xru)^2/x)
                  + 2 r^2 int_0^u I(x e^-2xr(u-v)) psi(v) dv:
    the errors of gradient flow at time r u, and what the noise of the steps adds.

    Parameters
    ----------
    ratio : array_like > 0
        c = d/n, parameters per row.
    rate : array_like > 0
        r; errors stay bounded below the critical rate 2, where the last label noise that no w can fit is
        multiplied by 1/(1 - r/2).
    time : array_like >= 0
        u = steps/d; may be inf.
    signal, noise : array_like >= 0
        |beta|^2 and the label-noise variance.

    Returns
    -------
    Errors(train, test); inf at time inf for rates above 2, and at rate 2 for noisy labels and ratio <= 1.
    Rates within 1e-6 of 2 are interpolated, with a relative error of (1e-6 time)^2 at finite times.

    Source: [paquette2021, Thm 1†]; the test error by own derivation of the same kind.

    >>> multi_pass(ratio=0.5, rate=[0.5, 1.0], time=6.0, noise=0.25).train.round(4)
    array([0.2103, 0.2699])
    """
    points = broadcast(
        ratio=positive("ratio", ratio, finite=True),
        rate=positive("rate", rate, finite=True),
        time=non_negative("time", time, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    shape = points[0].shape
    c, r, u, power, label = (a.ravel() for a in points)
    with np.errstate(over="ignore"):
        flow = ali2019.risk(c, r * u, power, label).test
    psi, excess = np.empty((2, c.size))
    for key in sorted({*zip(c.tolist(), r.tolist(), power.tolist(), label.tolist(), strict=True)}):
        here = (c == key[0]) & (r == key[1]) & (power == key[2]) & (label == key[3])
        psi[here], excess[here] = _isotropic(*key, u[here])
    return Errors((2 * psi).reshape(shape)[()], (flow + excess).reshape(shape)[()])


def _isotropic(c: float, r: float, signal: float, noise: float, u: Array) -> volterra.Noisy:
    floor, ended = noise * max(1 - c, 0.0) / 2, np.isinf(u)
    psi, excess = np.empty((2, u.size))
    psi[ended], excess[ended] = _end(c, r, signal, noise, floor)
    near = abs(r - 2) < _NEAR  # slow modes cannot be told apart there
    rates, share = ((2 - _NEAR, 2 + _NEAR), (r - 2 + _NEAR) / (2 * _NEAR)) if near else ((r, r), 0.0)
    x, weight = volterra.marchenko_pastur(c)
    modes = volterra.Modes(x, weight, (signal * x + noise * c) * weight / 2, np.ones_like(x))
    low = volterra.errors(modes, floor, rates[0], u[~ended])
    high = volterra.errors(modes, floor, rates[1], u[~ended]) if near else low
    psi[~ended], excess[~ended] = (a + share * (b - a) if near else a for a, b in zip(low, high, strict=True))
    return volterra.Noisy(psi, excess)


def _end(c: float, r: float, signal: float, noise: float, floor: float) -> tuple[float, float]:
    """After infinitely many steps; at the critical rate the slowest mode stands still."""
    if r < 2:
        psi = floor / (1 - r / 2)
        return psi, r * min(1, 1 / c) * psi
    if r > 2 or (noise > 0 and c <= 1):
        psi = np.inf if signal + noise > 0 else 0.0
    else:
        psi = (signal + (noise * c / (c - 1) if noise > 0 else 0.0)) / 2
    return psi, 2 * min(1, 1 / c) * psi


def given_design(
    X: ArrayLike,
    beta: ArrayLike,
    step: float,
    steps: ArrayLike,
    noise: float = 0.0,
    covariance: ArrayLike | None = None,
) -> Errors:
    """Errors of stochastic gradient descent on these rows, averaged over its draws and the label noise.

    With H = X'X/n, psi(t) = psi_flow(s t) + s^2 int_0^t tr(H^2 e^-2sH(t-r)) psi(r) dr, train = 2 psi, and
    test(t) = test_flow(s t) + 2 s^2 int_0^t tr(Sigma H e^-2sH(t-r)) psi(r) dr. A limit of high dimension.

    Parameters
    ----------
    X : (n, d) array_like
        The rows.
    beta : (d,) array_like
        The target: labels are X beta + noise.
    step : float > 0
        s, on half the squared error of one row; errors grow without bound beyond `critical_step`.
    steps : array_like >= 0
        t; may be inf.
    noise : float >= 0
        Label-noise variance.
    covariance : (d, d) array_like, optional
        Sigma of fresh rows; the identity by default.

    Returns
    -------
    Errors(train, test), arrays of the shape of `steps`.

    Source: [paquette2021, Thm 1†]; the test error by own derivation of the same kind.

    >>> X = np.random.default_rng(0).standard_normal((60, 20))
    >>> given_design(X, np.full(20, 20**-0.5), step=0.02, steps=[0, 100, 1000], noise=0.1).test.round(3)
    array([1.1  , 0.225, 0.174])
    """
    rows, target = data("X", X, 2), data("beta", beta, 1)
    size, label = float(positive("step", scalar("step", step), finite=True)), scalar("noise", noise, low=0.0)
    time = non_negative("steps", steps, finite=False)
    n, d = rows.shape
    if target.shape != (d,):
        raise ValueError(f"beta has shape {target.shape}; pass ({d},), as X has {d} columns")
    Sigma = np.eye(d) if covariance is None else data("covariance", covariance, 2)
    if Sigma.shape != (d, d):
        raise ValueError(f"covariance has shape {Sigma.shape}; pass ({d}, {d}), as X has {d} columns")
    symmetric("covariance", Sigma, 1e-10)
    _, singular, directions = np.linalg.svd(rows, full_matrices=False)
    kept = significant(singular**2)
    h, V = singular[kept] ** 2 / n, directions[kept].T
    seen = ((Sigma @ V) * V).sum(axis=0)
    modes = volterra.Modes(h, np.ones_like(h), (h * (target @ V) ** 2 + label / n) / 2, seen)
    moments = time.ravel()
    noisy = volterra.errors(modes, label * (n - len(h)) / (2 * n), size, moments)
    with np.errstate(invalid="ignore"):
        learnt = -np.expm1(np.where(moments[:, None] == 0, 0.0, -size * h * moments[:, None]))
    missed = target - (learnt * (target @ V)) @ V.T
    flow = label + ((missed @ Sigma) * missed).sum(axis=1) + label / n * learnt**2 @ (seen / h)
    return Errors((2 * noisy.psi).reshape(time.shape)[()], (flow + noisy.excess).reshape(time.shape)[()])


def critical_step(X: ArrayLike) -> float:
    """Step beyond which stochastic gradient descent on these rows, one at a time, diverges: 2/tr(X'X/n).

    The mean eigenvalue counts, d times: gradient descent on all rows has 2 over the largest.

    Parameters
    ----------
    X : (n, d) array_like

    Returns
    -------
    float; inf for a matrix of zeros.

    Source: [paquette2021, Thm 2†].

    >>> critical_step([[1.0, 0.0], [0.0, 1.0]])
    2.0
    """
    rows = data("X", X, 2)
    trace = float((rows**2).sum() / len(rows))
    return 2 / trace if trace > 0 else np.inf
