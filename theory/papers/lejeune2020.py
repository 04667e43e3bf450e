"""LeJeune, Javadi, Baraniuk 2020: averaging least squares on random parts of the data acts like a ridge.

Each member of the ensemble sees a random share of the p features and a random share of the n samples, and
fits by ordinary least squares; the prediction is the mean over one, several or infinitely many members.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, between, broadcast, non_negative, positive, whole_or_inf
from theory.engines.products import product
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="lejeune2020",
    title="The implicit regularization of ordinary least squares ensembles",
    authors=("LeJeune", "Javadi", "Baraniuk"),
    error="test",
    penalty="none: ordinary least squares",
    statements={
        "ensemble": "verified (simulation); limit",
        "finite_ensemble": "verified (simulation); own derivation, equals the authors' public code",
        "best_share": "proved, given the risk of the ensemble",
    },
    checked={"ensemble": "code", "finite_ensemble": "code", "best_share": "code"},
    topics=("ensembles", "implicit regularization"),
)


def ensemble(gamma: ArrayLike, share: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 0.0) -> Array:
    """Test error of an infinite ensemble of least-squares fits on random subsets of isotropic features.

    With gamma = p/n and members that see a share a of the features, n, p -> infinity:
        test = (noise + signal (1 - a)^2)/(1 - a^2 gamma),    a gamma < 1,
    whatever the share of the samples that they see, if it exceeds a gamma. It is the test error of ridge
    regression whose kappa is (1 - a)/a.

    Parameters
    ----------
    gamma : array_like > 0
        Features p over samples n.
    share : array_like in (0, 1]
        Share of the features that each member sees; share gamma < 1, because members fit by ordinary least
        squares.
    signal, noise : array_like >= 0
        Target power |beta|^2, in random directions, and label-noise variance.

    Returns
    -------
    ndarray
        Squared error on a fresh noisy sample.

    Raises
    ------
    ValueError
        A share that is not in (0, 1], or share gamma >= 1.

    Source: [lejeune2020, Thm 3.6†] for the optimum; the risk at every share by direct
    calculation, verified by simulation.

    >>> float(ensemble(gamma=2.0, share=0.4, noise=0.5).round(4))
    1.2647
    """
    gamma, share, signal, noise = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        share=between("share", share, 0, 1, "(]"),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    _check_fits(gamma, share, np.ones_like(share), "1/gamma")
    return _pair(gamma, share, signal, noise)[()]


def finite_ensemble(
    gamma: ArrayLike,
    share: ArrayLike,
    members: ArrayLike,
    samples: ArrayLike = 1.0,
    signal: ArrayLike = 1.0,
    noise: ArrayLike = 0.0,
) -> Array:
    """Test error of the average of k least-squares fits on random subsets of isotropic features and samples.

    With gamma = p/n and members that see a share a of the features and a share e of the samples:
        test = (1 - 1/k) (noise + signal (1 - a)^2)/(1 - a^2 gamma)
               + (1/k) (noise + signal (1 - a))/(1 - a gamma/e),    a gamma < e.

    Derivation: the squared error of a mean of k is that of one member, 1/k times, and the product of the
    errors of two different members, (1 - 1/k) times. One member is least squares in which the power of the
    features that it does not see is noise; two members are `ensemble`, which does not depend on e.

    The error falls with k, and the best share grows with it: few members should see few features.

    Parameters
    ----------
    gamma : array_like > 0
        Features p over samples n.
    share : array_like in (0, 1]
        Share of the features that each member sees; share gamma < samples, because members fit by ordinary
        least squares.
    members : array_like of whole numbers >= 1
        k; may be inf, which gives `ensemble`.
    samples : array_like in (0, 1]
        Share of the samples that each member sees. A member's own error falls with it, so that 1 is best.
    signal, noise : array_like >= 0
        Target power |beta|^2, in random directions, and label-noise variance.

    Returns
    -------
    ndarray
        Squared error on a fresh noisy sample.

    Raises
    ------
    ValueError
        A share that is not in (0, 1], or share gamma >= samples.

    Source: [lejeune2020]; own derivation, above, which equals the authors' public code.

    >>> finite_ensemble(gamma=2.0, share=0.4, members=[1, 2, np.inf], noise=0.5).round(4)
    array([5.5   , 3.3824, 1.2647])
    """
    gamma, share, members, samples, signal, noise = broadcast(
        gamma=positive("gamma", gamma, finite=True),
        share=between("share", share, 0, 1, "(]"),
        members=whole_or_inf("members", members, 1),
        samples=between("samples", samples, 0, 1, "(]"),
        signal=non_negative("signal", signal),
        noise=non_negative("noise", noise),
    )
    _check_fits(gamma, share, samples, "samples/gamma")
    two = _pair(gamma, share, signal, noise)
    with np.errstate(over="ignore", invalid="ignore"):
        one = (noise + signal * (1 - share)) / (1 - share * gamma / samples)
        return np.where(np.isinf(members), two, (1 - 1 / members) * two + one / members)[()]


def _pair(gamma: Array, share: Array, signal: Array, noise: Array) -> Array:
    """Noise, and the mean product of the errors of two members."""
    with np.errstate(over="ignore"):
        return np.asarray((noise + signal * (1 - share) ** 2) / (1 - share**2 * gamma))


def _check_fits(gamma: Array, share: Array, samples: Array, limit: str) -> None:
    """Every member must see fewer features than samples."""
    too_large = share * gamma >= samples
    if too_large.any():
        largest = samples[too_large][0] / gamma[too_large][0]
        raise ValueError(f"share = {share[too_large][0]:g} must be below {limit} = {largest:g}")


def best_share(gamma: ArrayLike, signal: ArrayLike = 1.0, noise: ArrayLike = 0.0) -> Array:
    """Share of the features that gives an infinite ensemble the least test error: that of the best ridge.

    The smaller root of gamma a^2 - (1 + gamma + gamma noise/signal) a + 1 = 0.

    Parameters
    ----------
    gamma : array_like > 0
        Features p over samples n.
    signal : array_like > 0
        Target power |beta|^2.
    noise : array_like >= 0
        Label-noise variance; without noise the share is min(1, 1/gamma), of which `ensemble` is a limit.

    Returns
    -------
    ndarray

    Source: [lejeune2020, Thm 3.6†].

    >>> float(best_share(gamma=2.0, noise=0.5))
    0.292893218813...
    """
    gamma, signal, noise = broadcast(
        gamma=positive("gamma", gamma, finite=True), signal=positive("signal", signal, finite=True),
        noise=non_negative("noise", noise),
    )  # fmt: skip
    price = product((gamma, 1), (noise, 1), (signal, -1))
    with np.errstate(over="ignore"):
        # (1 + gamma + price)^2 - 4 gamma, as a sum of positive terms
        root = np.hypot(1 - gamma, np.sqrt(price) * np.sqrt(2 * (1 + gamma) + price))
        return (2 / (1 + gamma + price + root))[()]
