"""Products of powers whose factors leave the range of floats where the product does not."""

import numpy as np

from theory.arguments import Array


def product(*powers: tuple[Array | float, float]) -> Array:
    """x^i y^j ... for non-negative x, y and halves of whole numbers i, j: inf or 0 beyond the range.

    No warning; 0 to a negative power is inf, and 0 times inf is nan.

    >>> product((np.array(1e-200), 2), (np.array(1e300), 1))
    np.float64(1e-100)
    """
    mantissa: Array = np.ones(())
    exponent: Array = np.zeros(())
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for x, power in powers:
            part, two = np.frexp(np.sqrt(x) if power % 1 else x)
            times = 2 * power if power % 1 else power
            mantissa = mantissa * part**times
            exponent = exponent + np.where(np.isfinite(part), two, 0) * times
        return np.ldexp(mantissa, np.clip(exponent, -9999, 9999).astype(int))
