"""Bahri, Gu, Karbasi, Sedghi 2021: a workshop on the theory of over-parameterized machine learning.

The workshop sets themes and states no theorem. Here is the value behind one of them, robustness: what noise
in the inputs of a trained model costs. The claims of this key compare it, and memorisation, with simulation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import exact
from theory.arguments import Array, broadcast, non_negative
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="bahri2021",
    title="Over-parameterization: pitfalls and opportunities",
    authors=("Bahri", "Gu", "Karbasi", "Sedghi"),
    error="test",
    penalty="none: minimum norm",
    statements={
        "noisy_inputs": "proved, exact at finite n for isotropic Gaussian inputs (a theme, no theorem)"
    },
    topics=("robustness", "memorisation"),
)


def noisy_inputs(
    n: ArrayLike,
    p: ArrayLike,
    input_noise: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> Array:
    """Test error of minimum-norm least squares when fresh inputs are disturbed, exact at finite n.

    E (y - f(x + e))^2 = test + input_noise E |a|^2 with f(x) = a.x and e ~ N(0, input_noise I), test and norm
    those of `theory.exact.least_squares`: a model far beyond the threshold has a small norm, and suffers
    less.

    Parameters
    ----------
    n, p : array_like
        Samples n > 0 and isotropic Gaussian features p >= 0.
    input_noise : array_like >= 0
        Variance of the disturbance of each feature.
    signal, noise : array_like >= 0
        Power |beta|^2 of the target and label-noise variance.

    Returns
    -------
    array; inf for |n - p| <= 1 (p > 0) and noise > 0.

    Source: [bahri2021] for the question; direct calculation from the risk of [belkin2020, Thm 1†].

    >>> noisy_inputs(n=40, p=[20, 80, 320], input_noise=0.5, noise=0.5).round(6)
    array([1.789474, 2.019231, 1.545027])
    """
    risk = exact.least_squares(n, p, signal, noise)
    norm, disturbance = broadcast(norm=risk.norm, input_noise=non_negative("input_noise", input_noise))
    with np.errstate(invalid="ignore", over="ignore"):
        return (risk.test + np.where(disturbance > 0, disturbance * norm, 0.0))[()]
