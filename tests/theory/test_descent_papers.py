"""Papers on optimisation: their formulas against linear algebra, enumeration and finite differences."""

from itertools import product
from math import inf, log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import theory
from tests.strategies import decades
from theory import ConvergenceError, Problem, descent, kernel
from theory.activation import dual, slope
from theory.papers import (
    arora2019,
    chang2021,
    chizat2019,
    du2019,
    li2020,
    oymak2019,
    oymak2019jacobian,
    oymak2020,
    soltanolkotabi2019,
    woodworth2020,
)


def sphere(n: int, d: int, seed: int) -> Any:
    X = np.random.default_rng([21, n, d, seed]).standard_normal((n, d))
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def gaussian(n: int, d: int, seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng([22, n, d, seed])
    return rng.standard_normal((n, d)), rng.standard_normal(n)


# -- the kernel of the first layer -----------------------------------------------------------------


def test_relu_kernel_is_its_formula() -> None:
    X, _ = gaussian(6, 4, 0)
    norm = np.linalg.norm(X, axis=1)
    angle = np.arccos(np.clip(X @ X.T / np.outer(norm, norm), -1, 1))
    expected = X @ X.T * (np.pi - angle) / (2 * np.pi)
    K = kernel.first_layer(X)
    assert_allclose(K, expected, atol=1e-7)  # arccos near 1
    assert_allclose(K - np.diag(np.diag(K)), expected - np.diag(np.diag(expected)), rtol=1e-12)
    assert (np.diag(K) == np.vecdot(X, X) / 2).all()
    assert (K == K.T).all()


def test_equal_and_opposite_rows_are_exact() -> None:
    """Bit by bit, wherever the rows stand and however long they are."""
    for d in (3, 17, 1000):
        X = sphere(9, d, 1)
        X = np.vstack([X, X[4], -X[2], X[4], np.zeros(d)])
        for K in (kernel.first_layer(X), kernel.first_layer(X, X)):
            assert (K[4] == K[9]).all()
            assert (K[4] == K[11]).all()
            assert (K[:, 4] == K[:, 9]).all()
            assert K[2, 10] == 0.0
            assert (K[12] == 0).all()
            assert not np.signbit(K[12]).any()
        K = kernel.first_layer(X)
        assert abs(np.linalg.eigvalsh(K)[0]) < 1e-15
        assert du2019.minimum_eigenvalue(X) == 0.0


@pytest.mark.parametrize("name", ["relu", "tanh", "erf", "softplus", "quadratic"])
def test_kernel_is_the_mean_of_slopes(name: str) -> None:
    """Against 4e5 draws; |z| <= 5 for 12 entries and 5 kernels fails once in 30 000."""
    X, Z = gaussian(3, 4, 2)[0], gaussian(4, 4, 3)[0]
    w = np.random.default_rng(23).standard_normal((4, 400_000))
    s = slope(name)
    left, right = s(X @ w), s(Z @ w)
    K = kernel.first_layer(X, Z, name)
    for i, j in np.ndindex(3, 4):
        draws = left[i] * right[j] * (X[i] @ Z[j])
        assert abs(draws.mean() - K[i, j]) <= 5 * draws.std() / sqrt(400_000)


def test_kernel_of_callables_and_types() -> None:
    X, _ = gaussian(3, 2, 4)
    assert_allclose(
        kernel.first_layer(X, activation=np.tanh),
        kernel.first_layer(X, activation="tanh"),
        rtol=1e-6,
    )
    assert_allclose(kernel.first_layer(X.astype(int)), kernel.first_layer(X.astype(int).astype(float)))
    one = kernel.first_layer([[0.3]], [[2.0], [-1.0]], "gelu")
    assert_allclose(one[0, 1], -0.3 * dual("gelu", -0.3, 0.09, 1.0, derivative=True))


@given(decades(-6, 6), decades(-6, 6))
def test_relu_kernel_is_homogeneous(a: float, b: float) -> None:
    X, Z = sphere(3, 4, 5), sphere(2, 4, 6)
    assert_allclose(kernel.first_layer(a * X, b * Z), a * b * kernel.first_layer(X, Z), rtol=1e-11)


# -- oymak2020, du2019, arora2019 ------------------------------------------------------------------


def test_smallest_eigenvalue_and_condition() -> None:
    X = sphere(12, 5, 0)
    H = kernel.first_layer(X)
    least = 1 / np.linalg.norm(np.linalg.inv(H), 2)
    assert_allclose(du2019.minimum_eigenvalue(X), least, rtol=1e-9)
    assert_allclose(oymak2020.condition(X), sqrt(5 / 12) * np.linalg.norm(X, 2) / least, rtol=1e-9)
    repeated = np.vstack([X, X[:1]])
    assert oymak2020.minimum_eigenvalue(repeated, "softplus") == 0.0
    assert oymak2020.condition(repeated) == inf
    # x and -x: independent for relu, dependent for an odd activation
    pair = np.array([[0.6, 0.8], [-0.6, -0.8]])
    assert oymak2020.minimum_eigenvalue(pair) == 0.5
    assert oymak2020.minimum_eigenvalue(pair, "tanh") == 0.0


def test_scaling_laws() -> None:
    assert_allclose(oymak2020.smooth_width([200, 100], 10) / oymak2020.smooth_width(100, 10), [4, 1])
    assert_allclose(
        oymak2020.smooth_width(50, 10, condition=2.0, delta=0.5, constant=3.0), (3 * 1.5 * 2 * 50) ** 2 / 10
    )
    assert_allclose(oymak2020.relu_width(100, 20, constant=2.0), 2 * 100**4 / 20**3)
    assert_allclose(du2019.required_width(20, 0.5, 0.1, 3.0), 3 * 20**6 / (0.5**4 * 0.1**3))
    assert du2019.required_width(20, 0.0) == inf
    assert du2019.largest_step(10, [0.0, 0.5], 2.0).tolist() == [0.0, 0.01]


@given(st.integers(0, 99), st.floats(0.01, 1.0), st.integers(0, 10_000) | st.just(inf))
def test_du2019_bounds_the_kernel(seed: int, relative: float, steps: float) -> None:
    X, y = sphere(5, 4, seed), gaussian(5, 4, seed)[1]
    step = relative / np.linalg.norm(kernel.first_layer(X), 2)
    assert arora2019.residual(X, y, step, steps) <= du2019.residual_bound(X, y, step, steps) * (1 + 1e-12)


def test_du2019_repeated_inputs() -> None:
    X = np.array([[0.6, 0.8], [0.6, 0.8], [1.0, 0.0]])
    assert du2019.residual_bound(X, [1.0, -1.0, 2.0], 0.1, [0, 1000, inf]) == pytest.approx(sqrt(6))
    assert_allclose(arora2019.residual(X, [1.0, -1.0, 2.0], 0.1, inf), sqrt(2), rtol=1e-14)


def test_arora2019_against_linear_algebra() -> None:
    X, y = sphere(8, 4, 7), gaussian(8, 4, 7)[1]
    H = kernel.first_layer(X)
    form = arora2019.quadratic_form(X, y)
    assert_allclose(form, y @ np.linalg.solve(H, y), rtol=1e-10)
    assert_allclose(arora2019.complexity(X, y), sqrt(2 * form / 8), rtol=1e-14)
    steps = np.array([0, 1, 7, 200])
    expected = [np.linalg.norm(np.linalg.matrix_power(np.eye(8) - 0.3 * H, k) @ y) for k in steps]
    assert_allclose(arora2019.residual(X, y, 0.3, steps), expected, rtol=1e-10)
    assert arora2019.residual(X, y, [[0.1], [0.3]], steps).shape == (2, 4)
    assert arora2019.residual(X, y, 0.3, inf) == 0.0
    assert arora2019.residual(X, y, 10.0, inf) == inf
    # the weights travel sqrt(y' H^-1 y)
    J = np.linalg.cholesky(H)
    assert_allclose(descent.linear_descent(J, y, 0.3, inf).distance ** 2, form, rtol=1e-9)


def test_arora2019_random_labels() -> None:
    """The mean over all labels +-1 is the trace of the inverse, exactly."""
    X = sphere(6, 4, 8)
    forms = [arora2019.quadratic_form(X, y) for y in product([-1.0, 1.0], repeat=6)]
    assert_allclose(np.mean(forms), np.trace(np.linalg.inv(kernel.first_layer(X))), rtol=1e-10)


def test_arora2019_singular() -> None:
    X = sphere(8, 4, 9)
    for inputs in (np.vstack([X, X[3]]), np.vstack([X, np.zeros(4)]), np.vstack([X, 2 * X[3]])):
        for function in (arora2019.quadratic_form, arora2019.complexity):
            with pytest.raises(ValueError, match="X makes the kernel singular"):
                function(inputs, np.ones(9))


# -- oymak2019, oymak2019jacobian ------------------------------------------------------------------


@given(decades(-2, 2), st.floats(0.01, 1), decades(-3, 3) | st.just(0.0), decades(-2, 2), st.integers(0, 999))
def test_oymak2019_against_our_certificate(
    beta: float, ratio: float, lipschitz: float, misfit: float, steps: int
) -> None:
    """The paper's step ends within twice ours; its rate at equal step is half of ours."""
    alpha = ratio * beta
    one, step = (
        descent.certificate(alpha, beta, lipschitz, misfit),
        oymak2019.step(alpha, beta, lipschitz, misfit),
    )
    assert step <= 2 * one.step * (1 + 1e-12)
    theirs = oymak2019.misfit_bound(alpha, one.step, misfit, steps)
    ours = descent.misfit_bound(alpha, one.step, misfit, steps)
    assert ours <= theirs * (1 + 1e-12)
    assert_allclose(theirs, misfit * (1 - one.step * alpha**2 / 2) ** (steps / 2), rtol=1e-11)


def test_oymak2019_at_the_edges() -> None:
    assert oymak2019.step(0.5, 2.0, 0.0, 1.0) == oymak2019.step(0.5, 2.0, 3.0, 0.0) == 0.25
    assert oymak2019.step(0.5, 2.0, inf, 1.0) == 0.0
    assert oymak2019.misfit_bound(1.0, 2.0, 3.0, [0, 1, inf]).tolist() == [3.0, 0.0, 0.0]


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 99), decades(-1.5, 0.7), st.integers(0, 200))
def test_split_is_descent(n: int, P: int, seed: int, cutoff: float, steps: int) -> None:
    J, r = gaussian(n, P, seed)
    U, s, _ = np.linalg.svd(J)
    step = 0.9 / s[0] ** 2
    kept = U[:, : len(s)][:, s >= cutoff]
    theta = np.zeros(P)
    for _ in range(steps):
        theta = theta - step * J.T @ (r + J @ theta)
    left = r + J @ theta
    inside, outside = kept @ (kept.T @ left), left - kept @ (kept.T @ left)
    fit = oymak2019jacobian.split(J, r, cutoff, step, steps)
    exact = [np.linalg.norm(part) for part in (inside, outside, theta)]
    assert_allclose([fit.information, fit.nuisance, fit.distance], exact, rtol=1e-7, atol=1e-12)
    assert fit.information <= fit.information_bound + 1e-12
    assert fit.distance <= fit.distance_bound + 1e-12
    nuisance = np.linalg.norm(r - kept @ (kept.T @ r))
    assert fit.nuisance <= nuisance + 1e-12
    assert fit.nuisance >= max(1 - step * cutoff**2, 0) ** steps * nuisance - 1e-12


def test_split_at_the_end() -> None:
    J, r = np.diag([2.0, 0.1, 0.0]), np.array([1.0, 2.0, 3.0])
    end = oymak2019jacobian.split(J, r, 1.0, 0.2, inf)
    assert_allclose(end, [0.0, 3.0, 0.0, np.hypot(0.5, 20.0), inf], rtol=1e-12)
    clean = oymak2019jacobian.split(J, [1.0, 0.0, 0.0], 1.0, 0.2, [0, inf])
    assert_allclose(clean.distance_bound, [0.5, 0.5])
    assert clean.distance.tolist() == [0.0, 0.5]
    nothing = oymak2019jacobian.split(J, r, 5.0, 0.25, 3)
    assert nothing.information == nothing.information_bound == 0.0


# -- li2020 ----------------------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(0, 99), st.integers(0, 10), decades(-2, 2) | st.just(0.0))
def test_cluster_fit_is_the_flow_on_all_samples(K: int, seed: int, wrong: int, time: float) -> None:
    m = 10
    centers, labels = sphere(K, 6, seed), np.sign(gaussian(K, 6, seed)[1])
    H = np.kron(kernel.first_layer(centers), np.ones((m, m)))
    flips = np.where(np.arange(m) < wrong, -1.0, 1.0)
    e, V = np.linalg.eigh(H)
    expected = (V * -np.expm1(-e * time)) @ (V.T @ np.outer(labels, flips).ravel())
    fit = li2020.cluster_fit(centers, labels, m, wrong / m, time)
    assert_allclose(np.repeat(fit, m), expected, atol=1e-12)


def test_cluster_fit_at_the_edges() -> None:
    centers, labels = sphere(4, 5, 0), np.array([1, -1, 1, -1])
    assert_allclose(li2020.cluster_fit(centers, labels, 3, 0.3, inf), 0.4 * labels, rtol=1e-12)
    assert (li2020.cluster_fit(centers, labels, 3, 0.5, [0.0, 1.0, inf]) == 0).all()
    twice = np.vstack([centers[:1], centers[:1]])  # one place with two labels: the average, at any time
    assert_allclose(li2020.cluster_fit(twice, [1, -1], 3, 0.0, [1.0, inf]), np.zeros((2, 2)), atol=1e-15)


# -- chizat2019 ------------------------------------------------------------------------------------


def test_laziness_broadcasts() -> None:
    table = chizat2019.laziness([[1.0], [10.0]], [2.0, 4.0], 0.5, 3.0)
    assert_allclose(table, np.array([[1, 2], [0.1, 0.2]]) / 9)


# -- soltanolkotabi2019 ----------------------------------------------------------------------------


@given(st.integers(1, 25), st.integers(1, 5), st.integers(0, 99))
def test_global_minimum_is_least_squares(n: int, d: int, seed: int) -> None:
    X, y = gaussian(n, d, seed)
    products = np.einsum("ia,ib->iab", X, X).reshape(n, -1)
    M = np.linalg.pinv(products, rcond=1e-11) @ y
    minimum = soltanolkotabi2019.global_minimum(X, y)
    assert_allclose(minimum, ((products @ M - y) ** 2).sum() / (2 * n), rtol=1e-9, atol=1e-14)
    if n <= soltanolkotabi2019.threshold(d):
        assert minimum == 0.0


def test_global_minimum_of_repeated_inputs() -> None:
    X = np.array([[1.0, 2.0], [1.0, 2.0], [-1.0, -2.0], [0.0, 1.0]])  # x and -x are one input
    y = np.array([1.0, 2.0, 6.0, 5.0])
    assert_allclose(soltanolkotabi2019.global_minimum(X, y), (4 + 1 + 9) / 8, rtol=1e-12)


def landscape(w: Any, X: Any, y: Any, v: Any) -> tuple[float, Any]:
    """Loss and gradient of the quadratic network."""
    W = w.reshape(len(v), -1)
    H = X @ W.T
    r = H**2 @ v - y
    return float(r @ r) / (2 * len(y)), (2 / len(y) * v[:, None] * ((H * r[:, None]).T @ X)).ravel()


@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_origin_curvature_is_the_hessian(n: int, d: int, k: int, seed: int) -> None:
    X, y = gaussian(n, d, seed)
    v = np.random.default_rng([24, seed]).standard_normal(k)
    h, size = 1e-5, k * d
    columns = [landscape(h * np.eye(size)[i], X, y, v)[1] / h for i in range(size)]
    least = np.linalg.eigvalsh(np.array(columns))[0]
    assert_allclose(soltanolkotabi2019.origin_curvature(X, y, v), least, rtol=1e-6, atol=1e-6)


def test_benign_counts_signs() -> None:
    assert soltanolkotabi2019.benign([1, 0, -1], 1) == 1.0
    assert soltanolkotabi2019.benign([0, 0, -1], 1) == 0.0
    assert soltanolkotabi2019.benign([2, 3, -1, -1, -5], 2) == 1.0
    assert soltanolkotabi2019.benign([2, 3, -1, -1, -5], 3) == 0.0


# -- chang2021 -------------------------------------------------------------------------------------

LAMBDA, BETA = np.r_[np.full(20, 10.0), np.ones(180)], np.r_[np.full(20, 0.5), np.full(180, 0.05)]


def test_pruning_all_or_nothing() -> None:
    problem = Problem(LAMBDA, LAMBDA * BETA**2, noise=0.25)
    whole = theory.ridge(problem, 100).test
    for method in ("known", "magnitude", "hessian"):
        risk = chang2021.pruned_risk(LAMBDA, BETA, 100, [0, 200], 0.25, method)
        assert_allclose(risk, [0.25 + LAMBDA @ BETA**2, whole], rtol=1e-12)
    with_zeros = chang2021.pruned_risk(
        np.r_[LAMBDA, 0, 0], np.r_[BETA, 7, 7], 100, [200, 202], 0.25, "magnitude"
    )
    assert_allclose(with_zeros, whole, rtol=1e-12)


def test_pruning_takes_counts_and_masks() -> None:
    mask = np.arange(200) % 3 == 0
    order = np.argsort(~mask, kind="stable")
    for function in (chang2021.pruned_risk, chang2021.retrained_risk):
        risk = function(LAMBDA, BETA, 100, mask, 0.25)
        assert_allclose(risk, function(LAMBDA[order], BETA[order], 100, mask.sum(), 0.25), rtol=1e-13)
        table = function(LAMBDA, BETA, [[80], [100]], [10, 20, 30], 0.25)
        assert table.shape == (2, 3)
        assert table[1, 1] == function(LAMBDA, BETA, 100, 20, 0.25)


@pytest.mark.parametrize("method", ["magnitude", "hessian"])
def test_threshold_keeps_so_many(method: str) -> None:
    """Each count on its own by draws from the law of the fit; |z| <= 5 fails once in a million."""
    rng = np.random.default_rng(25)
    fit = theory.ridge(Problem(LAMBDA, LAMBDA * BETA**2, noise=0.25), 100)
    draws = 4000
    hat = (LAMBDA * BETA + np.sqrt(fit.test * LAMBDA / 100) * rng.standard_normal((draws, 200))) / (
        LAMBDA + fit.kappa
    )
    score = np.abs(hat) * (np.sqrt(LAMBDA) if method == "hessian" else 1)
    for keep in (3, 50, 150):
        # a threshold common to all draws, taken from them: it is off by 1/sqrt(draws 200)
        threshold = np.quantile(score, 1 - keep / 200)
        risk = 0.25 + (np.where(score > threshold, hat, 0) - BETA) ** 2 @ LAMBDA
        expected = chang2021.pruned_risk(LAMBDA, BETA, 100, keep, 0.25, method)
        assert abs(risk.mean() - expected) <= 5 * risk.std() / sqrt(draws) + 0.002 * expected


def test_pruning_two_equal_scores() -> None:
    """On equal eigenvalues magnitude and hessian agree, and so do all scales of the problem."""
    lam, beta = np.full(30, 2.0), np.linspace(0, 1, 30)
    risks = [chang2021.pruned_risk(lam, beta, 12, [5, 20], 0.1, m) for m in ("magnitude", "hessian")]
    assert_allclose(*risks, rtol=1e-11)
    scaled = chang2021.pruned_risk(lam * 1e8, beta * 1e-4, 12, [5, 20], 0.1, "magnitude")
    assert_allclose(scaled, risks[0], rtol=1e-11)


def test_retraining_at_the_edges() -> None:
    risk = chang2021.retrained_risk(LAMBDA, BETA, 50, [0, 48, 49, 50, 200], 0.25)
    assert_allclose(risk[0], 0.25 + LAMBDA @ BETA**2, rtol=1e-14)
    assert np.isfinite(risk[1])
    assert (risk[2:] == inf).all()
    assert_allclose(chang2021.retrained_risk(LAMBDA, BETA, inf, 200, 0.25), 0.25)
    # least squares on the whole problem, by the exact formula
    exact = chang2021.retrained_risk(LAMBDA, BETA, 300, 200, 0.25)
    assert_allclose(exact, 0.25 * 299 / 99, rtol=1e-13)


# -- woodworth2020 ---------------------------------------------------------------------------------

SCALES = [1e-4, 1e-2, 0.3, 1.0, 30.0, 1e6]


@pytest.mark.parametrize("alpha", SCALES)
@pytest.mark.parametrize(("n", "p"), [(1, 1), (1, 5), (2, 3), (4, 12), (5, 5)])
def test_limit_solves_its_equations(n: int, p: int, alpha: float) -> None:
    """X beta = y, and asinh(beta/(2 alpha^2)) in the range of X'; dense, sparse and repeated rows."""
    for seed in range(4):
        X, _ = gaussian(n, p, seed)
        y = X @ (gaussian(p, 1, seed)[1] * (np.arange(p) % 3 == 0))
        if seed == 3:
            X, y = np.vstack([X, X[:1]]), np.r_[y, y[:1]]
        beta = woodworth2020.limit(X, y, alpha)
        assert np.linalg.norm(X @ beta - y) <= 1e-11 * np.linalg.norm(y)
        z = np.arcsinh(beta / (2 * alpha**2))
        assert np.linalg.norm(z - np.linalg.pinv(X, rcond=1e-12) @ (X @ z)) <= 1e-10 * np.linalg.norm(z)


@given(st.floats(-4, 6).map(lambda e: 10.0**e), st.integers(0, 99))
def test_limit_of_one_sample_by_bisection(alpha: float, seed: int) -> None:
    from scipy.optimize import brentq

    x = gaussian(4, 1, seed)[1]

    def gap(nu: float) -> float:
        return float(x @ np.sinh(x * nu)) - 1 / (2 * alpha**2)

    high = np.arcsinh(1 / (2 * alpha**2) / np.abs(x).max()) / np.abs(x).max()
    nu = brentq(gap, 0, high * (1 + 1e-12), xtol=1e-300, rtol=1e-14)
    assert_allclose(woodworth2020.limit([x], [1.0], alpha), 2 * alpha**2 * np.sinh(x * nu), rtol=1e-10)


@pytest.mark.parametrize("alpha", SCALES)
def test_limit_minimises_the_penalty(alpha: float) -> None:
    X, y = gaussian(2, 6, 1)
    beta = woodworth2020.limit(X, y, alpha)
    null = np.linalg.svd(X)[2][2:]
    moves = np.random.default_rng(26).standard_normal((50, 4)) @ null
    for size in (1e-3, 0.1, 1.0):
        others = woodworth2020.penalty(beta + size * moves, alpha)
        assert (others > woodworth2020.penalty(beta, alpha)).all()


def test_limit_at_both_ends() -> None:
    from scipy.optimize import linprog

    X, y = gaussian(2, 6, 2)
    assert_allclose(woodworth2020.limit(X, y, 1e6), np.linalg.pinv(X) @ y, rtol=1e-11)
    assert_allclose(woodworth2020.limit(X, 0 * y, 1.0), np.zeros(6), atol=0)
    norms = [np.abs(woodworth2020.limit(X, y, alpha)).sum() for alpha in (1e3, 1.0, 0.1, 1e-2, 1e-4, 1e-8)]
    least = linprog(np.ones(12), A_eq=np.hstack([X, -X]), b_eq=y).fun
    assert (np.diff(norms) < 0).all()
    assert least < norms[-1] < 1.02 * least


def test_penalty_keeps_its_digits() -> None:
    import mpmath as mp

    mp.mp.dps = 40
    for z in (1e-12, 1e-5, 0.3, 4.0, 1e6, 1e200):
        x = mp.mpf(z)
        exact = 2 - mp.sqrt(4 + x * x) + x * mp.asinh(x / 2)
        assert_allclose(woodworth2020.penalty([z], 1.0), float(exact), rtol=1e-14)
    beta = np.array([0.3, -0.7])
    assert_allclose(woodworth2020.penalty(beta, 1e5), beta @ beta / 4e10, rtol=1e-9)
    small = woodworth2020.penalty(beta, 1e-60) / (2 * log(1e60))
    assert_allclose(small, 1.0, rtol=0.01)
    assert woodworth2020.penalty(np.ones((3, 2)), np.array([1.0, 2.0, 3.0])).shape == (3,)


def test_limit_out_of_range() -> None:
    for alpha in (1e-100, 1e160, 1e-200):
        with pytest.raises(ConvergenceError, match=r"alpha = 1e.* is out of range"):
            woodworth2020.limit([[1.0, 2.0]], [1.0], alpha)


# -- bad arguments ---------------------------------------------------------------------------------

X2 = [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (soltanolkotabi2019.global_minimum, (X2, [1.0]), "X has 2 rows and y 1 entries"),
        (soltanolkotabi2019.origin_curvature, (X2, [1.0, 1.0], []), r"output_weights has shape \(0,\)"),
        (soltanolkotabi2019.benign, ([1.0], 0), "d = 0 must be a whole number >= 1"),
        (soltanolkotabi2019.threshold, (2.5,), r"d = 2\.5 must be a whole number"),
        (oymak2019.step, (2.0, 1.0, 1.0, 1.0), "alpha = 2 must not exceed beta = 1"),
        (oymak2019.misfit_bound, (2.0, 1.0, 1.0, 3), r"step alpha\^2/2 = 2 must not exceed 1"),
        (oymak2019jacobian.split, (X2, [1.0, 1.0], 0.0, 0.1, 1), "cutoff = 0 must be finite and positive"),
        (oymak2019jacobian.split, (X2, [1.0, 1.0], 0.5, 1.5, 1), r"step = 1\.5 gives step \|J\|\^2 = 1\.5"),
        (oymak2020.relu_width, (0, 1), "n = 0 must be positive"),
        (li2020.cluster_fit, (X2, [1.0], 3, 0.1, 1.0), "centers has 2 rows and labels 1 entries"),
        (li2020.cluster_fit, (X2, [1, -1], 0, 0.1, 1.0), "copies = 0 must be a whole number >= 1"),
        (li2020.cluster_fit, (X2, [1, -1], 3, 1.1, 1.0), r"corruption = 1\.1 must be one number in \[0, 1\]"),
        (li2020.cluster_fit, (X2, [1, -1], 3, 0.1, -1.0), "time = -1"),
        (chang2021.pruned_risk, ([1.0, 1.0], [1.0], 1, 1), "eigenvalues has shape"),
        (chang2021.pruned_risk, ([1.0, 1.0], [1.0, 1.0], 2, 1), "n = 2 must be smaller than the 2 positive"),
        (chang2021.pruned_risk, ([1.0, 1.0], [1.0, 1.0], 1, 3), "keep = 3 must not exceed"),
        (chang2021.pruned_risk, ([1.0, 1.0], [1.0, 1.0], 1, 1, -1.0), "noise = -1"),
        (chang2021.pruned_risk, ([1.0, 1.0], [1.0, 1.0], 1, 1, 0.0, "best"), "method = 'best' is unknown"),
        (chang2021.pruned_risk, ([1.0, 1.0], [1.0, 1.0], 1, [True, False], 0.0, "hessian"), "keep is a mask"),
        (chang2021.retrained_risk, ([1.0, 1.0], [1.0, 1.0], 1, [True]), r"keep is a mask of shape \(1,\)"),
        (arora2019.residual, (X2, [1.0, 1.0], 0.1, 0.5), r"steps = 0\.5 must be a whole number or inf"),
        (arora2019.quadratic_form, (X2, [1.0]), "X has 2 rows and y 1 entries"),
        (du2019.residual_bound, (X2, [1.0, 1.0], 9.0, 1), r"step lambda_0/2 = 2\.25 must not exceed 1"),
        (du2019.required_width, (10, 0.5, 0.0), r"delta = 0 must be in \(0, 1\]"),
        (chizat2019.laziness, (0.0, 1.0, 1.0, 1.0), "alpha = 0 must be positive"),
        (chizat2019.laziness, (1.0, 1.0, 1.0, 0.0), "jacobian_norm = 0"),
        (woodworth2020.limit, ([[1.0, 2.0], [2.0, 4.0]], [1.0, 1.0], 1.0), "X beta = y has no solution"),
        (woodworth2020.limit, ([[0.0, 0.0]], [1.0], 1.0), "X beta = y has no solution"),
        (woodworth2020.limit, ([[1.0, 2.0]], [1.0], [1.0]), r"alpha has shape \(1,\)"),
        (woodworth2020.penalty, ([1.0], 0.0), "alpha = 0 must be finite and positive"),
    ],
)
def test_bad_arguments(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        function(*arguments)
    assert "\n" not in str(raised.value)
