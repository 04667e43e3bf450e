"""Labels from another target than the one that is tested: teachers, students, synthetic data.

The fit is linear in its labels. Its mean shrinks their target as any fit does, and its variance is that of a
problem whose power is the labels' own:

    test = noise + unlearnable + sum [v^2 - 2 L c + L^2 s^2] + variance(power s^2, noise of the labels),
    L = lam/(lam + gamma_eff),

with s^2 the labels' power in a level and c its product with the target: c = lam beta.beta_s.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import equivalent
from theory.arguments import Array, non_negative, one, positive, real, scalar
from theory.engines.spectral import spectral
from theory.names import own_names
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())


class Labels(NamedTuple):
    """What the training labels come from, level by level."""

    power: ArrayLike
    """s^2 >= 0: the power of their target in each level."""
    cross: ArrayLike
    """c, its product with the tested target; c^2 <= s^2 v^2."""
    noise: float = 0.0
    """Variance of all that is in them besides: noise, and what no feature can learn of their target."""


def own(problem: Problem) -> Labels:
    """The labels of the tested target itself: those that people, not models, have given.

    Labels(v^2, v^2, noise + unlearnable power); with them `other_target` is `theory.random_features`.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    Labels

    Source: own composition; as in [ildiz2025†].

    >>> own(Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)).noise
    0.3
    """
    power = spectral(problem).power
    return Labels(power, power, problem.noise + problem.tail_power)


def fitted(problem: Problem, labels: Labels, n: float, ridge: float = 0.0) -> Labels:
    """The labels that a fit to other labels gives without noise: a teacher, or a generation of models.

    With E = (noise of labels + sum s^2 (1 - L)^2)/(1 - df2/n), the fit's error on labels like its own, and
    L = lam/(lam + kappa): s^2 becomes L^2 s^2 + m L^2 E/n, the second term being the spread of the fit about
    its mean, and c becomes L c.

    Parameters
    ----------
    problem : Problem
        Spectrum and tested target; in a tail the fit has no power.
    labels : Labels
        What the fit was trained on.
    n : float > 0
        Samples; may be inf.
    ridge : float >= 0
        May be inf.

    Returns
    -------
    Labels; the power is inf where the fit diverges, and then nothing can be trained on them.

    Raises
    ------
    ValueError
        Another number of levels, c^2 > s^2 v^2, an argument out of its range.

    Source: own derivation; a fit as the next teacher as in [dohmatob2024].

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> teacher = fitted(problem, own(problem), n=100, ridge=0.1)
    >>> float(other_target(problem, teacher, n=200, ridge=0.1).test.round(4))
    2.1284
    """
    power, cross = _checked(problem, labels)
    told = replace(
        problem, power=power, tail_power=0.0, noise=scalar("noise of labels", labels.noise, low=0.0)
    )
    size, penalty = one("n", positive("n", n)), one("ridge", non_negative("ridge", ridge, finite=False))
    risk = equivalent.ridge(told, size, penalty)
    kept = _kept(problem, np.asarray(risk.kappa))
    spread = np.where(kept > 0, problem.multiplicity * kept**2, 0.0)
    with np.errstate(invalid="ignore"):
        spread = np.where(spread > 0, spread * (risk.test / size), 0.0)
    return Labels(kept**2 * power + spread, kept * cross)


def other_target(
    problem: Problem, labels: Labels, n: ArrayLike, p: ArrayLike = inf, ridge: ArrayLike = 0.0
) -> Risk:
    """Risk of ridge regression on labels of another target, tested on the problem's own.

    The formula of the module, at the root of `theory.random_features`; a deterministic equivalent. Use it
    for distillation, weak teachers and strong students, synthetic data, shifted concepts. With
    Labels(v^2, v^2, noise + unlearnable) it is `theory.random_features` itself.

    Parameters
    ----------
    problem : Problem
        Spectrum, tested target and test noise.
    labels : Labels
        Power and cross have one value per level.
    n, p : array_like > 0
        Samples and features; p = inf, the default, is kernel or linear regression.
    ridge : array_like >= 0

    Returns
    -------
    Risk; `train` is the error on the labels that were given, `norm` that of the fit to them.

    Raises
    ------
    ValueError
        Another number of levels, c^2 > s^2 v^2, an argument out of its range.

    Source: own derivation; two targets of ridge regression as in [ildiz2025†].

    >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [100, 200], noise=0.3)
    >>> teacher = Labels(power=[1.2, 0.8], cross=[0.9, 0.5], noise=0.1)
    >>> float(other_target(problem, teacher, n=200, ridge=0.1).test.round(4))
    2.2397
    """
    power, cross = _checked(problem, labels)
    noise = scalar("noise of labels", labels.noise, low=0.0)
    told = replace(problem, power=power, tail_power=0.0, noise=noise)
    risk = equivalent.random_features(told, n, p, non_negative("ridge", ridge, finite=False))
    kept = _kept(problem, np.asarray(risk.gamma_eff))
    # v^2 - 2 L c + L^2 s^2 without cancellation: what the labels lack, and what the fit makes of them
    size = np.sqrt(power)
    along = np.divide(cross, size, out=np.zeros_like(cross), where=size > 0)
    missed = np.maximum(problem.power - along**2, 0.0) + (along - kept * size) ** 2
    bias = problem.tail_power + missed.sum(axis=-1)
    return risk._replace(bias=bias[()], test=(problem.noise + bias + risk.variance)[()])


def _kept(problem: Problem, g: Array) -> Array:
    """L = lam/(lam + g) of each level, on the last axis."""
    lam = problem.eigenvalues
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        kept: Array = np.where(lam > 0, 1 / (1 + g[..., None] / lam), 0.0)
    return kept


def _checked(problem: Problem, labels: Labels) -> tuple[Array, Array]:
    """Power and cross of the labels, one value per level."""
    levels = spectral(problem).eigenvalues.shape
    power, cross = non_negative("power of labels", labels.power), real("cross of labels", labels.cross)
    for name, array in (("power", power), ("cross", cross)):
        if array.shape != levels:
            raise ValueError(f"{name} of labels has shape {array.shape}; pass one value per level, {levels}")
    most = np.sqrt(power) * np.sqrt(problem.power)
    wrong = ~(np.abs(cross) <= most * (1 + 1e-12))
    if wrong.any():
        level = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"cross of labels = {cross[level]:g} in level {level} must not exceed the root of both powers, "
            f"{most[level]:g}, in size"
        )
    return power, cross
