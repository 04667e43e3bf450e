"""What follows from the equation: best ridge, other interpolators, shifted inputs, ensembles, the peak."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import SAME, Array, at_least, broadcast, flag, non_negative, positive, real
from theory.engines import search
from theory.engines.spectral import spectral, unit
from theory.errors import ConvergenceError
from theory.names import own_names
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())


def optimal_ridge(problem: Problem, n: ArrayLike, negative: bool = False) -> Array:
    """Ridge of smallest test error, over all non-negative (or all) ridges.

    Root of d test/d ridge, which has the sign of

        kappa sum lambda v^2/(lambda + kappa)^3 - (test/n) sum m lambda^2/(lambda + kappa)^3;

    of several minima the lowest.

    Use it for kernel and linear regression, and where a negative ridge may win; `theory.tradeoff.best_ridge`
    takes a finite width p and returns the error too, `ensemble_ridge` translates the size of subsamples.

    Parameters
    ----------
    problem : Problem
    n : array_like > 0, finite
    negative : bool
        Also consider negative ridges, which win for some spectra aligned with the target.

    Returns
    -------
    array; inf where there is nothing to learn but noise, 0 where no positive ridge helps. A negative
    optimum lies inside the range of `theory.ridge`, with one exception: without noise and unlearnable
    power, a tail and n >= sum m make it its end -tail/n, where kappa and the test error fall to 0.

    Source: [dobriban2018, Thm 2.1†] for random targets; the derivative is our own
    calculus.

    >>> problem = Problem.isotropic(p=100, signal=2.0, noise=0.5)
    >>> float(optimal_ridge(problem, n=50).round(12))
    0.5
    """
    samples, signed = positive("n", n, finite=True), flag("negative", negative)
    best, test = search.optimum(problem, samples, np.inf)
    if not signed:
        return best
    scaled, scale = unit(spectral(problem))
    flat = [
        scale * _negative_optimum(scaled, *(float(x) for x in point))
        for point in zip(samples.ravel(), np.ravel(best) / scale, np.ravel(test), strict=True)
    ]
    return np.reshape(flat, samples.shape)[()]


def covariate_shift(
    problem: Problem, n: ArrayLike, test_eigenvalues: ArrayLike, ridge: ArrayLike = 0.0
) -> Array:
    """Test error when test inputs have other eigenvalues q on the same eigenvectors.

        noise + u + sum [kappa^2 (q/lambda) v^2 + (test/n) m q lambda]/(lambda + kappa)^2,

    with kappa, test and the unlearnable power u of the training problem.

    Parameters
    ----------
    problem : Problem
        Without a tail, and without power in levels of eigenvalue 0.
    n : array_like > 0
    test_eigenvalues : (L,) array_like >= 0
        q, one per level; q = lambda gives the test error itself, q = 1 noise + |beta_hat - beta|^2.
    ridge : array_like
        As in `theory.ridge`.

    Returns
    -------
    array, noise included; inf where the fit diverges along a direction that is tested.

    Source: [hastie2022, Sec. 4†] gives the estimator's law; own derivation.

    >>> problem = Problem([2.0, 0.5], [2.0, 0.5], [50, 50], noise=1.0)
    >>> same = covariate_shift(problem, 80, [2.0, 0.5], ridge=0.1)
    >>> bool(np.isclose(same, equivalent.ridge(problem, 80, 0.1).test))
    True
    """
    q, problem = non_negative("test_eigenvalues", test_eigenvalues), spectral(problem)
    if q.shape != problem.eigenvalues.shape:
        raise ValueError(
            f"test_eigenvalues has shape {q.shape}; pass one value per level, {problem.eigenvalues.shape}"
        )
    if problem.tail > 0:
        raise ValueError(f"problem has tail = {problem.tail:g}, whose shift is not defined; pass levels")
    learnable = problem.eigenvalues > 0
    if problem.power[~learnable].any():
        raise ValueError(
            "problem has power in a level of eigenvalue 0, whose shift is not defined; pass it as tail_power"
        )
    q, lam, mult, power = (
        array[learnable] for array in (q, problem.eigenvalues, problem.multiplicity, problem.power)
    )
    risk = equivalent.ridge(problem, n, ridge)
    samples = np.broadcast_to(real("n", n), np.shape(risk.test))
    with np.errstate(invalid="ignore", divide="ignore"):
        lost = 1 / (1 + lam / np.asarray(risk.kappa)[..., None])  # kappa/(lambda + kappa)
        bias = (q / lam * power * lost**2).sum(axis=-1)
        spread = (mult * q / lam * (1 - lost) ** 2).sum(axis=-1) / samples
        variance = np.where(spread > 0, spread * risk.test, 0.0)
    return (problem.noise + problem.tail_power + bias + variance)[()]


def general_norm(problem: Problem, n: ArrayLike, norm_eigenvalues: ArrayLike, ridge: ArrayLike = 0.0) -> Risk:
    """Linear regression penalised by, or interpolating with the least, b'Mb instead of |b|^2.

    In the coordinates M^1/2 b the covariance has eigenvalues lambda/mu and the same target power:
    `theory.ridge` of that problem. mu = lambda is the interpolator of least variance.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    n : array_like > 0
    norm_eigenvalues : (L,) array_like > 0
        mu, the eigenvalue of M on each level; M shares the eigenvectors of the covariance.
    ridge : array_like
        As in `theory.ridge`.

    Returns
    -------
    Risk; `norm` is E b'Mb.

    Source: change of variables in `theory.ridge`; [muthukumar2020] for the ideal interpolator.

    >>> problem = Problem([4.0, 0.25], [1.0, 1.0], [50, 50], noise=1.0)
    >>> general_norm(problem, 40, [4.0, 0.25]).var_noise_samples.round(6)
    np.float64(0.666667)
    """
    mu, problem = positive("norm_eigenvalues", norm_eigenvalues, finite=True), spectral(problem)
    if mu.shape != problem.eigenvalues.shape:
        raise ValueError(
            f"norm_eigenvalues has shape {mu.shape}; pass one value per level, {problem.eigenvalues.shape}"
        )
    if problem.tail > 0:
        raise ValueError(f"problem has tail = {problem.tail:g}, whose norm is not defined; pass levels")
    changed = Problem(
        problem.eigenvalues / mu,
        problem.power,
        problem.multiplicity,
        tail_power=problem.tail_power,
        noise=problem.noise,
    )
    return equivalent.ridge(changed, n, ridge)


def ensemble(
    problem: Problem,
    n: ArrayLike,
    p: ArrayLike,
    ridge: ArrayLike = 0.0,
    feature_draws: ArrayLike = 1,
    sample_draws: ArrayLike = 1,
) -> Array:
    """Test error of the average over K draws of the features crossed with L training sets.

    noise + bias + (V_X + V_Xe)/L + V_W/K + (V_XW + V_XWe)/(K L). Averaging over features (K) removes the
    peak as averaging over training sets (L) does, and costs no data.

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0
    ridge : array_like >= 0
    feature_draws, sample_draws : array_like >= 1
        K and L; may be inf.

    Returns
    -------
    array; the peak at n = p is gone with K = inf or L = inf.

    Source: [adlam2020, Sec. 5†]; [dascoli2020] for K.

    >>> problem = Problem([1.0], [1.0], [50], noise=0.1)
    >>> float(ensemble(problem, 30, 30, feature_draws=np.inf).round(4))
    0.65
    """
    n, p, ridge, K, L = broadcast(
        n=positive("n", n),
        p=positive("p", p),
        ridge=non_negative("ridge", ridge, finite=False),
        feature_draws=at_least("feature_draws", feature_draws, 1),
        sample_draws=at_least("sample_draws", sample_draws, 1),
    )
    risk = equivalent.random_features(problem, n, p, ridge)

    def averaged(variance: Array, count: Array) -> Array:
        with np.errstate(invalid="ignore"):
            return np.where(np.isinf(count), 0.0, variance / count)

    return (
        problem.noise
        + risk.bias
        + averaged(risk.var_samples + risk.var_noise_samples, L)
        + averaged(risk.var_features, K)
        + averaged(risk.var_samples_features + risk.var_noise_samples_features, K * L)
    )[()]


def ensemble_ridge(problem: Problem, n: ArrayLike, subsample: ArrayLike) -> Array:
    """Ridge on all n samples that equals an infinite ensemble of ridgeless fits on subsamples of size k.

    ridge = kappa_0(k) (1 - k/n): both have the same kappa. Use it to read subsampling as a penalty;
    `optimal_ridge` says which penalty is the best.

    Parameters
    ----------
    problem : Problem
    n : array_like > 0, finite
    subsample : array_like > 0
        k <= n.

    Returns
    -------
    array; 0 where k >= rank or k = n.

    Source: equal kappa, as proved by LeJeune et al. (2020) and Patil and Du (2023); the equation is that
    of [simon2023].

    >>> float(ensemble_ridge(Problem.isotropic(p=200), n=100, subsample=50).round(12))
    1.5
    """
    n, k = broadcast(n=positive("n", n, finite=True), subsample=positive("subsample", subsample))
    if (k > n).any():
        i = np.flatnonzero((k > n).ravel())[0]
        raise ValueError(f"subsample = {k.ravel()[i]:g} must not exceed n = {n.ravel()[i]:g}")
    return (equivalent.ridge(problem, k).kappa * ((n - k) / n))[()]


def peak_constant(problem: Problem, n: ArrayLike) -> Array:
    """Height of the peak at p = n: the limit of sqrt(ridge) test as ridge -> 0.

        (A + C + noise)/2 sqrt(g0),   T(g0) = n,   C = sum v^2 lambda g0/(lambda + g0)^2,

    with A = bias.

    Parameters
    ----------
    problem : Problem
    n : array_like > 0, finite

    Returns
    -------
    array; 0 where the rank does not exceed n.

    Source: expansion of the equation at n = p; [simon2024].

    >>> float(peak_constant(Problem([1.0], [1.0], [50], noise=0.1), 30).round(6))
    0.204124
    """
    size = positive("n", n, finite=True)
    risk = equivalent.random_features(problem, size, size)
    # at n = p < rank the variance of the features alone is C
    height = (risk.bias + risk.var_features + problem.noise) / 2 * np.sqrt(risk.gamma_eff)
    return np.where(risk.gamma_eff > 0, height, 0.0)[()]


def _negative_optimum(problem: Problem, n: float, best: float, test: float) -> float:
    """The best ridge of any sign, where `best` is the best ridge >= 0."""
    from scipy.optimize import brentq

    learnable = problem.eigenvalues > 0
    lam, mult, power = (
        array[learnable] for array in (problem.eigenvalues, problem.multiplicity, problem.power)
    )
    if not power.any() or _has_rank(problem, n):
        return best
    if problem.tail > 0:  # to the levels a tail is an added ridge
        problem, added = replace(problem, tail=0.0), problem.tail / n
        total, test = (float(x) for x in search.optimum(problem, n, np.inf))
        best = total - added if total < added else best
        if _has_rank(problem, n):
            return best
    else:
        added = 0.0

    def slope(penalty: float) -> float:
        risk = equivalent.ridge(problem, n, penalty)
        lost = 1 / (lam + risk.kappa)
        gain = risk.kappa * (lam * power * lost**3).sum()
        return float(gain - risk.test / n * (mult * lam**2 * lost**3).sum())

    end = _last_ridge(problem, n, lam, mult)
    grid = np.append(end * (1 - np.geomspace(1e-9, 1.0, 400, endpoint=False)), 0.0)
    errors = equivalent.ridge(problem, n, grid).test
    lowest = int(np.argmin(errors))
    if errors[lowest] >= test or grid[lowest] == 0.0:
        return best
    if lowest == 0 or not slope(grid[lowest - 1]) <= 0 <= slope(grid[lowest + 1]):
        raise ConvergenceError(
            f"no minimum of the test error beside ridge = {grid[lowest] - added:g} at n = {n:g} for "
            f"{problem!r}; rescale the eigenvalues towards 1"
        )
    return (
        float(brentq(slope, grid[lowest - 1], grid[lowest + 1], xtol=1e-300, rtol=1e-15, maxiter=1000))
        - added
    )


def _has_rank(problem: Problem, n: float) -> bool:
    """Whether n samples reach the rank, to rounding: decided at the distance that the equation uses."""
    return not np.isinf(problem.rank) and problem.rank - n <= SAME * problem.rank


def _last_ridge(problem: Problem, n: float, lam: Array, mult: Array) -> float:
    """The most negative ridge without a tail: kappa (1 - T/n) at the kappa where df2 = n < rank.

    n - T and n - df2 are written with n - rank, so that nothing cancels where n comes near the rank.
    """
    from scipy.optimize import brentq

    missing = n - float(mult.sum())

    def gap(x: float) -> float:
        lost = 1 / (1 + lam * np.exp(-x))  # kappa/(lambda + kappa)
        return -missing - float((mult * lost * (2 - lost)).sum())

    high = np.log(float(equivalent.ridge(problem, n).kappa))
    low = high - 1.0
    while gap(low) < 0:
        low -= 1.0
    kappa = np.exp(brentq(gap, low, high, xtol=1e-14))
    return float(kappa * (missing + (mult * kappa / (lam + kappa)).sum()) / n)
