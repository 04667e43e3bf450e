"""One Gaussian design drawn from a Problem, and the exact risk of its fit given the design."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.fit.cutoff import svd
from theory import Problem

Array = NDArray[np.float64]


class Measured(NamedTuple):
    """The fields of `theory.Risk` that one design shows, given the design."""

    test: float
    train: float
    norm: float
    df: float


def measure(problem: Problem, n: int, p: int | None, ridge: float, rng: np.random.Generator) -> Measured:
    """One Gaussian design drawn from the problem, and the exact risk of its fit given the design.

    Phi (n, M) standard normal eigenfunctions; features H = (Phi sqrt(Lambda) G' + sqrt(tail) Z)/sqrt(p)
    with Gaussian G, or Phi sqrt(Lambda) for p = None. The risk is averaged in closed form over label
    noise and over target directions within each level, so that one draw is worth many.

    Parameters
    ----------
    problem : Problem
        Whole multiplicities; a tail needs random features (p not None).
    n : int >= 1
    p : int >= 1 or None
        Random features; None is ridge regression on the eigenfunctions themselves.
    ridge : float >= 0
    rng : Generator

    Returns
    -------
    Measured

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
    count = problem.multiplicity.astype(int)
    scale = np.sqrt(np.repeat(problem.eigenvalues, count))
    power = np.repeat(problem.power / problem.multiplicity, count)  # of each eigenfunction
    error = problem.noise + problem.tail_power  # to the fit, unlearnable power is noise
    Phi = rng.standard_normal((n, len(scale)))
    if p is None:
        H, second_moment, cross = Phi * scale, np.diag(scale**2), np.diag(scale)
    else:
        G = rng.standard_normal((p, len(scale))) * scale
        Z = rng.standard_normal((n, p))
        H = (Phi @ G.T + np.sqrt(problem.tail) * Z) / np.sqrt(p)
        second_moment, cross = (G @ G.T + problem.tail * np.eye(p)) / p, G / np.sqrt(p)
    left, s, right = svd(H)
    shrink = s / (s**2 + n * ridge)
    fit = (right.T * shrink) @ left.T  # labels -> coefficients
    hat_values = s * shrink
    signal_fit = fit @ Phi  # target coefficients -> fitted coefficients
    test = error + error * np.einsum("ij,ik,kj->", fit, second_moment, fit, optimize=True)
    gap = power * (
        1
        - 2 * np.einsum("ij,ij->j", cross, signal_fit)
        + np.einsum("ij,ik,kj->j", signal_fit, second_moment, signal_fit, optimize=True)
    )
    test += gap.sum()
    lost = Phi - left @ (hat_values[:, None] * (left.T @ Phi))
    train = (power * (lost**2).mean(axis=0)).sum()
    train += error * (((1 - hat_values) ** 2).sum() + n - len(s)) / n
    interpolates = ridge == 0 and len(s) == n
    norm = error * (shrink**2).sum() + (power * (signal_fit**2).sum(axis=0)).sum()
    return Measured(float(test), 0.0 if interpolates else float(train), float(norm), float(hat_values.sum()))
