"""Exact finite-sample identities for Gaussian designs: nothing here is a limit.

Rows x ~ N(0, I) (any covariance where p <= n - 2), y = x.beta + regressors left out + noise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, broadcast, non_negative, positive, whole
from theory.names import own_names
from theory.risk import Risk

__dir__ = own_names(globals())


class Scores(NamedTuple):
    """Expected training error, its two corrections, and the test error they estimate."""

    train: Array
    gcv: Array
    loo: Array
    test: Array


def least_squares(
    n: ArrayLike,
    p: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
    omitted: ArrayLike = 0.0,
    trace_inverse: ArrayLike | None = None,
) -> Risk:
    """Risk of minimum-norm least squares on p isotropic Gaussian features, exact at finite n.

    With e = noise + omitted:
        test = e (1 + p/(n - p - 1))                           for p <= n - 2,
        test = signal (1 - n/p) + e (1 + n/(p - n - 1))        for p >= n + 2,
        norm = signal min(1, n/p) + e min(n, p)/(|p - n| - 1),    train = e (1 - p/n)_+,
        bias = signal (1 - n/p)_+^2 + omitted.

    Use it for isotropic Gaussian inputs without a ridge; `theory.ridge` takes any spectrum and ridge, as a
    limit.

    Parameters
    ----------
    n, p : array_like
        Samples n > 0 and features p >= 0; real numbers continue the formulas.
    signal : array_like >= 0
        Target power |beta|^2 on the p features; without features (p = 0) it has no meaning.
    noise, omitted : array_like >= 0
        Label-noise variance, and target power on independent Gaussian regressors left out.
    trace_inverse : array_like > 0, optional
        tr(Sigma^-1) for the `norm` at p <= n - 2, where every covariance has the same test error;
        by default that of the identity, p.

    Returns
    -------
    Risk; where |p - n| <= 1 (and p > 0), test, variance and norm are inf unless noise = omitted = 0,
    while `train` and `bias` stay finite. `df2`, `kappa` and `gamma_eff` belong to limits and are nan.

    Source: [breiman1983] for p < n; [belkin2020, Thm 1†] for all p; parts by direct
    calculation.

    >>> least_squares(n=40, p=[20, 40, 60], signal=1.0, noise=0.1).test.round(6)
    array([0.205263,      inf, 0.64386 ])
    """
    n, p, signal, noise, omitted = broadcast(
        n=positive("n", n, finite=True),
        p=non_negative("p", p),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
        omitted=non_negative("omitted", omitted),
    )
    trace = p if trace_inverse is None else positive("trace_inverse", trace_inverse, finite=True)
    n, p, signal, noise, omitted, trace = broadcast(
        n=n, p=p, signal=signal, noise=noise, omitted=omitted, trace_inverse=trace
    )
    error = noise + omitted
    few, many = np.minimum(n, p), np.maximum(n, p)
    room = (many - 1) - few  # |p - n| - 1, where both differences are exact
    spread = _over(few, room, many)
    missed = np.maximum(p - n, 0.0) / many  # (1 - n/p)_+
    seen = n / many  # min(1, n/p)

    bias = signal * missed**2 + omitted
    var_samples = signal * seen * missed + _times(omitted, spread)
    var_noise_samples = _times(noise, spread)
    variance = var_samples + var_noise_samples
    size = signal * seen + _times(error, np.where(p < n, _over(trace, room, many), spread))
    zero, undefined = np.zeros(n.shape), np.full(n.shape, np.nan)
    risk = Risk(
        test=noise + bias + variance,
        train=error * (np.maximum(n - p, 0.0) / n),
        bias=bias,
        variance=variance,
        norm=np.where(p > 0, size, 0.0),
        df=few,
        df2=undefined,
        kappa=undefined,
        gamma_eff=undefined,
        var_samples=var_samples,
        var_features=zero,
        var_samples_features=zero,
        var_noise_samples=var_noise_samples,
        var_noise_samples_features=zero,
    )
    return Risk(*(np.array(field)[()] for field in risk))


def ols_validation(n: ArrayLike, p: ArrayLike, noise: ArrayLike) -> Scores:
    """Expected scores of ordinary least squares, p < n, any Gaussian design, exact at finite n.

        train = noise (1 - p/n),   gcv = noise n/(n - p),
        test = noise (n - 1)/(n - p - 1),   loo = noise (n - 2)/(n - p - 2),

    which is the test error at n - 1.

    Parameters
    ----------
    n, p : array_like
        Samples n > 0 and features 0 <= p < n.
    noise : array_like >= 0
        Label-noise variance; power of independent Gaussian regressors left out adds to it.

    Returns
    -------
    Scores(train, gcv, loo, test), train <= gcv <= test <= loo; unless p or noise is 0, `loo` is
    inf for p >= n - 2 and `test` for p >= n - 1.

    Raises
    ------
    ValueError
        p >= n, where the residuals vanish.

    Source: [breiman1983] for `test`; the rest by direct calculation, `gcv` as in [golub1979].

    >>> scores = ols_validation(n=12, p=9, noise=1.0)
    >>> [float(score) for score in scores]
    [0.25, 4.0, 10.0, 5.5]
    """
    n, p, noise = broadcast(
        n=positive("n", n, finite=True), p=non_negative("p", p), noise=non_negative("noise", noise)
    )
    left = n - p
    if (left <= SAME * n).any():
        i = np.flatnonzero((left <= SAME * n).ravel())[0]
        raise ValueError(f"p = {p.ravel()[i]:g} must be below n = {n.ravel()[i]:g}; ordinary least squares")
    return Scores(
        train=(noise * (left / n))[()],
        gcv=(noise * (n / left))[()],
        loo=(noise + _times(noise, _over(p, n - 2 - p, n)))[()],
        test=(noise + _times(noise, _over(p, n - 1 - p, n)))[()],
    )


def ridge(
    n: ArrayLike, p: ArrayLike, ridge: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 0.0
) -> Array:
    """Test error of ridge regression on an isotropic Gaussian design with min(n, p) <= 2, exact at finite n.

    noise + signal (p - k)/p + E sum_{j<=k} h(l_j),  k = min(n, p), l_j the non-zero eigenvalues of
    X'X,  h(l) = (signal L^2/p + noise l)/(l + L)^2,  L = n ridge. For k = 1, l is chi-square with
    N = max(n, p) degrees of freedom; for k = 2 its density is that of one of two Wishart eigenvalues.

    Parameters
    ----------
    n, p : array_like of whole numbers, one of them at most 2
        Samples n >= 1 and features p >= 0; without features there is no signal: test = noise.
    ridge : array_like >= 0
        Penalty on |beta|^2 beside the mean squared error; 0 is `least_squares`; may be inf.
    signal, noise : array_like >= 0

    Returns
    -------
    array; inf for |p - n| <= 1, ridge 0 and noise > 0.

    Raises
    ------
    ValueError
        min(n, p) > 2.

    Source: own derivation from the joint law of the eigenvalues [muirhead1982, Thm 3.2.18†].

    >>> float(ridge(n=5, p=1, ridge=0.4, signal=2.0, noise=1.5).round(9))
    1.933404839
    """
    n, p, ridge, signal, noise = broadcast(
        n=whole("n", n, low=1),
        p=whole("p", p, low=0),
        ridge=non_negative("ridge", ridge, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    if (np.minimum(n, p) > 2).any():
        i = np.flatnonzero((np.minimum(n, p) > 2).ravel())[0]
        raise ValueError(
            f"min(n, p) = {min(n.ravel()[i], p.ravel()[i]):g} must be 1 or 2; "
            "theory.ridge has the limit for larger sizes"
        )
    test = least_squares(n, p, signal, noise).test
    points = zip(*(a.ravel() for a in (n, p, ridge, signal, noise)), strict=True)
    values = [
        least if 0 in point[1:3] else _ridge(*(float(a) for a in point))
        for point, least in zip(points, np.ravel(test), strict=True)
    ]
    return np.reshape(values, n.shape)[()]


def _ridge(n: float, p: float, ridge: float, signal: float, noise: float) -> float:
    """One point of `ridge`, ridge > 0: trapezoidal rule in t = log(l/2a).

    The density of t is w = exp(a (t - e^t)), a = N/2, for k = 1, and w J(l), a = (N - 1)/2, for k = 2:
    smooth, falling at both ends faster than any exponential, so that the rule converges geometrically.
    """
    from scipy.special import gammainc, gammaincc

    penalty = n * ridge
    if np.isinf(penalty):
        return noise + signal
    k, larger = min(n, p), max(n, p)
    a = (larger - k + 1) / 2
    # t - expm1(t) <= -depth outside: there w is below rounding, even times h(0)/h(2a) <= (1 + 2a/L)^2
    depth = (40 + 2 * np.logaddexp(0.0, np.log(2 * a) - np.log(penalty))) / a
    step = min(0.2, 0.4 / np.sqrt(a))
    t = np.arange(-(depth + np.sqrt(2 * depth)), np.sqrt(2 * depth), step)
    x = a * np.exp(t)
    weight = np.exp(a * (t - np.expm1(t)))
    if k == 2:
        # E|l - l'| for l' of density l'^(a-1) e^(-l'/2), written so that nothing cancels
        below, above = gammainc(a, x), gammaincc(a, x)
        weight *= (x - a) * (below - above) + 2 * a * (below - gammainc(a + 1, x))
    shrunk = 2 * x + penalty
    missed = float(weight @ (penalty / shrunk) ** 2 / weight.sum())
    # the weight first: 1/shrunk may overflow
    spread = float((weight / shrunk) @ (2 * x / shrunk) / weight.sum())
    return noise * (1 + k * spread) + signal * ((p - k) / p + k / p * missed)


def _over(count: Array, room: Array, scale: Array) -> Array:
    """count/room with the limits at room <= 0: inf, and 0 for a count of 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(room > SAME * scale, count / room, np.inf)
    return np.where(count > 0, ratio, 0.0)


def _times(power: Array, factor: Array) -> Array:
    """power * factor with 0 * inf = 0."""
    with np.errstate(invalid="ignore"):
        return np.where(power > 0, power * factor, 0.0)
