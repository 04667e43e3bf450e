"""Lee et al. 2019: wide networks of any depth evolve as linear models.

The loss is sum (f - y)^2/2, not its mean: a time t of the paper is n t of `theory.dynamics`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import dynamics, kernel
from theory.activation import ActivationLike
from theory.arguments import non_negative
from theory.dynamics import Prediction
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="lee2019",
    title="Wide neural networks of any depth evolve as linear models under gradient descent",
    authors=("Lee", "Xiao", "Schoenholz", "Bahri", "Novak", "Sohl-Dickstein", "Pennington"),
    error="none",
    note="predictions",
    penalty="none: stopped at a time of the summed loss",
    statements={
        "predictive": "verified by simulation",
        "critical_step": "verified",
    },
    topics=("neural tangent kernel", "lazy training"),
)


def predictive(
    X: ArrayLike,
    y: ArrayLike,
    X_test: ArrayLike,
    time: ArrayLike,
    depth: int = 1,
    activation: ActivationLike = "relu",
    sigma_w2: float = 2.0,
    sigma_b2: float = 0.0,
    trained: str = "all",
    noise: float = 0.0,
) -> Prediction:
    """Mean and covariance of the predictions of wide networks trained for a time.

    mean = Theta_*X Theta^-1 (I - e^(-Theta t)) y; see `theory.dynamics.linearised_network`.

    Parameters
    ----------
    X : (n, d) array_like
    y : (n,) or (n, k) array_like
    X_test : (m, d) array_like
    time : array_like >= 0
        Time of the flow on half the sum of squares; may be inf.
    depth : int >= 1
        Hidden layers.
    activation : str or callable
    sigma_w2, sigma_b2 : float >= 0
    trained : "all" or "last"
    noise : float >= 0
        Observation noise.

    Returns
    -------
    Prediction(mean, variance, covariance)

    Source: [lee2019, Sec. 2.3†].

    >>> predictive([[1.0, 0.0]], [2.0], [[1.0, 0.0], [0.0, 1.0]], time=np.inf).mean.round(6)
    array([2.     , 0.31831])
    """
    moment = non_negative("time", time, finite=False)
    n = max(len(np.atleast_1d(np.asarray(y))), 1)
    network = depth, activation, sigma_w2, sigma_b2
    return dynamics.linearised_network(X, y, X_test, n * moment, *network, trained, noise=noise)


def critical_step(
    X: ArrayLike,
    depth: int = 1,
    activation: ActivationLike = "relu",
    sigma_w2: float = 2.0,
    sigma_b2: float = 0.0,
) -> float:
    """Step of the paper's theorem: 2/(lambda_min + lambda_max) of the tangent kernel, summed loss.

    The step of the fastest linear rate; descent converges up to 2/lambda_max.

    Parameters
    ----------
    X : (n, d) array_like
    depth : int >= 0
        Hidden layers.
    activation : str or callable
    sigma_w2, sigma_b2 : float >= 0

    Returns
    -------
    float; inf where the kernel is 0.

    Source: [lee2019, Thm 2.1†].

    >>> critical_step([[1.0, 0.0], [-1.0, 0.0]])
    0.5
    """
    values = kernel.spectrum(X, "ntk", depth, activation, sigma_w2, sigma_b2)
    total = max(values[0], 0.0) + values[-1]
    return float(2 / total) if total > 0 else np.inf
