"""Descent with momentum on one mode: the recursion with sixty digits, for any number of steps."""

import mpmath as mp
import numpy as np
import pytest

from theory.engines.heavy_ball import gained

STEPS = (0, 1, 2, 3, 10, 101, 10**4, 10**7)


def _share(e: float, steps: int, mu: float) -> float:
    """g, as the affine recursion of g and its move."""
    with mp.workdps(60):
        e, mu = mp.mpf(e), mp.mpf(mu)
        return float((mp.matrix([[1 - e, mu, 1], [-e, mu, 1], [0, 0, 1]]) ** steps)[0, 2])


@pytest.mark.parametrize("mu", [1e-300, 1e-9, 0.1, 0.5, 0.9, 0.99, 0.9999])
def test_all_digits_of_the_recursion(mu: float) -> None:
    """Slow, swinging and alternating modes, and those where two roots meet."""
    low, high = (1 - mu**0.5) ** 2, (1 + mu**0.5) ** 2
    edges = [low * (1 - 1e-6), low, low * 1.1, high * 0.99, high, min(high * 1.001, (2 + 2 * mu) * 0.9999)]
    for e in (1e-300, 1e-16, 1e-8, 1e-4, 0.01, 0.1, 0.5, 1.0, 1.98 * (1 + mu), *edges):
        if e > 0:
            told = [_share(e, k, mu) for k in STEPS]
            found = gained(np.array([e]), np.array(STEPS, dtype=float), mu)
            assert found == pytest.approx(told, rel=1e-11, abs=1e-15 / e * min(1.0, e / 1e-3)), e


def test_endless_steps_learn_all() -> None:
    e = np.array([1e-9, 0.3, 3.7])
    assert (gained(e, np.array([[np.inf]]), 0.9) == 1 / e).all()
