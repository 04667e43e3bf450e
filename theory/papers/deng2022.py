"""Deng, Kammoun, Thrampoulidis 2022: a model of double descent for binary linear classification.

Gradient descent on the logistic loss, run to the end: it finds the maximum of the likelihood where the
samples are not separable, and points to the maximum of the margin where they are.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory import classification
from theory.arguments import Array
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="deng2022",
    title="A model of double descent for high-dimensional binary linear classification",
    authors=("Deng", "Kammoun", "Thrampoulidis"),
    error="test",
    note="probability of a wrong label",
    penalty="none: logistic regression run to the end",
    statements={
        "gmm_error": "verified by simulation; the Gaussian mixture only",
    },
    topics=("double descent", "classification", "implicit bias"),
)


def gmm_error(gamma: ArrayLike, mean_norm: ArrayLike) -> Array:
    """Test error of gradient descent on the logistic loss, for a mixture of two Gaussians.

    x = y mu + z with z ~ N(0, I_p), p/n -> gamma (the paper's kappa): the error of unregularised
    logistic regression for gamma < gamma*(r), of the hard-margin SVM above (both are gamma* there).
    For a model that sees the features S only, r^2 = |mu_S|^2 grows with gamma.

    Parameters
    ----------
    gamma : array_like > 0
    mean_norm : array_like >= 0
        r, the norm of mu over the features that the model sees.

    Returns
    -------
    array; 1/2 at mean_norm = 0.

    Source: [deng2022] (Gaussian-mixture model).

    >>> gmm_error(gamma=[0.1, 0.5, 2.0], mean_norm=1.0).round(4)
    array([0.1869, 0.2818, 0.3199])
    """
    return classification.logistic(gamma, mean_norm).error
