"""Named kernels on the sphere: closed forms against integrals and a circulant, decay, times."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory import Problem, kernel, ridge
from theory.sphere import decay_exponent, eigenvalues, learning_time, legendre, multiplicity, zonal

NAMES = ("ntk", "nngp", "first_layer", "first_layer_bias", "arc_cosine0", "arc_cosine1")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("d", [2, 3, 4, 10, 30])
def test_closed_forms_are_the_integrals(name: str, d: int) -> None:
    k = np.arange(40)
    closed, quadrature = eigenvalues(name, k, d), eigenvalues(zonal(name), k, d)
    # the integral knows each eigenvalue to rounding over sqrt(N(d, k))
    error = np.abs(closed - quadrature) * np.sqrt(multiplicity(k, d))
    assert (error <= 3e-14 * (k + 1)).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_eigenvalues_sum_to_the_diagonal(name: str) -> None:
    """sum mu_k N(d, k) = kappa(1); beyond K it is an integral of the decay, c K^(d - 1 - a)."""
    d, k = 3, np.arange(4001)
    terms = eigenvalues(name, k, d) * multiplicity(k, d)
    at_one = float(zonal(name)(np.ones(1))[0])
    exponent = decay_exponent(name, d) - d + 2  # of the terms
    rest = terms[-2000:].sum() / (2.0 ** (exponent - 1) - 1)
    assert_allclose(terms.sum() + rest, at_one, rtol=1e-6)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_functions_are_the_kernels_of_networks(depth: int) -> None:
    angle = np.linspace(0.01, 3.1, 7)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    start = np.array([[1.0, 0.0]])
    for name, function in (("ntk", kernel.ntk), ("nngp", kernel.nngp)):
        # K_1 = 2 x.z/d = t on the circle of d = 2
        assert_allclose(zonal(name, depth)(np.cos(angle)), function(start, circle, depth)[0], rtol=1e-9)
    assert_allclose(zonal("first_layer")(np.cos(angle)), kernel.first_layer(start, circle)[0], rtol=1e-9)


def test_circulant() -> None:
    """On equidistant points of the circle the Gram matrix is a circulant, diagonal in the Fourier basis.

    They alias degree k to 4096 j + k: two layers of kinks, |mu_k| < 1/k^2, leave 2e-7 at depth 3.
    """
    t = np.cos(2 * np.pi * np.arange(4096) / 4096)
    for name, depth in (("ntk", 1), ("ntk", 3), ("first_layer_bias", 1)):
        spectrum = np.fft.rfft(zonal(name, depth)(np.clip(t, -1, 1))).real / 4096
        assert_allclose(eigenvalues(name, np.arange(8), 2, depth), spectrum[:8], atol=1e-7 * depth)


def test_monte_carlo() -> None:
    """mu_k = E kappa(t) P_k(t): 1e6 points, 5 standard errors."""
    d, rng = 5, np.random.default_rng(0)
    x = rng.standard_normal((10**6, d))
    t = x[:, 0] / np.linalg.norm(x, axis=1)
    for k in (0, 1, 2, 3, 4):
        for name, depth in (("ntk", 2), ("nngp", 2), ("first_layer_bias", 1)):
            value = zonal(name, depth)(t) * legendre(k, d, t)
            se = value.std() / 1e3
            assert abs(value.mean() - eigenvalues(name, k, d, depth)) < 5 * se


def test_odd_degrees() -> None:
    """Absent from the two-layer network without bias; a bias or a second layer brings them back."""
    odd = np.arange(3, 30, 2)
    for name in ("ntk", "nngp", "first_layer", "arc_cosine1"):
        assert (eigenvalues(name, odd, 4) == 0).all()
    assert (eigenvalues("first_layer_bias", odd, 4) > 0).all()
    assert (eigenvalues("ntk", odd[:6], 4, depth=2) > 0).all()


@pytest.mark.parametrize("d", [2, 3, 10])
def test_decay(d: int) -> None:
    k = np.array([4000, 8000])
    for name in NAMES:
        high = eigenvalues(name, k + (name == "arc_cosine0"), d)
        slope = np.log(high[1] / high[0]) / np.log(2)
        assert_allclose(slope, -decay_exponent(name, d), atol=0.02)


def test_learning_times() -> None:
    times = learning_time("ntk", [1, 2, 4, 6], 3)
    assert_allclose(times, np.log(100) / eigenvalues("ntk", [1, 2, 4, 6], 3), rtol=1e-14)
    assert (np.diff(times) > 0).all()
    assert learning_time("ntk", 3, 3) == np.inf
    assert learning_time("ntk", 3, 3, fraction=1.0) == 0


@pytest.mark.jit
def test_kernel_regression_on_the_sphere_runs_through_the_core() -> None:
    """d = 5, target x_1 + 2 x_2 x_3, two-layer tangent kernel; noise in closed form."""
    d, n, penalty, noise, draws = 5, 200, 1e-3, 0.1, 40
    problem = Problem.from_kernel_on_sphere("ntk", d, [0.0, 1 / d, 4 / (d * (d + 2))], noise)
    predicted = ridge(problem, n, penalty).test
    assert_allclose(predicted, 0.11622, atol=5e-6)
    risks = []
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        x = rng.standard_normal((n + 1000, d))
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        gram = kernel.ntk(x, x[:n]) * d / 2
        target = x[:, 0] + 2 * x[:, 1] * x[:, 2]
        fit = np.linalg.solve(
            gram[:n] + n * penalty * np.eye(n), np.c_[target[:n], np.sqrt(noise) * np.eye(n)]
        )
        error = gram[n:] @ fit
        error[:, 0] -= target[n:]
        risks.append(noise + (error**2).sum() / 1000)
    se = np.std(risks, ddof=1) / np.sqrt(draws)
    # 3 % of the excess risk is granted at d = 5, and 4 standard errors: 6e-5
    assert abs(np.mean(risks) - predicted) < 0.03 * (predicted - noise) + 4 * se
    lost = Problem.from_kernel_on_sphere("ntk", d, [0, 0, 0, 1.0])
    assert_allclose(ridge(lost, [10, 1e4, 1e8]).bias, 1.0)  # degree 3 is never learnt


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: eigenvalues("rbf", 1, 3), "kernel = 'rbf'"),
        (lambda: eigenvalues(3, 1, 3), "kernel = 3"),  # type: ignore[arg-type]
        (lambda: eigenvalues("first_layer", 1, 3, depth=2), "depth = 2"),
        (lambda: eigenvalues(np.exp, 1, 3, depth=2), "depth = 2"),
        (lambda: eigenvalues("ntk", 1, 3, depth=0), "depth = 0"),
        (lambda: learning_time("ntk", 1, 3, fraction=0.0), "fraction = 0"),
        (lambda: learning_time("ntk", 1, 3, fraction=1.5), "fraction = 1.5"),
        (lambda: learning_time(lambda t: -t, 1, 3), "eigenvalue -0.33"),
        (lambda: decay_exponent(np.exp, 3), "must be a name"),  # type: ignore[arg-type]
        (lambda: Problem.from_kernel_on_sphere(None, 3, [1.0]), "kernel = None"),  # type: ignore[arg-type]
    ],
)
def test_bad_arguments(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
