"""silu, elu and leaky units: duals in 30 digits, their other forms, and names with a slope."""

import numpy as np
import pytest
from mpmath import mp, mpf
from numpy.testing import assert_allclose

from sims.network import Network, empirical_ntk, start
from tests.checks import refuses
from theory.activation import dual, function, hermite, moments, slope
from theory.kernel import ntk


def _given(m: mpf, w: mpf) -> tuple[mpf, mpf]:
    """E elu(v) and E elu'(v) of v with mean m and standard deviation w."""
    if w == 0:
        return (m, mpf(1)) if m > 0 else (mp.expm1(m), mp.exp(m))
    below = mp.exp(m + w**2 / 2) * mp.ncdf(-m / w - w)
    return m * mp.ncdf(m / w) + w * mp.npdf(m / w) + below - mp.ncdf(-m / w), mp.ncdf(m / w) + below


@pytest.mark.parametrize(
    ("a", "b", "rho"),
    [("1e-12", "1e-6", "0.5"), ("0.7", "3", "-0.9"), ("0.7", "3", "0.999999"), ("1e4", "1e6", "-0.2")],
)
def test_elu_in_30_digits(a: str, b: str, rho: str) -> None:
    with mp.workdps(30):
        s, t, r = mp.sqrt(mpf(a)), mp.sqrt(mpf(b)), mpf(float(rho))
        w = t * mp.sqrt((1 - r) * (1 + r))
        cuts = [x for k in range(-14, 3) for x in (-(mpf(10) ** k) / 4, mpf(10) ** k / 4)]
        cuts = sorted({*(x for x in cuts if abs(x) < 14), mpf(0), mpf(-14), mpf(14)})

        def part(derivative: bool) -> mpf:
            def integrand(g: mpf) -> mpf:
                value = _given(r * t * g, w)[derivative]
                u = s * g
                own = (mpf(1) if u > 0 else mp.exp(u)) if derivative else (u if u > 0 else mp.expm1(u))
                return own * value * mp.npdf(g)

            return mp.quad(integrand, cuts, maxdegree=4)

        truth = float(part(False)), float(part(True))
    c = float(rho) * float(s) * float(t)
    size = np.sqrt(dual("elu", a := float(a), a, a) * dual("elu", b := float(b), b, b))
    assert_allclose(dual("elu", c, a, b), truth[0], rtol=1e-9, atol=1e-13 * size)
    assert_allclose(dual("elu", c, a, b, derivative=True), truth[1], rtol=1e-11)


@pytest.mark.parametrize("variance", ["1e-6", "1", "50"])
def test_silu_in_30_digits(variance: str) -> None:
    """On the diagonal, as one integral."""
    with mp.workdps(25):
        a = mp.sqrt(mpf(variance))
        cuts = [mpf(k) / 2 for k in range(-26, 27)]
        second = mp.quad(lambda g: (a * g / (1 + mp.exp(-a * g))) ** 2 * mp.npdf(g), cuts, maxdegree=4)

        def rise(g: mpf) -> mpf:
            p = 1 / (1 + mp.exp(-a * g))
            return (p * (1 + a * g * (1 - p))) ** 2 * mp.npdf(g)

        slopes = mp.quad(rise, cuts, maxdegree=4)
    a = float(variance)
    assert_allclose(dual("silu", a, a, a), float(second), rtol=1e-13)
    assert_allclose(dual("silu", a, a, a, derivative=True), float(slopes), rtol=1e-13)


def test_silu_at_its_ends() -> None:
    """s(x) - s(-x) = x, so that the odd part is linear: mu1 = 1/2 and no other odd coefficient."""
    assert_allclose(hermite("silu", 9)[1::2], [0.5, 0, 0, 0, 0], atol=1e-15)
    assert_allclose(dual("silu", 1e8, 1e8, 1e8) / dual("relu", 1e8, 1e8, 1e8), 1, rtol=1e-7)
    assert_allclose(dual("silu", 3e-9, 1e-8, 1e-8), 3e-9 / 4, rtol=1e-6)


def test_slopes_of_one_s_own() -> None:
    x = np.array([-2.0, 3.0])
    assert function("leaky_relu(0.25)")(x).tolist() == [-0.5, 3.0]
    assert slope("leaky_relu(0.25)")(x).tolist() == [0.25, 1.0]
    for name, same in (("0.01", "leaky_relu"), ("0", "relu"), ("-1", "abs"), ("1", "identity")):
        assert_allclose(moments(f"leaky_relu({name})"), moments(same), rtol=1e-13)
        assert_allclose(
            dual(f"leaky_relu({name})", [-1.0, -0.4, 0.7, 1.0]), dual(same, [-1.0, -0.4, 0.7, 1.0])
        )
    X = np.array([[1.0, 0.5], [0.3, -0.9]])
    assert_allclose(ntk(X, depth=3, activation="leaky_relu(0)"), ntk(X, depth=3), rtol=1e-12)
    for wrong in ("leaky_relu(x)", "leaky_relu(inf)", "leaky_relu()", "tanh(2)"):
        refuses(lambda wrong=wrong: moments(wrong), "is unknown; choose from relu, leaky_relu, tanh")


@pytest.mark.parametrize("name", ["silu", "elu", "leaky_relu(0.3)"])
def test_networks_have_them(name: str) -> None:
    """The mean kernel of wide networks is the limit."""
    X = np.array([[1.0, 0.5], [0.3, -0.9]])
    network = Network(2, (400,), activation=name)
    theta = start(network, [np.random.default_rng(seed) for seed in range(40)])
    kernels = empirical_ntk(network, theta, X)
    error = kernels.std(axis=0, ddof=1) / np.sqrt(len(kernels))
    assert (np.abs(kernels.mean(axis=0) - ntk(X, activation=name)) < 4 * error).all()
