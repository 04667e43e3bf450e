"""Hanin, Nica 2020: at random start the fluctuations of a deep network grow with depth over width.

Networks without biases, weights of variance 2/fan-in (relu) or 1/fan-in (linear): the squared norm of a layer
is that of the layer before times an average over independent units, exactly at every width.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from theory.arguments import option, whole_or_inf
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="hanin2020",
    title="Products of many large random matrices and gradients in deep neural networks",
    authors=("Hanin", "Nica"),
    error="none",
    note="a ratio of moments",
    penalty="none",
    statements={"kurtosis": "proved, exact at every width"},
    topics=("wide networks", "finite width", "Gaussian processes"),
)

_EXCESS = {"relu": 5.0, "linear": 2.0}


def kurtosis(widths: Sequence[float], activation: str = "relu") -> float:
    """Kurtosis of the output of a random network over that of a Gaussian: E f^4/(3 (E f^2)^2).

    prod (1 + 5/n_l) for relu and prod (1 + 2/n_l) for linear units, over the hidden layers: about
    e^(5 sum 1/n_l), so that depth over width measures the distance from the Gaussian process. Given the
    last layer the output is Gaussian; a layer multiplies |h|^2 by a mean of n_l squares of units, whose
    relative variance is 5 (half of the units are 0) or 2.

    Parameters
    ----------
    widths : sequence of whole numbers >= 1, or inf
        Of the hidden layers; none is a linear model.
    activation : "relu" or "linear"

    Returns
    -------
    float

    Source: [hanin2020]; own calculation of the fourth moment.

    >>> round(kurtosis([40, 30, 50]), 5)
    1.44375
    """
    sizes = whole_or_inf("widths", np.atleast_1d(np.asarray(widths, dtype=float)), low=1)
    excess = _EXCESS[option("activation", activation, *_EXCESS)]
    return float(np.prod(1 + excess / sizes))
