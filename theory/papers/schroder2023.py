"""Schröder, Cui, Dmitriev, Loureiro 2023: deep random features with nonlinear layers.

Given its weights a layer acts as its linear part and independent noise: h_l = s(W_l h_(l-1)) has the second
moments of mu1 W_l h_(l-1) + mu_star g. Through all layers that is one Gaussian problem, to which everything
that takes a Problem applies. Linear layers without given weights are `theory.deep_features`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from theory import activation as activations
from theory.activation import ActivationLike
from theory.arguments import Array, array
from theory.engines import conditional
from theory.engines.spectral import spectral
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="schroder2023",
    title="Deterministic equivalent and error universality of deep random features learning",
    authors=("Schröder", "Cui", "Dmitriev", "Loureiro"),
    error="none",
    note="a Problem, whose risks include the label noise",
    penalty="none: the ridge of the function that takes the Problem",
    statements={"features": "verified by simulation of networks"},
    topics=("deep random features", "Gaussian equivalence", "random features"),
)


def features(problem: Problem, weights: Sequence[ArrayLike], activation: ActivationLike) -> Problem:
    """The problem as the last layer of a random network sees it, given its weights.

    Covariances C_l = mu1^2 W_l C_(l-1) W_l' + mu_star^2 I with the moments of the activation at the mean
    variance of its arguments, tr W_l C_(l-1) W_l'/p_l; the target's part that the last layer is blind to
    becomes tail_power. Pass it to `theory.ridge` with the network's n and ridge; errors are of the order
    of 1/width.

    Parameters
    ----------
    problem : Problem
        Of the inputs: without a tail, multiplicities whole. The target has the same coefficient in each
        direction of a level.
    weights : sequence of (p_l, p_(l-1)) array_like
        W_1 to W_L; p_0 inputs, level by level. Of rows of about the same length, in no special direction.
    activation : str or callable
        Odd, as "tanh", "erf" or "sign": an even part has an eigenvalue of its own that this leaves out.

    Returns
    -------
    Problem with one level for each feature of the last layer.

    Raises
    ------
    ValueError
        Matrices that do not fit each other, an activation that is not odd, a problem with a tail.

    Source: [schroder2023, Eq. 12†]; the Gaussian model [mei2022] layer by layer.

    >>> W = np.eye(3, 4)
    >>> features(Problem.isotropic(4, signal=1.0, noise=0.1), [W], "tanh")
    Problem(3 levels, rank 3, eigenvalue 0.3943, power 0.6979, unlearnable 0.3021, noise 0.1)
    """
    seen = spectral(problem)
    M = np.eye(int(problem.multiplicity.sum()))  # the layer's features in coordinates of `seen`
    for i, W in enumerate(weights):
        matrix = array(f"weights[{i}]", W, 2)
        if matrix.shape[1] != len(M):
            raise ValueError(f"weights[{i}] has shape {matrix.shape}; pass {len(M)} columns, one an input")
        linear = matrix @ M
        slope, extra = _moments(activation, linear, seen)
        # the layer's noise is a level that the target has no part in
        seen, M = _beside(seen, extra, len(matrix)), np.hstack([slope * linear, np.eye(len(matrix))])
    return seen.through(M)


def _beside(problem: Problem, variance: float, count: int) -> Problem:
    """The problem with a level more that carries nothing of the target."""
    columns = problem.eigenvalues, problem.power, problem.multiplicity
    levels = [np.append(column, value) for column, value in zip(columns, (variance, 0.0, count), strict=True)]
    return replace(problem, eigenvalues=levels[0], power=levels[1], multiplicity=levels[2])


def _moments(activation: ActivationLike, linear: Array, problem: Problem) -> tuple[float, float]:
    """mu1 per unit of the argument and mu_star^2, at the mean variance of the arguments `linear` x."""
    each, _ = conditional.coordinates(problem.eigenvalues, problem.power, problem.multiplicity)
    variance = float((linear**2 @ each).mean())
    mean, slope = activations.hermite(activation, 1, variance)
    if mean != 0:
        raise ValueError(
            f"activation has the mean {mean:g} over Gaussian arguments; pass an odd one, as tanh"
        )
    second = float(activations.dual(activation, variance, variance, variance))
    extra = second - float(slope) ** 2
    return float(slope) / sqrt(variance) if variance > 0 else 0.0, extra if extra > 1e-14 * second else 0.0
