"""Sparse targets: the Lasso and basis pursuit, which depend on single coefficients, not on the spectrum.

Inputs x ~ N(0, I_p), labels x.beta + noise. A `Problem` does not know how many coefficients are zero, for a
rotation inside a level changes nothing there; here it decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, array, broadcast, non_negative, positive, scalar
from theory.engines import monotone, threshold
from theory.names import own_names

__dir__ = own_names(globals())


@dataclass(frozen=True, eq=False)
class Sparse:
    """A linear target on p independent inputs of variance 1, by the values of its coefficients.

    Parameters
    ----------
    values : (k,) array_like
        Coefficients, zero among them; signs do not matter.
    counts : (k,) array_like > 0
        How many coefficients have each value; need not be whole. Their sum is p.
    noise : float >= 0
        Label-noise variance.

    Examples
    --------
    >>> Sparse([1.0, 0.0], [20, 380], noise=0.1).p
    400.0
    """

    values: Array
    counts: Array
    noise: float = 0.0

    def __post_init__(self) -> None:
        values = array("values", self.values, 1)
        counts = positive("counts", array("counts", self.counts, 1))
        if counts.shape != values.shape:
            raise ValueError(f"counts has shape {counts.shape}; pass one per value, {values.shape}")
        object.__setattr__(self, "values", np.abs(values))
        object.__setattr__(self, "counts", counts.copy())
        object.__setattr__(self, "noise", scalar("noise", self.noise, low=0.0))

    @property
    def p(self) -> float:
        """Number of coefficients."""
        return float(self.counts.sum())

    @property
    def signal(self) -> float:
        """Power of the target, |beta|^2."""
        return float(self.counts @ self.values**2)


class Lasso(NamedTuple):
    """The fit of smallest mean squared error plus penalty times the sum of absolute coefficients."""

    test: Array
    """Squared loss on a fresh noisy sample."""
    train: Array
    """Mean squared error on the training set, without the penalty."""
    active: Array
    """Number of coefficients that are not zero: its degrees of freedom."""


def lasso(target: Sparse, n: ArrayLike, penalty: ArrayLike) -> Lasso:
    """Errors and size of the Lasso, which minimises mean (y - x.a)^2 + penalty |a|_1 over n samples.

    With s = sqrt(test/n), a threshold z s on beta + s G, and eta the soft threshold,
        test = noise + sum m E(eta(beta + s G) - beta)^2,   active = sum m P(|beta + s G| > z s),
        penalty = 2 z s (1 - active/n),                     train = test (1 - active/n)^2.
    Penalty 0 is least squares for n >= p, and for n < p basis pursuit, the interpolating fit of smallest
    |a|_1, which finds a noiseless target exactly if n/p exceeds `donoho2009.transition`. A limit: the test
    error is low by about 3/n of it. scikit-learn's Lasso has alpha = penalty/2.

    Use it where few coefficients matter; ridge regression (`theory.ridge`) is as good where many do.

    Parameters
    ----------
    target : Sparse
    n : array_like > 0
        Samples.
    penalty : array_like >= 0
        May be inf, where all coefficients are zero.

    Returns
    -------
    Lasso(test, train, active); test is inf at penalty 0 and n = p with noise.

    Source: [bayati2012, Thm 1.5†]; penalty 0 [donoho2009†], [li2021bp†].

    >>> lasso(Sparse([1.0, 0.0], [20, 380], noise=0.1), 200, [0.1, 0.0]).test.round(4)
    array([0.2028, 0.3059])
    """
    samples, prices = broadcast(
        n=positive("n", n, finite=True), penalty=non_negative("penalty", penalty, False)
    )
    found = [
        _lasso(target, float(size), float(price))
        for size, price in zip(samples.ravel(), prices.ravel(), strict=True)
    ]
    test, train, active = np.reshape(found, (*samples.shape, 3)).transpose(-1, *range(samples.ndim))
    return Lasso(test[()], train[()], active[()])


def _lasso(target: Sparse, n: float, penalty: float) -> tuple[float, float, float]:
    """test, train and active at one point."""
    if penalty == inf:
        return target.noise + target.signal, target.noise + target.signal, 0.0
    if penalty == 0 and n >= target.p:
        if n == target.p:
            return (inf if target.noise else 0.0), 0.0, n
        return target.noise * n / (n - target.p), target.noise * (n - target.p) / n, target.p
    if target.signal == target.noise == 0:
        return 0.0, 0.0, 0.0
    state = _State(target, n)
    z = state.threshold(penalty)
    s = state.scale(z)
    left = 1 - state.active(z, s) / n if penalty else 0.0
    return n * s * s, n * s * s * left * left, n * (1 - left)


class _State:
    """The equations at n samples: the scale s of the noise on a coefficient, for each threshold z."""

    def __init__(self, target: Sparse, n: float) -> None:
        self.levels = list(zip(target.values.tolist(), target.counts.tolist(), strict=True))
        self.noise, self.p, self.n = target.noise, target.p, n
        self.unit = sqrt((target.noise + target.signal) / n)

    def scale(self, z: float) -> float:
        """The root s of n = noise/s^2 + sum m risk(beta/s, z), which falls with s; 0 for exact recovery."""

        def missing(log_s: float) -> float:
            s = exp(log_s)
            return self.n - self.noise / s**2 - sum(m * threshold.risk(b / s, z) for b, m in self.levels)

        if self.noise == 0 and self._noiseless(z) <= 0:
            return 0.0
        return exp(monotone.root(missing, *monotone.bracket(missing, log(self.unit), 2.0)))

    def _noiseless(self, z: float) -> float:
        """sum m risk - n as s -> 0: every coefficient that is not zero has the risk 1 + z^2."""
        return sum(m * (1 + z * z if b else threshold.risk(0.0, z)) for b, m in self.levels) - self.n

    def active(self, z: float, s: float) -> float:
        """Coefficients beyond the threshold."""
        if s == 0:
            return sum(m * (1.0 if b else threshold.passes(0.0, z)) for b, m in self.levels)
        return sum(m * threshold.passes(b / s, z) for b, m in self.levels)

    def threshold(self, penalty: float) -> float:
        """z at which 2 z s (1 - active/n) = penalty; it grows with z, from -inf where s diverges if n < p."""

        def gap(z: float) -> float:
            s = self.scale(z)
            return 2 * z * s * (1 - self.active(z, s) / self.n) - penalty

        least = 0.0
        if self.n < self.p:
            least = monotone.root(
                lambda z: self.p * threshold.risk(0.0, z) - self.n, 0.0, _beyond(self.p / self.n)
            )
        step = 0.5
        while gap(least + step) < 0:
            step *= 2
        high, low = step, step
        while gap(least + low) >= 0:
            high, low = low, low / 2
        return least + monotone.root(lambda x: gap(least + x), low, high, xtol=1e-300)


def _beyond(ratio: float) -> float:
    """A threshold at which the risk of a zero coefficient is below 1/ratio."""
    return sqrt(2 * log(ratio)) + 1.0
