"""Pairs of Gaussians, by the distance of their correlation from +-1."""

from functools import cached_property

import numpy as np

from theory.arguments import Array
from theory.engines import angles, arc


class Pairs:
    """Gaussians (u, v) of variances a, b and correlation s (1 - e), as arrays that broadcast.

    `distance` is E (u - s v)^2, `covariance` is E u v; both are computed from the others unless given.
    """

    def __init__(
        self,
        a: Array,
        b: Array,
        e: Array,
        s: Array,
        distance: Array | None = None,
        covariance: Array | None = None,
    ) -> None:
        self.a, self.b, self.e, self.s = a, b, e, s
        if distance is not None:
            self.distance = distance
        if covariance is not None:
            self.covariance = covariance

    @cached_property
    def norm(self) -> Array:
        """sqrt(a b)."""
        return np.sqrt(self.a) * np.sqrt(self.b)

    @cached_property
    def covariance(self) -> Array:
        return self.s * self.norm * (1 - self.e)

    @cached_property
    def distance(self) -> Array:
        return (np.sqrt(self.a) - np.sqrt(self.b)) ** 2 + 2 * self.norm * self.e

    @cached_property
    def sine2(self) -> Array:
        """Squared sine of the angle."""
        return self.e * (2 - self.e)

    @cached_property
    def angles(self) -> tuple[Array, Array]:
        """I_0/pi and I_1/pi of `arc`, functions of e."""
        e = np.asarray(self.e, dtype=float)
        zero, one = np.empty(e.size), np.empty(e.size)
        angles.polynomials(e.ravel(), arc.tables(), zero, one)
        return zero.reshape(e.shape), one.reshape(e.shape)

    def smoothed(self, width2: float) -> tuple[Array, Array]:
        """|correlation| and its sine after each of u, v received independent noise of variance width2."""
        near_a, near_b = width2 / (self.a + width2), width2 / (self.b + width2)
        far_a, far_b = self.a / (self.a + width2), self.b / (self.b + width2)
        sine = np.sqrt(near_a + far_a * (near_b + far_b * self.sine2))
        return np.sqrt(far_a) * np.sqrt(far_b) * (1 - self.e), sine


def of_covariance(c: Array, a: Array, b: Array) -> Pairs:
    """Pairs of a covariance; e is as good as the digits of c. Zero vectors count as orthogonal."""
    norm = np.sqrt(a) * np.sqrt(b)
    e = np.divide(norm - np.abs(c), norm, out=np.ones_like(norm), where=norm > 0)
    return Pairs(a, b, np.clip(e, 0.0, 1.0), np.where(c < 0, -1.0, 1.0), covariance=c)


def same(a: Array) -> Pairs:
    """Pairs (u, u) of the variances a."""
    return Pairs(a, a, np.where(a > 0, 0.0, 1.0), np.ones_like(a), np.zeros_like(a), a)


def carried(
    value: Array, defect: Array, squares: tuple[Array, Array], sw: float, sb: float
) -> tuple[Array, Array]:
    """(e, s) of sw V + sb as sums of positive terms.

    `defect` is 1 - |V|/sqrt(S_a S_b) of the dual V, `squares` are S_a = E s(u)^2 and S_b.
    """
    sign = np.where(value < 0, -1.0, 1.0)
    if sb == 0:
        return defect, sign
    alpha, beta = sw * squares[0], sw * squares[1]
    g, size = np.sqrt(alpha) * np.sqrt(beta), np.sqrt(alpha + sb) * np.sqrt(beta + sb)
    same_sign = g * defect + sb * (np.sqrt(alpha) - np.sqrt(beta)) ** 2 / (size + g + sb)
    weak = g * (1 - defect) + alpha / (size + sb) * beta + sb * ((alpha + beta) / (size + sb))
    strong = g * defect + sb * ((alpha + beta + sb) / (size + g)) + sb
    covariance = sw * value + sb
    rest = np.where(value >= 0, same_sign, np.where(covariance >= 0, weak, strong))
    return np.clip(rest / size, 0.0, 1.0), np.where(covariance < 0, -1.0, 1.0)
