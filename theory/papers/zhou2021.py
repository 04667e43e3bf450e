"""Zhou 2021: why over-parameterization of deep networks does not overfit.

The paper argues, without a theorem, that a network is a learnt transformation of the inputs and a classifier
on top: classical capacity theory governs the classifier, which has few inputs, and not the transformation,
which has many parameters. Here is what the classifier costs if it is fitted by least squares.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory import exact
from theory.arguments import Array
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="zhou2021",
    title="Why over-parameterization of deep neural networks does not overfit?",
    authors=("Zhou",),
    error="excess",
    note="the part due to label noise",
    penalty="none: minimum norm",
    statements={"noise_cost": "proved, exact at finite n for Gaussian inputs (the paper states no theorem)"},
    topics=("capacity", "generalization bounds"),
)


def noise_cost(n: ArrayLike, p: ArrayLike, noise: ArrayLike = 1.0) -> Array:
    """Excess error that label noise causes in a classifier of p inputs, exact at finite n.

    noise p/(n - p - 1) for p <= n - 2, and noise n/(p - n - 1) for p >= n + 2, whatever the number of
    parameters in the fixed transformation that makes the p inputs.

    Parameters
    ----------
    n, p : array_like
        Samples n > 0 and inputs p >= 0 of the classifier, Gaussian.
    noise : array_like >= 0
        Label-noise variance.

    Returns
    -------
    array; inf for |n - p| <= 1 (p > 0) and noise > 0.

    Source: [zhou2021] argues so without a theorem; the value is that of [breiman1983].

    >>> noise_cost(n=80, p=[16, 79, 320], noise=0.5).round(6)
    array([0.126984,      inf, 0.167364])
    """
    return exact.least_squares(n, p, signal=0.0, noise=noise).var_noise_samples
