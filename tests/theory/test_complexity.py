"""Capacity bounds: against enumeration by hand, exact binomial sums, refits, and random draws."""

import tracemalloc
from itertools import product
from math import comb, inf, nan
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sims import features, fit
from tests.strategies import decades
from theory import complexity as c

DELTA = st.floats(0.001, 0.999)
SIZE = st.integers(1, 10**6).map(float)


def draw(n: int, d: int, seed: int = 0) -> Any:
    return np.random.default_rng([65, n, d, seed]).standard_normal((n, d))


# -- Rademacher averages ---------------------------------------------------------------------------


@given(st.integers(1, 9), st.integers(1, 12), st.integers(0, 99), st.sampled_from(["l2", "l1"]))
def test_rademacher_is_the_mean_over_all_signs(n: int, d: int, seed: int, norm: str) -> None:
    X = draw(n, d, seed)
    sums = np.array(list(product([-1, 1], repeat=n))) @ X
    dual = np.linalg.norm(sums, axis=1) if norm == "l2" else np.abs(sums).max(axis=1)
    assert_allclose(c.rademacher(X, 0.7, norm), 0.7 * dual.mean() / n, rtol=1e-12)
    assert_allclose(c.rademacher(X, norm=norm), c.rademacher(X[::-1], norm=norm), rtol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 8, 21, 22])
@pytest.mark.parametrize("d", [1, 3, 50])
def test_rademacher_of_identical_and_orthonormal_inputs(n: int, d: int) -> None:
    """Identical: sums that vanish leave no rounding behind, whatever the direction."""
    direction = draw(1, d) / np.linalg.norm(draw(1, d))
    walk = comb(n - 1, (n - 1) // 2) / 2 ** (n - 1)
    assert_allclose(c.rademacher(np.repeat(direction, n, axis=0)), walk, rtol=1e-13)
    assert_allclose(c.rademacher_kernel(np.ones((n, n)) * (direction @ direction.T)), walk, rtol=1e-13)
    turned = np.linalg.qr(draw(n + d, n))[0].T
    assert_allclose(c.rademacher(turned), 1 / np.sqrt(n), rtol=1e-13)
    assert_allclose(c.rademacher(np.eye(n), norm="l1"), 1 / n, rtol=1e-15)


def test_rademacher_at_the_limit_of_the_enumeration() -> None:
    """The largest case, in tens of megabytes, against a sample of signs; 4.5 standard errors."""
    X = draw(22, 40)
    signs = np.random.default_rng(1).choice([-1.0, 1.0], (40_000, 22))
    for norm, order in (("l2", 2), ("l1", inf)):
        tracemalloc.start()
        exact = c.rademacher(X, norm=norm)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 40e6
        lengths = np.linalg.norm(signs @ X, axis=1, ord=order) / 22
        assert abs(lengths.mean() - exact) <= 4.5 * lengths.std() / 200


@given(st.integers(1, 10), st.integers(1, 6), st.integers(0, 99), st.integers(-150, 150))
def test_bounds_hold_and_lengths_scale(n: int, d: int, seed: int, power: int) -> None:
    """Khintchine: the l2 bound loses at most sqrt 2."""
    X, scale = draw(n, d, seed), 10.0**power
    for norm in ("l2", "l1"):
        exact, bound = c.rademacher(X, norm=norm), c.rademacher_bound(X, norm=norm)
        assert exact <= bound * (1 + 1e-12)
        assert_allclose(c.rademacher(scale * X, norm=norm), scale * exact, rtol=1e-11)
        assert_allclose(c.rademacher_bound(scale * X, 2.0, norm), 2 * scale * bound, rtol=1e-12)
    assert c.rademacher_bound(X) <= np.sqrt(2) * c.rademacher(X) * (1 + 1e-12)
    assert_allclose(c.rademacher_bound(X), np.linalg.norm(X) / n, rtol=1e-13)
    assert c.rademacher(X) >= c.rademacher(X, norm="l1") * (1 - 1e-12)  # its ball is larger


@given(st.integers(1, 10), st.integers(1, 12), st.integers(0, 99))
def test_the_kernel_form_is_the_linear_one(n: int, d: int, seed: int) -> None:
    X = draw(n, d, seed)
    assert_allclose(c.rademacher_kernel(X @ X.T, 1.5), c.rademacher(X, 1.5), rtol=1e-7)
    assert c.rademacher_kernel(X @ X.T) <= np.sqrt(np.trace(X @ X.T)) / n * (1 + 1e-12)


def test_kernel_of_short_rows_beside_long_ones() -> None:
    """Two opposite signs cancel the long rows: the short one is the sum, once in two patterns."""
    short = 1e-10
    K = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, short**2]])
    expected = (np.hypot(2, short) + short) / 6
    assert_allclose(c.rademacher_kernel(K) - 1 / 3, expected - 1 / 3, rtol=1e-4)
    assert_allclose(c.rademacher_kernel(np.diag([1e-200, 1e-200])), 1e-100 / np.sqrt(2), rtol=1e-14)
    assert c.rademacher_kernel(np.zeros((3, 3))) == c.rademacher(np.zeros((3, 2))) == 0
    single = (draw(6, 2) @ draw(6, 2).T).astype(np.float32)
    assert_allclose(c.rademacher_kernel(single), c.rademacher(draw(6, 2)), rtol=1e-6)


def test_gaussian_inputs_in_the_mean() -> None:
    """Over draws; 4.5 standard errors fail once in 150 000."""
    for n, d in ((1, 1), (4, 2), (6, 9)):
        values = [c.rademacher(draw(n, d, seed), 2.0) for seed in range(1500)]
        gap = abs(np.mean(values) - c.rademacher_gaussian(n, d, 2.0))
        assert gap <= 4.5 * np.std(values) / np.sqrt(1500)


@pytest.mark.parametrize("d", [1, 2, 3, 98, 99, 100, 101, 150, 341, 10**4, 10**6, 10**9 + 1, 10**12, 10**15])
def test_gaussian_inputs_of_any_dimension(d: int) -> None:
    with mpmath.workdps(60):
        x = mpmath.mpf(d) / 2
        chi = mpmath.sqrt(2) * mpmath.exp(mpmath.loggamma(x + 0.5) - mpmath.loggamma(x))
    assert_allclose(c.rademacher_gaussian(7, d), float(chi) / np.sqrt(7), rtol=2e-15)


@given(decades(-3, 2), SIZE, DELTA, decades(-2, 2), decades(-2, 2))
def test_margin_gap_is_a_rademacher_gap(
    radius: float, n: float, delta: float, data: float, margin: float
) -> None:
    complexity = radius * data / np.sqrt(n)
    expected = c.rademacher_gap(complexity, n, delta, lipschitz=1 / margin)
    assert_allclose(c.margin_gap(radius, data, margin, n, delta), expected, rtol=1e-12)
    # bounded differences twice at delta/2: what is left beyond the mean is 3 times Hoeffding's
    hoeffding = (expected - 2 * complexity / margin) / 3
    assert_allclose(2 * np.exp(-2 * n * hoeffding**2), delta, rtol=1e-6)


# -- VC dimension and Occam ------------------------------------------------------------------------


@given(SIZE, decades(-1, 7), DELTA)
def test_vc_gap_inverts_the_tail(n: float, dimension: float, delta: float) -> None:
    """ln 4 + D ln(2 e n/D) - n gap^2/8 = ln delta, with D <= n."""
    gap = c.vc_gap(dimension, n, delta)
    D = min(dimension, n)
    entropy = np.log(4) + D * np.log(2 * np.e * n / D)
    assert_allclose(n * gap**2 / 8, entropy - np.log(delta), rtol=1e-12)
    assert gap <= c.vc_gap(2 * dimension, n, delta)
    assert c.vc_gap(inf, n, delta) == c.vc_gap(n, n, delta) > 3.6


def test_no_dimension_is_one_classifier() -> None:
    assert_allclose(c.vc_gap(0, 100, 0.05), np.sqrt(8 * np.log(80) / 100), rtol=1e-15)
    assert_allclose(c.vc_gap(1e-300, 100, 0.05), c.vc_gap(0, 100, 0.05), rtol=1e-15)


@pytest.mark.parametrize("points", [2, 4, 6, 8, 10, 50])
def test_simplices_attain_the_norm_bound(points: int) -> None:
    """A regular simplex is shattered: every split in halves has the margin 1/sqrt(points - 1), rounded."""
    simplex = np.eye(points) - 1 / points
    simplex /= np.linalg.norm(simplex[0])
    half = points // 2
    margin = np.linalg.norm(simplex[:half].mean(axis=0) - simplex[half:].mean(axis=0)) / 2
    assert_allclose(margin, 1 / np.sqrt(points - 1), rtol=1e-12)
    assert c.norm_vc_dimension(1.0, margin, inf) == points
    assert c.norm_vc_dimension(1.0, margin * 1.001, inf) == points - 1
    assert c.norm_vc_dimension(1.0, margin, points - 2) == points - 1


def test_norm_vc_dimension_at_the_edges() -> None:
    assert c.norm_vc_dimension(1.0, inf, 10) == c.norm_vc_dimension(0.0, 1.0, 10) == 1
    assert c.norm_vc_dimension(1.0, 1e-200, 10) == 11
    assert c.norm_vc_dimension(1.0, 1e-200, inf) == inf
    assert c.norm_vc_dimension(0.3, 0.1, inf) == 10


@given(decades(-2, 4), SIZE, DELTA)
def test_occam_gap_inverts_the_union_bound(bits: float, n: float, delta: float) -> None:
    gap = c.occam_gap(bits, n, delta)
    assert_allclose(bits * np.log(2) - 2 * n * gap**2, np.log(delta), rtol=1e-9, atol=1e-11 * bits)


# -- PAC-Bayes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("epsilon", [1e-300, 1e-100, 1e-16, 1e-8, 0.01, 1.0, 30.0, 1e3])
@pytest.mark.parametrize("q", [0.0, 1e-200, 1e-17, 1e-6, 0.1, 0.5, 0.9, 1 - 1e-10, 1 - 2**-53])
def test_kl_inverse_to_the_last_digits(q: float, epsilon: float) -> None:
    """kl(q|p) passes epsilon between p (1 - 1e-14) and p (1 + 1e-14), in 700 digits."""
    with mpmath.workdps(700):
        p, start = mpmath.mpf(float(c.kl_inverse(q, epsilon))), mpmath.mpf(q)

        def kl(p: Any) -> Any:
            heads = start * mpmath.log(start / p) if q > 0 else 0
            return heads + (1 - start) * mpmath.log((1 - start) / (1 - p))

        below, above = p * (1 - mpmath.mpf("1e-14")), p * (1 + mpmath.mpf("1e-14"))
        assert below <= start or kl(below) <= epsilon
        assert above >= 1 or kl(above) >= epsilon


@given(st.floats(0, 1), decades(-18, 3) | st.just(0.0) | st.just(inf))
def test_kl_inverse_is_between_its_bounds(q: float, epsilon: float) -> None:
    """Pinsker and its refinement; monotone in both arguments."""
    p = c.kl_inverse(q, epsilon)
    assert q <= p <= 1
    assert p <= (q + np.sqrt(epsilon / 2)) * (1 + 1e-14)
    if epsilon < inf:
        assert p <= (q + epsilon + np.sqrt(epsilon * (2 * q + epsilon))) * (1 + 1e-14)
    assert p * (1 - 1e-15) <= c.kl_inverse(q, 2 * epsilon)
    assert p * (1 - 1e-15) <= c.kl_inverse((1 + q) / 2, epsilon)


def test_kl_inverse_at_the_edges() -> None:
    epsilons = np.array([0.0, 1e-300, 1e-9, 0.3, 1e3, inf])
    assert_allclose(c.kl_inverse(0.0, epsilons), -np.expm1(-epsilons), rtol=1e-15)
    assert (c.kl_inverse(1.0, epsilons) == 1).all()
    assert c.kl_inverse([0.0, 0.3, 5e-324], 0.0).tolist() == [0.0, 0.3, 5e-324]
    assert_allclose(c.kl_inverse(0.3, inf), 1, rtol=1e-15)
    table = c.kl_inverse([[0.0], [0.2]], [0.1, 0.2, 0.3])
    assert table.shape == (2, 3)
    assert table[1, 2] == c.kl_inverse(0.2, 0.3)
    assert_allclose(c.kl_inverse(0.3, 1e-14), 0.3 + np.sqrt(2e-14 * 0.21), rtol=1e-13)


@given(decades(-6, 6), decades(-3, 3), decades(-3, 3), st.integers(1, 10**6))
def test_gaussian_kl_is_a_sum_over_coordinates(distance2: float, prior: float, ratio: float, d: int) -> None:
    whole = c.gaussian_kl(distance2, prior, ratio * prior, d)
    apart = c.gaussian_kl(distance2, prior) + d * c.gaussian_kl(0.0, prior, ratio * prior)
    assert_allclose(whole, apart, rtol=1e-12)
    assert_allclose(c.gaussian_kl(distance2, prior), distance2 / prior / 2, rtol=1e-15)


@pytest.mark.parametrize("v", [0.2, 0.999, 1.0, 1.7])
def test_gaussian_kl_against_quadrature(v: float) -> None:
    u, shift = 1.3, 0.8
    x, h = np.linspace(-20, 20, 8001, retstep=True)
    posterior = np.exp(-((x - shift) ** 2) / 2 / v) / np.sqrt(2 * np.pi * v)
    log_ratio = -((x - shift) ** 2) / 2 / v + x**2 / 2 / u + np.log(u / v) / 2
    assert_allclose(c.gaussian_kl(shift**2, u, v), h * posterior @ log_ratio, rtol=1e-12)


@pytest.mark.parametrize("step", [1e-12, 1e-8, 1e-4, 0.09, 0.11, -1e-6, -0.0999, -0.1001, -1 + 1e-9])
def test_gaussian_kl_of_nearly_equal_variances(step: float) -> None:
    posterior = 1 + step
    with mpmath.workdps(60):
        x = mpmath.mpf(posterior) - 1
        expected = float((x - mpmath.log1p(x)) / 2)
    assert_allclose(c.gaussian_kl(0.0, 1.0, posterior), expected, rtol=1e-14)
    assert c.gaussian_kl(1.0, 1.0, 0.0) == inf


@pytest.mark.parametrize("n", [1, 2, 7, 8, 30, 300])
def test_the_constant_of_maurer(n: int) -> None:
    """E exp(n kl(mean|p)) of n coins, the same for every p, is in [sqrt n, 2 sqrt n]."""
    k = np.arange(n + 1)
    share = k / n
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.where(k > 0, k * np.log(share), 0) + np.where(k < n, (n - k) * np.log(1 - share), 0)
    moment = np.exp([float(mpmath.log(comb(n, i))) + e for i, e in enumerate(exponent)]).sum()
    assert np.sqrt(n) <= moment <= 2 * np.sqrt(n)


@pytest.mark.parametrize("form", ["maurer", "mcallester"])
@pytest.mark.parametrize(("n", "delta"), [(8, 0.05), (40, 0.3), (200, 0.05)])
def test_pac_bayes_covers_one_classifier(form: str, n: int, delta: float) -> None:
    """Posterior = prior: by exact binomial sums the true rate exceeds the bound with chance < delta."""
    k = np.arange(n + 1)
    bound = c.pac_bayes(k / n, 0.0, n, delta, form)
    weight = np.array([float(comb(n, i)) for i in k])
    missed = []
    for p in np.linspace(0.01, 0.99, 99):
        missed.append((weight * p**k * (1 - p) ** (n - k))[bound < p].sum())
    assert 0 < max(missed) <= delta


@given(st.floats(0, 1), decades(-3, 4), SIZE, DELTA)
def test_the_forms_of_pac_bayes(q: float, kl: float, n: float, delta: float) -> None:
    epsilon = (kl + np.log(2 * np.sqrt(n) / delta)) / n
    tight = c.pac_bayes(q, kl, n, delta)
    loose = c.pac_bayes(q, kl, n, delta, form="mcallester")
    assert_allclose(tight, c.kl_inverse(q, epsilon), rtol=1e-13)
    assert_allclose(2 * (loose - q) ** 2, epsilon, rtol=1e-6)
    assert tight <= loose * (1 + 1e-13)
    assert c.pac_bayes(q, inf, n, delta) >= 1 - 1e-15
    assert c.pac_bayes(q, inf, n, delta, form="mcallester") == inf


def test_gibbs_error_of_drawn_classifiers() -> None:
    """4.5 standard errors."""
    X, y, w, draws = draw(12, 3), np.resize([1, -1, -1], 12), np.array([0.4, -0.2, 1.0]), 20_000
    drawn = w + 0.7 * np.random.default_rng(3).standard_normal((draws, 3))
    errors = (y * (drawn @ X.T) < 0).mean(axis=1)
    assert abs(errors.mean() - c.gibbs_error(X, y, w, 0.7)) <= 4.5 * errors.std() / np.sqrt(draws)


def test_gibbs_error_at_the_edges() -> None:
    X, y, w = draw(9, 3), np.resize([1, -1], 9), np.array([1.0, 2.0, -0.5])
    assert c.gibbs_error(X, y, np.zeros(3), 1.0) == 0.5
    assert c.gibbs_error(X, y, w, inf) == 0.5
    assert_allclose(c.gibbs_error(X, y, w, 1e-9), (np.sign(X @ w) != y).mean(), rtol=1e-14)
    assert c.gibbs_error([[0.0, 0.0], [1.0, 0.0]], [1, 1], [1.0, 0.0], 1e-3) == 0.25
    lengths = np.logspace(-200, 200, 9)[:, None]
    assert_allclose(c.gibbs_error(lengths * X, y, w, 0.3), c.gibbs_error(X, y, w, 0.3), rtol=1e-13)
    table = c.gibbs_error(X, y, w, [[0.1, 1.0]])
    assert table.shape == (1, 2)
    assert table[0, 1] == c.gibbs_error(X, y, w, 1.0)


# -- stability -------------------------------------------------------------------------------------


@given(st.integers(2, 12), st.integers(0, 99), decades(-2, 1))
def test_uniform_stability_bounds_what_one_sample_moves(n: int, seed: int, ridge: float) -> None:
    """Refits of kernel ridge regression without one sample, the others' penalty kept."""
    X = draw(n, 3, seed)
    y = X[:, 0] + draw(n, 1, seed + 1000)[:, 0]
    grid = np.concatenate([X, draw(20, 3, seed + 2000)])
    labels = np.concatenate([y, np.zeros(20)])

    def kernel(a: Any, b: Any) -> Any:
        return np.exp(-((a[:, None] - b[None]) ** 2).sum(axis=-1) / 2)

    def predict(rest: Any) -> Any:
        K = kernel(X[rest], X[rest])
        return kernel(grid, X[rest]) @ np.linalg.solve(K + n * ridge * np.eye(len(K)), y[rest])

    whole = predict(np.arange(n))
    for i in range(n):
        other = predict(np.delete(np.arange(n), i))
        lipschitz = 2 * max(np.abs(whole - labels).max(), np.abs(other - labels).max())
        moved = np.abs((whole - labels) ** 2 - (other - labels) ** 2).max()
        assert moved <= c.uniform_stability(ridge, n, 1.0, lipschitz) * (1 + 1e-9)


def test_uniform_stability_is_attained() -> None:
    """One input, repeated, with K = 1 and the loss |f - 1|: sum of slopes n/n = 2 ridge f, or (n - 1)/n."""
    n, ridge = 10, 10.0
    whole, other = n / n / (2 * ridge), (n - 1) / n / (2 * ridge)
    assert_allclose(whole - other, c.uniform_stability(ridge, n), rtol=1e-12)


def test_stability_at_the_edges() -> None:
    assert c.uniform_stability(0.0, 10) == inf
    assert c.uniform_stability(inf, 10) == 0
    assert c.stability_gap(inf, 10) == inf
    # the dependence of one loss on one sample only: Hoeffding's inequality
    assert_allclose(c.stability_gap(0.0, 50, 1.0, 0.1), c.occam_gap(0, 50, 0.1), rtol=1e-15)
    # twice the stability plus bounded differences 4 stability + loss_bound/n
    n, stability, loss, delta = 40.0, 0.01, 3.0, 0.2
    rest = c.stability_gap(stability, n, loss, delta) - 2 * stability
    assert_allclose(np.exp(-2 * rest**2 / (n * (4 * stability + loss / n) ** 2)), delta, rtol=1e-12)


# -- arguments -------------------------------------------------------------------------------------


def test_scalars_broadcast() -> None:
    rows, columns = np.array([[0.1], [0.2]]), np.array([10.0, 20.0, 30.0])
    for table in (
        c.rademacher_gap(rows, columns),
        c.margin_gap(rows, 1.0, 1.0, columns),
        c.rademacher_gaussian(columns, [[1], [2]]),
        c.vc_gap(rows, columns),
        c.norm_vc_dimension(rows, 0.1, columns),
        c.occam_gap(rows, columns),
        c.pac_bayes(rows, 1.0, columns),
        c.gaussian_kl(rows, columns, 2.0),
        c.uniform_stability(rows, columns),
        c.stability_gap(rows, columns),
    ):
        assert table.shape == (2, 3)
    assert c.rademacher(draw(3, 2), rows).shape == c.rademacher_bound(draw(3, 2), rows).shape == (2, 1)
    assert isinstance(c.rademacher(draw(3, 2)), np.float64)
    assert isinstance(c.kl_inverse(0.1, 0.1), np.float64)


X3 = draw(3, 2)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (c.rademacher, (draw(23, 2),), r"X has n = 23 .* up to n = 22; use rademacher_bound"),
        (c.rademacher_kernel, (np.eye(23),), r"gram has n = 23 .* use the bound radius sqrt\(tr K\)/n"),
        (c.rademacher, (X3, 1.0, "l3"), "norm = 'l3' is unknown; choose from l2, l1"),
        (c.rademacher_bound, (X3, 1.0, "linf"), "norm = 'linf'"),
        (c.rademacher, (X3, -1.0), "radius = -1 must be"),
        (c.rademacher, ([1.0, 2.0],), r"X has shape \(2,\)"),
        (c.rademacher, (np.zeros((0, 2)),), r"X has shape \(0, 2\)"),
        (c.rademacher, ([[1.0, nan]],), "X = .* contains nan"),
        (c.rademacher_bound, ([[1.0, inf]],), "X contains infinity"),
        (c.rademacher_kernel, (np.eye(3)[:2],), r"gram has shape \(2, 3\)"),
        (c.rademacher_kernel, ([[1.0, 2.0], [0.0, 1.0]],), "gram is not symmetric"),
        (c.rademacher_kernel, ([[1.0, 2.0], [2.0, 1.0]],), "gram is not positive .* -1"),
        (c.rademacher_kernel, ([[0.0, 1.0], [1.0, 0.0]],), "gram is not positive"),
        (c.rademacher_kernel, ([[1.0, 0.0], [0.0, -2.0]],), "gram has -2 on its diagonal"),
        (c.rademacher_gaussian, (10, 2.5), r"d = 2\.5 must be a whole number >= 1"),
        (c.rademacher_gaussian, (0, 2), "n = 0 must be"),
        (c.rademacher_gap, (0.1, 0.5), r"n = 0\.5 must be at least 1"),
        (c.rademacher_gap, (0.1, 10, 0.0), r"delta = 0 must be in \(0, 1\)"),
        (c.rademacher_gap, (0.1, 10, 0.1, -1), "lipschitz = -1"),
        (c.rademacher_gap, (-0.1, 10), r"complexity = -0\.1"),
        (c.margin_gap, (1.0, 1.0, 0.0, 10), "margin = 0 must be positive"),
        (c.margin_gap, (1.0, 1.0, 1.0, 10, 1.0), "delta = 1 must be"),
        (c.vc_gap, (-1, 10), "vc_dimension = -1"),
        (c.vc_gap, ([1, 2], [10, 20, 30]), "shapes do not broadcast: vc_dimension"),
        (c.norm_vc_dimension, (1.0, 0.0, 3), "margin = 0"),
        (c.kl_inverse, (1.1, 0.1), r"empirical = 1\.1 must be in \[0, 1\]"),
        (c.kl_inverse, (0.1, -1e-9), "epsilon = -1e-09"),
        (c.gaussian_kl, (1.0, 0.0), "prior_variance = 0"),
        (c.gaussian_kl, (1.0, -2.0), "prior_variance = -2"),
        (c.gaussian_kl, (1.0, 1.0, -1.0), "posterior_variance = -1"),
        (c.gaussian_kl, (1.0, 1.0, 1.0, 0), "d = 0"),
        (c.pac_bayes, (0.1, -1.0, 10), "kl = -1"),
        (c.pac_bayes, (0.1, 1.0, 10, 0.1, "seeger"), "form = 'seeger' is unknown"),
        (c.pac_bayes, (0.1, 1.0, 10, 1.5), r"delta = 1\.5"),
        (c.gibbs_error, (X3, [1, -1, 0], [1.0, 1.0], 1.0), "y = 0 must be 1 or -1"),
        (c.gibbs_error, (X3, [1, -1], [1.0, 1.0], 1.0), r"X has shape \(3, 2\), y \(2,\)"),
        (c.gibbs_error, (X3, [1, -1, 1], [1.0, inf], 1.0), "weights contains infinity"),
        (c.gibbs_error, (X3, [1, -1, 1], [1.0, 1.0], 0.0), "scale = 0"),
        (c.occam_gap, (-1, 10), "bits = -1"),
        (c.uniform_stability, (-0.1, 10), r"ridge = -0\.1"),
        (c.uniform_stability, (0.1, 10, 0.0), "kernel_bound = 0"),
        (c.stability_gap, (0.1, 10, -1.0), "loss_bound = -1"),
        (c.stability_gap, (-0.1, 10), r"stability = -0\.1"),
    ],
)
def test_bad_arguments(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        function(*arguments)
    assert "\n" not in str(raised.value)


# -- along double descent --------------------------------------------------------------------------


def spearman(a: Any, b: Any) -> float:
    ranks = [np.argsort(np.argsort(values)) for values in (a, b)]
    return float(np.corrcoef(*ranks)[0, 1])


@pytest.mark.slow
def test_the_norm_ranks_interpolants_and_the_count_does_not() -> None:
    """ReLU features on the sphere, 10 % of the labels flipped, minimum norm: medians of 6 draws.

    Nine unrelated ranks correlate above 0.8 once in 100. Every bound exceeds 1: it predicts no error.
    """
    n, d = 200, 20
    counts = np.array([200, 230, 270, 330, 460, 660, 900, 1300, 2000])
    errors, terms = np.empty((2, 6, len(counts)))
    for seed in range(6):
        rng = np.random.default_rng([66, seed])
        X, W = features.sphere(n + 4000, d, rng), rng.standard_normal((counts[-1], d))
        clean = np.sign(X @ rng.standard_normal(d))
        y = clean[:n] * rng.choice([-1, 1], n, p=[0.1, 0.9])
        H = features.random_features(X, W)
        for i, p in enumerate(counts):
            F = H[:, :p] / np.sqrt(p)
            weights = fit.min_norm(F[:n], y)
            errors[seed, i] = (np.sign(F[n:] @ weights) != clean[n:]).mean()
            terms[seed, i] = c.rademacher_bound(F[:n], np.linalg.norm(weights))
    error, term = np.median(errors, axis=0), np.median(terms, axis=0)
    assert spearman(term, error) > 0.8
    assert spearman(counts, error) < -0.8  # more features, less error: a count ranks them backwards
    assert np.ptp(c.vc_gap(counts + 1, n)) == 0
    assert min(c.vc_gap(n, n), c.rademacher_gap(term, n).min()) > 1
