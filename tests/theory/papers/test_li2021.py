"""Li, Sompolinsky 2021: closed form of one layer, the limit of exact widths, sampled layers."""

import numpy as np
import pytest

from tests.checks import broadcasts, refuses
from theory.papers import hanin2023, li2021


def test_one_layer_is_a_quadratic_equation() -> None:
    share, r = np.geomspace(0.01, 100, 30)[:, None], np.geomspace(1e-3, 1e3, 30)
    half, root = (1 - share) / 2, np.hypot((1 - share) / 2, np.sqrt(share * r))
    expected = np.where(half > 0, half + root, share * r / (root - half))
    np.testing.assert_allclose(li2021.renormalisation(share, r), expected, rtol=1e-13)


def test_it_is_the_limit_of_exact_widths() -> None:
    """The gap falls like 1/n."""
    for r in (0.4, 1.0, 3.0):
        limit = li2021.renormalisation(0.5, r)
        gaps = hanin2023.scale([50, 100, 200, 400], [100, 200, 400, 800], r) - limit
        np.testing.assert_allclose(gaps[1:] / gaps[:-1], 0.5, atol=0.02)


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("r", [0.5, 2.5])
def test_layers_that_were_sampled(depth: int, r: float) -> None:
    """Metropolis steps on the logarithms of the layers' chi-squares given the labels, n = 300, N = 600."""
    n, width, rng = 300, 600, np.random.default_rng(depth)
    q, total = np.zeros((64, depth)), []

    def log_density(q: np.ndarray) -> np.ndarray:
        Q = q.sum(axis=1)
        return width / 2 * (q - np.exp(q)).sum(axis=1) - n / 2 * (Q + r * np.exp(-Q))

    here = log_density(q)
    for step in range(3000):
        there = q + 0.06 * rng.standard_normal(q.shape)
        new = log_density(there)
        accept = np.log(rng.random(64)) < new - here
        q[accept], here[accept] = there[accept], new[accept]
        if step >= 600:
            total.append(np.exp(q.mean(axis=1)).mean())
    assert np.mean(total) == pytest.approx(li2021.renormalisation(n / width, r, depth), rel=0.01)


def test_limits() -> None:
    assert li2021.renormalisation(0.0, 5.0) == 1
    np.testing.assert_allclose(li2021.renormalisation([0.3, 1.0, 2.0], 1.0, [[1], [2], [9]]), 1.0, rtol=1e-15)
    np.testing.assert_allclose(li2021.renormalisation([0.25, 1.0, 2.0], 0.0), [0.75, 0.0, 0.0])
    # very deep: the kernel's factor u^depth tends to r
    assert li2021.renormalisation(0.5, 3.0, 10**6) ** 10**6 == pytest.approx(3.0, rel=1e-5)
    assert np.isfinite(li2021.renormalisation([1e-300, 1e300], [[1e-300], [1e300]], [[[1]], [[1000]]])).all()


def test_bad_arguments() -> None:
    refuses(lambda: li2021.renormalisation(-0.1, 1.0), "share = -0.1")
    refuses(lambda: li2021.renormalisation(0.1, -1.0), "r = -1")
    refuses(lambda: li2021.renormalisation(0.1, 1.0, 0), "depth = 0 must be a whole number >= 1")
    refuses(lambda: li2021.renormalisation(0.1, 1.0, 1.5), "depth = 1.5")


def test_every_argument_broadcasts() -> None:
    broadcasts(lambda share, r: li2021.renormalisation(share, r, 3), [0.5, 2.0])
