"""Gradient descent on squared loss: what is certain before it starts.

Summed loss L = |r|^2/2, r = f(theta) - y, with Jacobian J = df/dtheta, (n, P): theta' = theta - step J' r.
Steps of the mean loss |r|^2/(2n) are n times as long.
"""

from __future__ import annotations

from math import e, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import named
from theory.arguments import SAME, Array, broadcast, data, non_negative, pair, positive, whole_or_inf
from theory.engines import modes, singular
from theory.engines.products import product
from theory.names import own_names

__dir__ = own_names(globals())


class Certificate(NamedTuple):
    """Step and guarantees of gradient descent; see `certificate`."""

    step: Array
    radius: Array
    contraction: Array
    distance_lower: Array
    path_upper: Array


class Certified(NamedTuple):
    """Whether the certificate holds from the start; see `certify`."""

    certified: bool
    certificate: Certificate
    alpha: float
    beta: float
    drift: float
    rank: int


class Descent(NamedTuple):
    """Misfit, distance from the start and length of the path; see `linear_descent`."""

    misfit: Array
    distance: Array
    path: Array


def certificate(alpha: ArrayLike, beta: ArrayLike, lipschitz: ArrayLike, misfit: ArrayLike) -> Certificate:
    """Convergence of gradient descent where the Jacobian stays well conditioned near the start.

    On the ball of radius R = 2 |r_0|/alpha about theta_0 let sigma_min(J) >= alpha, |J| <= beta and J be
    `lipschitz`-Lipschitz. Then with step <= min(1/beta^2, 1/(lipschitz |r_0|))/2

        |r_t|^2 <= (1 - step alpha^2)^t |r_0|^2,   (alpha/2) (path to t) + |r_t| <= |r_0|,
        |theta_t - theta_0| >= (|r_0| - |r_t|)/beta,

    and every zero of the misfit in the ball is at least |r_0|/beta away.

    Use it with bounds that are known for the whole ball; `certify` derives them from the start alone, and
    `linear_descent` replaces bounds by values where the model is linear.

    Parameters
    ----------
    alpha : array_like >= 0
        Smallest singular value of J in the ball; 0 promises nothing.
    beta : array_like > 0
        Largest singular value, >= alpha.
    lipschitz : array_like >= 0
        |J(a) - J(b)| <= lipschitz |a - b|; 0 for a linear model, may be inf.
    misfit : array_like >= 0
        |r_0|.

    Returns
    -------
    Certificate(step, radius, contraction, distance_lower, path_upper): the largest allowed step, R, the
    factor of the squared misfit per step, |r_0|/beta, and the longest path to the solution, which is R.
    Whether the assumptions hold is for the caller to know: see `certify`.

    Source: [oymak2019] with other constants; own proof, r_+ = r - step Jbar J'r with
    |Jbar - J| <= (lipschitz step/2) |J'r|.

    >>> certificate(alpha=0.5, beta=2.0, lipschitz=0.3, misfit=1.5)
    Certificate(step=np.float64(0.125), radius=np.float64(6.0), contraction=np.float64(0.96875),
                distance_lower=np.float64(0.75), path_upper=np.float64(6.0))
    """
    alpha, beta, lipschitz, misfit = modes.jacobian_bounds(alpha, beta, lipschitz, misfit)
    straight = product((lipschitz, -1), (misfit, -1))
    step = np.minimum(product((beta, -2)), straight) / 2
    reach = product((alpha, 2), (lipschitz, -1), (misfit, -1))  # nan for 0 over 0
    contraction = 1 - np.where(alpha == 0, 0.0, np.minimum((alpha / beta) ** 2, reach)) / 2
    radius = np.where(misfit == 0, 0.0, 2 * product((misfit, 1), (alpha, -1)))
    lower = product((misfit, 1), (beta, -1))
    return Certificate(step[()], radius[()], contraction[()], lower[()], radius[()])


def certify(jacobian: ArrayLike, residual: ArrayLike, lipschitz: float) -> Certified:
    """Does the certificate hold, seen from the start alone?

    A Jacobian moves by at most lipschitz R in a ball of radius R. With alpha = sigma_min(J_0)/2,
    beta = |J_0| + sigma_min(J_0)/2 and R = 2 |r_0|/alpha, the assumptions of `certificate` hold if

        lipschitz R <= sigma_min(J_0)/2,   that is   drift = 8 lipschitz |r_0|/sigma_min(J_0)^2 <= 1.

    Sufficient, not necessary: descent often obeys the bounds where this fails.

    Parameters
    ----------
    jacobian : (n, P) array_like
        J_0, at the start.
    residual : (n,) array_like
        r_0 = f(theta_0) - y.
    lipschitz : float >= 0
        Lipschitz constant of the Jacobian, in the ball at least; see `two_layer_lipschitz`. May be inf.

    Returns
    -------
    Certified(certified, certificate, alpha, beta, drift, rank). A Jacobian without full row rank (to 1e-12)
    has alpha 0 and is certified only if r_0 = 0.

    Warns
    -----
    SingularKernelWarning
        A rank below n that rounding decided: neither equal rows nor a gap in the spectrum explain it.

    Source: [oymak2019] in spirit; constants by direct calculation.

    >>> from math import sqrt
    >>> certify([[1.0]], [-0.5], lipschitz=0.2).certified  # theta + 0.1 theta^2 = 1/2 from 0
    True
    >>> certify([[1.0]], [-1.0], lipschitz=0.2).drift
    1.6
    """
    J, r = pair("jacobian", jacobian, "residual", residual)
    constant = non_negative("lipschitz", lipschitz, finite=False)
    if constant.ndim:
        raise ValueError(f"lipschitz has shape {constant.shape}; pass one number")
    s = np.asarray(np.linalg.svd(J, compute_uv=False), dtype=float)
    if s[0] == 0:
        raise ValueError("jacobian is zero; start elsewhere")
    rank = int((s > SAME * s[0]).sum())
    if len(s) == len(J):
        singular.check_jacobian("jacobian", J, s, SAME * float(s[0]), np.inf)
    least = float(s[-1]) if rank == len(J) else 0.0
    alpha, beta, misfit = least / 2, float(s[0]) + least / 2, float(np.linalg.norm(r))
    if misfit == 0:
        drift = 0.0
    elif least == 0:
        drift = np.inf
    else:
        drift = float(8 * constant * misfit / least**2)
    return Certified(drift <= 1, certificate(alpha, beta, constant, misfit), alpha, beta, drift, rank)


def misfit_bound(alpha: ArrayLike, step: ArrayLike, misfit: ArrayLike, steps: ArrayLike) -> Array:
    """Bound on the misfit |r_t| after t steps: (1 - step alpha^2)^(t/2) |r_0|.

    Parameters
    ----------
    alpha : array_like >= 0
    step : array_like >= 0
        With step alpha^2 <= 1; at most `certificate(...).step` for the bound to hold.
    misfit : array_like >= 0
        |r_0|, the norm and not its square.
    steps : array_like >= 0
        t; may be inf.

    Returns
    -------
    array

    Source: [oymak2019] with other constants; own proof, see `certificate`.

    >>> float(misfit_bound(alpha=0.5, step=0.2, misfit=1.0, steps=10).round(10))
    0.7737809375
    """
    alpha, step, misfit, steps = broadcast(
        alpha=non_negative("alpha", alpha),
        step=non_negative("step", step),
        misfit=non_negative("misfit", misfit),
        steps=non_negative("steps", steps, finite=False),
    )
    return modes.decay("step alpha^2", product((step, 1), (alpha, 2)), misfit, steps)[()]


def linear_descent(jacobian: ArrayLike, residual: ArrayLike, step: ArrayLike, steps: ArrayLike) -> Descent:
    """Gradient descent on a linear model f = f_0 + J (theta - theta_0), exactly.

        r_t = (I - step JJ')^t r_0,   path = step sum_{m<t} |J' r_m|.

    No step is simulated: 1e8 steps cost as much as a thousand.

    Parameters
    ----------
    jacobian : (n, P) array_like
        J; singular values below 1e-12 of the largest count as 0.
    residual : (n,) array_like
        r_0.
    step : array_like > 0
        Step on the summed loss; descent converges for step |J|^2 < 2.
    steps : array_like of whole numbers >= 0
        t; inf is the limit: the misfit outside the range of J, the distance |J^+ r_0|.

    Returns
    -------
    Descent(misfit, distance, path): |r_t|, |theta_t - theta_0| and the length of the path, inf where
    descent diverges. At steps = inf and step s^2 = 2 for a singular value s that r_0 meets, the distance
    swings for ever and is nan.

    Warns
    -----
    SingularKernelWarning
        Singular values that count as 0 though their modes would have moved within these steps. Silent where
        equal rows explain the rank, or no singular value lies near the cut-off.

    Raises
    ------
    ConvergenceError
        The path was not summed (never seen; please report the case).

    Source: [oymak2019] for the quantities; direct calculation.

    >>> descent = linear_descent([[1, 2, 0], [0, 1, -1]], [-1, -2], step=0.125, steps=[10, np.inf])
    >>> descent.distance.round(6)
    array([1.229161, 1.527525])
    >>> descent.path.round(6)
    array([1.452605, 1.805558])
    """
    size, count = broadcast(step=positive("step", step, finite=True), steps=whole_or_inf("steps", steps))
    s, c, outside, _ = modes.modes(jacobian, residual, modes.latest(size, count))
    rate, times = size[..., None] * s**2, count[..., None]
    with np.errstate(over="ignore"):
        misfit = np.hypot(np.linalg.norm(modes.shrink(rate, times) * c, axis=-1), outside)
        distance = np.linalg.norm(modes.moved(rate, times) * (c / s), axis=-1)
    pairs = zip(size.ravel().tolist(), count.ravel().tolist(), strict=True)
    path = np.reshape([modes.path(s, c, *pair) for pair in pairs], size.shape)
    return Descent(misfit[()], distance[()], path[()])


def two_layer_lipschitz(X: ArrayLike, output_weights: ArrayLike, activation: str = "tanh") -> float:
    """Lipschitz constant of the Jacobian of a two-layer network in its first layer.

    f(x) = v.phi(W x) with v fixed: max|phi''| |v|_inf |X|_op max_i |x_i|.

    Parameters
    ----------
    X : (n, d) array_like
    output_weights : (k,) array_like
        v, with the factor 1/sqrt(k) if the network has one.
    activation : str
        A name of `theory.activation`.

    Returns
    -------
    float; inf for relu, leaky_relu, abs, sign, whose slope jumps, and cubic, whose curvature has no bound.

    Source: [oymak2020] for the model; direct calculation.

    >>> round(two_layer_lipschitz([[1.0, 0.0], [0.0, 1.0]], [0.01, -0.01]), 6)
    0.007698
    """
    X, v = data("X", X, 2), data("output_weights", output_weights, 1)
    named(activation)
    curvature = _CURVATURE.get(activation, np.inf)  # the slope of any leaky_relu jumps
    scale = np.abs(v).max() * np.linalg.norm(X, 2) * np.linalg.norm(X, axis=1).max()
    return curvature * float(scale) if scale > 0 else 0.0


# max |phi''|
_CURVATURE = {
    "tanh": 4 / (3 * sqrt(3)),
    "erf": 2 * sqrt(2 / (pi * e)),
    "sin": 1.0,
    "cos": 1.0,
    "sigmoid": 1 / (6 * sqrt(3)),
    "softplus": 0.25,
    "gelu": sqrt(2 / pi),
    "silu": 0.5,
    "elu": 1.0,
    "quadratic": 2.0,
    "identity": 0.0,
    "cubic": np.inf,
    "relu": np.inf,
    "leaky_relu": np.inf,
    "abs": np.inf,
    "sign": np.inf,
}
