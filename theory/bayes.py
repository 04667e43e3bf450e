"""Gaussian processes and Bayesian linear regression: evidence, predictive variance, calibration.

Ridge regression is the posterior mean under a Gaussian prior and noise of variance s2, with prior variance
s2/(n ridge) per coefficient. With kappa, T and df2 of `theory.ridge` and e = noise + unlearnable power:

    predictive variance = s2 kappa/ridge,
    log evidence/n = -1/2 [ln(2 pi s2/ridge) + lnD + (ridge/s2) quad],
    lnD = ln kappa + (1/n) sum m ln(1 + lam/kappa) - T/n,   quad = (e + sum v^2 kappa/(lam + kappa))/kappa.

The theorem of empirical Bayes, derived here: where the evidence is largest at a finite ridge > 0, the
predictive variance equals the test error, for every spectrum, target, noise and n, well specified or not. For
d/ds2 = 0 gives s2 = ridge quad, so predictive variance = kappa quad = e + B, B = sum v^2 kappa/(lam + kappa).
With d ridge/d kappa = 1 - df2/n and d lnD/d kappa = (1 - df2/n)/kappa the other derivative gives
df2/n = kappa B'/(e + B), and then test = (e + B - kappa B')/(1 - df2/n) = e + B. `theory.proofs.bayes`
reduces both steps to zero.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import Array, broadcast, positive
from theory.engines.spectral import spectral, unlearnable
from theory.names import own_names
from theory.problem import Problem

__dir__ = own_names(globals())


class Evidence(NamedTuple):
    """What a Bayesian model says of its data and of itself; limits of large n."""

    log_evidence: Array
    """Logarithm of the density of the labels, per sample."""
    predictive_variance: Array
    """Variance that the model gives to a fresh noisy label."""
    calibration: Array
    """Test error over predictive variance: 1 is honest, more is too sure."""
    log_score: Array
    """Mean logarithm of the predictive density at a fresh label: -(1/2) [ln(2 pi var) + test/var]."""


class EmpiricalBayes(NamedTuple):
    """The ridge and the noise that the evidence chooses, and what comes of them."""

    ridge: Array
    model_noise: Array
    test: Array
    predictive_variance: Array
    log_evidence: Array


def evidence(problem: Problem, n: ArrayLike, ridge: ArrayLike, model_noise: ArrayLike) -> Evidence:
    """Evidence and calibration of Gaussian-process regression whose model of the noise may be wrong.

    The formulas of the module; with the true noise and a prior that is the target's law,
    v^2 = lam m tau2 and ridge = noise/(n tau2), calibration is 1.

    Parameters
    ----------
    problem : Problem
        The truth.
    n : array_like > 0, finite
        Samples.
    ridge : array_like > 0, finite
        n ridge = s2/(prior variance of a coefficient).
    model_noise : array_like > 0, finite
        s2, the noise that the model assumes.

    Returns
    -------
    Evidence(log_evidence, predictive_variance, calibration, log_score)

    Raises
    ------
    ValueError
        An argument out of its range.

    Source: own derivation from the deterministic equivalent; predictive variance as in [lee2019].

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> float(evidence(problem, n=150, ridge=0.1, model_noise=0.3).log_evidence.round(4))
    -1.9023
    """
    n, ridge, s2 = broadcast(
        n=positive("n", n, finite=True),
        ridge=positive("ridge", ridge, finite=True),
        model_noise=positive("model_noise", model_noise, finite=True),
    )
    risk = equivalent.ridge(problem, n, ridge)
    kappa = np.asarray(risk.kappa)
    # ridge/kappa = 1 - T/n
    variance = s2 / (ridge / kappa)
    quad_times_ridge = ridge / kappa * _unexplained(problem, kappa)
    log_evidence = -0.5 * (
        np.log(2 * np.pi * s2 / ridge) + _log_determinant(problem, n, kappa) + quad_times_ridge / s2
    )
    calibration = risk.test / variance
    score = -0.5 * (np.log(2 * np.pi * variance) + calibration)
    return Evidence(*(field[()] for field in (log_evidence, variance, calibration, score)))


def empirical_bayes(problem: Problem, n: ArrayLike) -> EmpiricalBayes:
    """The ridge and noise of largest evidence: a calibrated model, but not the best one.

        min over kappa of (ln quad + lnD),   ridge = kappa (1 - T/n),   s2 = ridge quad.

    In the interior the
    predictive variance equals the test error, by the theorem of the module; the ridge of smallest test error
    is another one, `theory.optimal_ridge`.

    Parameters
    ----------
    problem : Problem
    n : array_like > 0, finite
        Samples.

    Returns
    -------
    EmpiricalBayes(ridge, model_noise, test, predictive_variance, log_evidence). The ridge is 0, and with it
    the model's noise, where interpolation has the largest evidence; predictive_variance is then no less than
    the test error. It is inf where there is nothing to learn but noise; the model's noise is then all power.

    Raises
    ------
    ValueError
        n <= 0 or infinite.

    Source: derived here; Gaussian processes as limits of networks in [lee2018].

    >>> problem = Problem([2.0, 0.5], [0.1, 2.4], [100, 200], noise=0.3)
    >>> chosen = empirical_bayes(problem, n=150)
    >>> chosen.ridge.round(4), chosen.test.round(5), chosen.predictive_variance.round(5)
    (np.float64(1.7229), np.float64(2.42831), np.float64(2.42831))
    """
    samples = positive("n", n, finite=True)
    spectral(problem)
    found = [_largest_evidence(problem, size) for size in samples.ravel().tolist()]
    columns = np.array(found, dtype=float).reshape(-1, len(EmpiricalBayes._fields)).T
    return EmpiricalBayes(*(column.reshape(samples.shape)[()] for column in columns))


def _largest_evidence(problem: Problem, n: float) -> tuple[float, ...]:
    """The fields of EmpiricalBayes at one n."""
    total = problem.noise + problem.signal
    with np.errstate(divide="ignore"):
        depth, ridge = float(np.log(total)), np.inf  # nothing is learnt
    if (problem.power[problem.eigenvalues > 0] > 0).any():
        ends = (0.0, *_stationary(problem, n))
        depth, ridge = min((depth, ridge), *((_profile(problem, n, end), end) for end in ends))
    evidence = -0.5 * (np.log(2 * np.pi) + 1 + depth)
    if np.isinf(ridge):
        return ridge, total, total, total, evidence
    risk = equivalent.ridge(problem, n, ridge)
    unexplained = float(_unexplained(problem, np.asarray(risk.kappa)))
    noise = ridge / float(risk.kappa) * unexplained if ridge > 0 else 0.0
    return ridge, noise, float(risk.test), unexplained, evidence


def _profile(problem: Problem, n: float, ridge: float) -> float:
    """ln quad + lnD: minus twice the evidence at the best s2, up to a constant."""
    kappa = np.asarray(equivalent.ridge(problem, n, ridge).kappa)
    if kappa == 0:  # n >= rank: labels that a fit can meet without noise are infinitely likely
        return np.inf if problem.noise + unlearnable(problem) > 0 else -np.inf
    quad = np.log(_unexplained(problem, kappa)) - np.log(kappa)
    return float(quad + _log_determinant(problem, np.array(n), kappa))


def _stationary(problem: Problem, n: float) -> list[float]:
    """Ridges at which the profile has a minimum: C/(e + B) - df2/n, its slope in ln kappa, turns positive."""
    from scipy.optimize import brentq

    def slope(log_ridge: ArrayLike) -> Array:
        risk = equivalent.ridge(problem, n, np.exp(log_ridge))
        kappa = np.asarray(risk.kappa)
        ratio = problem.eigenvalues / kappa[..., None]
        gained: Array = (problem.power * ratio / (1 + ratio) ** 2).sum(axis=-1)
        return gained / _unexplained(problem, kappa) - risk.df2 / n

    grid = np.linspace(*_range(problem, n), 600)
    signs = slope(grid)
    turns = np.flatnonzero((signs[:-1] < 0) & (signs[1:] >= 0))
    return [float(np.exp(brentq(slope, grid[i], grid[i + 1], xtol=1e-14, rtol=1e-15))) for i in turns]


def _range(problem: Problem, n: float) -> tuple[float, float]:
    """Logarithms of ridges below and above which the slope of the profile keeps its sign."""
    learnable = problem.eigenvalues > 0
    lam, m, power = (a[learnable] for a in (problem.eigenvalues, problem.multiplicity, problem.power))
    trace, total = problem.tail + float(m @ lam), problem.noise + problem.signal
    with np.errstate(over="ignore", divide="ignore"):
        high = max(lam.max(), float(m @ lam**2) * total / n / float(power @ lam)) + trace / n
    # while kappa is small C <= kappa sum v^2/lam, and df2 is at least half of min(n, rank)
    low = min(lam.min(), (total - float(power.sum())) / n / float((power / lam).sum())) / (1 + n)
    return float(np.log(max(low, 1e-16 * lam.min()))) - 5, float(np.log(min(high, 1e300))) + 3


def _unexplained(problem: Problem, kappa: Array) -> Array:
    """e + B, the sum of all errors times kappa/(lam + kappa)."""
    lam = problem.eigenvalues
    rest = np.where(lam > 0, kappa[..., None] / np.where(lam > 0, lam + kappa[..., None], 1.0), 1.0)
    result: Array = problem.noise + problem.tail_power + (problem.power * rest).sum(axis=-1)
    return result


def _log_determinant(problem: Problem, n: Array, kappa: Array) -> Array:
    """lnD, the mean of ln det(ridge + XX'/n)/n."""
    ratio = problem.eigenvalues / kappa[..., None]
    each = problem.multiplicity * (np.log1p(ratio) - ratio / (1 + ratio))
    # of the tail ln(1 + x) and x/(1 + x) are the same
    result: Array = np.log(kappa) + each.sum(axis=-1) / n
    return result
