"""Polynomials of [mei2022], for numbers and for symbols: `theory.proofs` proves these lines themselves."""

from typing import Any


def polynomials(a: Any, b: Any, x: Any, z: Any) -> tuple[Any, Any, Any]:
    """The polynomials (E_0, E_1, E_2) of the paper, for a = psi1, b = psi2, x = chi and z = zeta^2."""
    E0 = (
        -(x**5) * z**3
        + 3 * x**4 * z**2
        + (a * b - b - a + 1) * x**3 * z**3
        - 2 * x**3 * z**2
        - 3 * x**3 * z
        + (a + b - 3 * a * b + 1) * x**2 * z**2
        + 2 * x**2 * z
        + x**2
        + 3 * a * b * x * z
        - a * b
    )
    E1 = b * x**3 * z**2 - b * x**2 * z + a * b * x * z - a * b
    E2 = (
        x**5 * z**3
        - 3 * x**4 * z**2
        + (a - 1) * x**3 * z**3
        + 2 * x**3 * z**2
        + 3 * x**3 * z
        - (a + 1) * x**2 * z**2
        - 2 * x**2 * z
        - x**2
    )
    return E0, E1, E2
