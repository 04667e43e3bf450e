"""Soft thresholding of x + G at z, G standard normal: its risk and how often it passes, in plain numbers."""

from __future__ import annotations

from math import erfc, exp, pi, sqrt

from theory.engines.normal import tail_ratio

ROOT = sqrt(2.0)
DENSITY = 1 / sqrt(2 * pi)


def mass(c: float) -> float:
    """P(G < c).

    >>> mass(0.0)
    0.5
    """
    return erfc(-c / ROOT) / 2


def moments(c: float) -> tuple[float, float]:
    """E(c + G)_+ and E(c + G)_+^2, also far in the tail: `theory.engines.normal` for one number.

    >>> [round(x, 12) for x in moments(0.0)]
    [0.398942280401, 0.5]
    """
    density = DENSITY * exp(-c * c / 2)
    if c > -3.0:
        return c * mass(c) + density, (1 + c * c) * mass(c) + c * density
    ratio = float(tail_ratio(-c))
    first = mass(c) / (ratio - c)
    return first, first * ratio


def passes(x: float, z: float) -> float:
    """P(|x + G| > z), z >= 0.

    >>> round(passes(0.0, 1.0), 9)
    0.317310508
    """
    return mass(x - z) + mass(-x - z)


def risk(x: float, z: float) -> float:
    """E(eta(x + G) - x)^2 with eta the soft threshold at z >= 0; between x^2 and 1 + z^2 at either end of z.

    >>> risk(5.0, 0.0)
    1.0
    """
    x = abs(x)
    if z == 0.0:
        return 1.0
    if x > 1.0:  # the target left out, and E[(G - z)^2; x + G > z], E[(G + z)^2; x + G < -z]
        left = x * x * (mass(z - x) - mass(-z - x))
        return left + _beyond(z - x, z) + _beyond(z + x, z)
    first, second = moments(x - z), moments(-x - z)
    return x * x + first[1] + second[1] - 2 * x * (first[0] - second[0])


def _beyond(u: float, z: float) -> float:
    """E[(G - z)^2; G > u]."""
    density = DENSITY * exp(-u * u / 2) if abs(u) < 40 else 0.0
    return (1 + z * z) * mass(-u) + (u - 2 * z) * density
