"""Ali, Kolter, Tibshirani 2019: a continuous-time view of early stopping for least squares.

Gradient flow beta' = X'(y - X beta)/n from 0 on an isotropic design, p/n -> gamma, |beta|^2 = signal. The
paper's risk is the excess test - noise; its "bias" is `bias + var_samples` here. Time t stands beside
the ridge 1/t.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines import flow_curve
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem
from theory.risk import Risk

__dir__ = own_names(globals())

PAPER = Paper(
    key="ali2019",
    title="A continuous-time view of early stopping for least squares",
    authors=("Ali", "Kolter", "Tibshirani"),
    error="test",
    penalty="none: stopping at time t corresponds to ridge = 1/t",
    statements={
        "risk": "verified by simulation",
        "risk_ratio": "proved",
        "bounds": "proved as suprema, of estimation risk; the paper rounds them to 1.69 and 1.22",
    },
    checked={"bounds": "text"},
    topics=("early stopping", "implicit regularization", "Marchenko-Pastur"),
)

_ONE_LEVEL = Problem.isotropic(p=1)


def risk(gamma: ArrayLike, time: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 1.0) -> Risk:
    """Gradient flow on an isotropic design, n, p -> infinity with p/n -> gamma.

    With averages I over the law F of Marchenko and Pastur, its atom at 0 included,
    test = noise + signal I[e^-2tx] + noise gamma I[(1 - e^-tx)^2/x].

    Parameters
    ----------
    gamma : array_like > 0
        p/n.
    time : array_like >= 0
        0 is the start, inf the minimum-norm solution.
    signal, noise : array_like >= 0
        |beta|^2 and the label-noise variance.

    Returns
    -------
    Risk; df per sample. `test` is inf at gamma = 1, time inf, noise > 0; `df2`, `kappa` and `gamma_eff`
    are nan at finite times, where they are not defined.

    Source: [ali2019, Thm 5†].

    >>> float(risk(gamma=0.5, time=4.0, signal=5.0).test.round(6))
    1.777508
    """
    gamma, time, signal, noise = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        time=non_negative("time", time, finite=False),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    # (n, p) -> (n, p)/gamma is an invariance of the flow: one feature, 1/gamma samples
    with np.errstate(over="ignore"):  # a subnormal gamma is that of samples without end
        samples = 1 / gamma
    flow = flow_curve.curve(_ONE_LEVEL, samples, time, signal, noise)
    return flow._replace(df=flow.df * gamma, df2=flow.df2 * gamma)


def risk_ratio(x: ArrayLike) -> Array:
    """Variance along one sample eigenvector: gradient flow over ridge regression at ridge = 1/time.

    ((1 - e^-x)(1 + x)/x)^2 with x = time times the sample eigenvalue. The ratio of the squared biases,
    ((1 + x) e^-x)^2, is at most 1, so that the largest value bounds the ratio of the estimation risks.

    Parameters
    ----------
    x : array_like >= 0
        May be inf.

    Returns
    -------
    array in [1, 1.686); 1 at both ends.

    Source: [ali2019, Thm 1†].

    >>> float(risk_ratio(1.79).round(6))
    1.685908
    """
    x = non_negative("x", x, finite=False)
    small, large = np.minimum(x, 1.0), np.maximum(x, 1.0)
    slope = np.where(small > 0, -np.expm1(-small) / np.where(small > 0, small, 1.0), 1.0)
    root = np.where(x < 1, slope * (1 + small), -np.expm1(-large) * (1 + 1 / large))
    return (root**2)[()]


def bounds() -> Array:
    """How much larger than that of ridge regression the risk of gradient flow can be.

    sup_x ((1 - e^-x)(1 + x)/x)^2 at ridge = 1/time: for the estimation risk E |b - beta|^2 given any X and
    beta, and for the prediction risk E (x.b - x.beta)^2 given any X on average over beta of covariance
    proportional to I. For one beta and a Sigma that X does not share its eigenvectors with, the ratio of
    prediction risks may be larger (4 and more at Sigma = diag(1, 1, 1e-4)).

    sup_x (1 + x)(e^-2x + (1 - e^-x)^2/x) when both are tuned for such a random beta.

    Returns
    -------
    array [ridge = 1/time, tuned]

    Source: [ali2019, Thm 1† and Thm 3†]; earlier versions state 2.25 and 1.25.

    >>> bounds().round(6)
    array([1.685909, 1.214662])
    """
    return np.array([_supremum(risk_ratio), _supremum(_tuned_ratio)])


def _tuned_ratio(x: float) -> float:
    return float((1 + x) * (np.exp(-2 * x) + np.expm1(-x) ** 2 / x))


def _supremum(ratio: Callable[[float], Any]) -> float:
    """The largest value of a function that has one maximum and is 1 at both ends of (0, inf)."""
    from scipy.optimize import minimize_scalar

    minimum = minimize_scalar(
        lambda x: -ratio(x), bounds=(0.1, 20.0), method="bounded", options={"xatol": 1e-8}
    )
    return -float(minimum.fun)
