"""Advani, Saxe, Sompolinsky 2020: gradient flow of isotropic problems, and a simulation of it."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings

from tests.checks import refuses
from tests.flows import powers, scales
from theory.papers import advani2020, ali2019


@given(alpha=scales, t=scales, init=powers)
@settings(max_examples=40)
def test_advani2020_is_gradient_flow(alpha: float, t: float, init: float) -> None:
    paper = advani2020.risk(alpha, t, signal=0.7, noise=0.3, init=init)
    assert paper == pytest.approx(ali2019.risk(1 / alpha, t, 0.7 + init, 0.3).test, rel=1e-9)


def test_advani2020_edges() -> None:
    alpha = np.array([0.25, 1.0, 4.0])
    start = advani2020.risk(alpha, 0.0, signal=1.0, noise=0.3, init=0.5)
    np.testing.assert_allclose(start, 1.8, rtol=1e-14)
    end = advani2020.risk(alpha, np.inf, signal=1.0, noise=0.3, init=0.5)
    # the frozen subspace keeps its initial error
    np.testing.assert_allclose(end, [0.3 + 1.5 * 0.75 + 0.3 / 3, np.inf, 0.3 + 0.3 / 3], rtol=1e-12)
    assert advani2020.risk(1.0, np.inf, noise=0.0) == 0
    assert advani2020.risk(np.inf, 1.0, noise=0.3) == pytest.approx(0.3 + np.exp(-2), rel=1e-12)
    assert advani2020.risk([[0.5], [2.0]], [1.0, np.inf], init=[0.0, 1.0]).shape == (2, 2)


def test_advani2020_simulated() -> None:
    """Weights drawn at random, given the design in closed form: 4 standard errors + 3/n."""
    rng = np.random.default_rng(11)
    n, p, t, signal, noise, init, draws = 80, 160, 4.0, 1.0, 0.3, 1.0, 60
    sample = []
    for _ in range(draws):
        X, teacher = rng.standard_normal((n, p)), rng.standard_normal(p) * np.sqrt(signal / p)
        beta = rng.standard_normal(p) * np.sqrt(init / p)
        y = X @ teacher + np.sqrt(noise) * rng.standard_normal(n)
        values, vectors = np.linalg.eigh(X @ X.T / n)
        rest = vectors @ (-np.expm1(-t * values) / (n * values) * (vectors.T @ (y - X @ beta)))
        sample.append(noise + ((beta + X.T @ rest - teacher) ** 2).sum())
    expected = advani2020.risk(n / p, t, signal, noise, init)
    allowed = 4 * np.std(sample, ddof=1) / np.sqrt(draws) + 3 / n * expected
    assert abs(np.mean(sample) - expected) < allowed


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: advani2020.risk(0.0, 1.0), "alpha = 0"),
        (lambda: advani2020.risk(1.0, -2.0), "time = -2"),
        (lambda: advani2020.risk(1.0, 2.0, init=-1.0), "init = -1"),
        (lambda: advani2020.risk(1.0, 2.0, noise=-1.0), "noise = -1"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    refuses(call, message)
