"""Optimisation papers against training: landscapes, wide networks, label noise, pruning, lazy and rich."""

from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from theory import kernel
from theory.papers import (
    arora2019,
    chang2021,
    chizat2019,
    li2020,
    soltanolkotabi2019,
    woodworth2020,
)


def sphere(rng: Any, n: int, d: int) -> Any:
    X = rng.standard_normal((n, d))
    return X / np.linalg.norm(X, axis=1, keepdims=True)


# -- soltanolkotabi2019 ----------------------------------------------------------------------------


def quadratic_net(X: Any, y: Any, v: Any, rng: Any) -> float:
    """Loss after L-BFGS from a small start."""
    from scipy.optimize import minimize

    def loss(w: Any) -> tuple[float, Any]:
        W = w.reshape(len(v), -1)
        H = X @ W.T
        r = H**2 @ v - y
        return float(r @ r) / (2 * len(y)), (2 / len(y) * v[:, None] * ((H * r[:, None]).T @ X)).ravel()

    start = 0.3 * rng.standard_normal(len(v) * X.shape[1])
    options = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 1e-15, "gtol": 1e-11}
    return float(minimize(loss, start, jac=True, method="L-BFGS-B", options=options).fun)


@pytest.mark.slow
@pytest.mark.parametrize("n", [9, 10, 11])
def test_benign_landscapes_lead_to_the_global_minimum(n: int) -> None:
    """d = 4: 4 positive and 4 negative weights reach least squares from everywhere, 0 up to n = 10."""
    rng = np.random.default_rng([31, n])
    X, y = rng.standard_normal((n, 4)), rng.standard_normal(n)
    v = np.tile([1.0, -1.0], 4)
    assert soltanolkotabi2019.benign(v, 4)
    minimum = soltanolkotabi2019.global_minimum(X, y)
    assert (minimum == 0) == (n <= soltanolkotabi2019.threshold(4))
    for _ in range(10):
        assert_allclose(quadratic_net(X, y, v, rng), minimum, atol=1e-9)


def test_a_benign_landscape_beyond_the_threshold() -> None:
    """n = 4 samples in d = 2, where 3 labels can be fitted: from 5 starts to the same positive loss."""
    rng = np.random.default_rng(39)
    X, y = rng.standard_normal((4, 2)), rng.standard_normal(4)
    minimum = soltanolkotabi2019.global_minimum(X, y)
    assert minimum > 0.01
    for _ in range(5):
        assert_allclose(quadratic_net(X, y, np.array([1.0, -1.0, 1.0, -1.0]), rng), minimum, rtol=1e-7)


def test_other_landscapes_do_not() -> None:
    """Two units have too few weights for 10 labels; weights of one sign cannot fit negative labels."""
    rng = np.random.default_rng(32)
    X, y = rng.standard_normal((10, 4)), rng.standard_normal(10)
    for v in (np.array([1.0, -1.0]), np.ones(8)):
        assert not soltanolkotabi2019.benign(v, 4)
        assert min(quadratic_net(X, y, v, rng) for _ in range(3)) > 1e-3


# -- oymak2020 -------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [40, 100])
def test_jacobian_has_full_rank_from_as_many_weights_as_samples(n: int) -> None:
    """d = 10; softplus, for every relu unit of a small network may be off at some sample."""
    rng = np.random.default_rng([33, n])
    for ratio, full in ((0.5, False), (0.8, False), (1.3, True), (1.5, True), (2, True), (4, True)):
        k = round(ratio * n / 10)
        for _ in range(5):
            X, W = sphere(rng, n, 10), rng.standard_normal((k, 10))
            J = np.einsum("nk,nd->nkd", 1 / (1 + np.exp(-X @ W.T)), X).reshape(n, -1) / sqrt(k)
            # of JJ', whose rounding is 1e-16 of its largest eigenvalue
            s2 = np.linalg.eigvalsh(J @ J.T)
            assert (s2[0] > 1e-11 * s2[-1]) == full


def test_jacobian_of_a_wide_network_is_the_kernel() -> None:
    """E JJ' = |v|^2 Sigma: 4e5 units, |z| <= 5 for 15 entries fails once in 100 000."""
    rng = np.random.default_rng(34)
    X, k = rng.standard_normal((5, 3)), 400_000
    on = (X @ rng.standard_normal((3, k)) > 0).astype(float)
    H = kernel.first_layer(X)
    for i in range(5):
        for j in range(i):
            draws = on[i] * on[j] * (X[i] @ X[j])
            assert abs(draws.mean() - H[i, j]) <= 5 * draws.std() / sqrt(k)


# -- arora2019 -------------------------------------------------------------------------------------


def relu_net(X: Any, y: Any, width: int, step: float, times: list[int], rng: Any) -> list[float]:
    """Misfit of a relu network with paired units (zero output at the start), first layer trained."""
    W = np.repeat(rng.standard_normal((width // 2, X.shape[1])), 2, axis=0)
    v = np.tile([1.0, -1.0], width // 2) / sqrt(width)
    misfits = []
    for k in range(max(times) + 1):
        H = X @ W.T
        r = np.maximum(H, 0) @ v - y
        if k in times:
            misfits.append(float(np.linalg.norm(r)))
        W -= step * v[:, None] * ((r[:, None] * (H > 0)).T @ X)
    return misfits


def test_residual_is_the_loss_curve_of_a_wide_network() -> None:
    """No constant is fitted; |y| = 1, and the kernel of a network of width N is off by about 1/sqrt(N)."""
    rng = np.random.default_rng(35)
    X = sphere(rng, 8, 5)
    times = [0, 2, 5, 12, 40]
    curves = []
    for y in (X[:, 0] / np.linalg.norm(X[:, 0]), rng.choice([-1.0, 1.0], 8) / sqrt(8)):
        curve = relu_net(X, y, 20_000, 0.5, times, rng)
        assert_allclose(curve, arora2019.residual(X, y, 0.5, times), atol=0.02)
        curves.append(curve[-1])
    assert curves[0] < curves[1] / 2  # a rule is learnt faster than random labels


# -- li2020 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.1])
def test_early_stopping_ignores_label_noise(spread: float) -> None:
    """K = 8 clusters of 30, a fifth of the labels flipped: clean first, memorised later or never."""
    rng = np.random.default_rng(36)
    K, m, d, rho = 8, 30, 20, 0.2
    centers, labels = sphere(rng, K, d), np.tile([1.0, -1.0], K // 2)
    X = np.repeat(centers, m, axis=0) + spread * sphere(rng, K * m, d)
    X /= np.linalg.norm(X, axis=1, keepdims=True) if spread else 1.0
    clean = np.repeat(labels, m)
    flips = np.tile(np.where(np.arange(m) < rho * m, -1.0, 1.0), K)
    e, V = np.linalg.eigh(kernel.first_layer(X))
    e = np.maximum(e, 0)
    early = 5 / e[-K]

    def fit(time: float) -> Any:
        return (V * -np.expm1(-np.where(e > 1e-12 * e[-1], e, 0.0) * time)) @ (V.T @ (clean * flips))

    assert (np.sign(fit(early)) == clean).all()
    end = np.sign(fit(1e7))
    if spread == 0:
        assert (end == clean).all()
        expected = li2020.cluster_fit(centers, labels, m, rho, early)
        assert_allclose(fit(early), np.repeat(expected, m), atol=1e-10)
    else:
        assert (end == clean * flips).all()
        # until the memorisation the clusters behave as points
        assert_allclose(fit(early).reshape(K, m).mean(axis=1), 0.6 * labels, atol=0.15)


# -- chang2021 -------------------------------------------------------------------------------------


def pruning(n: int, scale: int, draws: int, seed: int) -> tuple[Any, Any]:
    """Test errors of full, known and magnitude pruning, hessian pruning, and retraining: means and errors."""
    rng = np.random.default_rng([37, seed])
    lam = np.r_[np.full(20 * scale, 10.0), np.ones(180 * scale)]
    beta = np.r_[np.full(20 * scale, 0.5), np.full(180 * scale, 0.05)]
    keep, noise = 20 * scale, 0.25
    errors = []
    for _ in range(draws):
        X = rng.standard_normal((n, len(lam))) * np.sqrt(lam)
        y = X @ beta + sqrt(noise) * rng.standard_normal(n)
        hat = X.T @ np.linalg.solve(X @ X.T, y)
        again = np.zeros(len(lam))
        again[:keep] = np.linalg.lstsq(X[:, :keep], y)[0]
        masks = [np.ones(len(lam), bool), np.arange(len(lam)) < keep]
        masks += [s >= np.sort(s)[-keep] for s in (np.abs(hat), np.sqrt(lam) * np.abs(hat))]
        errors.append([noise + lam @ (b - beta) ** 2 for b in [hat * mask for mask in masks] + [again]])
    expected = [
        chang2021.pruned_risk(lam, beta, n, len(lam), noise),
        chang2021.pruned_risk(lam, beta, n, keep, noise),
        chang2021.pruned_risk(lam, beta, n, keep, noise, "magnitude"),
        chang2021.pruned_risk(lam, beta, n, keep, noise, "hessian"),
        chang2021.retrained_risk(lam, beta, n, keep, noise),
    ]
    sample = np.array(errors)
    z = (sample.mean(axis=0) - expected) / sample.std(axis=0) * sqrt(draws)
    return z, sample.mean(axis=0) / expected - 1


def test_pruning() -> None:
    """2 % and 4 standard errors (z alone for retraining, which is exact): fails once in 3000."""
    z, gap = pruning(100, 1, 200, 0)
    assert (np.abs(gap) <= 0.02 + 4 * np.abs(gap / z)).all()
    assert abs(z[-1]) <= 4


@pytest.mark.slow
def test_pruning_of_larger_models() -> None:
    """The error of the limit falls as 1/n: 1 % at n = 400."""
    z, gap = pruning(400, 4, 120, 1)
    assert (np.abs(gap) <= 0.01 + 4 * np.abs(gap / z)).all()
    assert abs(z[-1]) <= 4


# -- chizat2019 ------------------------------------------------------------------------------------


def test_lazy_training_moves_as_one_over_alpha() -> None:
    """Motion and gap to the linearised model fall as 1/alpha, and so does the laziness."""
    rng = np.random.default_rng(38)
    n, d, k = 5, 3, 50
    X, X_test, y = sphere(rng, n, d), sphere(rng, 20, d), rng.standard_normal(n)
    W0, v0 = rng.standard_normal((k, d)), rng.standard_normal(k)

    def jacobian(W: Any, v: Any, Z: Any) -> Any:
        H = np.tanh(Z @ W.T)
        return np.hstack([np.einsum("k,nk,nd->nkd", v, 1 - H**2, Z).reshape(len(Z), -1), H]) / sqrt(k)

    def model(W: Any, v: Any, Z: Any) -> Any:  # centred: h(w_0) = 0
        return (np.tanh(Z @ W.T) @ v - np.tanh(Z @ W0.T) @ v0) / sqrt(k)

    J, J_test = jacobian(W0, v0, X), jacobian(W0, v0, X_test)
    step = 1 / np.linalg.norm(J, 2) ** 2
    alphas = np.array([1.0, 4.0, 16.0, 64.0, 256.0])
    motion, gap = [], []
    for alpha in alphas:
        w, linear = np.zeros(J.shape[1]), np.zeros(J.shape[1])
        for _ in range(1500):
            W, v = W0 + w[: k * d].reshape(k, d), v0 + w[k * d :]
            w = w - step / alpha * jacobian(W, v, X).T @ (alpha * model(W, v, X) - y)
            linear = linear - step / alpha * J.T @ (alpha * J @ linear - y)
        motion.append(np.linalg.norm(w))
        W, v = W0 + w[: k * d].reshape(k, d), v0 + w[k * d :]
        gap.append(np.linalg.norm(alpha * model(W, v, X_test) - alpha * J_test @ linear))
    for values in (motion, gap):
        slopes = np.diff(np.log(values)) / np.diff(np.log(alphas))
        assert np.abs(slopes[2:] + 1).max() <= 0.05
    kappa = chizat2019.laziness(alphas, np.linalg.norm(y), 1.0, np.linalg.norm(J, 2))
    assert_allclose(np.array(motion[2:]) / kappa[2:], motion[-1] / kappa[-1], rtol=0.05)


# -- woodworth2020 ---------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.2, 1.0, 3.0])
@pytest.mark.parametrize(
    ("X", "y"), [([[1.0, 2.0]], [1.0]), ([[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]], [1.0, 0.3])]
)
def test_diagonal_network_ends_at_the_limit(X: Any, y: Any, alpha: float) -> None:
    """The flow itself, integrated to a residual of 1e-12."""
    from scipy.integrate import solve_ivp

    X, y = np.array(X), np.array(y)
    p = X.shape[1]

    def flow(t: float, w: Any) -> Any:
        pull = X.T @ (X @ (w[:p] ** 2 - w[p:] ** 2) - y)
        return np.r_[-2 * w[:p] * pull, 2 * w[p:] * pull]

    end = solve_ivp(flow, (0, 60 / alpha**2), np.full(2 * p, alpha), "LSODA", rtol=1e-11, atol=1e-13).y[:, -1]
    beta = end[:p] ** 2 - end[p:] ** 2
    assert np.abs(X @ beta - y).max() < 1e-9
    assert_allclose(beta, woodworth2020.limit(X, y, alpha), atol=1e-7)
