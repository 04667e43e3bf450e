"""Loureiro, Gerbelot, Cui, Goldt, Krzakala, Mezard, Zdeborova 2021: learning curves of feature maps.

Gaussian covariates: the teacher's field u has variance rho; the student sees v = features of
covariance with eigenvalues omega_i (P of them) and covariances with u such that t_i are the squared
components of Phi theta along the eigenvectors. The student minimises
sum loss(y, w.v/sqrt(P)) + (penalty/2) |w|^2 over n = alpha P samples; gamma = k/P is the teacher's
dimension ratio. The target power along eigenvector i is t_i/(omega_i gamma P).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory._arguments import Array, broadcast, non_negative, positive
from theory.equivalent import _curve
from theory.papers import Paper
from theory.problem import Problem

PAPER = Paper(
    key="loureiro2021",
    title="Learning curves of generic features maps for realistic datasets with a teacher-student model",
    error="test (includes `noise`) for `ridge`; probability of a wrong label for the other two",
    penalty="the paper's: penalty = n times the ridge of overparam",
    statements={
        "ridge": "verified: the core in the paper's order parameters",
        "logistic": "verified by simulation; theorem numbers unverified",
        "ridge_classification": "proved: reduction to `ridge` with a linear teacher",
    },
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

    Source: [loureiro2021, Cor. 2 (number unverified)].

    >>> fit = ridge([1.0], [1.0], rho=1.0, alpha=2.0, penalty=0.1)
    >>> [float(field.round(6)) for field in fit]
    [0.844289, 0.843414, 0.915571, 0.012272, 0.003608]
    """
    omega, power = _spectrum(omega, t)
    rho, alpha, penalty, gamma, noise = broadcast(
        rho=positive("rho", rho, finite=True),
        alpha=positive("alpha", alpha, finite=True),
        penalty=non_negative("penalty", penalty, finite=False),
        gamma=positive("gamma", gamma, finite=True),
        noise=non_negative("noise", noise),
    )
    return _ridge(omega, power, _unlearnable(power, rho, gamma), alpha, penalty, gamma, noise)


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
    `ridge` with rho -> 2/pi and t -> 2 t/(pi rho).

    Parameters
    ----------
    omega, t, rho, alpha, penalty, gamma
        As in `ridge`; the penalty finite.

    Returns
    -------
    RidgeClassification(error, q, m); error 1/2 and q inf where alpha is the rank and penalty 0.

    Source: [loureiro2021] (square loss, binary labels; number unverified).

    >>> fit = ridge_classification([1.5, 0.5], [2.25, 0.25], rho=1.0, alpha=1.8, penalty=0.1)
    >>> [float(field.round(6)) for field in fit]
    [0.201358, 0.801496, 0.722031]
    """
    omega, power = _spectrum(omega, t)
    rho, alpha, penalty, gamma = broadcast(
        rho=positive("rho", rho, finite=True),
        alpha=positive("alpha", alpha, finite=True),
        penalty=non_negative("penalty", penalty),
        gamma=positive("gamma", gamma, finite=True),
    )
    # the slope of the label on u, squared, times rho; it only rescales the target
    linear = 2 / np.pi
    scale = gamma * rho / linear
    tail = _unlearnable(power, rho, gamma) * linear / rho
    fit = _ridge(omega, power, tail, alpha, penalty, scale, np.full(rho.shape, 1 - linear))
    # tan of the angle: (rho q - m^2)/m^2 is a variance of the learnt shares, and what noise adds
    share = omega / (omega + fit.kappa[..., None])
    weights = power / scale[..., None] / linear
    mean = (weights * share).sum(axis=-1)
    ...
