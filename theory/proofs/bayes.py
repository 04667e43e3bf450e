"""Empirical Bayes is calibrated on average: derived here, for any two levels with a tail."""

from __future__ import annotations

from typing import Any, NamedTuple

import sympy as sp

from theory.names import own_names

__dir__ = own_names(globals())

n, k, e, s2 = sp.symbols("n k e s2", positive=True)


class _Sums(NamedTuple):
    """At kappa = k: ridge, df2, B = sum v^2 k/(lambda + k), test error, quad and lnD of `theory.bayes`."""

    ridge: Any
    df2: Any
    B: Any
    test: Any
    quad: Any
    log_determinant: Any


def predictive_variance() -> list[Any]:
    """At the s2 of largest evidence for a given ridge, s2 = ridge quad and s2 kappa/ridge = e + B."""
    at = _sums()
    best = at.ridge * at.quad
    return [sp.diff(_log_evidence(at), s2).subs(s2, best), best * k / at.ridge - e - at.B]


def calibration() -> list[Any]:
    """There test - predictive variance = 2 kappa (e + B) (d evidence/d kappa)/(1 - df2/n).

    The evidence is that per sample. Hence the two are equal wherever it is stationary in the ridge too,
    whatever the spectrum, the target, the noise and n.
    """
    at = _sums()
    slope = sp.diff(_log_evidence(at), k).subs(s2, at.ridge * at.quad)
    gap = at.test - e - at.B
    return [gap - 2 * k * (e + at.B) * slope / (1 - at.df2 / n)]


def true_prior() -> list[Any]:
    """A target drawn from the prior, v^2 = lambda m tau2 and ridge = e/(n tau2): test = e kappa/ridge."""
    tau2 = sp.symbols("tau2", positive=True)
    at = _sums(tau2, tail=0)
    # the ridge fixes e: with ridge = e/(n tau2) the noise is n tau2 ridge
    return [(at.test - e * k / at.ridge).subs(e, n * tau2 * at.ridge)]


def _sums(tau2: Any = None, tail: Any = None) -> _Sums:
    l1, l2, m1, m2, v1, v2, t = sp.symbols("l1 l2 m1 m2 v1 v2 t", positive=True)
    if tau2 is not None:
        v1, v2 = l1 * m1 * tau2, l2 * m2 * tau2
    t = t if tail is None else tail
    levels = [(l1, m1, v1), (l2, m2, v2)]
    total = sum(m * lam / (lam + k) for lam, m, _ in levels) + t / k
    df2 = sum(m * (lam / (lam + k)) ** 2 for lam, m, _ in levels)
    B = sum(v * k / (lam + k) for lam, _, v in levels)
    bias = sum(v * (k / (lam + k)) ** 2 for lam, _, v in levels)
    # of the tail, infinitely many infinitesimal levels, sum ln(1 + lambda/k) is t/k
    log_determinant = sp.log(k) + (sum(m * sp.log(1 + lam / k) for lam, m, _ in levels) + t / k - total) / n
    return _Sums(k * (1 - total / n), df2, B, (e + bias) / (1 - df2 / n), (e + B) / k, log_determinant)


def _log_evidence(at: _Sums) -> Any:
    """Per sample."""
    return -(sp.log(2 * sp.pi * s2 / at.ridge) + at.log_determinant + at.ridge / s2 * at.quad) / 2
