"""Kernel ridge regression on an infinite power law: eigenvalues i^-a and targets of power i^-b, i = 1, 2, ...

Gaussian eigenfunctions are drawn up to 40 per sample. So many smaller ones act on a fit as a ridge, and on
the target as noise.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from theory import Problem

Array = NDArray[np.float64]

KEPT = 40
"""Eigenfunctions that are drawn, per sample."""


class Errors(NamedTuple):
    """Parts of the errors at each ridge, averaged over targets and noise."""

    target: Array
    """Test error without label noise."""
    noise: Array
    """Excess test error that label noise of variance 1 adds."""
    train_target: Array
    """Training error without label noise."""
    train_noise: Array
    """Training error that label noise of variance 1 adds."""


def draw(n: int, rng: np.random.Generator) -> Array:
    """Values (n, 40 n) of the first eigenfunctions at n samples.

    >>> draw(5, np.random.default_rng(0)).shape
    (5, 200)
    """
    return rng.standard_normal((n, KEPT * n))


def problem(n: int, exponent: float, target: float, noise: float = 0.0) -> Problem:
    """What theory is asked: the eigenfunctions that are drawn, and the rest as a tail.

    >>> bool(problem(5, 2.0, 3.0).tail == problem(5, 2.0, 4.0).tail > 0)
    True
    """
    from scipy.special import zeta

    i = np.arange(1.0, KEPT * n + 1)
    tail, tail_power = (float(zeta(power, len(i) + 1)) for power in (exponent, target))
    return Problem(i**-exponent, i**-target, tail=tail, tail_power=tail_power, noise=noise)


def errors(Phi: Array, exponent: float, target: float, ridges: Array) -> Errors:
    """Exact errors given the design, for eigenvalues i^-exponent and target power i^-target, both > 1.

    >>> fits = errors(draw(20, np.random.default_rng(0)), 2.0, 3.0, np.array([0.0, 0.1]))
    >>> bool(fits.train_target[0] == 0 < fits.train_target[1])
    True
    """
    from scipy.special import zeta

    n, kept = Phi.shape
    i = np.arange(1.0, kept + 1)
    lam, power, beyond = i**-exponent, i**-target, zeta(target, kept + 1)
    scale, basis = np.linalg.eigh((Phi * lam) @ Phi.T + zeta(exponent, kept + 1) * np.eye(n))
    seen = basis.T @ Phi
    spread = (seen * lam**2) @ seen.T + zeta(2 * exponent, kept + 1) * np.eye(n)
    hit, moments = (seen**2) @ (power * lam), (seen * power) @ seen.T + beyond * np.eye(n)
    total = power.sum() + beyond
    found = []
    for ridge in ridges:
        gain = 1 / (scale + n * ridge)
        both = spread * np.outer(gain, gain)
        found.append([
            total - 2 * gain @ hit + np.sum(both * moments),
            np.trace(both),
            n * ridge**2 * gain**2 @ np.diag(moments),
            n * ridge**2 * np.sum(gain**2),
        ])  # fmt: skip
    return Errors(*np.transpose(found))
