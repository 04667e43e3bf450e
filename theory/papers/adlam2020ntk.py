"""Adlam, Pennington 2020: the neural tangent kernel in high dimensions.

A network with one hidden layer in its linear regime, both layers trained, d, n, N -> infinity in
proportion: phi = d/n, psi = d/N. Its kernel is the random-feature kernel of mei2022 plus
output_variance [(s - mu1^2) I + mu1^2 X'X/d], s = E activation'^2, and gamma I.

Triple descent. Training the read-out alone, the test error peaks at N = n. Training both layers it falls
through N = n and peaks where all N (d + 1) parameters together are about n: at N ~ n/d units, a few, which
this scaling does not cover. Simulation at n = 60, d = 30, erf, noise 0.2, gamma 1e-3, with read-out weights
of equal size, has mean test errors 1.1, 3.8, 1.3, 0.47, 0.38 at 31, 62, 93, 310, 1860 parameters, and the
claim adlam2020ntk.peak decides both statements.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.activation import moments
from theory.arguments import SAME, Array, broadcast, non_negative, positive
from theory.errors import ConvergenceError
from theory.names import own_names
from theory.papers import Paper, mei2022

__dir__ = own_names(globals())

PAPER = Paper(
    key="adlam2020ntk",
    title="The neural tangent kernel in high dimensions: triple descent and a multi-scale theory of"
    " generalization",
    authors=("Adlam", "Pennington"),
    error="test",
    penalty="gamma on the n x n kernel matrix: n times the ridge of overparam",
    statements={
        "risk": "verified by simulation; two real equations of ours in place of the paper's polynomial"
    },
    topics=("double descent", "triple descent", "neural tangent kernel"),
)


class NTKRisk(NamedTuple):
    """Errors, and the two constants of the equations."""

    test: Array
    train: Array
    kappa: Array
    eta: Array


def risk(
    phi: ArrayLike,
    psi: ArrayLike,
    gamma: ArrayLike,
    activation: str | Callable[[Array], Array] = "erf",
    output_variance: ArrayLike = 1.0,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> NTKRisk:
    """Kernel regression with the neural tangent kernel of a finite-width network, linear target.

    With l = mu1^2, b = output_variance l, S = b + kappa + eta l:
    eta [1 + psi (l/S + mu_star^2/kappa)] = 1,  df = (b + eta l)/S + eta mu_star^2/kappa,
    kappa (1/phi - df) = gamma + output_variance (s - l),  R = kappa/S,
    test = [signal (R - kappa R') + noise]/[1 - phi (df + kappa df')], train = (gamma phi/kappa)^2 test.

    For widths N of the order of n and d; the peak at N (d + 1) ~ n parameters, a few units, is not in it.

    Parameters
    ----------
    phi : array_like > 0
        d/n.
    psi : array_like >= 0
        d/N; 0 is the limit of infinite width.
    gamma : array_like >= 0
        Added to the diagonal of the n x n kernel matrix; may be inf.
    activation : str or callable
        With a square-integrable derivative. The output must be centred at initialisation.
    output_variance : array_like >= 0
        Variance of the read-out weights; 0 trains the read-out alone, which is mei2022.
    signal, noise : array_like >= 0
        Power of the linear target and label-noise variance.

    Returns
    -------
    NTKRisk(test, train, kappa, eta); test is inf where the kernel is singular and just fitted: gamma 0
    and output_variance 0 at phi = psi, or a linear activation at phi = 1.

    Raises
    ------
    ValueError
        A negative or nan argument; an activation that jumps, such as "sign".

    Source: [adlam2020ntk, Thm 1†].

    >>> risk(0.5, 0.75, 0.01, "erf", noise=0.1).test.round(6)
    np.float64(0.222218)
    """
    phi, psi, gamma, output_variance, signal, noise = broadcast(
        phi=positive("phi", phi, finite=True),
        psi=non_negative("psi", psi),
        gamma=non_negative("gamma", gamma, finite=False),
        output_variance=non_negative("output_variance", output_variance),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    mu = moments(activation)
    if np.isinf(mu.slope2):
        raise ValueError(
            f"activation = {activation!r} has no square-integrable derivative; "
            "pass a continuous one, or use mei2022 for its random features"
        )
    # a constant activation has no second part either
    read_out = (output_variance == 0) | (mu.mu1**2 + mu.mu_star2 == 0)
    both = ~read_out & np.isfinite(gamma)
    fields = np.empty((4, *phi.shape))
    fields[0] = fields[1] = signal + noise  # an infinite penalty: the predictor is 0
    fields[2], fields[3] = np.inf, 1.0
    if read_out.any():
        known = (phi, psi, gamma, signal, noise)
        fields[:, read_out] = _read_out(mu.mu1, mu.mu_star2, *(a[read_out] for a in known))
    if both.any():
        # s - l >= 2 mu_star^2, both 0 for a linear activation
        shift = mu.slope2 - mu.mu1**2 if mu.mu_star2 > 0 else 0.0
        every = (phi, psi, gamma, output_variance, signal, noise)
        fields[:, both] = _network(mu.mu1**2, mu.mu_star2, shift, *(a[both] for a in every))
    return NTKRisk(*(field[()] for field in fields))


def _read_out(
    mu1: float, mu_star2: float, phi: Array, psi: Array, gamma: Array, signal: Array, noise: Array
) -> tuple[Array, ...]:
    with np.errstate(divide="ignore", invalid="ignore"):
        fit = mei2022.risk(1 / psi, 1 / phi, gamma * phi, (mu1, mu_star2), signal, noise=noise)
        ratio = fit.kappa / fit.gamma_eff  # eta = 1 - psi T
        eta = np.where(np.isinf(fit.gamma_eff), 1.0, np.where(fit.gamma_eff > 0, ratio, 1 - psi * fit.df))
    return fit.test, fit.train, fit.kappa, eta


def _network(
    l: float,
    m: float,
    shift: float,
    phi: Array,
    psi: Array,
    gamma: Array,
    output_variance: Array,
    signal: Array,
    noise: Array,
) -> tuple[Array, ...]:
    b = output_variance * l
    delta = gamma + output_variance * shift
    kappa = _kappa(l, m, phi, psi, delta, b)
    eta = _eta(l, m, psi, kappa, b)
    S = b + kappa + eta * l
    with np.errstate(divide="ignore", invalid="ignore"):
        # n - df per dimension; kappa = 0 is a linear activation with more samples than dimensions
        rest = np.where(np.abs(phi - 1) <= SAME, 0.0, (1 - phi) / phi)
        left = np.where(kappa > 0, delta / kappa, rest)
        star = np.where(kappa > 0, m / kappa, 0.0)
        # derivatives along the curve eta(kappa), as sums of positive terms: kappa eta', -kappa df'
        spread = eta * (l * kappa / S**2 + star)
        scale = 1 + psi * (l * (b + kappa) / S**2 + star)
        rise = psi * spread / scale
        fall = b * kappa / S**2 + spread * (1 + psi * l * b / S**2) / scale
        error = signal * ((kappa / S) ** 2 + kappa * l / S**2 * rise) + noise
        test = np.where(error > 0, error / (phi * (left + fall)), 0.0)
        share = np.where(kappa > 0, gamma * phi / kappa, phi * left)
        train = np.where(share > 0, share**2 * test, 0.0)
    return test, train, kappa, eta


def _eta(l: float, m: float, psi: Array, kappa: Array, b: Array) -> Array:
    """Root of eta [1 + psi (l/S + m/kappa)] = 1, a quadratic equation with one positive root."""
    star = np.divide(m, kappa, out=np.zeros_like(kappa), where=kappa > 0)
    a, c = 1 + psi * star, b + kappa
    half = (a * c + psi * l - l) / 2
    root = np.hypot(half, np.sqrt(a * l * c))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(half > 0, c / (half + root), (root - half) / (a * l))


def _left(l: float, m: float, phi: Array, psi: Array, kappa: Array, b: Array) -> Array:
    """n - df per dimension at kappa > 0; df = 1 - kappa/S + eta m/kappa, exact where m = 0 and n ~ d."""
    eta = _eta(l, m, psi, kappa, b)
    S = b + kappa + eta * l
    linear = np.where(phi <= 1, (1 - phi) / phi + kappa / S, 1 / phi - (b + eta * l) / S)
    return linear - eta * m / kappa


def _kappa(l: float, m: float, phi: Array, psi: Array, delta: Array, b: Array) -> Array:
    """Root of kappa (n - df) = delta by bisection in log kappa; the left side rises with kappa."""
    # without delta, where df = b/(b + kappa) at least
    linear = np.where(phi - 1 > SAME, b * (phi - 1), 0.0)
    # 0 <= df <= (l + b + m)/kappa
    low, high = np.maximum(delta * phi, linear), 2 * phi * (delta + l + b + m)
    singular = low == 0  # a linear activation, gamma 0, n >= d
    low = np.log(np.where(singular, 1.0, low))
    high = np.maximum(np.log(np.where(singular, 1.0, high)), low)
    for _ in range(200):
        middle = (low + high) / 2
        kappa = np.exp(middle)
        above = kappa * _left(l, m, phi, psi, kappa, b) > delta
        low, high = np.where(above, low, middle), np.where(above, middle, high)
        if (high - low <= 1e-15 * np.maximum(1.0, np.abs(high))).all():
            return np.where(singular, 0.0, np.exp(high))
    raise ConvergenceError(
        f"kappa is not settled after 200 bisections at phi = {phi.flat[0]:g}, psi = {psi.flat[0]:g}; "
        "rescale gamma and the activation towards 1"
    )
