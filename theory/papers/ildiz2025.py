"""Ildiz, Gozeten, Taga, Mondelli, Oymak 2025: knowledge distillation and weak-to-strong generalization.

A student is trained on the labels of a surrogate: of any linear model, or of a teacher that was trained
itself. The paper's errors are excess errors, test - noise; its students have no ridge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from theory import equivalent
from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines.spectral import spectral
from theory.labels import fitted, other_target, own
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="ildiz2025",
    title="High-dimensional analysis of knowledge distillation: weak-to-strong generalization and scaling "
    "laws",
    authors=("Ildiz", "Gozeten", "Taga", "Mondelli", "Oymak"),
    error="test",
    penalty="ridge beside the mean squared error, as everywhere in overparam; none in the paper",
    statements={
        "weak_to_strong": "verified (simulation); own derivation, level by level",
        "optimal_surrogate": "proved, given the risk of `theory.other_target`",
    },
    topics=("distillation", "weak-to-strong generalization", "scaling laws"),
)


class Teaching(NamedTuple):
    """Test errors of a teacher and of the student that it taught."""

    teacher: Array
    student: Array


class Surrogate(NamedTuple):
    """The best labels for a student, level by level on the last axis, and what they give."""

    gain: Array
    """What the coefficients of the true target are multiplied by."""
    keep: NDArray[np.bool_]
    """Levels that a surrogate keeps which may only drop some and keep the others as they are."""
    test: Array
    """Test error of the student on the labels of gain."""


def weak_to_strong(
    problem: Problem,
    teacher_samples: ArrayLike,
    samples: ArrayLike,
    teacher_ridge: ArrayLike = 0.0,
    ridge: ArrayLike = 0.0,
) -> Teaching:
    """Test errors of a teacher on true labels, and of a student on the teacher's labels for fresh inputs.

    `theory.labels.fitted` gives the teacher's labels, without noise, and `theory.other_target` the student's
    error. A student without a ridge and with more samples than features copies its teacher; with fewer it
    shrinks what the teacher learnt, noise more than signal, and may be better than the teacher.

    Parameters
    ----------
    problem : Problem
    teacher_samples, samples : array_like > 0
        Of the teacher and of the student; may be inf.
    teacher_ridge, ridge : array_like >= 0
        Of the teacher and of the student; may be inf.

    Returns
    -------
    Teaching(teacher, student); inf where a fit diverges, for the student too where its teacher does.

    Raises
    ------
    ValueError
        An argument out of its range.

    Source: [ildiz2025†] for two stages without a ridge; own derivation.

    >>> problem = Problem([2.0, 0.1], [1.5, 0.2], [50, 400], noise=0.5)
    >>> taught = weak_to_strong(problem, teacher_samples=400, samples=[100, 1000])
    >>> taught.teacher.round(4), taught.student.round(4)
    (array([4.5913, 4.5913]), array([2.9682, 4.5913]))
    """
    points = broadcast(
        teacher_samples=positive("teacher_samples", teacher_samples),
        samples=positive("samples", samples),
        teacher_ridge=non_negative("teacher_ridge", teacher_ridge, finite=False),
        ridge=non_negative("ridge", ridge, finite=False),
    )
    shape = points[0].shape
    before, n, first, penalty = (a.ravel() for a in points)
    true = own(problem)
    teacher = np.asarray(equivalent.ridge(problem, before, first).test)
    student = np.full(n.shape, np.inf)
    for size, amount in sorted({*zip(before.tolist(), first.tolist(), strict=True)}):
        labels = fitted(problem, true, size, amount)
        if np.isfinite(labels.power).all():
            here = (before == size) & (first == amount)
            student[here] = other_target(problem, labels, n[here], ridge=penalty[here]).test
    return Teaching(teacher.reshape(shape)[()], student.reshape(shape)[()])


def optimal_surrogate(problem: Problem, n: ArrayLike, ridge: ArrayLike = 0.0) -> Surrogate:
    """The linear model whose labels make the best student: not the true one.

    With L = lam/(lam + kappa), amp = df2/(n - df2) and labels of coefficients a beta, the student's error is
        e + sum v^2 [(1 - a L)^2 + amp a^2 (1 - L)^2] + amp noise,     e = noise + unlearnable,
    least at a = L/(L^2 + amp (1 - L)^2): strong levels, L > df2/n, are amplified and weak ones shrunk.
    Of a = 0 or 1, 1 is better where (1 - L)^2 (1 + amp) < 1: weak features are better discarded.

    Parameters
    ----------
    problem : Problem
        The labels have its noise.
    n : array_like > 0
        Samples of the student; may be inf.
    ridge : array_like >= 0
        Of the student.

    Returns
    -------
    Surrogate(gain, keep, test); gain is 0 where nothing is learnt (L = 0).

    Raises
    ------
    ValueError
        An argument out of its range.

    Source: [ildiz2025†] without a ridge; own derivation, above.

    >>> best = optimal_surrogate(Problem([2.0, 0.1], [1.5, 0.2], [50, 400], noise=0.5), n=100)
    >>> best.gain.round(4), best.keep, best.test.round(4)
    (array([1.216 , 0.3047]), array([ True, False]), np.float64(1.0954))
    """
    n, penalty = broadcast(n=positive("n", n), ridge=non_negative("ridge", ridge))
    noise_only = replace(spectral(problem), power=0 * problem.power, tail_power=0.0, noise=1.0)
    risk = equivalent.ridge(noise_only, n, penalty)
    lam, kappa = problem.eigenvalues, np.asarray(risk.kappa)[..., None]
    whole = np.where(lam > 0, lam + kappa, 1.0)
    kept, lost = lam / whole, np.where(lam > 0, kappa / whole, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        # 0 where nothing is lost, however much the noise is amplified
        spread = np.where(lost > 0, np.asarray(risk.variance)[..., None] * lost**2, 0.0)
        gain = np.where(kept > 0, kept / (kept**2 + spread), 0.0)
        missed = np.where(kept > 0, spread / (kept**2 + spread), 1.0)
    noise = problem.noise * (1 + risk.variance) if problem.noise > 0 else 0.0
    test = noise + problem.tail_power + (problem.power * missed).sum(axis=-1)
    return Surrogate(gain, lost**2 + spread < 1, test[()])
