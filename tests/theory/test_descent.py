"""Gradient descent: closed forms against step-by-step runs, certificates against nonlinear runs."""

from math import inf, isnan, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from tests.strategies import decades
from theory import activation, descent, kernel
from theory.engines import modes

EXAMPLE = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]]), np.array([-1.0, -2.0])


def run(J: Any, r: Any, step: float, steps: int) -> tuple[float, float, float]:
    """Misfit, distance and path by taking the steps."""
    theta, path = np.zeros(J.shape[1]), 0.0
    for _ in range(steps):
        move = -step * J.T @ (r + J @ theta)
        theta, path = theta + move, path + float(np.linalg.norm(move))
    return float(np.linalg.norm(r + J @ theta)), float(np.linalg.norm(theta)), path


def random_model(n: int, P: int, seed: int) -> tuple[Any, Any]:
    rng = np.random.default_rng([11, n, P, seed])
    return rng.standard_normal((n, P)), rng.standard_normal(n)


# -- linear_descent --------------------------------------------------------------------------------


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 99), st.floats(0.05, 2.05), st.integers(0, 300))
def test_linear_descent_is_descent(n: int, P: int, seed: int, relative: float, steps: int) -> None:
    """Slow, fast, oscillating and diverging steps, wide and tall Jacobians."""
    J, r = random_model(n, P, seed)
    step = relative / np.linalg.norm(J, 2) ** 2
    fit = descent.linear_descent(J, r, step, steps)
    assert_allclose(fit, run(J, r, step, steps), rtol=1e-8, atol=1e-13 * np.linalg.norm(r))


def test_few_shapes_of_steps() -> None:
    table = descent.linear_descent(*EXAMPLE, step=[[0.05], [0.125]], steps=[0, 3, inf])
    assert table.path.shape == (2, 3)
    for i, step in enumerate((0.05, 0.125)):
        for j, steps in enumerate((0, 3, inf)):
            one = descent.linear_descent(*EXAMPLE, step, steps)
            assert [field[i, j] for field in table] == list(one)
            assert isinstance(one.path, np.float64)
    start = descent.linear_descent(*EXAMPLE, 0.125, 0)
    assert_allclose(start, [sqrt(5), 0, 0], rtol=1e-15)


def test_the_end_is_the_pseudo_inverse() -> None:
    for n, P, rank in ((3, 7, 3), (7, 3, 3), (5, 6, 2)):
        J, r = random_model(n, P, 0)
        J = J[:, :rank] @ random_model(rank, P, 1)[0]
        end = descent.linear_descent(J, r, 0.9 / np.linalg.norm(J, 2) ** 2, inf)
        inverse = np.linalg.pinv(J, rcond=1e-12)
        assert_allclose(end.distance, np.linalg.norm(inverse @ r), rtol=1e-10)
        assert_allclose(end.misfit, np.linalg.norm(r - J @ (inverse @ r)), atol=1e-14, rtol=1e-12)
        assert end.distance <= end.path
    assert descent.linear_descent(*EXAMPLE, 0.125, inf).misfit == 0.0


@given(st.integers(1, 5), st.integers(0, 99), st.floats(0.01, 1.0), st.integers(0, 10_000) | st.just(inf))
@example(n=2, seed=83, relative=0.8359375, steps=892)
def test_bounds_of_a_linear_model(n: int, seed: int, relative: float, steps: float) -> None:
    """The sharp linear rate, the distance in [|r_0|/beta, |r_0|/alpha], the path within its budget."""
    J, r = random_model(n, n + 3, seed)
    s = np.linalg.svd(J, compute_uv=False)
    step, start = relative / s[0] ** 2, float(np.linalg.norm(r))
    fit = descent.linear_descent(J, r, step, steps)
    # below 1e-156 the squares of a misfit are subnormal and lose digits
    assert fit.misfit <= (1 - step * s[-1] ** 2) ** steps * start * (1 + 1e-9) + 1e-156
    assert (start - fit.misfit) / s[0] <= fit.distance + 1e-12
    assert fit.distance <= start / s[-1] * (1 + 1e-9)
    assert fit.distance <= fit.path * (1 + 1e-9)
    if relative <= 0.5:  # the step of the certificate
        assert s[-1] / 2 * fit.path + fit.misfit <= start * (1 + 1e-9)


def test_divergence_and_the_edge_of_it() -> None:
    J, r = np.diag([1.0, 0.5]), np.array([1.0, 1.0])
    assert descent.linear_descent(J, r, 3.0, inf) == (inf, inf, inf)
    assert descent.linear_descent(J, r, 3.0, 5000) == (inf, inf, inf)
    assert_allclose(descent.linear_descent(J, r, 3.0, 60), run(J, r, 3.0, 60), rtol=1e-12)
    swinging = descent.linear_descent(J, r, 2.0, inf)  # r_t of the first mode is +-1 for ever
    assert swinging.misfit == 1.0
    assert isnan(swinging.distance)
    assert swinging.path == inf
    assert_allclose(descent.linear_descent(J, r, 2.0, 101), run(J, r, 2.0, 101), rtol=1e-13)
    quiet = descent.linear_descent(J, [0.0, 1.0], 3.0, inf)  # the diverging mode is not met
    assert_allclose(quiet, [0.0, 2.0, 2.0], rtol=1e-14)
    at_once = descent.linear_descent(J, [1.0, 0.0], 1.0, [1, 7, inf])  # (1 - step s^2) = 0
    assert_allclose(at_once, [[0, 0, 0], [1, 1, 1], [1, 1, 1]])


# -- the path --------------------------------------------------------------------------------------


def slow_path(s: Any, c: Any, step: float, steps: int) -> float:
    """The sum, term by term in extended precision."""
    x = np.abs(1 - np.longdouble(step) * s.astype(np.longdouble) ** 2)
    total = np.longdouble(0)
    for start in range(0, steps, 50_000):
        t = np.arange(start, min(steps, start + 50_000))
        total += np.sqrt(((step * s * c)[:, None] ** 2 * x[:, None] ** (2 * t)).sum(axis=0)).sum()
    return float(total)


@pytest.mark.parametrize("seed", range(12))
def test_path_is_the_sum(seed: int) -> None:
    rng = np.random.default_rng([12, seed])
    size = rng.integers(2, 7)
    s, c = 10 ** rng.uniform(-4, 0, size), 10 ** rng.uniform(-6, 0, size)
    step, steps = rng.uniform(0.1, 2.0) / s.max() ** 2, int(10 ** rng.uniform(3, 5.3))
    assert_allclose(modes.path(s, c, step, steps), slow_path(s, c, step, steps), rtol=2e-13)


def test_path_of_growing_and_dying_modes() -> None:
    s, c = np.array([1.0, 0.999, 0.3, 1e-3]), np.array([1e-9, 1.0, 1.0, 1.0])
    step = 2.002
    assert_allclose(modes.path(s, c, step, 20_000), slow_path(s, c, step, 20_000), rtol=2e-13)


@pytest.mark.parametrize("span", [1, 8, 40])
def test_path_of_anything_ends(span: int) -> None:
    """From 1 to 1e300 steps and beyond, over 80 decades of the residual: never shorter than the distance."""
    rng = np.random.default_rng([13, span])
    for _ in range(100):
        size = rng.integers(1, 12)
        s, c = 10 ** rng.uniform(-min(span, 11), 0, size), 10 ** rng.uniform(-span, span, size)
        step = rng.choice([rng.uniform(0, 1.99), 1.0, 1e-8, 1e-15]) / s.max() ** 2
        steps = np.array([1.0, 5.0, 1e3, 1e8, 1e15, 1e300, inf])
        paths = [modes.path(s, c, step, float(t)) for t in steps]
        moved = [np.linalg.norm(modes.moved(step * s**2, t) * c / s) for t in steps]
        assert (np.array(paths) >= np.array(moved) * (1 - 1e-12)).all()
        assert (np.diff(paths) >= -1e-12 * np.array(paths[1:])).all()


def test_path_of_one_mode_is_geometric() -> None:
    """Along one direction there is no detour: 1e8, 1e12 and infinitely many steps."""
    for steps in (1e8, 1e12, inf):
        fit = descent.linear_descent([[1e-4, 0.0]], [2.0], 1.0, steps)
        assert_allclose(fit.path, fit.distance, rtol=1e-13)
    # equal singular values: the same, and not one block more
    fit = descent.linear_descent(0.01 * np.eye(3), [1.0, 2.0, 3.0], 0.5, 1e8)
    assert_allclose(fit.path, fit.distance, rtol=1e-13)


def test_path_of_many_steps_is_the_flow() -> None:
    """step -> 0 at fixed time: the integral of |J' r| dt, here of sqrt(a e^-2t + b e^-4t/100)."""
    from scipy.integrate import quad

    s, c = np.array([1.0, 0.1]), np.array([0.3, 2.0])
    steps = 2**40
    time = 300.0

    def speed(t: float) -> float:
        return float(np.linalg.norm(s * c * np.exp(-(s**2) * t)))

    parts = [quad(speed, a, b, epsrel=1e-13, epsabs=0)[0] for a, b in ((0, 1), (1, 5), (5, 30), (30, time))]
    assert_allclose(modes.path(s, c, time / steps, steps), sum(parts), rtol=1e-9)


@given(st.integers(1, 10_000), st.integers(1, 6), st.integers(0, 99), st.floats(-2.0, 0.0))
def test_path_of_any_number_of_steps(steps: int, size: int, seed: int, decay: float) -> None:
    """Modes so slow that 48 nodes stand for all steps at once, whatever their number."""
    rng = np.random.default_rng([14, size, seed])
    s, c = 10 ** rng.uniform(-3, 0, size), 10 ** rng.uniform(-6, 0, size)
    step = 10**decay / (steps * s.max() ** 2)
    assert_allclose(modes.path(s, c, step, steps), slow_path(s, c, step, steps), rtol=2e-13)


# -- certificates ----------------------------------------------------------------------------------


def test_certificate_at_the_edges() -> None:
    linear = descent.certificate(1.0, 2.0, 0.0, 3.0)
    assert linear == (0.125, 6.0, 0.875, 1.5, 6.0)
    assert descent.certificate(1.0, 2.0, 5.0, 0.0) == (0.125, 0.0, 0.875, 0.0, 0.0)
    assert descent.certificate(1.0, 2.0, inf, 0.0).step == 0.125
    assert descent.certificate(0.0, 2.0, 1.0, 1.0) == (0.125, inf, 1.0, 0.5, inf)
    assert descent.certificate(1.0, 2.0, inf, 1.0).step == 0.0
    assert descent.certificate([1.0, 2.0], 2.0, [[0.0], [9.0], [1.0]], 1.0).step.shape == (3, 2)


def test_misfit_bound_keeps_its_digits() -> None:
    """(1 - 1e-8)^(1e8/2) = exp(-1/2 - 1/4e8 - ...): the plain power is wrong in the ninth digit."""
    assert_allclose(descent.misfit_bound(1e-4, 1.0, 1.0, 1e8), np.exp(-0.5 - 2.5e-9), rtol=1e-15)
    assert descent.misfit_bound(1.0, 1.0, 3.0, [0, 1, inf]).tolist() == [3.0, 0.0, 0.0]
    assert descent.misfit_bound(0.0, 1.0, 3.0, inf) == 3.0
    assert descent.misfit_bound(0.1, 1 / 0.1**2, 1.0, 1) == 0.0  # the product rounds to more than 1


@given(decades(-3, 3), st.floats(0, 1), decades(-3, 3), st.integers(0, 400))
def test_misfit_bound_is_the_contraction(beta: float, ratio: float, misfit: float, steps: int) -> None:
    one = descent.certificate(ratio * beta, beta, 0.7, misfit)
    bound = descent.misfit_bound(ratio * beta, one.step, misfit, steps)
    assert_allclose(bound**2, one.contraction**steps * misfit**2, rtol=1e-11)


def test_toy_in_one_dimension() -> None:
    """f = theta + theta^2/10: certified for y = 1/2, not for y = 1, where descent converges all the same."""
    theta = 0.0
    for _ in range(400):
        theta -= 0.25 * (1 + 0.2 * theta) * (theta + 0.1 * theta**2 - 1)
    assert_allclose(theta, (-1 + sqrt(1.4)) / 0.2, rtol=1e-14)
    assert not descent.certify([[1.0]], [-1.0], 0.2).certified

    one = descent.certify([[1.0]], [-0.5], 0.2)
    assert one.certified
    assert_allclose(one.drift, 0.8)
    assert one.alpha == 0.5
    assert one.beta == 1.5
    step, radius, contraction, lower, upper = one.certificate
    theta, path, misfit = 0.0, 0.0, -0.5
    for t in range(200):
        assert misfit**2 <= contraction**t * 0.25 + 1e-14
        assert one.alpha / 2 * path + abs(misfit) <= 0.5 + 1e-14
        assert abs(theta) >= (0.5 - abs(misfit)) / one.beta - 1e-14
        assert 1 - 0.2 * abs(theta) >= one.alpha
        move = -step * (1 + 0.2 * theta) * misfit
        theta, path = theta + move, path + abs(move)
        misfit = theta + 0.1 * theta**2 - 0.5
    assert lower <= theta <= path <= upper == radius


@given(st.integers(1, 4), st.integers(0, 99), decades(-4, 1), decades(-4, 1))
def test_certify_is_its_definition(n: int, seed: int, lipschitz: float, scale: float) -> None:
    J, r = random_model(n, n + 4, seed)
    one = descent.certify(J, scale * r, lipschitz)
    s = np.linalg.svd(J, compute_uv=False)
    assert_allclose(one.alpha, s[-1] / 2)
    assert_allclose(one.beta, s[0] + s[-1] / 2)
    assert_allclose(one.drift, lipschitz * one.certificate.radius / (s[-1] / 2), rtol=1e-10)
    assert one.certified == (one.drift <= 1)
    assert one.certificate == descent.certificate(one.alpha, one.beta, lipschitz, np.linalg.norm(scale * r))


def test_certify_without_full_rank() -> None:
    for J in (np.ones((2, 5)), np.ones((3, 2)), np.array([[1.0, 0.0], [1e-14, 0.0]])):
        one = descent.certify(J, np.ones(len(J)), 0.0)
        assert not one.certified
        assert one.alpha == 0.0
        assert one.drift == inf
        assert descent.certify(J, np.zeros(len(J)), 1.0).certified  # there is nothing to do
    assert not descent.certify([[1.0]], [1.0], inf).certified


# -- two-layer networks ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["tanh", "erf", "sin", "cos", "sigmoid", "softplus", "gelu", "quadratic", "identity"]
)
def test_curvature_is_the_steepest_slope(name: str) -> None:
    x = np.linspace(-6, 6, 600_001)
    steepest = np.abs(np.gradient(activation.slope(name)(x), x)).max()
    assert_allclose(descent.two_layer_lipschitz([[1.0]], [1.0], name), steepest, rtol=1e-6, atol=1e-9)


@given(st.integers(0, 200))
def test_jacobian_is_lipschitz(seed: int) -> None:
    """Never above the constant, for inputs of any norm; close to it where one unit sits at the bend."""
    rng = np.random.default_rng([13, seed])
    n, d, k = rng.integers(1, 5, 3)
    X, v = rng.standard_normal((n, d)), rng.standard_normal(k)
    W, move = rng.standard_normal((k, d)), 0.1 * rng.standard_normal((k, d))

    def jacobian(W: Any) -> Any:
        return np.einsum("k,nk,nd->nkd", v, 1 - np.tanh(X @ W.T) ** 2, X).reshape(n, -1)

    change = np.linalg.norm(jacobian(W + move) - jacobian(W), 2) / np.linalg.norm(move)
    assert change <= descent.two_layer_lipschitz(X, v)
    bend = np.array([[np.arctanh(sqrt(1 / 3))]])
    X, v = np.ones((1, 1)), np.ones(1)
    n = d = k = 1
    change = np.linalg.norm(jacobian(bend + 1e-4) - jacobian(bend)) / 1e-4
    assert_allclose(change, descent.two_layer_lipschitz(X, v), rtol=1e-3)


def test_lipschitz_without_a_bound() -> None:
    for name in ("relu", "abs", "sign", "cubic"):
        assert descent.two_layer_lipschitz([[1.0]], [1.0], name) == inf
        assert descent.two_layer_lipschitz([[1.0]], [0.0], name) == 0.0


def network(width: int, seed: int, n: int = 3, d: int = 5) -> tuple[Any, Any, Any, Any]:
    """Unit inputs, +-1 labels, and an antisymmetric tanh net: paired units cancel, so f = 0 at the start."""
    rng = np.random.default_rng([14, width, seed])
    X = rng.standard_normal((n, d))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    W = rng.standard_normal((width // 2, d))
    v = np.full(width // 2, 1 / sqrt(width))
    return X, rng.choice([-1.0, 1.0], n), np.r_[W, W], np.r_[v, -v]


def descend(width: int, seed: int, steps: int) -> tuple[bool, float]:
    """A run that obeys (i) rate, (ii) path and (iii) distance; (certified?, path/its bound)."""
    X, y, W, v = network(width, seed)
    start, path = W.copy(), 0.0
    H = np.tanh(X @ W.T)
    J = np.einsum("k,nk,nd->nkd", v, 1 - H**2, X).reshape(len(X), -1)
    r = H @ v - y
    first = float(np.linalg.norm(r))
    one = descent.certify(J, r, descent.two_layer_lipschitz(X, v))
    step, alpha, beta = float(one.certificate.step), one.alpha, one.beta
    for t in range(steps):
        misfit = float(np.linalg.norm(r))
        assert misfit**2 <= one.certificate.contraction**t * first**2 + 1e-12
        assert alpha / 2 * path + misfit <= first + 1e-12
        assert np.linalg.norm(W - start) >= (first - misfit) / beta - 1e-12
        assert path <= one.certificate.path_upper + 1e-12
        gradient = ((r[:, None] * (1 - H**2)).T @ X) * v[:, None]
        W = W - step * gradient
        path += step * float(np.linalg.norm(gradient))
        H = np.tanh(X @ W.T)
        r = H @ v - y
    assert misfit < 0.01 * first
    assert np.linalg.norm(W - start) >= 0.85 * path
    return one.certified, path / float(one.certificate.path_upper)


def test_certified_descent_of_a_wide_network() -> None:
    certified, share = descend(40_000, seed=0, steps=60)
    assert certified
    assert 0.1 < share < 0.5


@pytest.mark.slow
def test_certified_descent_of_more_networks() -> None:
    """Wide nets are certified unless two inputs are nearly parallel (seed 2: drift 1.04), narrow ones are
    not; all obey the bounds."""
    assert [descend(40_000, seed, 200)[0] for seed in range(4)] == [True, True, False, True]
    assert not any(descend(200, seed, 400)[0] for seed in range(8))


# -- bad arguments ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (descent.certificate, (2.0, 1.0, 1.0, 1.0), "alpha = 2 .*beta = 1"),
        (descent.certificate, (-1.0, 1.0, 1.0, 1.0), "alpha = -1"),
        (descent.certificate, (0.5, 0.0, 1.0, 1.0), "beta = 0"),
        (descent.certificate, (0.5, 1.0, -1.0, 1.0), "lipschitz = -1"),
        (descent.certificate, (0.5, 1.0, 1.0, inf), "misfit = inf"),
        (descent.certify, ([1.0, 2.0], [1.0], 1.0), r"jacobian .*\(2,\)"),
        (descent.certify, (np.eye(2), [1.0], 1.0), "jacobian .*2.* residual .*1"),
        (descent.certify, (np.zeros((1, 2)), [1.0], 1.0), "jacobian is zero"),
        (descent.certify, (np.eye(1), [1.0], [1.0]), r"lipschitz .*\(1,\)"),
        (descent.misfit_bound, (2.0, 1.0, 1.0, 3), r"step alpha\^2 = 4"),
        (descent.misfit_bound, (1.0, 1.0, 1.0, -3), "steps = -3"),
        (descent.linear_descent, (*EXAMPLE, 0.0, 3), "step = 0"),
        (descent.linear_descent, (*EXAMPLE, 0.1, 2.5), r"steps = 2\.5"),
        (descent.linear_descent, (*EXAMPLE, 0.1, -1), "steps = -1"),
        (descent.linear_descent, (EXAMPLE[0], [1.0, inf], 0.1, 1), r"residual\b.*inf"),
        (descent.linear_descent, (EXAMPLE[0], [1.0], 0.1, 1), "residual 1 entries"),
        (descent.two_layer_lipschitz, ([[1.0]], [1.0], "rely"), "activation = 'rely'"),
        (descent.two_layer_lipschitz, ([1.0], [1.0]), r"X .*\(1,\)"),
        (kernel.first_layer, ([[1.0]], [[1.0, 2.0]]), r"Z \(1, 2\)"),
        (kernel.first_layer, ([[1.0]], None, "sign"), 'activation = "sign"'),
    ],
)
def test_bad_arguments(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        function(*arguments)
    assert "\n" not in str(raised.value)
