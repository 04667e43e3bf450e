"""What an error costs: samples, features, arithmetic, and the exponents that join them on power laws.

With the best ridge the test error falls in n and in p ("more is better", [simon2024]), so that the inverse
questions have one answer each, found by bisection.

Exponents. On lambda_i = i^-alpha, v_i^2 = i^-beta the core equation has an effective dimension m = T(g) up to
min(n, p), which the ridge can lower, and to leading order

    test - noise  ~  m^-a  +  m^(1-b)/p  +  noise m/n,
    a = min(beta - 1, 2 alpha),  b = min(beta - 1, alpha):

the bias A, the variance w C/(p - q) of the features, and that of the noise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent, sgd
from theory.arguments import (
    SAME,
    Array,
    array,
    between,
    broadcast,
    flag,
    integer,
    option,
    positive,
    scalar,
    whole,
)
from theory.engines import search
from theory.engines.spectral import spectral
from theory.names import own_names
from theory.problem import Problem

__dir__ = own_names(globals())

_MOST = 2.0**53  # samples or features that nobody has; beyond, floats skip whole numbers


class Exponents(NamedTuple):
    """Powers of n, p and of the cost F; constants and logarithms are left out."""

    samples: float
    """test - noise ~ n^-samples with features without end."""
    features: float
    """test - noise ~ p^-features with samples without end."""
    width: float
    """p ~ F^width is the best width for the cost F."""
    data: float
    """n ~ F^data goes with it."""
    error: float
    """test - noise ~ F^-error is reached."""


class Optimum(NamedTuple):
    """The best ridge and its test error."""

    ridge: Array
    test: Array


class Front(NamedTuple):
    """Points that no other point beats in cost and error at once, cheapest first."""

    n: Array
    p: Array
    cost: Array
    test: Array
    ridge: Array


class Training(NamedTuple):
    """The best way to spend the flops of one pass of stochastic gradient descent."""

    width: Array
    steps: Array
    test: Array


def exponents(
    eigenvalue_exponent: float, power_exponent: float, noisy: bool = False, kind: str = "pass"
) -> Exponents:
    """Compute-optimal width for the power law lambda_i = i^-alpha, v_i^2 = i^-beta, with the best ridge.

    To reach an excess error e by the effective dimension m = e^-u takes p = max(m, m^(1-b)/e) features and
    n = m samples, or m/e of noisy ones. The cost is linear in u from 1/a to 1/b: the cheaper end is u.
    Up to beta = 1 + alpha, a = b = beta - 1: p ~ n ~ F^(1/2) without noise, and p ~ F^(1/(2 + a)) with it.
    In terms of source and capacity, E |f*|_r^2 < inf: beta = 1 + 2 alpha r.

    Parameters
    ----------
    eigenvalue_exponent : float > 1
        alpha.
    power_exponent : float > 1
        beta, of the total power of one eigenfunction.
    noisy : bool
        Whether there is label noise.
    kind : str
        What is paid for, as in `cost`.

    Returns
    -------
    Exponents

    Raises
    ------
    ValueError
        An exponent <= 1, an unknown kind.

    Source: own composition from the core equation; rates in n, and the width p ~ n^((1+a-b)/(1+a)) that
    reaches them, also in [defilippis2024, Sec. 4†]; that more is better: [simon2024].

    >>> exponents(1.5, 2.0, noisy=True)
    Exponents(samples=0.5, features=1.0, width=0.333..., data=0.666..., error=0.333...)
    """
    alpha, beta = (
        scalar(name, value)
        for name, value in (("eigenvalue_exponent", eigenvalue_exponent), ("power_exponent", power_exponent))
    )
    for name, value in (("eigenvalue_exponent", alpha), ("power_exponent", beta)):
        if value <= 1:
            raise ValueError(f"{name} = {value:g} must be greater than 1, or the sum diverges")
    noisy, kind = flag("noisy", noisy), option("kind", kind, *_COSTS)
    a, b = min(beta - 1, 2 * alpha), min(beta - 1, alpha)
    choices = []
    for u in (1 / a, 1 / b):
        n, p = (1 + u if noisy else u), max(u, 1 + u * (1 - b))
        choices.append((n + p + (min(n, p) if kind == "fit" else 0.0), n, p))
    total, n, p = min(choices)
    return Exponents(a / (1 + a) if noisy else a, b, p / total, n / total, 1 / total)


def cost(n: ArrayLike, p: ArrayLike, kind: str = "pass") -> Array:
    """Multiplications, to leading order, of a linear fit.

    n p for one pass over the features ("pass"), n p min(n, p) for a direct solution ("fit").

    Parameters
    ----------
    n, p : array_like > 0
        Samples and features.
    kind : str
        "pass" or "fit".

    Returns
    -------
    array

    Source: own composition; used with the exponents of [defilippis2024].

    >>> cost(100, [50, 200], "fit")
    array([ 250000., 2000000.])
    """
    kind = option("kind", kind, *_COSTS)
    with np.errstate(over="ignore"):
        return np.asarray(_COSTS[kind](*broadcast(n=positive("n", n), p=positive("p", p))))[()]


_COSTS: dict[str, Callable[[Array, Array], Array]] = {
    "pass": lambda n, p: n * p,
    "fit": lambda n, p: n * p * np.minimum(n, p),
}


def best_ridge(problem: Problem, n: ArrayLike, p: ArrayLike = np.inf) -> Optimum:
    """Ridge of smallest test error for random features, and that error.

    The lowest of the minima of `theory.random_features` over ridge >= 0. Use it at a finite width;
    `theory.optimal_ridge` also considers negative ridges, at p = inf.

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0
        Samples and features; may be inf.

    Returns
    -------
    Optimum; ridge is 0 where the infimum is at 0, and inf where there is nothing to learn.

    Source: [simon2024]; the search is our own composition.

    >>> best_ridge(Problem.isotropic(p=50, noise=0.5), n=100).ridge.round(12)
    np.float64(0.25)
    """
    return Optimum(*search.optimum(problem, n, p))


def smallest_samples(problem: Problem, target: float, p: float = np.inf) -> float:
    """Fewest samples that reach a test error with p features and the best ridge.

        min {n whole: min over ridge of test(n, p, ridge) <= target}

    Parameters
    ----------
    problem : Problem
    target : float > 0
        Test error, noise included.
    p : float > 0
        May be inf.

    Returns
    -------
    float; inf where no number of samples is enough, or more than 2^53 are needed.

    Source: [simon2024], that the error falls in n; own composition.

    >>> problem = Problem.isotropic(p=50, noise=0.5)
    >>> smallest_samples(problem, target=0.8)
    94.0
    """
    width = float(positive("p", scalar("p", p) if np.isfinite(p) else p))
    return _smallest(lambda n: float(best_ridge(problem, n, width).test), target)


def smallest_width(problem: Problem, n: float, target: float) -> float:
    """Fewest features that reach a test error after n samples with the best ridge.

        min {p whole: min over ridge of test(n, p, ridge) <= target}

    Parameters
    ----------
    problem : Problem
    n : float > 0
    target : float > 0
        Test error, noise included.

    Returns
    -------
    float; inf where no width is enough, or more than 2^53 features are needed.

    Source: [simon2024], that the error falls in p; own composition.

    >>> smallest_width(Problem.isotropic(p=50, noise=0.1), n=100, target=0.4)
    44.0
    """
    samples = float(positive("n", scalar("n", n)))
    return _smallest(lambda p: float(best_ridge(problem, samples, p).test), target)


def width_within(problem: Problem, n: float, share: float, tuned: bool = True) -> float:
    """Fewest features whose test error is within a share of that of all features.

    min {p : test(n, p) <= (1 + share) test(n, inf)}, each with its best ridge. Without a ridge the error
    peaks at p = n; beyond it the answer is a closed form, rounded up,
        p = n + n test(inf, n)/(share test(n, inf)),
    by the price of finite width, `theory.papers.bahri2024.finite_width`.

    Parameters
    ----------
    problem : Problem
    n : float > 0
    share : float > 0
        0.01 for one per cent.
    tuned : bool
        With the best ridge; else with ridge 0, and of the widths p > n alone.

    Returns
    -------
    float; inf where more than 2^53 features are needed, as for a share at the level of rounding.

    Source: [simon2024], that the error falls in p; own composition.

    >>> problem = Problem.isotropic(p=50, noise=0.1)
    >>> width_within(problem, n=100, share=0.05), width_within(problem, n=30, share=0.05, tuned=False)
    (75.0, 492.0)
    """
    allowed = float(positive("share", scalar("share", share)))
    if flag("tuned", tuned):
        return smallest_width(problem, n, (1 + allowed) * float(best_ridge(problem, n).test))
    samples = float(positive("n", scalar("n", n)))
    wide = float(equivalent.ridge(problem, samples).test)
    limit = float(equivalent.random_features(problem, np.inf, samples).test)
    if samples >= problem.rank * (1 - SAME) or limit == 0:  # width costs nothing
        return float(np.floor(samples) + 1)
    width = np.ceil((samples + samples * (limit / wide) / allowed) * (1 - 2**-50))  # whole but for rounding
    return float(max(width, np.floor(samples) + 1)) if width <= _MOST else np.inf


def pareto(problem: Problem, n: ArrayLike, p: ArrayLike, kind: str = "pass", tuned: bool = True) -> Front:
    """The Pareto front of test error against cost over given samples and widths.

    {(n, p) : no other has cost' <= cost and test' <= test, one of them smaller}.

    Parameters
    ----------
    problem : Problem
    n, p : array_like > 0, finite
        Broadcast; all pairs of n (k, 1) and p (m,), say.
    kind : str
        What is paid for, as in `cost`.
    tuned : bool
        With the best ridge; else with ridge 0.

    Returns
    -------
    Front, arrays (points,).

    Source: own composition; errors by [simon2024].

    >>> pareto(Problem.isotropic(p=50, noise=0.1), n=30, p=[10, 30, 300], tuned=False).p
    array([ 10., 300.])
    """
    problem, tuned = spectral(problem), flag("tuned", tuned)
    sizes = broadcast(n=positive("n", n, finite=True), p=positive("p", p, finite=True))
    samples, widths = (np.array(a, dtype=float).ravel() for a in sizes)
    paid = np.atleast_1d(cost(samples, widths, kind))
    if tuned:
        ridge, test = (np.atleast_1d(a) for a in best_ridge(problem, samples, widths))
    else:
        ridge = np.zeros_like(paid)
        test = np.atleast_1d(equivalent.random_features(problem, samples, widths).test)
    order = np.lexsort((test, paid))
    before = np.minimum.accumulate(np.append(np.inf, test[order]))[:-1]
    front = order[test[order] < before]
    return Front(samples[front], widths[front], paid[front], test[front], ridge[front])


def compute_optimal(
    problem: Problem,
    flops: ArrayLike,
    features: ArrayLike,
    widths: ArrayLike,
    share: float = 0.5,
    batch: int = 1,
) -> Training:
    """Which width, and how many steps, for so many flops of one pass of stochastic gradient descent.

    A model of width p sees the first p features and takes the steps that F flops pay for,
    floor(F/(p batch)), of the size share * `theory.sgd.critical_step`; the best of these widths is told.

    Parameters
    ----------
    problem : Problem
        Without a tail, with whole multiplicities.
    flops : array_like > 0, finite
        F; one for each feature of each row.
    features : (P, q) array_like
        A random projection, as `Problem.through` takes it.
    widths : (k,) array_like of whole numbers >= 1
        Up to P.
    share : float in (0, 1)
        Of the critical step.
    batch : int >= 1
        Rows a step.

    Returns
    -------
    Training(width, steps, test), arrays of the shape of `flops`; width and steps are 0 where they pay for no
    step of any width.

    Raises
    ------
    ValueError
        An argument out of its range, features that do not fit the problem.

    Source: own composition of `theory.sgd.one_pass`; the question of [paquette2024].

    >>> M = np.random.default_rng(0).standard_normal((64, 500))
    >>> compute_optimal(Problem.power_law(500, 1.5, 2.0), [1e1, 1e3, 1e5], M, [1, 4, 16, 64]).width
    array([ 4., 64., 64.])
    """
    problem, M = spectral(problem), array("features", features, 2)
    budget, sizes = positive("flops", flops, finite=True), whole("widths", widths, 1)
    rows, part = integer("batch", batch, low=1), float(between("share", scalar("share", share), 0, 1, "()"))
    if sizes.ndim != 1 or sizes.size == 0 or sizes.max() > len(M):
        raise ValueError(f"widths = {sizes} must be a list of widths up to the {len(M)} features")
    paid = np.floor(budget[..., None] / (sizes * rows))
    error = np.empty(paid.shape)
    for k, p in enumerate(sizes.astype(int)):
        seen = problem.through(M[:p])
        step = min(part * float(sgd.critical_step(seen, rows)), np.finfo(float).max)
        error[..., k] = sgd.one_pass(seen, step, paid[..., k], rows).test
    best = np.where(paid > 0, error, np.inf).argmin(axis=-1)
    chosen = [np.take_along_axis(part, best[..., None], -1)[..., 0] for part in (paid, error)]
    return Training(np.where(chosen[0] > 0, sizes[best], 0.0)[()], chosen[0][()], chosen[1][()])


def _smallest(error: Callable[[float], float], target: float) -> float:
    """Smallest whole size up to 2^53 with error <= target, for an error that falls or is constant."""
    goal = float(positive("target", scalar("target", target)))
    high = 1.0
    if error(high) > goal and error(np.inf) >= goal:  # the infimum is not reached, but by rounding
        return np.inf
    while error(high) > goal:
        if high >= _MOST:
            return np.inf
        high *= 2
    low = high // 2  # too few, or 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if error(middle) > goal else (low, middle)
    return high
