"""Ridge regression on random projections of a spectrum: one design at every ridge.

Features h_j(x) = p^-1/2 sum_i sqrt(lambda_i) G_ij phi_i(x), G and the eigenfunctions phi_i standard normal.
Used by the claims and figures of bach2024, defilippis2024, simon2023 and simon2024. `gaussian` measures the
same design at one ridge.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.experiments.coordinates import coordinates
from sims.fit.cutoff import svd
from theory import Problem

Array = NDArray[np.float64]


class Excess(NamedTuple):
    """The two parts of test - noise, one number per ridge."""

    noiseless: Array
    """Error without label noise, averaged over target directions within each level."""
    noise_part: Array
    """Error that label noise of variance 1 adds."""


def problem(n: int, noise: float = 0.2) -> Problem:
    """Three levels of eigenvalues 1, 0.1 and 0.01 whose multiplicities are 0.2 n, n and 4 n.

    >>> problem(50)
    Problem(3 levels, rank 260, eigenvalues 1 .. 0.01, power 1, noise 0.2)
    """
    multiplicity = np.round(np.array([0.2, 1.0, 4.0]) * n)
    return Problem(np.array([1.0, 0.1, 0.01]), np.array([0.5, 0.3, 0.2]), multiplicity, noise=noise)


def draw(problem: Problem, n: int, p: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Eigenfunctions at n samples (n, rank), and coefficients of p random features (rank, p).

    Features are not divided by sqrt(p): their first columns are the design of fewer features.

    >>> [a.shape for a in draw(problem(50), 50, 25, np.random.default_rng(0))]
    [(50, 260), (260, 25)]
    """
    scale = np.sqrt(coordinates(problem).variance)
    return rng.standard_normal((n, len(scale))), scale[:, None] * rng.standard_normal((len(scale), p))


def excess(problem: Problem, Phi: Array, features: Array, ridges: ArrayLike) -> Excess:
    """Exact excess error at each ridge, given samples Phi (n, rank) and features (rank, p).

    >>> design = draw(problem(50), 50, 25, np.random.default_rng(0))
    >>> excess(problem(50), *design, [0.0, 0.1]).noise_part.shape
    (2,)
    """
    weight = coordinates(problem).power
    n, p = len(Phi), features.shape[1]
    left, s, right = svd(Phi @ features / np.sqrt(p))
    gain = s / (s**2 + n * np.atleast_1d(ridges)[:, None])
    out = features @ right.T / np.sqrt(p)  # a fit is out diag(gain) left' y
    seen = left.T @ Phi
    moments, hit = out.T @ out, (out * weight[:, None] * seen.T).sum(axis=0)
    missed = np.einsum("rk,kl,rl->r", gain, moments * ((seen * weight) @ seen.T), gain)
    return Excess(weight.sum() - 2 * gain @ hit + missed, gain**2 @ np.diag(moments))
