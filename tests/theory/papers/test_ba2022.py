"""Ba et al. 2022: the spike against a random matrix, one step of a network, its edges, and 60 digits."""

import numpy as np
import pytest
from mpmath import mp, mpf
from numpy.testing import assert_allclose

from tests.checks import broadcasts, refuses
from theory.papers.ba2022 import alignment

ARGUMENTS = {"d": 400, "width": 300, "n": 1200, "mu1": 0.6, "target_mu1": 0.5, "label_power": 0.35}


@pytest.mark.parametrize("step", [1.0, 4.0, 8.0])
def test_a_spiked_matrix(step: float) -> None:
    """The model of the derivation: Gaussian weights and a spike whose vector is partly the target's."""
    rng = np.random.default_rng(0)
    d, N, n, mu1, linear, power = ARGUMENTS.values()
    found = []
    for _ in range(8):
        signal = np.zeros(d)
        signal[0] = linear
        gradient = signal + np.sqrt(power / n) * rng.standard_normal(d)
        a = rng.standard_normal(N)
        W = rng.standard_normal((N, d)) / np.sqrt(d)
        W += step * mu1 * np.outer(a / np.linalg.norm(a), gradient)
        _, s, V = np.linalg.svd(W, full_matrices=False)
        found.append([s[0], V[0, 0] ** 2])
    expected = alignment(step, **ARGUMENTS)
    assert_allclose(np.mean(found, axis=0), expected, rtol=0.05, atol=0.02)


def test_the_threshold() -> None:
    """theta = c^(1/4): the spike leaves the bulk at its edge, without a jump."""
    spike = 0.6 * np.sqrt(0.25 + 0.35 / 3)
    critical = 0.75**0.25 / spike
    edge = 1 + np.sqrt(0.75)
    for share in (0.0, 0.5, 1 - 1e-9):
        assert_allclose(alignment(share * critical, **ARGUMENTS), (edge, 0.0), rtol=1e-15)
    above = alignment(critical * (1 + 1e-6), **ARGUMENTS)
    assert_allclose(above.singular_value, edge, rtol=1e-9)
    assert 0 < above.alignment < 1e-5


@pytest.mark.parametrize("step", [4.0, 10.0, 1e8, 1e150])
@pytest.mark.parametrize("n", [10.0, 1e4, np.inf])
def test_60_digits(step: float, n: float) -> None:
    arguments = ARGUMENTS | {"n": n}
    with mp.workdps(60):
        d, N, size, mu1, linear, power = (mpf(x) for x in arguments.values())
        gradient = linear**2 + d / size * power
        theta2, c = mpf(step) ** 2 * mu1**2 * gradient, N / d
        assert theta2**2 > c
        value = mp.sqrt((1 + theta2) * (c + theta2) / theta2)
        cosine2 = linear**2 / gradient * (theta2**2 - c) / (theta2 * (theta2 + 1))
    assert_allclose(alignment(step, **arguments), (float(value), float(cosine2)), rtol=1e-13)


def test_arguments() -> None:
    broadcasts(lambda step, d, N, n: alignment(step, d, N, n, 0.6, 0.5, 0.35), [4.0, 400.0, 300.0, 1200.0])
    refuses(
        lambda: alignment(1.0, 4, 3, 2, 0.6, 0.5, 0.2), "label_power = 0.2 is below target_mu1\\^2 = 0.25"
    )
    refuses(lambda: alignment(-1.0, **ARGUMENTS), "step = -1 must be finite and zero or positive")
