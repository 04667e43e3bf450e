"""Stochastic gradient descent on least squares, in closed form at every finite size.

    w <- w + (step/B) sum over a batch of B rows of x (y - x.w),     from w = 0,

with fresh Gaussian rows in every batch (one pass): descent on half the squared error, as in
`theory.dynamics`. No limit is taken. With u_i = E |Sigma^1/2 (w - beta)|^2 within level i, R = sum u_i and
e = noise + unlearnable power,

    u_i <- u_i [1 - 2 s lam_i + s^2 (1 + 1/B) lam_i^2] + (s^2/B) m_i lam_i^2 (R + e),     test = e + R,

since E x x' D x x' = 2 Sigma D Sigma + Sigma tr(Sigma D) for Gaussian x. For rows of another law only the
term s^2 lam_i^2/B differs, which vanishes against R in high dimension.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, between, broadcast, flag, integer, one, positive, real, whole_or_inf
from theory.engines import monotone, sgd_modes
from theory.engines.spectral import distinct, no_tail, unlearnable
from theory.names import own_names
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())


def one_pass(problem: Problem, step: ArrayLike, steps: ArrayLike, batch: ArrayLike = 1) -> Risk:
    """Risk after so many steps of one-pass stochastic gradient descent with a constant step.

    The recursion of the module has a matrix diag - a a' of rank one off a diagonal; its eigenvalues give any
    number of steps at once. At steps = inf, test = (noise + unlearnable)/(1 - S) with
    S = sum (step/B) m lam/(2 - step (1 + 1/B) lam), if S < 1.

    Use it where every row is seen once; `scheduled` has steps that change, momentum and averages,
    `theory.dynamics.gradient_flow` full batches of n fixed rows.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    step : array_like > 0, finite
        Step on half the squared error.
    steps : array_like of whole numbers >= 0
        May be inf.
    batch : array_like of whole numbers >= 1
        Rows in a batch, B; inf is gradient descent on the population.

    Returns
    -------
    Risk; `train` is the error on a batch before it is used, the test error, and so df is 0. `df2`, `kappa`
    and `gamma_eff` are nan. Beyond `critical_step` all grows without bound, to inf at steps = inf. Errors
    are good to 12 digits of the total power, not of themselves where they have decayed below it.

    Raises
    ------
    ValueError
        An argument out of its range, a tail.
    ConvergenceError
        An eigenvalue was not found (never seen; please report the problem).

    Source: [paquette2021†] in the limit of high dimension; exact at finite size by own derivation.

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [5, 20], noise=0.3)
    >>> one_pass(problem, step=0.05, steps=[0, 50, 1000, np.inf]).test.round(6)
    array([2.8     , 0.952385, 0.644037, 0.644037])
    """
    lam, m, power = _levels(problem)
    points = broadcast(
        step=positive("step", step, finite=True),
        steps=whole_or_inf("steps", steps),
        batch=whole_or_inf("batch", batch, low=1),
    )
    shape = points[0].shape
    s, t, B = (a.ravel() for a in points)
    fields = np.empty((len(Risk._fields), s.size))
    for constant in sorted({*zip(s.tolist(), B.tolist(), strict=True)}):
        here = (s == constant[0]) & (B == constant[1])
        moments = sgd_modes.equal_steps(lam, m, power, *constant, t[here])
        fields[:, here] = sgd_modes.risk(lam, power, unlearnable(problem), problem.noise, moments)
    return Risk(*(field.reshape(shape)[()] for field in fields))


def scheduled(
    problem: Problem,
    step: ArrayLike,
    steps: int,
    batch: float = 1,
    momentum: float = 0.0,
    average: bool = False,
) -> Risk:
    """Risk after one-pass stochastic gradient descent with a schedule of steps, momentum, or averaging.

    w_(t+1) = w_t + (s_t/B) sum x (y - x.w_t) + mu (w_t - w_(t-1)): the second moments of w - beta now and one
    step before follow a linear recursion for each level, run step by step.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    step : float >= 0, or (steps,) array_like
        s_t, one number or one for each step.
    steps : int >= 0
    batch : whole number >= 1, or inf
    momentum : float in [0, 1)
        mu, of the heavy ball; the first step has none.
    average : bool
        The risk of the mean of w_0 ... w_steps instead of the last one.

    Returns
    -------
    Risk, floats; fields as in `one_pass`. With `average`, `train` is nan: nothing is predicted by the mean
    while rows arrive.

    Raises
    ------
    ValueError
        An argument out of its range, as many steps in `step` as not in `steps`, a tail.

    Source: own derivation of the exact moments; in high dimension [paquette2021†].

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [5, 20], noise=0.3)
    >>> decay = np.linspace(0.08, 0.0, 61)[:60]
    >>> float(scheduled(problem, decay, 60).test.round(4))
    0.8889
    >>> float(scheduled(problem, 0.05, 60, batch=2, momentum=0.6).test.round(6))
    0.964828
    """
    lam, m, power = _levels(problem)
    steps = integer("steps", steps, low=0)
    sizes = real("step", step)
    if sizes.shape not in ((), (steps,)):
        raise ValueError(f"step has shape {sizes.shape}; pass one number, or one for each of {steps} steps")
    sizes = np.broadcast_to(between("step", sizes, 0, np.finfo(float).max), (steps,))
    rows, mean = one("batch", whole_or_inf("batch", batch, low=1)), flag("average", average)
    mu = one("momentum", between("momentum", momentum, 0, 1, "[)"))
    moments = sgd_modes.recursion(lam, m, power, sizes, rows, mu, mean)
    risk = sgd_modes.risk(lam, power, unlearnable(problem), problem.noise, moments)
    return risk._replace(train=np.full_like(risk.test, np.nan)) if mean else risk


def critical_step(problem: Problem, batch: ArrayLike = 1) -> Array:
    """Step beyond which one-pass stochastic gradient descent diverges.

    The root of sum (s/B) m lam/(2 - s (1 + 1/B) lam) = 1; 2 B/(B + p + 1) for p isotropic features of
    variance 1, and 2/lam_max for B = inf.

    Parameters
    ----------
    problem : Problem
        Without a tail.
    batch : array_like of whole numbers >= 1
        May be inf.

    Returns
    -------
    array; inf where the problem has no features.

    Raises
    ------
    ValueError
        A batch below 1, a tail.

    Source: own derivation, exact for Gaussian rows at finite size; in high dimension [paquette2021†].

    >>> critical_step(Problem.isotropic(p=99), batch=[1, 100, np.inf])
    array([0.01980198, 1.        , 2.        ])
    """
    lam, m, _ = _levels(problem)
    sizes = whole_or_inf("batch", batch, low=1)
    found = [_critical_step(lam, m, float(B)) for B in sizes.ravel()]
    return np.reshape(found, sizes.shape)[()]


def _critical_step(lam: Array, m: Array, B: float) -> float:
    """With y = o/(1 - o), o the step in units of 2/((1 + 1/B) lam_max), nothing cancels near its end."""
    top = lam.max(initial=0.0)
    if top == 0.0:
        return np.inf
    if np.isinf(B):
        return float(2 / top)
    weight, behind = m * (lam / top) / (B + 1), (top - lam) / top
    # the sum is at most y sum(weight) and at least its term of the largest eigenvalue
    low, high = -np.log(weight.sum()) - 1, -np.log(weight[-1]) + 1
    y = np.exp(monotone.root(lambda z: np.log((weight / (np.exp(-z) + behind)).sum()), low, high))
    return float(2 / ((1 + 1 / B) * top) * (y / (1 + y)))


def critical_batch(problem: Problem) -> float:
    """Batch at which the critical step is half of its limit for infinite batches, 1/lam_max.

    The root B of sum m lam/(B (2 lam_max - lam) - lam) = 1: p + 1 for p isotropic features. Below it noise
    limits the step and a larger batch allows a larger one in proportion; above it curvature does, and rows
    are wasted.

    Parameters
    ----------
    problem : Problem
        Without a tail, with a positive eigenvalue.

    Returns
    -------
    float > 1, not rounded to a whole number.

    Raises
    ------
    ValueError
        A tail, no positive eigenvalue.

    Source: own derivation from `critical_step`; its limits in [paquette2021†].

    >>> round(critical_batch(Problem.isotropic(p=99)), 9)
    100.0
    """
    lam, m, _ = _levels(problem)
    if lam.size == 0:
        raise ValueError("problem has no positive eigenvalue; pass one with features")
    rho, behind = lam / lam[-1], (lam[-1] - lam) / lam[-1]
    # with z = log(B - 1) the largest eigenvalue has m/(B - 1), and no other term more than m rho/(B - 1)
    low, high = np.log(m[-1]) - 1, np.log((m * rho).sum()) + 1
    z = monotone.root(lambda z: np.log((m * rho / (np.exp(z) * (2 - rho) + 2 * behind)).sum()), low, high)
    return 1 + float(np.exp(z))


def _levels(problem: Problem) -> tuple[Array, Array, Array]:
    """Positive eigenvalues, each once, with their multiplicity and power."""
    no_tail(problem, "stochastic gradient descent")
    return distinct(problem)
