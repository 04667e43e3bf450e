"""Loureiro, Gerbelot, Cui, Goldt, Krzakala, Mezard, Zdeborova 2021: learning curves of feature maps.

Gaussian covariates: the teacher's field u has variance rho; the student sees v = features of
covariance with eigenvalues omega_i (P of them) and covariances with u such that t_i are the squared
components of Phi theta along the eigenvectors. The student minimises
sum loss(y, w.v/sqrt(P)) + (penalty/2) |w|^2 over n = alpha P samples; gamma = k/P is the teacher's
dimension ratio. The target power along eigenvector i is t_i/(omega_i gamma P).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import SAME, Array, broadcast, non_negative, positive
from theory.engines.curve import curve
from theory.engines.state_evolution import Teacher, teacher
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="loureiro2021",
    title="Learning curves of generic features maps for realistic datasets with a teacher-student model",
    authors=("Loureiro", "Gerbelot", "Cui", "Goldt", "Krzakala", "Mézard", "Zdeborová"),
    error="test",
    note="probability of a wrong label for `logistic` and `ridge_classification`",
    penalty="the paper's: penalty = n times the ridge of overparam",
    statements={
        "ridge": "verified: the core in the paper's order parameters",
        "logistic": "verified by simulation",
        "ridge_classification": "proved: reduction to `ridge` with a linear teacher",
    },
    checked={"ridge": "code", "logistic": "code", "ridge_classification": "code"},
    topics=("classification", "random features"),
)


class Ridge(NamedTuple):
    """Order parameters and errors of ridge regression."""

    V: Array
    """Variance of the student's field under the Gibbs measure: df/(n - df)."""
    q: Array
    """Variance of the student's field."""
    m: Array
    """Covariance of the student's and the teacher's fields."""
    test: Array
    """rho + q - 2 m + noise."""
    train: Array
    """Mean squared training residual, test/(1 + V)^2."""


class Logistic(NamedTuple):
    """Order parameters and errors of logistic regression."""

    V: Array
    """The proximal constant."""
    q: Array
    """Variance of the student's field."""
    m: Array
    """Covariance of the student's and the teacher's fields."""
    error: Array
    """arccos(m/sqrt(rho q))/pi."""
    train_loss: Array
    """Mean logistic loss on the training set, without the penalty."""


class RidgeClassification(NamedTuple):
    """The square loss on labels +-1."""

    error: Array
    """arccos(m/sqrt(rho q))/pi."""
    q: Array
    """Variance of the student's field."""
    m: Array
    """Covariance of the student's and the teacher's fields."""


def ridge(
    omega: ArrayLike,
    t: ArrayLike,
    rho: ArrayLike,
    alpha: ArrayLike,
    penalty: ArrayLike,
    gamma: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> Ridge:
    """Ridge regression on y = u + noise, loss (y - f)^2/2.

    The core equation kappa (alpha - <omega/(omega + kappa)>) = penalty, <.> the mean over i:
    theory.ridge(Problem(omega, t/(omega gamma P), multiplicity 1/P), n=alpha, ridge=penalty/alpha).
    Use it to compare with the paper; the core says the same in fewer arguments.

    Parameters
    ----------
    omega, t : (P,) array_like >= 0
        Eigenvalues of the student's covariance and squared alignments; t = 0 where omega = 0.
    rho : array_like > 0
        Variance of the teacher's field, at least sum t/(omega gamma P).
    alpha : array_like > 0
        Samples per student dimension.
    penalty : array_like >= 0
        The paper's lambda; 0 is the minimum-norm fit; may be inf.
    gamma : array_like > 0
        Dimension of the teacher per dimension of the student.
    noise : array_like >= 0
        Label-noise variance.

    Returns
    -------
    Ridge(V, q, m, test, train). Without a penalty V is inf where the samples do not exceed the rank,
    and q and test are inf where they equal it, unless the target is noiseless and learnable.

    Source: [loureiro2021] (ridge regression).

    >>> fit = ridge([1.0], [1.0], rho=1.0, alpha=2.0, penalty=0.1)
    >>> [float(field.round(6)) for field in fit]
    [0.844289, 0.843414, 0.915571, 0.012272, 0.003608]
    """
    problem = _problem(omega, t)
    rho, alpha, penalty, gamma, noise = broadcast(
        rho=positive("rho", rho, finite=True),
        alpha=positive("alpha", alpha, finite=True),
        penalty=non_negative("penalty", penalty, finite=False),
        gamma=positive("gamma", gamma, finite=True),
        noise=non_negative("noise", noise),
    )
    tail = _unlearnable(problem, rho, gamma)
    risk = curve(problem, alpha, np.inf, penalty / alpha, 1 / gamma, tail, noise)
    learnt = _learnt(problem, risk.kappa)
    # n - df: penalty/kappa, and without a penalty what exceeds the rank
    spare = np.where(alpha > problem.rank * (1 + SAME), alpha - problem.rank, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        spare = np.where(penalty > 0, penalty / risk.kappa, spare)
        V = np.where(np.isinf(penalty), 0.0, risk.df / spare)
    q = learnt**2 @ problem.power / gamma + risk.variance
    return Ridge(V[()], q, learnt @ problem.power / gamma, risk.test, risk.train)


def ridge_classification(
    omega: ArrayLike,
    t: ArrayLike,
    rho: ArrayLike,
    alpha: ArrayLike,
    penalty: ArrayLike,
    gamma: ArrayLike = 1.0,
) -> RidgeClassification:
    """Ridge regression on the labels y = sign(u).

    To a linear student the label is the linear teacher u sqrt(2/(pi rho)) with the noise 1 - 2/pi:
    `ridge` with rho -> 2/pi and t -> 2 t/(pi rho). Use it for the square loss on labels +-1, and `logistic`
    for the logistic loss; on two isotropic Gaussian classes `theory.classification` is simpler.

    Parameters
    ----------
    omega, t, rho, alpha, penalty, gamma
        As in `ridge`.

    Returns
    -------
    RidgeClassification(error, q, m); error 1/2 and q inf where alpha is the rank and penalty 0. At an
    infinite penalty the student is 0 and the error that of its direction.

    Source: [loureiro2021]; the reduction is our own derivation.

    >>> fit = ridge_classification([1.5, 0.5], [2.25, 0.25], rho=1.0, alpha=1.8, penalty=0.1)
    >>> [float(field.round(6)) for field in fit]
    [0.201358, 0.801496, 0.722031]
    """
    problem = _problem(omega, t)
    rho, alpha, penalty, gamma = broadcast(
        rho=positive("rho", rho, finite=True),
        alpha=positive("alpha", alpha, finite=True),
        penalty=non_negative("penalty", penalty, finite=False),
        gamma=positive("gamma", gamma, finite=True),
    )
    penalty, shrunk = _capped(problem, alpha, penalty)
    explained = 2 / np.pi  # power of the linear part of the label
    unit = explained / rho
    tail = unit * _unlearnable(problem, rho, gamma)
    risk = curve(problem, alpha, np.inf, penalty / alpha, unit / gamma, tail, 1 - explained)
    learnt = _learnt(problem, risk.kappa)
    m = learnt @ problem.power * (unit / gamma)
    # rho q - m^2 over its unit: how unevenly the levels are learnt, and the variance
    mean = m / explained
    uneven = (learnt - mean[..., None]) ** 2 @ problem.power * (unit / gamma) + tail * mean**2
    error = np.arctan2(np.sqrt((uneven + risk.variance) / explained), mean) / np.pi
    q = learnt**2 @ problem.power * (unit / gamma) + risk.variance
    return RidgeClassification(error, q * shrunk**2, m / np.sqrt(unit) * shrunk)


def logistic(
    omega: ArrayLike,
    t: ArrayLike,
    rho: ArrayLike,
    alpha: ArrayLike,
    penalty: ArrayLike,
    gamma: ArrayLike = 1.0,
) -> Logistic:
    """Logistic regression on the labels y = sign(u).

    With D = penalty + V^ omega, v_i^2 = t_i/(omega_i gamma P), <.> the mean over i, and w = y prox the
    proximal point of y times the student's field, b = 1/(1 + e^w):
        V = <omega/D>,   q = q^ <omega^2/D^2> + M^2 sum v^2 omega^2/D^2,   m = M sum v^2 omega/D,
        V^ = (alpha/V) E [1 - dw/dfield],   q^ = alpha E b^2,   M = alpha sqrt(2/(pi rho)) E' b,
    E over sqrt(q) z with density 2 phi(z) Phi(m z/sqrt(rho q - m^2)), E' over sqrt(q - m^2/rho) z
    with density phi(z). (M = m^ sqrt(gamma) in the paper's notation.)

    Parameters
    ----------
    omega, t, rho, alpha, gamma
        As in `ridge`.
    penalty : array_like > 0
        The paper's lambda; may be inf.

    Returns
    -------
    Logistic(V, q, m, error, train_loss). At an infinite penalty the student is 0 and the error that
    of its direction.

    Raises
    ------
    ConvergenceError
        No root found (never seen; the message says where).

    Source: [loureiro2021] (logistic regression).

    >>> fit = logistic([1.0], [1.0], rho=1.0, alpha=2.0, penalty=0.1)
    >>> [float(field.round(5)) for field in fit]
    [3.97655, 4.1458, 1.72031, 0.17966, 0.18215]
    """
    problem = _problem(omega, t)
    rho, alpha, penalty, gamma = broadcast(
        rho=positive("rho", rho, finite=True),
        alpha=positive("alpha", alpha, finite=True),
        penalty=positive("penalty", penalty),
        gamma=positive("gamma", gamma, finite=True),
    )
    tail = _unlearnable(problem, rho, gamma)
    penalty, shrunk = _capped(problem, alpha, penalty)
    omega, share = problem.eigenvalues, problem.multiplicity
    points = zip(*(a.ravel() for a in (tail, rho, alpha, gamma, penalty)), strict=True)
    rows = [
        teacher(Teacher(omega, share, problem.power / size, rest, total, samples), weight)
        for rest, total, samples, size, weight in points
    ]
    V, q, m, error, train_loss = (a.reshape(rho.shape) for a in np.array(rows).reshape(-1, 5).T)
    fields = (V * shrunk, q * shrunk**2, m * shrunk, error, train_loss)
    return Logistic(*(field[()] for field in fields))


def _problem(omega: ArrayLike, t: ArrayLike) -> Problem:
    """The positive levels, with the power for gamma = 1."""
    omega, t = non_negative("omega", omega), non_negative("t", t)
    if omega.ndim != 1 or t.shape != omega.shape:
        raise ValueError(f"omega has shape {omega.shape} and t {t.shape}; pass two arrays of shape (P,)")
    seen = omega > 0
    if not seen.any():
        raise ValueError("omega has no positive entry; pass the eigenvalues of the features")
    if (t[~seen] > 0).any():
        raise ValueError(f"t = {t[~seen].max():g} where omega = 0; such a direction has no features: t is 0")
    power = t[seen] / omega[seen] / len(omega)
    return Problem(omega[seen], power, multiplicity=np.full(len(power), 1 / len(omega)))


def _unlearnable(problem: Problem, rho: Array, gamma: Array) -> Array:
    """Power of the teacher that is no linear function of the features."""
    rest = rho - problem.power.sum() / gamma
    if (rest < -1e-12 * rho).any():
        i = np.argmin(rest / rho)
        raise ValueError(
            f"rho = {rho.ravel()[i]:g} must be at least sum t/(omega gamma P) = "
            f"{(rho - rest).ravel()[i]:g}, the part of it that the features see"
        )
    return np.where(rest > 1e-14 * rho, rest, 0.0)  # what is left may be the rounding of the sum


def _learnt(problem: Problem, kappa: Array) -> Array:
    """omega/(omega + kappa), levels on the last axis."""
    return problem.eigenvalues / (problem.eigenvalues + np.asarray(kappa)[..., None])


def _capped(problem: Problem, alpha: Array, penalty: Array) -> tuple[Array, Array]:
    """A penalty beyond which the student only shrinks, in proportion, and that proportion."""
    cap = 1e20 * problem.eigenvalues.max() * (1 + alpha)
    return np.minimum(penalty, cap), np.where(penalty > cap, cap / np.maximum(penalty, cap), 1.0)
