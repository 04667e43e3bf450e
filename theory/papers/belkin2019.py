"""Belkin, Hsu, Ma, Mandal 2019: reconciling modern machine learning and the bias-variance trade-off.

The paper is experimental: it has no closed risk curve. Here are the sizes at which its models begin to
interpolate; the norm of the interpolant has its quantitative analogue in `mei2022.norm`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, option, positive, whole
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="belkin2019",
    title="Reconciling modern machine-learning practice and the classical bias-variance trade-off",
    authors=("Belkin", "Hsu", "Ma", "Mandal"),
    error="none",
    note="counts",
    penalty="none: minimum norm",
    statements={"network_parameters": "proved (a count)", "interpolation_threshold": "proved (a count)"},
    topics=("double descent", "interpolation threshold"),
)

_MODELS = ("random_relu", "real_fourier", "complex_fourier", "network")


def network_parameters(inputs: ArrayLike, hidden: ArrayLike, outputs: ArrayLike) -> Array:
    """Weights and biases of a network with one hidden layer: (d + 1) H + (H + 1) K.

    Parameters
    ----------
    inputs, hidden, outputs : array_like, whole numbers >= 1
        d, H and K.

    Returns
    -------
    array of float64, exact below 2^53.

    Source: [belkin2019, Fig. 3†].

    >>> network_parameters(784, [10, 50], 10)
    array([ 7960., 39760.])
    """
    d, H, K = broadcast(
        inputs=whole("inputs", inputs, low=1),
        hidden=whole("hidden", hidden, low=1),
        outputs=whole("outputs", outputs, low=1),
    )
    with np.errstate(over="ignore"):
        return ((d + 1) * H + (H + 1) * K)[()]


def interpolation_threshold(n: ArrayLike, model: str = "random_relu", classes: ArrayLike = 1) -> Array:
    """Size at which a model has as many parameters as it has numbers to fit.

    random_relu n units, complex_fourier n frequencies, real_fourier n/2 frequencies (each is a sine and a
    cosine), network n K parameters.

    Parameters
    ----------
    n : array_like > 0
        Samples; may be inf.
    model : "random_relu", "real_fourier", "complex_fourier" or "network"
    classes : array_like, whole numbers >= 1
        K, which counts for "network" alone: the others have a read-out for each class.

    Returns
    -------
    array

    Source: [belkin2019, Fig. 2 and 3†].

    >>> float(interpolation_threshold(10000, "real_fourier"))
    5000.0
    """
    option("model", model, *_MODELS)
    n, classes = broadcast(n=positive("n", n), classes=whole("classes", classes, low=1))
    factor = {"real_fourier": np.full(n.shape, 0.5), "network": classes}.get(model, np.ones(n.shape))
    with np.errstate(over="ignore"):
        return (n * factor)[()]
