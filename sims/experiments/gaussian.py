"""The exact risk of ridge regression on one Gaussian design drawn from a Problem, given that design.

One trial of the claims and figures that compare `theory.ridge` or `theory.random_features` with finite size.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.experiments.coordinates import coordinates
from sims.fit.cutoff import svd
from theory import Problem

Array = NDArray[np.float64]


class DesignRisk(NamedTuple):
    """The fields of `theory.Risk` that one design has, given the design."""

    test: float
    """Squared error on fresh noisy data."""
    train: float
    """Mean squared error on the training data."""
    norm: float
    """Squared norm of the coefficients."""
    df: float
    """Effective degrees of freedom, the trace of the hat matrix."""


class _Design(NamedTuple):
    """One draw of the inputs, with M eigenfunctions and p features."""

    eigenfunctions: Array
    """Standard normal eigenfunctions at the n samples, (n, M)."""
    features: Array
    """Features at the n samples, (n, p)."""
    second_moment: Array
    """Second moment of the features of a fresh input, (p, p)."""
    cross: Array
    """Second moment of features and eigenfunctions of a fresh input, (p, M)."""


def measure(problem: Problem, n: int, p: int | None, ridge: float, rng: np.random.Generator) -> DesignRisk:
    """Draw one Gaussian design from the problem and return the exact risk of its fit given the design.

    Phi (n, M) standard normal eigenfunctions; features H = (Phi sqrt(Lambda) G' + sqrt(tail) Z)/sqrt(p)
    with Gaussian G, or Phi sqrt(Lambda) for p = None. The risk is averaged in closed form over label
    noise and over target directions within each level, so that one draw is worth many.

    Parameters
    ----------
    problem : Problem
        Whole multiplicities; a tail needs random features (p not None).
    n : int >= 1
        Samples.
    p : int >= 1 or None
        Random features; None is ridge regression on the eigenfunctions themselves.
    ridge : float >= 0
    rng : Generator

    Returns
    -------
    DesignRisk

    Raises
    ------
    ValueError
        A multiplicity that is not whole, or a tail without random features.

    >>> problem = Problem.isotropic(p=20, signal=1.0, noise=0.1)
    >>> measure(problem, n=10, p=None, ridge=0.0, rng=np.random.default_rng(0)).train
    0.0
    """
    if (problem.multiplicity % 1).any():
        raise ValueError(f"multiplicity = {problem.multiplicity} must be whole numbers to draw from")
    if p is None and problem.tail > 0:
        raise ValueError(f"tail = {problem.tail:g} cannot be drawn without random features; pass p")
    power = coordinates(problem).power
    noise = problem.noise + problem.tail_power  # to the fit, unlearnable power is noise
    Phi, H, second_moment, cross = _draw(problem, n, p, rng)

    left, s, right = svd(H)
    shrink = s / (s**2 + n * ridge)
    fit = (right.T * shrink) @ left.T  # labels -> coefficients
    hat_values = s * shrink
    signal_fit = fit @ Phi  # target coefficients -> fitted coefficients
    test = noise + noise * np.einsum("ij,ik,kj->", fit, second_moment, fit, optimize=True)
    gap = power * (
        1
        - 2 * np.einsum("ij,ij->j", cross, signal_fit)
        + np.einsum("ij,ik,kj->j", signal_fit, second_moment, signal_fit, optimize=True)
    )
    test += gap.sum()
    lost = Phi - left @ (hat_values[:, None] * (left.T @ Phi))
    train = (power * (lost**2).mean(axis=0)).sum()
    train += noise * (((1 - hat_values) ** 2).sum() + n - len(s)) / n
    interpolates = ridge == 0 and len(s) == n
    norm = noise * (shrink**2).sum() + (power * (signal_fit**2).sum(axis=0)).sum()
    return DesignRisk(
        float(test), 0.0 if interpolates else float(train), float(norm), float(hat_values.sum())
    )


def _draw(problem: Problem, n: int, p: int | None, rng: np.random.Generator) -> _Design:
    scale = np.sqrt(coordinates(problem).variance)
    Phi = rng.standard_normal((n, len(scale)))
    if p is None:
        return _Design(Phi, Phi * scale, np.diag(scale**2), np.diag(scale))
    G = rng.standard_normal((p, len(scale))) * scale
    Z = rng.standard_normal((n, p))
    H = (Phi @ G.T + np.sqrt(problem.tail) * Z) / np.sqrt(p)
    return _Design(Phi, H, (G @ G.T + problem.tail * np.eye(p)) / p, G / np.sqrt(p))
