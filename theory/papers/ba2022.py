"""Ba et al. 2022: one gradient step on the first layer puts a spike into its weights, along the target.

f(x) = N^-1/2 sum a_j s(w_j.x), w_j ~ N(0, I/d), |a| = 1; one step W_1 = W_0 + eta sqrt(N) G on half the mean
squared error of n samples. The gradient is almost of rank one. What ridge regression on fresh samples makes
of the new units is the risk of their `features`. With a step of order 1, as here, it cannot go below the
linear floor, the part of the target that no linear function explains, plus noise. Steps of order sqrt(N)
can: their units see the target's direction through the bends of the activation. That is open here, and
`features`, which knows no bends, is then far too high.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory import activation as activations
from theory.activation import ActivationLike
from theory.arguments import SAME, Array, array, broadcast, non_negative, positive, real, scalar
from theory.names import own_names
from theory.papers import Paper, schroder2023
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="ba2022",
    title="High-dimensional asymptotics of feature learning: "
    "how one gradient step improves the representation",
    authors=("Ba", "Erdogdu", "Suzuki", "Wang", "Wu", "Yang"),
    error="none",
    note="the spike of the first layer, and the Problem that its units see",
    penalty="none: one step",
    statements={
        "alignment": "verified by simulation; a limit, own derivation",
        "features": "verified by simulation; for steps of order 1",
    },
    topics=("feature learning", "one gradient step", "spiked random matrices"),
)


class Alignment(NamedTuple):
    """The largest singular value of the weights after the step, and its vector."""

    singular_value: Array
    """The spike, or the edge of the bulk where there is none."""
    alignment: Array
    """Squared cosine between its right singular vector and the target's direction; 0 without a spike."""


def alignment(
    step: ArrayLike,
    d: ArrayLike,
    width: ArrayLike,
    n: ArrayLike,
    mu1: ArrayLike,
    target_mu1: ArrayLike,
    label_power: ArrayLike,
) -> Alignment:
    """The spike that one gradient step makes in the first layer, and how it is aligned with the target.

    eta sqrt(N) G is eta mu_1 (X'y/n) a' up to noise: a spike theta = eta |mu_1| sqrt(mu_1*^2 + psi E y^2)
    beside N x d Gaussian weights of variance 1/d, psi = d/n, c = N/d. For theta^4 > c it leaves the bulk:
        s_1 = sqrt((1 + theta^2)(c + theta^2))/theta,
        cos^2 = mu_1*^2/(mu_1*^2 + psi E y^2) (theta^4 - c)/(theta^2 (theta^2 + 1)),
    the first factor being the noise of X'y/n; otherwise s_1 = 1 + sqrt(c) and cos^2 = 0. A limit of large d,
    N, n; the start of the network must be subtracted (or its output be small), and the activation centred.

    Parameters
    ----------
    step : array_like >= 0
        eta.
    d, width, n : array_like > 0
        Dimension, units N, samples.
    mu1 : array_like
        First Hermite coefficient of the activation, `theory.activation.moments`.
    target_mu1 : array_like
        mu_1*, that of the target f*(x) = g(beta.x), |beta| = 1.
    label_power : array_like >= 0
        E y^2, the noise included; at least mu_1*^2.

    Returns
    -------
    Alignment
        (singular_value, alignment), arrays.

    Raises
    ------
    ValueError
        Labels that have less power than their linear part.

    Source: [ba2022, Thm 3†], in our units; own derivation.

    >>> found = alignment(step=4.0, d=400, width=300, n=1200, mu1=0.6, target_mu1=0.5, label_power=0.35)
    >>> [float(value.round(4)) for value in found]
    [2.0536, 0.3849]
    """
    step, d, width, n, mu1, linear, power = broadcast(
        step=non_negative("step", step),
        d=positive("d", d, finite=True),
        width=positive("width", width, finite=True),
        n=positive("n", n, finite=False),
        mu1=real("mu1", mu1),
        target_mu1=real("target_mu1", target_mu1),
        label_power=non_negative("label_power", label_power),
    )
    short = power < linear**2 * (1 - 1e-12)
    if short.any():
        i = np.flatnonzero(short.ravel())[0]
        raise ValueError(
            f"label_power = {power.ravel()[i]:g} is below target_mu1^2 = {linear.ravel()[i] ** 2:g}; "
            "it is the mean of y^2, noise included"
        )
    c, gradient = width / d, np.hypot(linear, np.sqrt(d / n) * np.sqrt(power))
    spike, root = step * np.abs(mu1) * gradient, np.sqrt(c)
    out = spike > np.sqrt(root)
    theta, seen = np.where(out, spike, 1.0), np.where(out, gradient, 1.0)
    value = np.hypot(1, theta) * np.hypot(root, theta) / theta
    share = (1 - root / theta**2) * (1 + root / theta**2) / (1 + 1 / theta**2)
    cosine2 = (linear / seen) ** 2 * share
    return Alignment(np.where(out, value, 1 + root)[()], np.where(out, cosine2, 0.0)[()])


def features(
    weights: ArrayLike,
    direction: ArrayLike,
    activation: ActivationLike,
    target: ActivationLike,
    noise: float = 0.0,
) -> Problem:
    """The target g(beta.x) as the units s(w_j.x) of a trained first layer see it, x ~ N(0, I_d).

    C = mu_1^2 W W' + mu_star^2 I and covariance mu_1 mu_1* W beta with the target: `Problem.through` the
    layer. What is not linear in the target, and its mean, is unlearnable: whatever takes the Problem stays
    above the linear floor, noise + E g^2 - mu_1*^2. Errors are of the order of 1/N for steps of order 1;
    for larger ones, with which units go below that floor, it does not hold.

    Parameters
    ----------
    weights : (N, d) array_like
        W after the step, from samples that are not used again; d >= 2.
    direction : (d,) array_like
        beta, of length 1.
    activation : str or callable
        s, odd.
    target : str or callable
        g.
    noise : float >= 0
        Variance of the label noise.

    Returns
    -------
    Problem; `theory.ridge` has its risk for the penalty n ridge |a|^2 on f(x) = sum a_j s(w_j.x).

    Raises
    ------
    ValueError
        Shapes that do not fit, a direction whose length is not 1, an activation that is not odd.

    Source: [ba2022, Sec. 4†], as the Gaussian model given the weights; [schroder2023].

    >>> features(np.eye(3, 4), [0.6, 0.8, 0.0, 0.0], "tanh", "erf", noise=0.1)
    Problem(3 levels, rank 3, eigenvalues 0.3943 .. 0.3943, power 0.3949, unlearnable 0.06966, noise 0.1)
    """
    W, beta = array("weights", weights, 2), array("direction", direction, 1)
    d = len(beta)
    if W.shape[1] != d or d < 2:
        raise ValueError(
            f"weights has shape {W.shape} and direction {beta.shape}; pass (N, d) and (d,), d >= 2"
        )
    length = float(np.linalg.norm(beta))
    if abs(length - 1) > SAME:
        raise ValueError(f"direction has the length {length:g}; divide it by that")
    # a reflection makes the direction, up to its sign, the first coordinate: a level of its own
    mirror = beta + np.copysign(np.eye(d)[0], beta[0])
    turned = W - 2 * np.outer(W @ mirror, mirror) / (mirror @ mirror)
    m = activations.moments(target)
    inputs = Problem(
        np.ones(2),
        np.array([m.mu1**2, 0.0]),
        np.array([1.0, d - 1]),
        tail_power=m.second - m.mu1**2,
        noise=scalar("noise", noise, low=0.0),
    )
    return schroder2023.features(inputs, [turned], activation)
